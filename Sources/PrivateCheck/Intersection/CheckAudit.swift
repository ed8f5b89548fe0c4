import Kernel

/// What an opened session shows: whether a party's logged messages are those that its input makes, byte for byte.
///
/// It shows keys, dummies, order and answers for what they are. Whether the elements are those of the party's plans is
/// for whoever holds both to recompute with ``PlanCover``.
public enum CheckAudit {
    /// - Parameters:
    ///   - input: as the audited party opens it.
    ///   - logged: its messages, in order.
    ///   - received: those of the other side, in order.
    /// - Returns: the index of the first logged message that does not follow from the input; `nil` when all do.
    public static func firstDeviation(
        of role: CheckSession.Role, proposal: CheckProposal, input: CheckInput, logged: [[UInt8]], received: [[UInt8]]
    ) -> Int? {
        let begin = UTCInstant.distantPast
        let theirs: [[UInt8]]
        var session: CheckSession
        do throws(CheckSession.Rejection) {
            switch role {
            case .initiator:
                session = try CheckSession(proposing: proposal.parameters, input: input, now: begin)
                theirs = received
            case .responder:
                session = try CheckSession(accepting: proposal, input: input, now: begin)
                theirs = Array(received.dropFirst())
            }
        } catch {
            return 0
        }
        for message in theirs { _ = session.receive(message, now: begin) }
        // The opening of a count, where it came to one.
        _ = try? session.consentToCells(now: begin)
        let made = session.sent.map(\.array)
        for (index, message) in logged.enumerated() where index >= made.count || made[index] != message {
            return index
        }
        return nil
    }
}
