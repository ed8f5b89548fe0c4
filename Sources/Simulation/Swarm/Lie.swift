import JointLog
import Kernel
import Mechanism
import Records

/// What a lying node does to what it sends, while the lie lasts.
struct Lie: Sendable {
    enum Kind: Sendable {
        /// Its own records do not go to the victim, although it shows how many there are.
        case holdsBack
        /// Its own records go to the victim without their bodies.
        case stripsBodies
        /// Its own records go to the victim with other bytes.
        case changesBodies
        /// It sends again what it sent before.
        case replays
        /// Its clock, its officers and its receipts have the times that it likes.
        case forgesTimes(by: Duration)
    }

    let id: Int
    let kind: Kind
    /// `nil`: everybody.
    let victim: PartyID?
    var random: SeededGenerator
    /// The newest of what it sent, for replays.
    var sent: [(message: VirtualNetwork.Message, to: PartyID)] = []
}

extension Simulation {
    mutating func begin(_ lie: Lie, by party: PartyID) {
        dishonest.insert(party)
        lies[party, default: []].append(lie)
    }

    mutating func endLie(_ id: Int) {
        for party in lies.keys { lies.update(party) { $0.removeAll { $0.id == id } } }
    }

    /// What a node really sends when its core and its shell mean `message`.
    mutating func told(_ message: VirtualNetwork.Message, from i: Int, to peer: PartyID) -> [VirtualNetwork.Message] {
        let party = nodes[i].party
        guard lies[party]?.isEmpty == false else { return [message] }
        let key = nodes[i].key
        var messages = [message]
        lies.update(party) { lies in
            for place in lies.indices where (lies[place].victim ?? peer) == peer {
                messages = messages.flatMap { lies[place].told($0, by: party, to: peer, key) }
            }
        }
        return messages
    }
}

extension Lie {
    fileprivate mutating func told(
        _ message: VirtualNetwork.Message, by party: PartyID, to peer: PartyID, _ key: Ed25519PrivateKey
    ) -> [VirtualNetwork.Message] {
        switch kind {
        case .holdsBack:
            if case .push(let push, _) = message, push.log.party == party { return [] }
            return [message]
        case .stripsBodies:
            return [changed(message, by: party) { Envelope(encoded: $0)?.withheld.encoded ?? $0 }]
        case .changesBodies:
            let place = random.next()
            return [
                changed(message, by: party) { bytes in
                    var bytes = bytes
                    if !bytes.isEmpty { bytes[bytes.count - 1 - Int(place % UInt64(min(bytes.count, 64)))] ^= 1 }
                    return bytes
                }
            ]
        case .replays: return replayed(message, to: peer)
        case .forgesTimes(let lead): return [forged(message, by: party, lead, key)]
        }
    }

    private func changed(
        _ message: VirtualNetwork.Message, by party: PartyID, _ change: ([UInt8]) -> [UInt8]
    ) -> VirtualNetwork.Message {
        guard case .push(let push, let statements) = message, push.log.party == party else { return message }
        return .push(
            Push(
                from: push.from, log: push.log, first: push.first,
                envelopes: push.envelopes.map { Bytes(change($0.array)) }, checkpoint: push.checkpoint,
                consistency: push.consistency), statements: statements)
    }

    private mutating func replayed(_ message: VirtualNetwork.Message, to peer: PartyID) -> [VirtualNetwork.Message] {
        var messages = [message]
        let old = sent.filter { $0.to == peer }
        if !old.isEmpty, random.below(3) > 0 { messages.append(old[Int(random.below(UInt64(old.count)))].message) }
        sent.append((message, peer))
        if sent.count > 40 { sent.removeFirst() }
        return messages
    }

    private func forged(
        _ message: VirtualNetwork.Message, by party: PartyID, _ lead: Duration, _ key: Ed25519PrivateKey
    ) -> VirtualNetwork.Message {
        switch message {
        case .answer(let text, let heads, let aheadBy):
            guard let real = HeartbeatAnswer(text: text) else { return message }
            let forged = HeartbeatAnswer(
                party: party, challenge: real.challenge, utc: real.utc.advanced(by: lead), logSize: real.logSize,
                holds: real.holds, humanActAgeS: 0, suspended: real.suspended,
                termsFingerprint: real.termsFingerprint)
            return .answer(forged.text, heads: heads, aheadBy: aheadBy + lead)
        case .receipt(let note, let log):
            guard let checkpoint = Checkpoint(note: note),
                let receipt = Receipt(
                    note: note, origin: checkpoint.origin, holder: party, publicKey: key.publicKey)
            else { return message }
            let forged = Receipt.signing(
                checkpoint, holder: party, at: receipt.time.advanced(by: lead), sign: { key.sign($0) })
            return .receipt(forged.note(publicKey: key.publicKey), of: log)
        case .push, .expected, .challenge: return message
        }
    }
}
