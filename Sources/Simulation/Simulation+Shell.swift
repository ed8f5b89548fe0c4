import JointLog
import Kernel
import Mechanism
import Records

/// What the shells do around their cores: beat, push, receipt, relay and compare heads.
extension Simulation {
    /// Hands an event to a node's driver.
    ///
    /// - Returns: `nil` when it was not stored, or the node is down: it has no effect and gets no answer.
    @discardableResult
    mutating func take(_ event: Event, at i: Int) throws(Refusal) -> Handled? {
        guard nodes[i].isUp else { return nil }
        let handled: Handled
        switch try nodes[i].handle(event, at: timeNs) {
        case .stored(let stored): handled = stored
        case .notStored:
            trace?.say("could not store: \(event.summary)", at: nodes[i].party, timeNs)
            if case .tick = event { nodes[i].exchange.tickAgainNs = timeNs + 1_000_000_000 }
            return nil
        case .powerCut(let unreported):
            if let unreported { note(event, unreported, at: i) }
            trace?.say("the power fails while it stores: \(event.summary)", at: nodes[i].party, timeNs)
            crash(nodes[i].party)
            return nil
        }
        trace?.add(event, handled, given: nodes[i].given, at: nodes[i], timeNs)
        if nodesTalk, handled.effects.contains(.push) { offer(from: i) }
        note(event, handled, at: i)
        return handled
    }

    /// The checkers look at a node that has stored an event.
    private mutating func note(_ event: Event, _ handled: Handled, at i: Int) {
        if actingTwin == nil { look(after: Step(nodes[i].party, .handled(event, handled))) }
    }

    mutating func beat(_ i: Int) {
        let heartbeatNs = terms.timing.heartbeat.wholeNanoseconds
        nodes[i].exchange.nextBeatNs = timeNs + heartbeatNs
        for peer in nodes[i].mechanism.links.keys where meets(peer, at: i) {
            noteFailedRelays(to: peer, at: i)
            guard let challenge = Hash32((0..<4).flatMap { _ in bytes(random.next()) }) else { continue }
            nodes[i].exchange.challenges[peer, default: []].append(
                SimulatedNode.Challenge(challenge: challenge, sentNs: timeNs))
            if mutation != .queuesGrow, nodes[i].exchange.challenges[peer, default: []].count > 8 {
                nodes[i].exchange.challenges[peer, default: []].removeFirst()
            }
            let held = nodes[i].mechanism.logs.values.map { (log: $0.id, size: $0.tree.size) }
            transmit(.challenge(challenge, held: held), from: i, to: peer)
        }
        offer(from: i)
        if actingTwin == nil { look(after: Step(nodes[i].party, .beat)) }
    }

