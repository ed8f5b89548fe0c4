import JointLog
import Kernel
import Mechanism
import Records

/// A party without a core: it holds a key and signs whatever a test wants said, sense or nonsense.
public struct ScriptedPeer: Sendable {
    public let party: PartyID
    public let terms: Terms
    public private(set) var envelopes: [[UInt8]] = []
    private let key: Ed25519PrivateKey
    private var book = LogBook()
    private var random: SeededGenerator

    /// - Parameter node: the party whose key it signs with; that node itself stays down.
    public init(standingFor node: SimulatedNode) {
        party = node.party
        terms = node.terms
        key = node.key
        random = SeededGenerator(seed: 77)
    }

    /// A thief of that node's key, who goes on where the node's own log stands, on another machine.
    public init(stealing node: SimulatedNode) {
        self.init(standingFor: node)
        random = SeededGenerator(seed: 78)
        for envelope in node.held[party] ?? [] { append(envelope) }
    }

    public var size: UInt64 { UInt64(envelopes.count) }

    /// Everybody but itself.
    public var everybody: [PartyID] { terms.parties.map(\.id).filter { $0 != party } }

    /// - Parameter audience: `nil` for everybody.
    @discardableResult
    public mutating func write(
        _ content: RecordContent, mode: Mode = .real, at utc: UTCInstant, officer: String? = nil,
        audience: [PartyID]? = nil
    ) -> RecordID {
        let body = RecordBody(mode: mode, createdAt: utc, officer: officer, content: content)
        return write(rawBody: body.json.bytes, audience: audience)
    }

    /// A record whose body is any bytes at all, properly committed to and signed.
    @discardableResult
    public mutating func write(rawBody bytes: [UInt8], audience: [PartyID]? = nil) -> RecordID {
        let id = RecordID(party: party, index: size)
        let salt = MerkleHash.sha256(Array("\(random.next())".utf8))
        guard let sealed = SealedBody.sealing(bytes, salt: salt) else { preconditionFailure("the body is too long") }
        let header = RecordHeader(
            mechanism: terms.mechanism, author: party, index: id.index, audience: (audience ?? everybody).sorted(),
            termsVersion: terms.version, seen: [], relay: .ordinary, paddedLength: sealed.count,
            commitment: SealedBody.commitment(salt: salt, body: bytes), sealedHash: MerkleHash.sha256(sealed))
        let signed = Array(header.text.utf8)
        append(Envelope(signed: signed, signature: key.sign(signed), sealed: sealed).encoded)
        return id
    }

    /// A record sealed by a plan, such as one for other readers than it should have.
    @discardableResult
    public mutating func write(
        _ content: RecordContent, at utc: UTCInstant, audience: [PartyID], plan: SealPlan?
    ) -> RecordID {
        let body = RecordBody(mode: .real, createdAt: utc, officer: nil, content: content)
        let envelope = RecordWriter(mechanism: terms.mechanism, author: party).record(
            index: size, body: body, audience: audience, termsVersion: terms.version, seen: [], relay: .ordinary,
            salt: MerkleHash.sha256(Array("\(random.next())".utf8)), plan: plan, sign: { key.sign($0) })
        guard let envelope else { preconditionFailure("the body is too long") }
        append(envelope.encoded)
        return RecordID(party: party, index: size - 1)
    }

    private mutating func append(_ bytes: [UInt8]) {
        guard let envelope = Envelope(encoded: bytes) else { preconditionFailure("an envelope of its own") }
        envelopes.append(bytes)
        book.append(bytes, leaf: MerkleHash.leaf(envelope.signed))
    }

    /// The head of its log as it stands, with proof that it continues the history's own first `size` records.
    public func head(from size: UInt64 = 0) -> ShownHead {
        shown(size: self.size, root: root, from: size)
    }

    public var root: Hash32 { root(at: size) }

    public func root(at size: UInt64) -> Hash32 { book.root(at: size) ?? MerkleHash.empty }

    /// Any head, true or not.
    public func shown(size: UInt64, root: Hash32, from held: UInt64 = 0) -> ShownHead {
        var relation: ShownHead.Relation?
        if held > 0, let old = book.root(at: held), let proof = book.consistencyProof(from: held, to: size) {
            relation = ShownHead.Relation(size: held, root: old, consistency: proof)
        }
        return ShownHead(log: LogID(party: party), note: checkpoint(size: size, root: root), relation: relation)
    }

    /// A push of its log from `first` to `end` (exclusive; `nil` for all), bodies withheld where asked.
    public func push(
        from first: UInt64, to end: UInt64? = nil, withholding withheld: [LogIndex] = [], withProof: Bool = false
    ) -> Event {
        let end = end ?? size
        let slice = (first..<end).map { index -> Bytes in
            let bytes = envelopes[Int(index)]
            guard withheld.contains(index), let envelope = Envelope(encoded: bytes) else { return Bytes(bytes) }
            return Bytes(envelope.withheld.encoded)
        }
        let proof = withProof && first > 0 ? book.consistencyProof(from: first, to: end) ?? [] : []
        return .entries(
            from: party, first: first, envelopes: slice, checkpoint: checkpoint(size: end, root: root(at: end)),
            consistency: proof)
    }

    /// Its signature over any head of its log, true or not.
    public func checkpoint(size: UInt64, root: Hash32) -> String {
        let checkpoint = Checkpoint(mechanism: terms.mechanism, party: party, size: size, root: root)
        return SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: { key.sign($0) }).note
    }

    /// Its receipt over a head of `author`'s log.
    ///
    /// - Parameter ours: what the node's shell says of its own root at that size; needed below its newest.
    public func receipt(
        for author: PartyID, size: UInt64, root: Hash32, at utc: UTCInstant, ours: Hash32? = nil
    ) -> Event {
        let checkpoint = Checkpoint(mechanism: terms.mechanism, party: author, size: size, root: root)
        let receipt = Receipt.signing(checkpoint, holder: party, at: utc, sign: { key.sign($0) })
        return .receipt(from: party, note: receipt.note(publicKey: key.publicKey), root: ours)
    }
}
