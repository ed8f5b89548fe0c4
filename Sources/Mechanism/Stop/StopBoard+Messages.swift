import Kernel
import Records

extension StopBoard {
    // MARK: In

    mutating func take(own note: String, _ turn: inout StopTurn) throws(StopRefusal) {
        guard held(note: note) == nil else { return }
        // Already sent: whatever the terms say of the key meanwhile, the desk must know of it.
        let message = try read(note, isTrusted: true)
        guard message.author == party else { throw .notOurs(message.author) }
        if case .received = message.content { return }
        let held = StopHeld(message: message, id: message.id, note: note, at: turn.now.utc, isLive: true)
        try accept(held, &turn)
        if isForRecord(message) { turn.add(.log(StopNote(id: held.id, note: note))) }
        // It was sent before it came here.
        if let home = home(ofMessage: held.id), let call = memory.calls[home] {
            for peer in peers where isFor(peer, held, in: call) { memory.sentAt[peer] = turn.now.monotonic }
        }
    }

    mutating func take(received note: String, via: PartyID, _ turn: inout StopTurn) throws(StopRefusal) {
        if let (stop, held) = held(note: note) {
            answerAgain(held, of: stop, via: via, &turn)
            return
        }
        if let claim = StopMessage.claimedReceipt(note: note), isReceived(claim.message, by: claim.by) { return }
        let message = try read(note, isTrusted: turn.isReplay)
        if case .received(let id) = message.content {
            update(id) { turn.isNews = $0.received.insert(message.author) }
            if turn.isNews { turn.show(id, in: self) }
            return
        }
        let held = StopHeld(message: message, id: message.id, note: note, at: turn.now.utc, isLive: false)
        if let home = home(ofMessage: held.id) {
            // Held once and given up for newer ones.
            answerAgain(held, of: home, via: via, &turn)
            return
        }
        try accept(held, &turn)
        if message.author == party {
            if isForRecord(message) { turn.add(.log(StopNote(id: held.id, note: note))) }
        } else {
            turn.add(.sign(.received(message: held.id), to: message.author))
        }
        passOnLift(of: held, via: via, &turn)
    }

    private func read(_ note: String, isTrusted: Bool) throws(StopRefusal) -> StopMessage {
        do throws(StopRejection) {
            return isTrusted
                ? try StopMessage.trusted(note: note) : try StopMessage.read(note: note, terms: terms)
        } catch {
            throw .rejected(error)
        }
    }

    /// The receipt may have been lost, or the sender's memory.
    private mutating func answerAgain(_ held: StopHeld, of stop: StopID, via: PartyID, _ turn: inout StopTurn) {
        if held.message.author != party { turn.add(.sign(.received(message: held.id), to: held.message.author)) }
        passOnLift(of: held, via: via, &turn)
    }

    /// Whoever still speaks of a STOP that is over lacks the lift.
    private func passOnLift(of held: StopHeld, via: PartyID, _ turn: inout StopTurn) {
        if case .lift = held.message.content { return }
        guard let home = home(ofMessage: held.id), let call = memory.calls[home], !call.isOpen else { return }
        let lifts = call.messages.filter { $0.id != held.id && isLift($0.message.content) }
        let notes = lifts.map { StopNote(id: $0.id, note: $0.note) }
        guard !notes.isEmpty else { return }
        for peer in SortedSet([held.message.author, via]) where peer != party && !isForeign(peer) {
            turn.add(.send(to: peer, notes))
        }
    }

    /// Lifts are for principals; a mediator learns that it is over from an escalation.
    private func isForeign(_ peer: PartyID) -> Bool { terms.party(peer)?.role != .principal || isMediator }

    private func isLift(_ content: StopContent) -> Bool {
        if case .lift = content { return true }
        return false
    }

    // MARK: Where a message belongs

    private mutating func accept(_ held: StopHeld, _ turn: inout StopTurn) throws(StopRefusal) {
        let author = held.message.author
        let isAuthorMediator = terms.party(author)?.role == .mediator
        switch held.message.content {
        case .stop(let press):
            guard !isAuthorMediator else { throw .mediatorMayNotPress(author) }
            guard !isMediator else { throw .notAddressedToUs }
            place(held, press, &turn)
        case .effect(let report):
            guard !isAuthorMediator else { throw .mediatorMayNotPress(author) }
            guard !isMediator else { throw .notAddressedToUs }
            if let home = home(of: report.stop) {
                guard memory.calls[home]?.author == author else { throw .notItsAuthor(author) }
                insert(held, into: home, &turn)
            } else if report.observed {
                keepPending(held, &turn)
            } else {
                // Its author says that it goes on: whatever it is, a person has to know.
                insert(held, into: room(for: report.stop, of: author, mode: .real, &turn), &turn)
            }
        case .answer(let answer):
            guard !isAuthorMediator || answer.word == .heard else { throw .mediatorOnlyHears(author) }
            guard !isMediator || author == party else { throw .notAddressedToUs }
            guard let home = home(of: answer.stop) else { return keepPending(held, &turn) }
            guard memory.calls[home]?.author != author else { throw .notAnAddressee(author) }
            insert(held, into: home, &turn)
            // The answering node may count a press to another STOP than we do.
            if let other = self.home(of: answer.to), other != home, memory.calls[other]?.author != author {
                insert(held, into: other, &turn)
            }
        case .lift(let lift):
            guard !isAuthorMediator else { throw .notItsAuthor(author) }
            guard !isMediator else { throw .notAddressedToUs }
            guard let home = home(of: lift.stop) else { return keepPending(held, &turn) }
            guard memory.calls[home]?.author == author else { throw .notItsAuthor(author) }
            insert(held, into: home, &turn)
        case .received: return
        case .escalation(let escalation):
            try accept(held, escalation, &turn)
        }
    }

