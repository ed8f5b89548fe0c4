import Evidence
import JointLog
import Kernel
import Records

/// Logs of a few parties as their nodes would have written and receipted them, kept whole in memory.
public struct SampleMechanism: Sendable {
    public let terms: Terms
    public private(set) var parties = SortedMap<PartyID, SampleParty>()
    /// The newest of each party.
    public private(set) var logs = SortedMap<PartyID, SampleLog>()
    public private(set) var formerLogs: [SampleLog] = []
    public private(set) var statements: [BundleContents.Statement] = []
    /// By every clock alike.
    public var now: UTCInstant
    private var generator: SeededGenerator

    public static let start = UTCInstant(microseconds: 1_795_000_000_000_000)

    public init(_ parties: [SampleParty], seed: UInt64 = 1) {
        terms = SampleParty.terms(parties)
        now = SampleMechanism.start
        generator = SeededGenerator(seed: seed)
        for party in parties {
            self.parties[party.id] = party
            logs[party.id] = SampleLog(id: LogID(party: party.id))
        }
    }

    /// One seeded 32-byte value after the other.
    private mutating func secret() -> Hash32 {
        let bytes = (0..<4).flatMap { _ -> [UInt8] in
            let word = generator.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        guard let secret = Hash32(bytes) else { preconditionFailure("four words are 32 bytes") }
        return secret
    }

    public func party(_ name: String) -> SampleParty {
        guard let id = PartyID(name), let party = parties[id] else { preconditionFailure("no party \(name)") }
        return party
    }

    public func log(_ name: String) -> SampleLog { logs[party(name).id] ?? SampleLog(id: LogID(party: party(name).id)) }

    /// Writes one record, sealed for the other principals, citing all that its author has received.
    @discardableResult
    public mutating func write(
        _ author: String, _ content: RecordContent, officer: String? = nil, at time: UTCInstant? = nil,
        seen: [RecordHeader.SeenHead]? = nil
    ) -> RecordID {
        let party = party(author)
        guard var log = logs[party.id] else { preconditionFailure("every party has a log") }
        let index = log.start + LogIndex(log.records.count)
        let body = RecordBody(mode: .real, createdAt: time ?? now, officer: officer, content: content)
        let audience = terms.principals.map(\.id).filter { $0 != party.id }
        let (salt, contentKey) = (secret(), secret())
        let recipients = SealPlan.readers(audience: audience, author: party.id).compactMap { reader in
            parties[reader].map { SealRecipient(reader, $0.seal.publicKey) }
        }
        let plan = log.sealing.plan(
            mechanism: terms.mechanism, index: index, recipients: recipients, contentKey: contentKey
        ) { key, info in key.encapsulate(info: info) }
        let envelope = RecordWriter(mechanism: terms.mechanism, author: party.id).record(
            index: index, body: body, audience: audience, termsVersion: 1, seen: seen ?? log.seen.values,
            relay: .ordinary, salt: salt, plan: plan, sign: party.node.sign)
        guard let envelope else { preconditionFailure("a sample record is small") }
        log.append(SampleLog.Entry(envelope: envelope, body: body.json.bytes, salt: salt, contentKey: contentKey))
        logs[party.id] = log
        return RecordID(party: party.id, index: index)
    }

    /// Of a record that was written here.
    public func leaf(of id: RecordID) -> Hash32 {
        guard let log = logs[id.party] else { preconditionFailure("every party has a log") }
        return MerkleHash.leaf(log.records[Int(id.index - log.start)].envelope.signed)
    }

    /// `holder` receives all of `author`'s log and cosigns its head.
    public mutating func receipt(_ holder: String, of author: String, at time: UTCInstant? = nil) {
        let (from, to) = (party(author), party(holder))
        guard var log = logs[from.id], !log.records.isEmpty else { return }
        let size = log.records.count
        let checkpoint = Checkpoint(
            mechanism: terms.mechanism, log: log.id, size: UInt64(size), root: log.tree.root(size))
        if log.notes[UInt64(size)] == nil {
            log.notes[UInt64(size)] = [
                SignedCheckpoint.signing(
                    checkpoint, publicKey: from.node.publicKey, postQuantum: from.postQuantum, sign: from.node.sign
                ).note
            ]
        }
        let receipt = Receipt.signing(checkpoint, holder: to.id, at: time ?? now, sign: to.node.sign)
        log.notes[UInt64(size), default: []].append(receipt.note(publicKey: to.node.publicKey))
        logs[from.id] = log
        logs[to.id]?.seen[from.id] = RecordHeader.SeenHead(
            party: from.id, size: checkpoint.size, root: checkpoint.root)
    }

    /// From its next record on, the party signs with its next key; two of its root keys have said so.
    public mutating func rotate(_ name: String, reason: KeyChangeStatement.Reason = .rotation) {
        var party = party(name)
        let from = LogIndex(log(name).records.count)
        let keys = NodePublicKeys(
            node: party.nextNode.publicKey, tls: MerkleHash.sha256(party.nextNode.publicKey.bytes),
            seal: party.seal.publicKey)
        let statement = KeyChangeStatement(
            mechanism: terms.mechanism, party: party.id, sequence: 1, from: from, reason: reason, keys: keys)
        var signed = SignedRootStatement(.keyChange(statement))
        for root in party.roots.prefix(2) { signed = signed.signed(by: root.publicKey, sign: root.sign) }
        statements.append(BundleContents.Statement(party: party.id, sequence: 1, note: signed.encoded))
        party.node = party.nextNode
        parties[party.id] = party
        write(name, .keyChange(KeyChange(statement: signed.encoded)))
    }

    /// Ends the party's log at its newest head, to which it has signed another of `otherSize` records, and begins the
    /// next one under the same keys.
    public mutating func fork(_ name: String, otherSize: UInt64) {
        let party = party(name)
        let former = log(name)
        let size = UInt64(former.records.count)
        let heads = [
            EpochStatement.Head(size: size, root: former.tree.root(former.records.count)),
            EpochStatement.Head(size: otherSize, root: MerkleHash.sha256(Array("another history".utf8))),
        ].sorted()
        let statement = EpochStatement(
            mechanism: terms.mechanism, party: party.id, sequence: 1, epoch: 1, first: heads[0], second: heads[1],
            keys: NodePublicKeys(
                node: party.node.publicKey, tls: MerkleHash.sha256(party.node.publicKey.bytes),
                seal: party.seal.publicKey))
        var signed = SignedRootStatement(.epoch(statement))
        for root in party.roots.prefix(2) { signed = signed.signed(by: root.publicKey, sign: root.sign) }
        statements.append(BundleContents.Statement(party: party.id, sequence: 1, note: signed.encoded))
        formerLogs.append(former)
        var next = SampleLog(id: LogID(party: party.id, epoch: 1), start: former.start + max(size, otherSize))
        next.seen = former.seen
        logs[party.id] = next
        write(name, .keyChange(KeyChange(statement: signed.encoded)))
    }

    /// All of it, every body open.
    public func contents(by exporter: String) -> BundleContents {
        var keys = SortedMap<PartyID, PostQuantumKey>()
        for party in parties.values { keys[party.id] = party.postQuantum.publicKey }
        return BundleContents(
            exporter: party(exporter).id, exported: now, terms: terms, statements: statements, postQuantumKeys: keys,
            logs: (formerLogs + logs.values).filter { !$0.notes.isEmpty }.map(\.contents))
    }

    public func archive(_ contents: BundleContents) throws -> [UInt8] {
        let key = parties[contents.exporter]?.node
        guard let key else { preconditionFailure("a party exports") }
        return try contents.archive(publicKey: key.publicKey, sign: key.sign)
    }
}