    private func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }

    /// Pushes what each peer is not known to hold, one batch at a time.
    mutating func offer(from i: Int) {
        for peer in nodes[i].mechanism.links.keys where meets(peer, at: i) {
            if let until = nodes[i].exchange.waitingUntilNs[peer], until > timeNs { continue }
            let first = max(nodes[i].exchange.known[peer] ?? 0, nodes[i].mechanism.ownLog.start)
            guard let push = nodes[i].push(of: nodes[i].party, from: first, to: peer) else { continue }
            nodes[i].exchange.waitingUntilNs[peer] = timeNs + terms.timing.heartbeat.wholeNanoseconds
            send(push, to: peer, from: i)
        }
    }

    mutating func send(_ push: Push, to peer: PartyID, from i: Int) {
        let statements = nodes[i].statements(of: push.log.party)
        transmit(.push(push, statements: statements), from: i, to: peer)
    }

    mutating func deliver(_ parcel: VirtualNetwork.Parcel) {
        if let t = twin(of: parcel.to, facing: parcel.from) {
            asTwin(t) { $0.deliver(parcel, at: $1) }
        } else {
            deliver(parcel, at: place(of: parcel.to))
        }
    }

    private mutating func deliver(_ parcel: VirtualNetwork.Parcel, at i: Int) {
        guard nodes[i].isUp else { return }
        do throws(Refusal) {
            switch parcel.message {
            case .push(let push, let statements): try receive(push, statements, at: i)
            case .receipt(let note, let log): try receive(note, of: log, from: parcel.from, at: i)
            case .expected(let party, let size):
                if party == nodes[i].party {
                    goOn(i, parcel.from, size)
                } else {
                    goOn(i, relaying: party, parcel.from, size)
                }
            case .challenge(let challenge, let held):
                let answer = nodes[i].mechanism.heartbeatAnswer(
                    to: parcel.from, challenge: challenge, now: nodes[i].clock.now(at: timeNs))
                let heads = nodes[i].mechanism.heads(for: parcel.from, holding: held, nodes[i])
                transmit(.answer(answer.text, heads: heads, aheadBy: nodes[i].clock.aheadBy), from: i, to: parcel.from)
            case .answer(let text, let heads, let aheadBy):
                try hear(text, heads, aheadBy: aheadBy, from: parcel.from, at: i)
            }
        } catch {
            nodes[i].refusals.append(error)
            trace?.addRefusal(at: nodes[i].party, timeNs)
        }
    }

    mutating func receive(_ push: Push, _ statements: [String], at i: Int) throws(Refusal) {
        let author = push.log.party
        for statement in statements { takeNews(statement, of: author, at: i) }
        do throws(Refusal) {
            try take(.pushed(push), at: i)
        } catch {
            if case .notNext(let expected, _) = error {
                transmit(.expected(author, expected), from: i, to: push.from)
            }
            if case .checkpointMismatch = error { try compare(push, at: i) }
            throw error
        }
        try compare(push, at: i)
        try compareAnnounced(i)
        guard nodes[i].isUp, canReadBack(author, at: i), let note = nodes[i].receipt(for: author, at: timeNs) else {
            return
        }
        transmit(.receipt(note, of: push.log), from: i, to: push.from)
    }

    /// A receipt is over what the disk gives back. What it does not give back, the node knows to be damaged.
    private mutating func canReadBack(_ author: PartyID, at i: Int) -> Bool {
        guard let log = nodes[i].mechanism.logs[author] else { return false }
        let newest = log.tree.size > 0 ? log.tree.size - 1..<log.tree.size : 0..<0
        if nodes[i].canRead(log.id, newest) { return true }
        nodes[i].mechanism.setStorageDegraded(true)
        return false
    }

    /// Sends what a node means to send, or what a liar makes of it.
    mutating func transmit(_ message: VirtualNetwork.Message, from i: Int, to peer: PartyID) {
        guard nodes[i].isUp, meets(peer, at: i) else { return }
        for message in told(message, from: i, to: peer) { post(message, from: i, to: peer) }
    }

    /// The signed head of a push that brought nothing: it may be of another history, or of more than came.
    mutating func compare(_ push: Push, at i: Int) throws(Refusal) {
        let head = ShownHead(log: push.log, note: push.checkpoint, relation: nil)
        let news = nodes[i].mechanism.news(in: [head], nodes[i])
        if !news.isEmpty { try take(.heads(from: push.from, news), at: i) }
    }

    /// A root-signed note, unless it is in force already.
    mutating func takeNews(_ statement: String, of author: PartyID, at i: Int) {
        guard !nodes[i].statements(of: author).contains(statement) else { return }
        do throws(Refusal) {
            try take(.statement(note: statement), at: i)
        } catch {
            nodes[i].refusals.append(error)
        }
    }

    mutating func receive(_ receipt: String, of log: LogID, from: PartyID, at i: Int) throws(Refusal) {
        guard log.party == nodes[i].party else {
            guard let head = nodes[i].mechanism.relayed(receipt, of: log, nodes[i]) else { return }
            try take(.heads(from: from, [head]), at: i)
            if let size = Checkpoint(note: receipt)?.size, let start = nodes[i].mechanism.logs[log.party]?.start {
                goOn(i, relaying: log.party, from, start + size)
            }
            return
        }
        let root = Checkpoint(note: receipt).flatMap { nodes[i].root(of: log, at: $0.size) }
        try take(.receipt(from: from, note: receipt, root: root), at: i)
        goOn(i, from, nodes[i].mechanism.links[from]?.receipted ?? 0)
    }

    /// Heads that were announced before their records came.
    mutating func compareAnnounced(_ i: Int) throws(Refusal) {
        let heads = nodes[i].mechanism.comparableHeads(nodes[i])
        if !heads.isEmpty { try take(.heads(from: nodes[i].party, heads), at: i) }
    }

    /// A push was answered. Only who waits for an answer, and hears something new in it, pushes on at once: copies of an
    /// answer breed no pushes, and a peer that takes nothing is left alone until the next beat.
    mutating func goOn(_ i: Int, _ peer: PartyID, _ size: UInt64) {
        if mutation == .answersBreed, nodes[i].party == mutated { return breed(i, peer) }
        let isAwaited = nodes[i].exchange.waitingUntilNs[peer].map { $0 > timeNs } ?? false
        let isNews = nodes[i].exchange.known[peer] != size
        nodes[i].exchange.known[peer] = size
        guard isAwaited, isNews else { return }
        nodes[i].exchange.waitingUntilNs[peer] = nil
        offer(from: i)
    }

    mutating func hear(
        _ text: String, _ heads: [ShownHead], aheadBy: Duration, from: PartyID, at i: Int
    ) throws(Refusal) {
        guard let answer = HeartbeatAnswer(text: text), answer.party == from,
            let asked = nodes[i].exchange.challenges[from]?.first(where: { $0.challenge == answer.challenge })
        else { return }
        nodes[i].exchange.challenges[from, default: []].removeAll { $0.challenge == answer.challenge }
        let news = nodes[i].mechanism.news(in: heads, nodes[i])
        for head in news where head.log.epoch == 0 {
            let size = Checkpoint(note: head.note).map { Int($0.size) } ?? 0
            nodes[i].exchange.seen[head.log.party] = max(size, nodes[i].exchange.seen[head.log.party] ?? 0)
        }
        if !news.isEmpty { try take(.heads(from: from, news), at: i) }
        let now = nodes[i].clock.now(at: asked.sentNs)
        // Known to the checker before it looks at the new state.
        let before = nodes[i].exchange.heard[from]
        nodes[i].exchange.heard[from] = SimulatedNode.Heard(
            sentNs: asked.sentNs, acceptedNs: timeNs, logSize: Int(answer.logSize), theirsAheadBy: aheadBy,
            oursAheadBy: nodes[i].clock.aheadBy)
        nodes[i].exchange.failed[from] = nil
        do throws(Refusal) {
            if try take(.heartbeat(answer, sentAt: now.monotonic), at: i) == nil, nodes[i].isUp {
                // What was not stored was not heard.
                nodes[i].exchange.heard[from] = before
            }
        } catch {
            nodes[i].exchange.heard[from] = before
            throw error
        }
        if answer.holds != nodes[i].exchange.known[from] ?? 0 {
            nodes[i].exchange.known[from] = answer.holds
            nodes[i].exchange.waitingUntilNs[from] = nil
            offer(from: i)
        }
        relay(heads, to: from, at: i)
    }
}