    private mutating func accept(
        _ held: StopHeld, _ escalation: StopEscalation, _ turn: inout StopTurn
    ) throws(StopRefusal) {
        let author = held.message.author
        guard escalation.to == party || author == party else { throw .notAddressedToUs }
        guard terms.party(escalation.to)?.role == .mediator else { throw .notAddressedToUs }
        guard author == escalation.from || author == escalation.addressee, escalation.from != escalation.addressee,
            addressees(of: escalation.from).contains(escalation.addressee),
            addressees(of: escalation.addressee).contains(escalation.from)
        else { throw .notInvolved(author) }
        if let home = home(of: escalation.stop) {
            insert(held, into: home, &turn)
        } else if isMediator {
            insert(held, into: room(for: escalation.stop, of: escalation.from, mode: escalation.mode, &turn), &turn)
        } else {
            keepPending(held, &turn)
        }
    }

    /// A press: into the STOP that it joins, or a STOP of its own.
    private mutating func place(_ held: StopHeld, _ press: StopPress, _ turn: inout StopTurn) {
        let author = held.message.author
        var key = held.id
        if let root = press.repeats {
            if let home = home(of: root) {
                if mayJoin(home, author, press.mode) { key = home }
            } else {
                key = root
            }
        }
        var strays: [StopHeld] = []
        if memory.calls.contains(key), !mayJoin(key, author, press.mode) {
            // Others have claimed this id before its own press came.
            strays = memory.calls.removeValue(forKey: key)?.messages ?? []
        }
        let home = memory.calls.contains(key) ? key : room(for: key, of: author, mode: press.mode, &turn)
        memory.calls.update(home) { if !StopBoard.hasPress($0) { $0.mode = press.mode } }
        insert(held, into: home, &turn)
        for stray in strays {
            guard case .stop(let other) = stray.message.content else { continue }
            insert(stray, into: room(for: stray.id, of: stray.message.author, mode: other.mode, &turn), &turn)
        }
    }

    private func mayJoin(_ stop: StopID, _ author: PartyID, _ mode: Mode) -> Bool {
        guard let call = memory.calls[stop], call.author == author else { return false }
        return call.mode == mode || !StopBoard.hasPress(call)
    }

    static func hasPress(_ call: StopCall) -> Bool {
        call.messages.contains { if case .stop = $0.message.content { true } else { false } }
    }

    /// The STOP itself, opened; beyond ``Limits/openStops`` the newest open one of the same author and mode.
    private mutating func room(
        for stop: StopID, of author: PartyID, mode: Mode, _ turn: inout StopTurn
    ) -> StopID {
        let open = memory.calls.values.filter { $0.isOpen && $0.author == author && $0.mode == mode }
        if open.count >= Limits.openStops, let newest = open.max(by: { $0.serial < $1.serial }) { return newest.id }
        memory.lastSerial += 1
        memory.calls[stop] = StopCall(
            id: stop, author: author, mode: mode, serial: memory.lastSerial, now: turn.now)
        return stop
    }

    /// Until the STOP is known.
    private mutating func keepPending(_ held: StopHeld, _ turn: inout StopTurn) {
        var waiting = memory.pending[held.message.author] ?? []
        guard !waiting.contains(where: { $0.id == held.id }) else { return }
        waiting.append(held)
        memory.pending[held.message.author] = Array(waiting.suffix(StopBoard.pendingMost))
        turn.isNews = true
    }

    // MARK: Into a STOP

    private mutating func insert(_ held: StopHeld, into stop: StopID, _ turn: inout StopTurn) {
        guard var call = memory.calls[stop], !call.holds(held.id) else { return }
        let isFirst = call.causes.isEmpty && call.messages.isEmpty
        call.keep(held)
        let isCause = isCause(held.message)
        if isCause {
            let cause = StopCause(id: held.id, author: held.message.author, createdAt: held.message.createdAt)
            call.add(cause)
        }
        noteHolders(held.message, in: &call)
        weigh(&call, new: held)
        if isCause, !isFirst, !isLifted(call) { ring(for: &call, turn.now) }
        settle(&call, turn.now)
        memory.calls[stop] = call
        turn.isNews = true
        turn.show(stop)
        bringPending(to: stop, &turn)
        prune()
    }

