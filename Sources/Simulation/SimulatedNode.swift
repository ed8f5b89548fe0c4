import Geodesy
import JointLog
import Kernel
import Mechanism
import Records
import Storage

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
    /// What its journal and records lie on.
    public internal(set) var disk = SimulatedDisk()
    /// Why its last start was refused; `nil` after one that was not.
    public internal(set) var startRefusal: StoreError?
    /// Survives a crash.
    public private(set) var journal: [RecordedEvent] = []
    /// Every record held, by author and in order; survives a crash.
    public internal(set) var held = SortedMap<PartyID, [[UInt8]]>()
    /// What came from peers and was refused.
    public internal(set) var refusals: [Refusal] = []
    /// The simulation's time when an officer last acted here.
    public private(set) var humanActNs: Int64?
    /// The simulation's time when its disk was last put back to an older copy.
    var putBackNs = Int64.min
    public private(set) var key: Ed25519PrivateKey
    /// Signs STOP messages; no change of the other keys changes it.
    public let stopKey: Ed25519PrivateKey
    /// Root-signed notes in this node's folder, handed in at each start.
    var statements: [String] = []

    private var authority: RecordingAuthority<SeededAuthority>
    /// As it was before the first event.
    private let seeded: SeededAuthority
    /// Trees and notes of all logs; survives a crash.
    private var books = SortedMap<LogID, LogBook>()
    private let ownNotes = OwnNotes()
    /// What this run keeps in memory only.
    var exchange = Exchange()

    public init(party: PartyID, terms: Terms, authority: SeededAuthority, clock: VirtualClock) {
        self.init(party: party, terms: terms, authority: authority, stopKey: authority.stopKey, clock: clock)
    }

    private init(
        party: PartyID, terms: Terms, authority: SeededAuthority, stopKey: Ed25519PrivateKey, clock: VirtualClock
    ) {
        self.party = party
        self.clock = clock
        key = authority.key
        seeded = authority
        self.stopKey = stopKey
        self.authority = RecordingAuthority(authority)
        mechanism = Mechanism(party: party, terms: terms, reference: VerticalReference(bounds: terms))
    }

    public var terms: Terms { mechanism.terms }

    /// What the authority gave for the newest event.
    var given: ArraySlice<Bytes> { (journal.last?.given ?? [])[...] }

    /// What became of an event that the core accepted.
    enum Outcome {
        case stored(Handled)
        /// The disk refused the commit: the node is as it was, and knows that its disk is degraded.
        case notStored
        /// The power failed in the commit: `nil` when nothing of it is stored, else all of it is and nobody was told.
        case powerCut(Handled?)
    }

    /// Handles one event, journals it and stores what it wrote.
    mutating func handle(_ event: Event, at timeNs: Int64) throws(Refusal) -> Outcome {
        let now = clock.now(at: timeNs)
        let before = authority.given.count
        // What folding the journal again would lead to.
        let folded = disk.isTroubled ? mechanism : nil
        let handled = try mechanism.handle(event, now: now, authority: &authority)
        if let folded, disk.powerCut != nil || disk.isFull {
            guard disk.powerCut == .unreported else {
                mechanism = folded
                return fail()
            }
        }
        journal.append(RecordedEvent(event: event, now: now, given: Array(authority.given[before...])))
        store(handled.writes)
        keepNotes(of: event)
        if case .command = event { humanActNs = timeNs }
        mechanism.setStorageDegraded(false)
        guard disk.powerCut == nil else {
            disk.powerCut = nil
            return .powerCut(handled)
        }
        return .stored(handled)
    }

    private mutating func fail() -> Outcome {
        guard let cut = disk.powerCut else {
            mechanism.setStorageDegraded(true)
            return .notStored
        }
        if cut == .torn { disk.tear() }
        disk.powerCut = nil
        return .powerCut(nil)
    }

    /// Whether the disk gives back every record of a log from one place to another.
    func canRead(_ log: LogID, _ places: Range<UInt64>) -> Bool {
        guard let frames = books[log]?.frames, places.upperBound <= UInt64(frames.count) else { return !disk.hasReadErrors }
        return disk.isReadable(frames[Int(places.lowerBound)..<Int(places.upperBound)])
    }

    /// A planted defect, before the first event: every body is sealed under the same content key.
    mutating func reuseContentKey() {
        var reusing = seeded
        reusing.reusesContentKey = true
        authority = RecordingAuthority(reusing)
    }

    /// The node's folder gets other keys, as after a key ceremony.
    mutating func replaceKeys(_ authority: SeededAuthority, statement: String) {
        key = authority.key
        self.authority = RecordingAuthority(authority)
        statements.append(statement)
    }

    /// The disk is put back to how it was after its first `events` events; the folder with the keys is not.
    mutating func putBack(events: Int) {
        let kept = Array(journal.prefix(events))
        var fresh = SimulatedNode(
            party: party, terms: terms, authority: SeededAuthority(seed: 0), stopKey: stopKey, clock: clock)
        for recorded in kept { fresh.refold(recorded) }
        fresh.key = key
        fresh.authority = authority
        fresh.statements = statements
        fresh.refusals = refusals
        fresh.humanActNs = humanActNs
        self = fresh
    }

    private mutating func refold(_ recorded: RecordedEvent) {
        var replaying = ReplayingAuthority(recorded.given)
        let handled = try? mechanism.handle(recorded.event, now: recorded.now, authority: &replaying, isReplay: true)
        guard let handled else { preconditionFailure("\(party)'s journal leads elsewhere") }
        journal.append(recorded)
        store(handled.writes)
        keepNotes(of: recorded.event)
    }

    private mutating func store(_ writes: [LogWrite]) {
        for write in writes {
            held[write.record.party, default: []].append(write.envelope)
            if let envelope = Envelope(encoded: write.envelope) {
                books[write.log, default: LogBook()].append(
                    write.envelope, leaf: MerkleHash.leaf(envelope.signed), frame: journal.count - 1)
            }
        }
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

    private mutating func keepNotes(of event: Event) {
        switch event {
        case .pushed(let push): keepAuthors(push.checkpoint, push.log)
        case .receipt(let from, let note, _): keepCosignature(note, mechanism.ownLog.id, from)
        case .heads(_, let heads):
            for head in heads {
                keepAuthors(head.note, head.log)
                for holder in terms.parties.map(\.id) { keepCosignature(head.note, head.log, holder) }
            }
        case .started, .tick, .command, .heartbeat, .statement, .attempts, .stop, .cover, .check: break
        }
    }

    private mutating func keepAuthors(_ note: String, _ log: LogID) {
        guard let head = Checkpoint(note: note), head.size > 0, root(of: log, at: head.size) == head.root else {
            return
        }
        let size = head.size
        books[log, default: LogBook()].notes[size] = note
    }

    private mutating func keepCosignature(_ note: String, _ log: LogID, _ holder: PartyID) {
        let key = Receipt.key(of: holder, publicKey: mechanism.nodeKey(of: holder))
        let lines = SignedNote(encoded: note)?.signatures ?? []
        guard lines.contains(where: { $0.keyName == key.name && $0.keyID == key.keyID }) else { return }
        books[log, default: LogBook()].cosignatures[key.name] = note
    }

    /// A party's log from `first`, bodies withheld from whom they do not address, and a checkpoint over its end.
    ///
    /// - Returns: `nil` when there is nothing to push, or no signed head to end at.
    func push(of author: PartyID, from first: LogIndex, to peer: PartyID) -> Push? {
        guard let log = mechanism.logs[author], let book = books[log.id], first >= log.start, first < log.size else {
            return nil
        }
        let leaf = first - log.start
        let most = min(log.tree.size, leaf + UInt64(Limits.pushEntries))
        guard let end = author == party ? most : book.notedSize(after: leaf, atMost: most),
            let note = note(of: log.id, size: end)
        else { return nil }
        guard canRead(log.id, leaf..<end) else { return nil }
        var envelopes: [Bytes] = []
        for bytes in book.envelopes[Int(leaf)..<Int(end)] {
            guard let envelope = Envelope(encoded: bytes), let record = try? UnverifiedRecord(bytes) else { return nil }
            let isFor = record.header.audience.contains(peer) || record.header.author == peer
            let isMirrored = terms.sealing == .xWing && terms.party(peer)?.role == .mediator
            envelopes.append(Bytes(isFor || isMirrored ? bytes : envelope.withheld.encoded))
        }
        let proof = consistencyProof(of: log.id, from: leaf, to: end)
        return Push(
            from: party, log: log.id, first: first, envelopes: envelopes, checkpoint: note, consistency: proof ?? [])
    }

    /// Everything that a party's root keys have signed and that is in force here, oldest first.
    func statements(of author: PartyID) -> [String] {
        let former = mechanism.formerLogs.filter { $0.party == author }.map(\.keys)
        let histories = former + (mechanism.logs[author].map { [$0.keys] } ?? [])
        return histories.flatMap { $0.entries.compactMap(\.note) }
    }

    /// Our receipt over everything of `author`'s log that we hold.
    func receipt(for author: PartyID, at timeNs: Int64) -> String? {
        guard let log = mechanism.logs[author], log.tree.size > 0, log.fork == nil, author != party else { return nil }
        let checkpoint = Checkpoint(mechanism: terms.mechanism, log: log.id, size: log.tree.size, root: log.tree.root)
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
        /// After a deadline that could not be stored: not again before then.
        var tickAgainNs = Int64.min
        /// How much of others' logs each peer showed at its newest answer, and of which it lacked some.
        var shown = SortedMap<PartyID, SortedMap<PartyID, UInt64>>()
        var lacked = SortedMap<PartyID, SortedSet<PartyID>>()
        /// Pushes of others' logs that were in vain since a peer was last heard.
        var failed = SortedMap<PartyID, SortedMap<PartyID, PushAttempts>>()
        /// The largest head of each log that anybody has shown, for the checker.
        var seen = SortedMap<PartyID, Int>()
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

extension SimulatedNode: LogMemory {
    public func note(of log: LogID, size: UInt64) -> String? {
        if let note = books[log]?.notes[size] { return note }
        guard log.party == party, let root = root(of: log, at: size) else { return nil }
        let checkpoint = Checkpoint(mechanism: terms.mechanism, log: log, size: size, root: root)
        return ownNotes.note(over: checkpoint, by: key)
    }

    public func root(of log: LogID, at size: UInt64) -> Hash32? { books[log]?.root(at: size) }

    public func consistencyProof(of log: LogID, from: UInt64, to: UInt64) -> [Hash32]? {
        books[log]?.consistencyProof(from: from, to: to)
    }

    public func cosignature(of log: LogID, by holder: NoteKey, atMost size: UInt64) -> String? {
        guard let note = books[log]?.cosignatures[holder.name], let held = Checkpoint(note: note)?.size, held <= size
        else { return nil }
        return note
    }
}

extension SimulatedNode {
    /// What this node answers a push of another's log with; `nil` when it gives no receipt.
    public func receipt(of author: PartyID) -> String? { receipt(for: author, at: 0) }

    /// The node's keys, with which whoever owns it can read what it holds.
    public var authorityForReading: some Authority { authority }
}
