import Geodesy
import JointLog
import Kernel
import Mechanism
import Records

/// One accepted event, as a node's journal keeps it: what came, when, and what the authority gave for it.
public struct RecordedEvent: Codable, Hashable, Sendable {
    public let event: Event
    public let now: Now
    public let given: [Bytes]
}

/// One node of a simulation: the deciding core with a seeded authority, a clock of its own, a journal and a copy of
/// every log. A commit is one handled event.
public struct SimulatedNode: Sendable {
    public let party: PartyID
    public internal(set) var mechanism: Mechanism
    public var clock: VirtualClock
    public internal(set) var isUp = false
    /// Survives a crash.
    public private(set) var journal: [RecordedEvent] = []
    /// Every record held, by author and in order; survives a crash.
    public private(set) var held = SortedMap<PartyID, [[UInt8]]>()
    /// What came from peers and was refused.
    public internal(set) var refusals: [Refusal] = []
    /// The simulation's time when an officer last acted here.
    public private(set) var humanActNs: Int64?
    public let key: Ed25519PrivateKey

    private var authority: RecordingAuthority<SeededAuthority>
    private var ownTree = MerkleFrontier()
    /// Root of our own log at each size from 1.
    private var ownRoots: [Hash32] = []
    /// What this run keeps in memory only.
    var exchange = Exchange()

    public init(party: PartyID, terms: Terms, authority: SeededAuthority, clock: VirtualClock) {
        self.party = party
        self.clock = clock
        key = authority.key
        self.authority = RecordingAuthority(authority)
        mechanism = Mechanism(party: party, terms: terms, reference: VerticalReference(bounds: terms))
    }

    public var terms: Terms { mechanism.terms }

    /// Handles one event, journals it and stores what it wrote.
    mutating func handle(_ event: Event, at timeNs: Int64) throws(Refusal) -> Handled {
        let now = clock.now(at: timeNs)
        let before = authority.given.count
        let handled = try mechanism.handle(event, now: now, authority: &authority)
        journal.append(RecordedEvent(event: event, now: now, given: Array(authority.given[before...])))
        for write in handled.writes {
            held[write.record.party, default: []].append(write.envelope)
            if write.record.party == party, let envelope = Envelope(encoded: write.envelope) {
                ownTree.append(MerkleHash.leaf(envelope.signed))
                ownRoots.append(ownTree.root)
            }
        }
        if case .command = event { humanActNs = timeNs }
        return handled
    }

    /// Folds the journal again, as a restart does.
    ///
    /// - Returns: `nil` when the journal does not lead to the decisions that it holds.
    public func folded() -> Mechanism? {
        var fold = Mechanism(party: party, terms: terms, reference: mechanism.reference)
        for recorded in journal {
            var replaying = ReplayingAuthority(recorded.given)
            let handled = try? fold.handle(
                recorded.event, now: recorded.now, authority: &replaying, isReplay: true)
            guard handled != nil, replaying.isSpent else { return nil }
        }
        return fold
    }

    /// Our log from `first`, bodies withheld from whom they do not address, and our checkpoint over its end.
    ///
    /// - Returns: `nil` when there is nothing to push.
    func push(from first: UInt64, to peer: PartyID) -> (envelopes: [Bytes], checkpoint: String)? {
        let own = held[party] ?? []
        guard first < UInt64(own.count) else { return nil }
        let slice = own[Int(first)..<min(own.count, Int(first) + Limits.pushEntries)]
        var envelopes: [Bytes] = []
        for bytes in slice {
            guard let envelope = Envelope(encoded: bytes), let record = try? UnverifiedRecord(bytes) else { return nil }
            let isFor = record.header.audience.contains(peer)
            envelopes.append(Bytes(isFor ? bytes : envelope.withheld.encoded))
        }
        let checkpoint = Checkpoint(
            mechanism: terms.mechanism, party: party, size: UInt64(slice.endIndex), root: ownRoots[slice.endIndex - 1])
        let signed = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: { key.sign($0) })
        return (envelopes, signed.note)
    }

    /// Our receipt over everything of `author`'s log that we hold.
    func receipt(for author: PartyID, at timeNs: Int64) -> String? {
        guard let log = mechanism.logs[author], log.size > 0 else { return nil }
        let checkpoint = Checkpoint(mechanism: terms.mechanism, party: author, size: log.size, root: log.tree.root)
        let now = clock.now(at: timeNs)
        return Receipt.signing(checkpoint, holder: party, at: now.utc, sign: { key.sign($0) })
            .note(publicKey: key.publicKey)
    }

    /// The shell's memory of its peers: gone after a crash.
    struct Exchange: Sendable {
        /// How much of our log each peer is known to hold.
        var known = SortedMap<PartyID, UInt64>()
        /// When a push to a peer counts as lost.
        var waitingUntilNs = SortedMap<PartyID, Int64>()
        /// Challenges that wait for an answer, newest last.
        var challenges = SortedMap<PartyID, [Challenge]>()
        var nextBeatNs: Int64 = 0
        /// On what each peer's newest accepted answer really rests, for the checker.
        var heard = SortedMap<PartyID, Heard>()
    }

    struct Challenge: Sendable {
        let challenge: Hash32
        let sentNs: Int64
    }

    /// What really held when a peer answered.
    struct Heard: Sendable {
        let sentNs: Int64
        let acceptedNs: Int64
        let logSize: Int
        /// Clocks' errors, theirs when they answered and ours when we took the answer.
        let theirsAheadBy: Duration
        let oursAheadBy: Duration
    }
}
