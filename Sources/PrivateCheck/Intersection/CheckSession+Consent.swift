import Kernel

extension CheckSession {
    /// Consents: the other side may learn which of its elements were counted. It need not show as much in return,
    /// unless the mediator holds both OPEN and releases them together.
    ///
    /// - Returns: OPEN, the same however often it is asked for.
    public mutating func consentToCells(now: UTCInstant) throws(CheckConsent.Rejection) -> [UInt8] {
        _ = tick(now: now)
        guard now <= parameters.deadline else { throw .deadlinePassed }
        // Once both have opened, what was said is kept and what it was made of is not.
        if let opening = sent.last?.array, opening.dropFirst().first == MessageKind.open.rawValue { return opening }
        guard let opening = consent?.opening else { throw .nothingToOpen }
        sent.append(Bytes(opening))
        consent?.hasOpened = true
        settle()
        return opening
    }

    /// Declines: what an opening would be made of goes, and with it what the other side's would be read with.
    public mutating func declineCells() { consent = nil }

    /// Takes the other side's OPEN; anything else after RESULT is ignored. What is wrong with it is told by name, and
    /// the count stands.
    mutating func opened(_ message: [UInt8]) -> CheckReaction {
        guard let consent, !consent.hasBeenShown, message.dropFirst().first == MessageKind.open.rawValue else {
            return CheckReaction()
        }
        do throws(CheckRefusal) {
            finding = .elements(try consent.elements(openedBy: message))
            received.append(Hash32(label: "message", message))
            self.consent?.hasBeenShown = true
            settle()
            return CheckReaction(outcome: outcome)
        } catch {
            self.consent = nil
            var end = MessageWriter(.end)
            end.put(consent.session.bytes)
            end.put(error.number)
            sent.append(Bytes(end.bytes))
            openingRefused = error
            return CheckReaction(outbound: [end.bytes], outcome: outcome)
        }
    }

    private mutating func settle() {
        if let consent, consent.hasOpened, consent.hasBeenShown { self.consent = nil }
    }
}