    /// Whether the message asks this desk, or those that it addresses, for an answer.
    private func isCause(_ message: StopMessage) -> Bool {
        switch message.content {
        case .stop: true
        case .effect(let report): !report.observed
        case .escalation(let escalation): isMediator && !escalation.over
        case .answer, .lift, .received: false
        }
    }

    /// What waited for this STOP.
    private mutating func bringPending(to stop: StopID, _ turn: inout StopTurn) {
        for (author, waiting) in memory.pending {
            let mine = waiting.filter { $0.message.content.stop.flatMap { home(of: $0) } == stop }
            guard !mine.isEmpty else { continue }
            let ids = SortedSet(mine.map(\.id))
            memory.pending[author] = waiting.filter { !ids.contains($0.id) }
            for held in mine {
                // What turns out not to be its author's to say is dropped; it was never shown.
                do throws(StopRefusal) { try accept(held, &turn) } catch { continue }
            }
        }
    }

    /// Who speaks of a message holds it.
    private func noteHolders(_ message: StopMessage, in call: inout StopCall) {
        guard case .answer(let answer) = message.content else { return }
        for i in call.messages.indices where call.messages[i].id == answer.to || call.messages[i].id == answer.stop {
            call.messages[i].received.insert(message.author)
        }
    }

    /// Which presses and reports are heard and answered, by whom.
    private func weigh(_ call: inout StopCall, new: StopHeld) {
        for held in call.messages {
            guard case .answer(let answer) = held.message.content else { continue }
            let author = held.message.author
            for id in covered(by: answer, held, call) {
                call.heard[author, default: SortedSet()].insert(id)
                if answer.word != .heard { call.answered[author, default: SortedSet()].insert(id) }
            }
        }
        switch new.message.content {
        case .answer: call.ladder.awaited?.remove(new.message.author)
        case .effect(let report) where report.observed && new.isLive:
            for cause in call.causes { call.observed.insert(cause.id) }
        case .stop, .effect, .lift, .received, .escalation: break
        }
    }

    /// The causes of which an answer says that they were heard: never one that its author may not have had.
    private func covered(by answer: StopAnswer, _ held: StopHeld, _ call: StopCall) -> [Hash32] {
        guard let last = call.causes.firstIndex(where: { $0.id == answer.to }) else { return [] }
        let to = call.causes[last]
        if held.isLive {
            // Said here: also of what its author had made earlier, and had come by then the wrong way round.
            let before = SortedSet(call.messages.prefix { $0.id != held.id }.map(\.id))
            return call.causes.enumerated().filter { offset, cause in
                offset <= last || (before.contains(cause.id) && cause.createdAt < to.createdAt)
            }.map(\.element.id)
        }
        guard call.author == party, held.message.author != party else { return [to.id] }
        return call.causes[...last].filter { $0.createdAt <= to.createdAt }.map(\.id)
    }

    private mutating func prune() {
        let closed = memory.calls.values.filter { !$0.isOpen }
        guard closed.count > Limits.closedStops else { return }
        let oldest = closed.sorted { $0.serial < $1.serial }.prefix(closed.count - Limits.closedStops)
        for call in oldest { memory.calls[call.id] = nil }
    }

    // MARK: Looking up

    /// The STOP in which a press or report with this id counts, or which has this id.
    func home(of id: Hash32) -> StopID? {
        if memory.calls.contains(id) { return id }
        for (stop, call) in memory.calls where call.causes.contains(where: { $0.id == id }) { return stop }
        return nil
    }

    func home(ofMessage id: Hash32) -> StopID? {
        for (stop, call) in memory.calls where call.holds(id) { return stop }
        return nil
    }

    private func held(note: String) -> (StopID, StopHeld)? {
        for (stop, call) in memory.calls {
            if let held = call.messages.first(where: { $0.note == note }) { return (stop, held) }
        }
        return nil
    }

    private func isReceived(_ message: Hash32, by peer: PartyID) -> Bool {
        for (_, call) in memory.calls {
            if let held = call.messages.first(where: { $0.id == message }) { return held.received.contains(peer) }
        }
        return false
    }

    /// Changes every copy of a held message.
    mutating func update(_ message: Hash32, _ change: (inout StopHeld) -> Void) {
        for stop in memory.calls.keys {
            memory.calls.update(stop) { call in
                for i in call.messages.indices where call.messages[i].id == message { change(&call.messages[i]) }
            }
        }
    }

    /// Whether the joint record has a kind for it.
    func isForRecord(_ message: StopMessage) -> Bool {
        switch message.content {
        case .stop, .answer, .effect, .lift: true
        case .received, .escalation: false
        }
    }
}
