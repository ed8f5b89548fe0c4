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
    private var tree = MerkleFrontier()
    private var roots: [Hash32] = []
    private var random: SeededGenerator

    /// - Parameter node: the party whose key it signs with; that node itself stays down.
    public init(standingFor node: SimulatedNode) {
        party = node.party
        terms = node.terms
        key = node.key
        random = SeededGenerator(seed: 77)
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
        envelopes.append(Envelope(signed: signed, signature: key.sign(signed), sealed: sealed).encoded)
        tree.append(MerkleHash.leaf(signed))
        roots.append(tree.root)
        return id
    }

    /// A push of its log from `first` to `end` (exclusive; `nil` for all), bodies withheld where asked.
    public func push(from first: UInt64, to end: UInt64? = nil, withholding withheld: [LogIndex] = []) -> Event {
        let end = end ?? size
        let slice = (first..<end).map { index -> Bytes in
            let bytes = envelopes[Int(index)]
            guard withheld.contains(index), let envelope = Envelope(encoded: bytes) else { return Bytes(bytes) }
            return Bytes(envelope.withheld.encoded)
        }
        let root = end == 0 ? MerkleHash.empty : roots[Int(end) - 1]
        return .entries(from: party, first: first, envelopes: slice, checkpoint: checkpoint(size: end, root: root))
    }

    /// Its signature over any head of its log, true or not.
    public func checkpoint(size: UInt64, root: Hash32) -> String {
        let checkpoint = Checkpoint(mechanism: terms.mechanism, party: party, size: size, root: root)
        return SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: { key.sign($0) }).note
    }

    /// Its receipt over a head of `author`'s log.
    public func receipt(for author: PartyID, size: UInt64, root: Hash32, at utc: UTCInstant) -> Event {
        let checkpoint = Checkpoint(mechanism: terms.mechanism, party: author, size: size, root: root)
        let receipt = Receipt.signing(checkpoint, holder: party, at: utc, sign: { key.sign($0) })
        return .receipt(from: party, note: receipt.note(publicKey: key.publicKey))
    }
}
