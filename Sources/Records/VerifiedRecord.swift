import JointLog
import Kernel

/// Why an envelope is not a record of this mechanism.
public enum RecordRejection: Error, Hashable, Sendable {
    case malformedEnvelope
    case malformedHeader
    case wrongMechanism(MechanismID)
    case unknownAuthor(PartyID)
    /// The record names an audience outside the terms, or one without its author's counterparts.
    case unknownAudience(PartyID)
    case badSignature(PartyID)
    /// A body came along that is not the one the header names.
    case wrongSealedBody(RecordID)

    public var name: String {
        switch self {
        case .malformedEnvelope: "malformedEnvelope"
        case .malformedHeader: "malformedHeader"
        case .wrongMechanism: "wrongMechanism"
        case .unknownAuthor: "unknownAuthor"
        case .unknownAudience: "unknownAudience"
        case .badSignature: "badSignature"
        case .wrongSealedBody: "wrongSealedBody"
        }
    }
}

/// Bytes that claim to be a record. Nothing acts on one.
public struct UnverifiedRecord: Hashable, Sendable {
    public let envelope: Envelope
    public let header: RecordHeader

    public init(_ bytes: [UInt8]) throws(RecordRejection) {
        guard let envelope = Envelope(encoded: bytes) else { throw .malformedEnvelope }
        guard let header = RecordHeader(signed: envelope.signed) else { throw .malformedHeader }
        self.envelope = envelope
        self.header = header
    }

    /// The only way from a peer's bytes to a ``VerifiedRecord``, by the node key that the terms name.
    public func verified(by terms: Terms) throws(RecordRejection) -> VerifiedRecord {
        guard header.mechanism == terms.mechanism else { throw .wrongMechanism(header.mechanism) }
        guard let author = terms.party(header.author) else { throw .unknownAuthor(header.author) }
        return try verified(by: terms, nodeKey: author.nodeKey)
    }

    /// The same for an author whose key at this index is not the one that the terms name, because it was changed.
    public func verified(by terms: Terms, nodeKey: Hash32) throws(RecordRejection) -> VerifiedRecord {
        guard header.mechanism == terms.mechanism else { throw .wrongMechanism(header.mechanism) }
        guard terms.party(header.author) != nil else { throw .unknownAuthor(header.author) }
        for party in header.audience where terms.party(party) == nil { throw .unknownAudience(party) }
        guard Ed25519.isValid(signature: envelope.signature, of: envelope.signed, by: nodeKey) else {
            throw .badSignature(header.author)
        }
        guard hasItsBody else { throw .wrongSealedBody(header.id) }
        return VerifiedRecord(envelope: envelope, header: header)
    }

    /// Whether the sealed body is the one that the signed header names, or was withheld.
    public var hasItsBody: Bool {
        envelope.sealed.isEmpty
            || (MerkleHash.sha256(envelope.sealed) == header.sealedHash && envelope.sealed.count == header.paddedLength)
    }
}

/// A record whose author's signature holds: it may be stored, receipted and acted on. Its body is opened in a step of
/// its own, with the reader's keys.
public struct VerifiedRecord: Hashable, Sendable {
    public let envelope: Envelope
    public let header: RecordHeader
    /// Its leaf in its author's log.
    public let leaf: Hash32

    fileprivate init(envelope: Envelope, header: RecordHeader) {
        self.envelope = envelope
        self.header = header
        leaf = MerkleHash.leaf(envelope.signed)
    }

    /// A record that this node verified before it wrote it to its own journal.
    public init(fromOwnJournal bytes: [UInt8]) throws(RecordRejection) {
        let unverified = try UnverifiedRecord(bytes)
        self.init(envelope: unverified.envelope, header: unverified.header)
    }

    public var id: RecordID { header.id }
}

/// Writes records: the one place where bytes to be signed are made.
public struct RecordWriter {
    public let mechanism: MechanismID
    public let author: PartyID

    public init(mechanism: MechanismID, author: PartyID) {
        self.mechanism = mechanism
        self.author = author
    }

    /// - Parameters:
    ///   - salt: 32 bytes nobody can guess.
    ///   - plan: how to seal the body for exactly the audience and the author; `nil` for cipher `none`.
    ///   - sign: signs bytes with the author's node key.
    /// - Returns: `nil` when the body is longer than ``Limits/recordBytes``.
    public func record(
        index: LogIndex, body: RecordBody, audience: [PartyID], termsVersion: UInt64,
        seen: [RecordHeader.SeenHead], relay: RecordHeader.RelayClass, salt: Hash32, plan: SealPlan? = nil,
        sign: ([UInt8]) -> [UInt8]
    ) -> Envelope? {
        record(
            index: index, bodyBytes: body.json.bytes, audience: audience, termsVersion: termsVersion, seen: seen,
            relay: relay, salt: salt, plan: plan, sign: sign)
    }

    /// The same for a body that is bytes already, sense or nonsense.
    public func record(
        index: LogIndex, bodyBytes: [UInt8], audience: [PartyID], termsVersion: UInt64,
        seen: [RecordHeader.SeenHead], relay: RecordHeader.RelayClass, salt: Hash32, plan: SealPlan? = nil,
        sign: ([UInt8]) -> [UInt8]
    ) -> Envelope? {
        guard let sealed = sealing(bodyBytes, index: index, audience: audience, salt: salt, plan: plan) else {
            return nil
        }
        let header = RecordHeader(
            mechanism: mechanism, author: author, index: index, audience: audience.sorted(),
            termsVersion: termsVersion, seen: seen, relay: relay, paddedLength: sealed.count,
            commitment: SealedBody.commitment(salt: salt, body: bodyBytes), sealedHash: MerkleHash.sha256(sealed))
        let signed = Array(header.text.utf8)
        return Envelope(signed: signed, signature: sign(signed), sealed: sealed)
    }

    private func sealing(
        _ body: [UInt8], index: LogIndex, audience: [PartyID], salt: Hash32, plan: SealPlan?
    ) -> [UInt8]? {
        guard let plan else { return SealedBody.sealing(body, salt: salt) }
        precondition(
            plan.binding.mechanism == mechanism && plan.binding.log.party == author && plan.binding.index == index
                && plan.readers.map(\.party) == SealPlan.readers(audience: audience, author: author),
            "the plan is for another record")
        return SealedBody.sealing(body, salt: salt, plan: plan)
    }
}
