import Kernel
import Records

extension StopBoard {
    /// Keeps every wait from growing when the monotonic clock began anew.
    ///
    /// - Returns: whether the node was started or that clock began anew.
    mutating func observe(_ now: Now, isStart: Bool) -> Bool {
        defer { memory.last = now }
        guard let last = memory.last, isStart || now.monotonic < last.monotonic else { return isStart }
        // A node that was down counts by the clock that says more: to ring early is safe.
        let passed = max(.zero, now.monotonic.duration(since: last.monotonic), now.utc.duration(since: last.utc))
        let moved = now.monotonic.duration(since: last.monotonic) - passed
        for stop in memory.calls.keys {
            memory.calls.update(stop) { call in
                call.ladder.since.monotonic = call.ladder.since.monotonic.advanced(by: moved)
                if let heardAt = call.ladder.heardAt?.monotonic {
                    call.ladder.heardAt?.monotonic = heardAt.advanced(by: moved)
                }
                call.closedSince = call.closedSince?.advanced(by: moved)
                call.ladder.askedAt = nil
            }
        }
        nextSending = nil
        memory.sentAt = SortedMap()
        memory.remindedAt = SortedMap()
        return true
    }

    /// What time has done since the last event.
    mutating func advance(_ turn: inout StopTurn) {
        let timing = terms.timing
        for (stop, call) in memory.calls where call.isOpen {
            guard let deadline = call.ladder.deadline(timing), deadline <= turn.now.monotonic else { continue }
            let awaited = call.ladder.state == .heard ? unanswered(call) : nil
            memory.calls.update(stop) { call in
                if let heardAt = call.ladder.heardAt, let awaited {
                    call.ladder.begin(at: heardAt.advanced(by: timing.stopTop), awaiting: awaited)
                }
                call.ladder.climb(to: turn.now.monotonic, timing)
            }
            turn.show(stop)
        }
    }

    /// After a restart: whatever rings is rung again, and what the record may lack is handed to it again.
    mutating func begin(_ turn: inout StopTurn) {
        for (stop, call) in memory.calls {
            memory.calls.update(stop) { $0.ladder.announced = nil }
            for held in call.messages where held.message.author == party && !held.isLogged && isForRecord(held.message) {
                turn.add(.log(StopNote(id: held.id, note: held.note)))
            }
        }
    }

    /// Rings what rings and was not rung in this run. The desk that pressed is not rung for its own press.
    mutating func announce(_ turn: inout StopTurn) {
        for (stop, call) in memory.calls where call.isOpen && call.ladder.state == .ringing {
            let ladder = call.ladder
            let id = StopRing.ID(stop: stop, round: ladder.round, rung: ladder.rung, turn: ladder.turn)
            guard ladder.announced.map({ $0 < id }) ?? true, call.author != party || ladder.rung > 0 else { continue }
            memory.calls.update(stop) { $0.ladder.announced = id }
            turn.add(
                .ring(
                    StopRing(
                        id: id, author: call.author, mode: call.mode, since: ladder.ringSince(terms.timing),
                        isNew: ladder.rungOutside.map { $0 < id } ?? true)))
        }
    }

    /// What is new calls for an answer: rings from the bottom, unless it rings already.
    func ring(for call: inout StopCall, _ now: Now) {
        switch call.ladder.state {
        case .ringing: break
        case .heard, .settled, .over: call.ladder.begin(at: StopMoment(now))
        }
        call.closedAt = nil
        call.closedSince = nil
    }

    /// Whose word this desk waits for: at the desk that pressed every addressee's, elsewhere its own.
    func awaited(_ call: StopCall) -> [PartyID] { call.author == party ? addressees(of: party) : [party] }

    func hasHeard(_ call: StopCall, _ who: PartyID) -> Bool {
        let heard = call.heard[who] ?? SortedSet()
        return call.causes.allSatisfy { heard.contains($0.id) }
    }

    /// Of those whose word is awaited, who has said no more than that it has heard. A mediator may say no more.
    func unanswered(_ call: StopCall) -> SortedSet<PartyID> {
        SortedSet(
            awaited(call).filter { who in
                let answered = call.answered[who] ?? SortedSet()
                return terms.party(who)?.role != .mediator && !call.causes.allSatisfy { answered.contains($0.id) }
            })
    }

    /// Whether the effect was observed after every press and report.
    func isObserved(_ call: StopCall) -> Bool { call.causes.allSatisfy { call.observed.contains($0.id) } }

    /// Brings the ladder to what the messages say.
    func settle(_ call: inout StopCall, _ now: Now) {
        if isLifted(call) {
            guard call.isOpen else { return }
            call.ladder.state = .over
            call.closedAt = now.utc
            call.closedSince = now.monotonic
            return
        }
        guard call.ladder.state == .ringing || call.ladder.state == .heard else { return }
        let observed = call.author == party && isObserved(call)
        let heard = awaited(call).allSatisfy { hasHeard(call, $0) } && (call.ladder.awaited?.isEmpty ?? true)
        if observed || (heard && unanswered(call).isEmpty) {
            call.ladder.state = .settled
            call.ladder.heardAt = nil
        } else if heard, call.ladder.state == .ringing {
            call.ladder.state = .heard
            call.ladder.heardAt = StopMoment(now)
        }
    }

    /// Whether its author's lifts cover every press and report; at a mediator, whether all escalations are called off.
    func isLifted(_ call: StopCall) -> Bool {
        var covered = SortedSet<Hash32>()
        for held in call.messages {
            switch held.message.content {
            case .lift(let lift):
                covered.insert(lift.stop)
                for id in lift.covers { covered.insert(id) }
            case .escalation(let escalation) where escalation.over && isMediator:
                // A party calls off its own.
                for cause in call.causes where cause.author == held.message.author && escalation.covers.contains(cause.id) {
                    covered.insert(cause.id)
                }
            case .stop, .answer, .effect, .received, .escalation: break
            }
        }
        return !call.messages.isEmpty && call.causes.allSatisfy { covered.contains($0.id) }
    }
}
