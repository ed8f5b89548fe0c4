import Kernel
import Records

extension StopBoard {
    /// Whether a message of ours is for this party.
    func isFor(_ peer: PartyID, _ held: StopHeld, in call: StopCall) -> Bool {
        switch held.message.content {
        case .stop, .effect, .lift: principals.contains(peer)
        case .answer:
            isMediator
                ? peer == call.author || call.causes.contains { $0.author == peer } : principals.contains(peer)
        case .escalation(let escalation): escalation.to == peer
        case .received: false
        }
    }

    /// Whether a message of ours still has something to tell.
    private func isWanted(_ held: StopHeld, in call: StopCall) -> Bool {
        switch held.message.content {
        case .lift: true
        case .escalation(let escalation): escalation.over || (call.isOpen && call.ladder.state == .ringing)
        case .stop, .answer, .effect: call.isOpen
        case .received: false
        }
    }

    /// What a party has not received, and what it is reminded of.
    private func owed(_ peer: PartyID, at now: MonotonicInstant) -> (unreceived: [StopNote], reminders: [StopNote]) {
        var unreceived: [StopNote] = []
        var reminders: [StopNote] = []
        for (_, call) in memory.calls {
            let isOld = call.closedSince.map { now.duration(since: $0) > StopBoard.patience } ?? false
            for held in call.messages where held.message.author == party && isWanted(held, in: call) {
                let isReceived = held.received.contains(peer)
                let isNewest = call.isOpen && held.id == call.causes.last?.id
                guard !isReceived || isNewest, isFor(peer, held, in: call) else { continue }
                let note = StopNote(id: held.id, note: held.note)
                if !isReceived, !isOld {
                    unreceived.append(note)
                } else if !isReceived || !hasHeard(call, peer) {
                    reminders.append(note)
                }
            }
        }
        return (unreceived, reminders)
    }

    private func isDue(_ last: MonotonicInstant?, every interval: Duration, _ now: MonotonicInstant) -> Bool {
        last.map { now >= $0.advanced(by: interval) } ?? true
    }

    /// Sends what is due, and notes when the next is.
    mutating func send(_ turn: inout StopTurn) {
        nextSending = nil
        guard !memory.calls.isEmpty else { return }
        let now = turn.now.monotonic
        for peer in peers {
            let (unreceived, reminders) = owed(peer, at: now)
            var notes: [StopNote] = []
            if !unreceived.isEmpty {
                if isDue(memory.sentAt[peer], every: StopBoard.repeatEvery, now) {
                    notes += unreceived
                    memory.sentAt[peer] = now
                }
                noteSending((memory.sentAt[peer] ?? now).advanced(by: StopBoard.repeatEvery))
            }
            if reminders.isEmpty {
                // The first reminder comes its interval after this.
                memory.remindedAt[peer] = now
            } else {
                if isDue(memory.remindedAt[peer], every: StopBoard.remindEvery, now) {
                    notes += reminders
                    memory.remindedAt[peer] = now
                }
                noteSending((memory.remindedAt[peer] ?? now).advanced(by: StopBoard.remindEvery))
            }
            if !notes.isEmpty { turn.add(.send(to: peer, notes)) }
        }
    }

    private mutating func noteSending(_ instant: MonotonicInstant) {
        nextSending = min(nextSending ?? instant, instant)
    }

    /// What a party is to be given whenever it speaks to this node: what it lacks, and all of the open STOPs that concern
    /// it, its own messages included, in case that it has lost its memory.
    ///
    /// - Parameter bytes: at most so many of notes; the newest STOPs first.
    public func exchange(with peer: PartyID, bytes: Int = Limits.requestBytes / 2) -> [StopNote] {
        var notes: [StopNote] = []
        var room = bytes
        func add(_ held: StopHeld) {
            guard room >= held.note.utf8.count, !notes.contains(where: { $0.id == held.id }) else { return }
            room -= held.note.utf8.count
            notes.append(StopNote(id: held.id, note: held.note))
        }
        let newest = memory.calls.values.sorted { $0.serial > $1.serial }
        for call in newest {
            for held in call.messages where held.message.author == party && isWanted(held, in: call)
                && !held.received.contains(peer) && isFor(peer, held, in: call)
            { add(held) }
        }
        for call in newest where call.isOpen {
            for held in call.messages where concerns(peer, held.message) { add(held) }
        }
        return notes
    }

    private func concerns(_ peer: PartyID, _ message: StopMessage) -> Bool {
        let isPeerMediator = terms.party(peer)?.role == .mediator
        switch message.content {
        case .escalation(let escalation): return escalation.to == peer || message.author == peer
        case .answer: return message.author == peer || !isPeerMediator
        case .stop, .effect, .lift: return !isPeerMediator
        case .received: return false
        }
    }

    // MARK: Escalation

    /// What the mediators are still to be told: that nobody hears, or that it is over.
    func escalationsWanted(by call: StopCall) -> [StopEscalation] {
        guard !isMediator else { return [] }
        var wanted: [StopEscalation] = []
        for mediator in mediators {
            let told = escalations(of: call, to: mediator)
            if call.isOpen {
                guard call.ladder.state == .ringing, call.ladder.rung == 2 else { continue }
                for addressee in silent(call) {
                    let isTold = told.contains {
                        !$0.escalation.over && $0.escalation.addressee == addressee
                            && $0.escalation.round == call.ladder.round
                    }
                    if !isTold { wanted.append(escalation(of: call, to: mediator, addressee: addressee)) }
                }
            } else {
                let ids = SortedSet(told.filter { !$0.escalation.over }.map(\.id).suffix(StopContent.coversMost))
                guard let first = told.first?.escalation, !ids.isEmpty else { continue }
                let calledOff = SortedSet(told.filter { $0.escalation.over }.flatMap { $0.escalation.covers })
                guard !ids.elements.allSatisfy(calledOff.contains) else { continue }
                var over = escalation(of: call, to: mediator, addressee: first.addressee)
                over.over = true
                over.covers = ids.elements
                wanted.append(over)
            }
        }
        return wanted
    }

    private func escalations(of call: StopCall, to mediator: PartyID) -> [(id: Hash32, escalation: StopEscalation)] {
        call.messages.compactMap { held in
            guard case .escalation(let escalation) = held.message.content, held.message.author == party,
                escalation.to == mediator
            else { return nil }
            return (held.id, escalation)
        }
    }

    /// At whose desks nobody has heard, as this desk knows.
    private func silent(_ call: StopCall) -> [PartyID] {
        awaited(call).filter { !hasHeard(call, $0) || call.ladder.awaited?.contains($0) == true }
    }

    private func escalation(of call: StopCall, to mediator: PartyID, addressee: PartyID) -> StopEscalation {
        StopEscalation(
            stop: call.id, to: mediator, from: call.author, addressee: addressee,
            pressedAt: call.causes.first?.createdAt ?? call.openedAt, mode: call.mode, round: call.ladder.round)
    }

    /// Asks the shell to sign them, again until it has.
    mutating func askForEscalations(_ turn: inout StopTurn) {
        for (stop, call) in memory.calls {
            let wanted = escalationsWanted(by: call)
            guard !wanted.isEmpty, isDue(call.ladder.askedAt, every: StopBoard.repeatEvery, turn.now.monotonic) else {
                continue
            }
            memory.calls.update(stop) { $0.ladder.askedAt = turn.now.monotonic }
            for escalation in wanted { turn.add(.sign(StopContent.escalation(escalation).fitted, to: escalation.to)) }
        }
    }
}
