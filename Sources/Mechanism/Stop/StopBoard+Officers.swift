import Geodesy
import Kernel
import Records

/// What officers want: each makes the content of a message, which the shell signs, sends and hands back as
/// ``StopEvent/own(note:)``. Nothing here changes the board.
extension StopBoard {
    /// A press. It joins the newest open STOP of this party and mode, unless it names an area or a notice and that STOP
    /// names others; beyond ``Limits/openStops`` it joins in any case.
    ///
    /// - Throws: ``StopRefusal/mediatorMayNotPress(_:)`` and nothing else.
    public func press(_ press: StopPress) throws(StopRefusal) -> StopContent {
        guard !isMediator else { throw .mediatorMayNotPress(party) }
        var press = press
        let open = memory.calls.values.filter { $0.isOpen && $0.author == party && $0.mode == press.mode }
            .sorted { $0.serial > $1.serial }
        let joined = open.first { isAbout(press, $0) } ?? (open.count >= Limits.openStops ? open.first : nil)
        press.repeats = joined?.id
        return StopContent.stop(press).fitted
    }

    private func isAbout(_ press: StopPress, _ call: StopCall) -> Bool {
        guard press.area != nil || press.notice != nil else { return true }
        let named = call.messages.compactMap { held -> StopPress? in
            guard case .stop(let press) = held.message.content, press.area != nil || press.notice != nil else {
                return nil
            }
            return press
        }
        return named.isEmpty || named.contains { $0.area == press.area && $0.notice == press.notice }
    }

    /// - Parameters:
    ///   - stop: any press of the STOP.
    ///   - officer: named; a text of which nothing is left becomes `?`.
    public func answer(
        _ stop: StopID, _ word: StopAnswer.Word, officer: String, units: [String] = [], remarks: String? = nil
    ) throws(StopRefusal) -> StopContent {
        let call = try openCall(stop)
        guard call.author != party else { throw .notAnAddressee(party) }
        guard !isMediator || word == .heard else { throw .mediatorOnlyHears(party) }
        return StopContent.answer(
            StopAnswer(
                stop: call.id, to: newestCause(of: call)?.id ?? call.id, word: word, officer: officer, units: units,
                remarks: remarks)
        ).fitted
    }

    /// - Parameter observed: `false` rings the addressees anew.
    public func effect(
        _ stop: StopID, observed: Bool, officer: String, remarks: String? = nil
    ) throws(StopRefusal) -> StopContent {
        let call = try openCall(stop)
        guard call.author == party else { throw .notItsAuthor(party) }
        return StopContent.effect(
            StopEffectReport(stop: call.id, observed: observed, officer: officer, remarks: remarks)
        ).fitted
    }

    /// Ends it, with every press and report that this node holds.
    public func lift(
        _ stop: StopID, _ outcome: StopLift.Outcome, officer: String, remarks: String? = nil
    ) throws(StopRefusal) -> StopContent {
        let call = try openCall(stop)
        guard call.author == party else { throw .notItsAuthor(party) }
        switch outcome {
        case .withdrawn: break
        case .effectObserved: guard isObserved(call) else { throw .noGrounds(outcome) }
        case .notOurs:
            guard addressees(of: party).allSatisfy({ standing(of: $0, in: call) == .notOurs }) else {
                throw .noGrounds(outcome)
            }
        }
        let covers = call.causes.map(\.id).filter { $0 != call.id }
        return StopContent.lift(
            StopLift(stop: call.id, outcome: outcome, officer: officer, remarks: remarks, covers: covers)
        ).fitted
    }

    private func openCall(_ stop: StopID) throws(StopRefusal) -> StopCall {
        guard let home = home(of: stop), let call = memory.calls[home] else { throw .noSuchStop(stop) }
        guard call.isOpen else { throw .alreadyLifted(stop) }
        return call
    }

    // MARK: What the desk shows

    /// Whether a party is known to hold a message.
    public func hasReceived(_ message: Hash32, by peer: PartyID) -> Bool {
        memory.calls.values.contains { call in
            call.messages.contains { $0.id == message && $0.received.contains(peer) }
        }
    }

    /// The STOP to which a press belongs.
    public func call(of stop: StopID) -> StopCall? { home(of: stop).flatMap { memory.calls[$0] } }

    /// What an answer names. Presses that waited together arrive in any order, so elsewhere than at their author the one
    /// that it made last is the newest; its own come in order, whatever its clock does.
    private func newestCause(of call: StopCall) -> StopCause? {
        guard call.author != party else { return call.causes.last }
        return call.causes.enumerated().max { ($0.element.createdAt, $0.offset) < ($1.element.createdAt, $1.offset) }?.element
    }

    /// How far a STOP has come with one addressee, as this node knows.
    public func standing(of addressee: PartyID, in call: StopCall) -> StopStanding {
        let newest = newestCause(of: call)
        var word: StopAnswer.Word?
        var latest = UTCInstant.distantPast
        for held in call.messages where held.message.author == addressee {
            guard case .answer(let answer) = held.message.content, answer.to == newest?.id else { continue }
            // Hearing again does not take back what was answered.
            let isMore = answer.word != .heard || word == nil || word == .heard
            if isMore, held.message.createdAt >= latest || word == .heard {
                word = answer.word
                latest = held.message.createdAt
            }
        }
        switch word {
        case .heard: return .heard
        case .ordered: return .ordered
        case .ceaseReported: return .ceaseReported
        case .notOurs: return .notOurs
        case .cannot: return .cannot
        case nil: break
        }
        if hasHeard(call, addressee) { return .heard }
        guard let last = call.messages.last(where: { $0.id == newest?.id }) else { return .sent }
        if addressee == party || last.received.contains(addressee) { return .received }
        return last.handed[addressee]?.isEmpty == false ? .handedToRelay : .sent
    }
}
