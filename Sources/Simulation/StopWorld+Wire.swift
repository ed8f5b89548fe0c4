import JointLog
import Kernel
import Mechanism
import Records

/// What one node sends another.
enum StopParcel: Sendable {
    /// Directly; asks for what the receiver holds that concerns the sender.
    case notes([String], isAsk: Bool)
    /// To a mediator, for another party; what is for once is not tried again, because a copy of what it answers brings
    /// another.
    case relay([StopNote], to: Int, isOnce: Bool)
    /// The mediator holds them.
    case held([Hash32], to: Int)
    /// From a mediator, of another party.
    case relayed([String], token: Int)
    case relayedReceived(token: Int)
}

extension StopWorld {
    // MARK: Effects

    mutating func perform(_ effect: StopEffect, of event: StopEvent, at i: Int) {
        switch effect {
        case .ring(let ring): self.ring(ring, at: i)
        case .send(let to, let notes):
            if settings.mutation == .noRepeats { return }
            guard let place = StopWorld.parties.firstIndex(of: to) else { return }
            send(notes, from: i, to: place)
        case .sign(.received(let message), let to):
            guard case .received(_, let via) = event else { return }
            acknowledge(message, to: to, via: via, at: i)
        case .sign(let content, _): sign(content, at: i)
        case .log(let note): schedule(.logged(i, note.id), inNs: between(100, 2_000))
        case .show: break
        }
    }

    /// By the way on which the message came. Each copy has the same receipt; a lost one is made good by the next copy.
    private mutating func acknowledge(_ message: Hash32, to party: PartyID, via: PartyID, at i: Int) {
        guard let place = StopWorld.parties.firstIndex(of: party),
            let note = nodes[i].receipts[message] ?? signed(.received(message: message), at: i)
        else { return }
        nodes[i].receipts[message] = note
        if via == party || i == 2 || place == 2 {
            carry(.notes([note], isAsk: false), from: i, to: place)
        } else {
            carry(.relay([StopNote(id: message, note: note)], to: place, isOnce: true), from: i, to: 2)
        }
    }

    /// The bells outside the browser: written down first, so that they never ring twice as new, and rung in any case.
    private mutating func ring(_ ring: StopRing, at i: Int) {
        if settings.mutation != .ringsForgotten { handle(.rung(ring.id), at: i) }
        guard nodes[i].isUp else { return }
        checker.rang(ring, at: i, self)
        guard ring.isNew else { return }
        let delayNs: Int64
        switch nodes[i].officer {
        case .fast: delayNs = between(2_000, 10_000)
        case .slow: delayNs = between(20_000, 85_000)
        case .absent: return
        case .wrong: delayNs = between(2_000, 20_000)
        }
        if StopWorld.parties[i] != ring.author { schedule(.act(.answer(ring.id.stop), at: i), inNs: delayNs) }
    }

    /// Signs, sends on every way, and only then tells the board.
    mutating func sign(_ content: StopContent, at i: Int) {
        guard let note = signed(content, at: i), let id = (try? StopMessage.trusted(note: note))?.id else { return }
        checker.made(content, id, at: i, self)
        for place in nodes.indices where place != i && isFor(content, place) {
            send([StopNote(id: id, note: note)], from: i, to: place)
        }
        handle(.own(note: note), at: i)
    }

    private func isFor(_ content: StopContent, _ place: Int) -> Bool {
        if case .escalation(let escalation) = content { return StopWorld.parties[place] == escalation.to }
        return place < 2
    }

    private mutating func signed(_ content: StopContent, at i: Int) -> String? {
        let nonce = (0..<StopMessage.nonceBytes).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return nodes[i].sign(content, nonce: nonce, at: timeNs)
    }

    // MARK: Ways

    /// On every way: directly, and between principals by the mediator.
    private mutating func send(_ notes: [StopNote], from: Int, to: Int) {
        carry(.notes(notes.map(\.note), isAsk: false), from: from, to: to)
        if from < 2, to < 2 { carry(.relay(notes, to: to, isOnce: false), from: from, to: 2) }
    }

    static func link(_ a: Int, _ b: Int) -> Int { a + b - 1 }

    private mutating func carry(_ parcel: StopParcel, from: Int, to: Int) {
        guard isLinkUp[StopWorld.link(from, to)] else { return }
        for _ in 0..<(chance(settings.duplicatePercent) ? 2 : 1) where !chance(settings.lossPercent) {
            let delayNs = between(settings.delayMs.lowerBound, settings.delayMs.upperBound)
            schedule(.parcel(parcel, from: from, to: to), inNs: delayNs)
        }
    }

    mutating func arrive(_ parcel: StopParcel, from: Int, to: Int) {
        guard nodes[to].isUp, isLinkUp[StopWorld.link(from, to)] else { return }
        switch parcel {
        case .notes(let notes, let isAsk):
            for note in notes { handle(.received(note: note, via: StopWorld.parties[from]), at: to) }
            guard isAsk, nodes[to].isUp else { return }
            let answer = nodes[to].board.exchange(with: StopWorld.parties[from])
            if !answer.isEmpty { carry(.notes(answer.map(\.note), isAsk: false), from: to, to: from) }
        case .relay(let notes, let addressee, true):
            carry(.relayed(notes.map(\.note), token: 0), from: to, to: addressee)
        case .relay(let notes, let addressee, false):
            let held = nodes[to].relayed.filter { $0.value.from == from && $0.value.to == addressee }
            if held.count >= Limits.relayedMessages, let oldest = held.first { nodes[to].relayed[oldest.key] = nil }
            sequence += 1
            let token = Int(sequence)
            nodes[to].relayed[token] = StopStation.RelayedParcel(
                from: from, to: addressee, notes: notes, untilNs: timeNs + 60_000_000_000)
            carry(.held(notes.map(\.id), to: addressee), from: to, to: from)
            retryRelay(token)
        case .held(let messages, let addressee):
            for message in messages {
                handle(
                    .handed(message: message, to: StopWorld.parties[addressee], relay: StopWorld.parties[from]), at: to)
            }
        case .relayed(let notes, let token):
            if token > 0 { carry(.relayedReceived(token: token), from: to, to: from) }
            for note in notes { handle(.received(note: note, via: StopWorld.parties[from]), at: to) }
        case .relayedReceived(let token): nodes[to].relayed[token] = nil
        }
    }

    /// Delivers at once and each second for a minute.
    mutating func retryRelay(_ token: Int) {
        guard nodes[2].isUp, let parcel = nodes[2].relayed[token] else { return }
        guard parcel.untilNs > timeNs else {
            nodes[2].relayed[token] = nil
            return
        }
        carry(.relayed(parcel.notes.map(\.note), token: token), from: 2, to: parcel.to)
        schedule(.retryRelay(token), inNs: 1_000_000_000)
    }

    /// With each heartbeat: what we hold that concerns the other, and the same back.
    mutating func exchange(at i: Int) {
        schedule(.exchange(i), inNs: 5_000_000_000)
        guard nodes[i].isUp else { return }
        nodes[i].flush()
        if settings.mutation == .noRepeats { return }
        for peer in nodes.indices where peer != i {
            let notes = nodes[i].board.exchange(with: StopWorld.parties[peer])
            carry(.notes(notes.map(\.note), isAsk: true), from: i, to: peer)
        }
    }
}
