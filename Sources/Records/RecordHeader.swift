import JointLog
import Kernel

/// The open part of a record: what everyone who holds the log may read. Together with the commitment to the
/// body and the hash of the sealed body these are the bytes that are signed, hashed into the log's tree and
/// never serialised anew.
///
/// The text form is one `name value` line for each field, in this order, ended by a newline; a text that
/// would not be written exactly so is refused, so that one record has one form.
public struct RecordHeader: Hashable, Sendable, Codable {
    public let mechanism: MechanismID
    public let author: PartyID
    public let index: LogIndex
    /// The parties that can open the body, in order; never empty.
    public let audience: [PartyID]
    public let termsVersion: UInt64
    /// The newest checkpoint of each other party's log that the author held, in order of party.
    public let seen: [SeenHead]
    public let relay: RelayClass
    /// Length of the sealed body: one of ``SealedBody/lengthClasses``.
    public let paddedLength: Int
    /// Salted commitment to the body: makes one ciphertext open one way only.
    public let commitment: Hash32
    /// SHA-256 of the sealed body.
    public let sealedHash: Hash32

    public struct SeenHead: Hashable, Sendable, Codable {
        public let party: PartyID
        public let size: UInt64
        public let root: Hash32

        public init(party: PartyID, size: UInt64, root: Hash32) {
            self.party = party
            self.size = size
            self.root = root
        }
    }

    /// How urgently a relay that cannot read the body should carry it.
    public enum RelayClass: String, Hashable, Sendable, Codable, CaseIterable {
        case ordinary, urgent
    }

    public init(
        mechanism: MechanismID, author: PartyID, index: LogIndex, audience: [PartyID], termsVersion: UInt64,
        seen: [SeenHead], relay: RelayClass, paddedLength: Int, commitment: Hash32, sealedHash: Hash32
    ) {
        self.mechanism = mechanism
        self.author = author
        self.index = index
        self.audience = audience
        self.termsVersion = termsVersion
        self.seen = seen
        self.relay = relay
        self.paddedLength = paddedLength
        self.commitment = commitment
        self.sealedHash = sealedHash
    }

    public var id: RecordID { RecordID(party: author, index: index) }

    static let firstLine = "parley record v1"

    /// The signed bytes, UTF-8.
    public var text: String {
        var lines = [
            RecordHeader.firstLine,
            "mechanism \(mechanism.hex)",
            "author \(author.name)",
            "index \(index)",
            "audience \(audience.map(\.name).joined(separator: ","))",
            "terms \(termsVersion)",
        ]
        lines += seen.map { "seen \($0.party.name) \($0.size) \($0.root.hex)" }
        lines += [
            "relay \(relay.rawValue)",
            "padded \(paddedLength)",
            "commitment \(commitment.hex)",
            "sealed \(sealedHash.hex)",
        ]
        return lines.map { $0 + "\n" }.joined()
    }

    /// - Returns: `nil` unless ``text`` would write the same bytes.
    public init?(text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 11, lines.count <= 11 + Limits.peers, lines.removeLast().isEmpty,
            lines.removeFirst() == RecordHeader.firstLine
        else { return nil }
        var at = 0
        func field(_ name: String) -> String? {
            guard at < lines.count, lines[at].hasPrefix(name + " ") else { return nil }
            defer { at += 1 }
            return String(lines[at].dropFirst(name.count + 1))
        }
        guard let mechanism = field("mechanism").flatMap(Hash32.init(hex:)),
            let author = field("author").flatMap(PartyID.init(_:)),
            let index = field("index").flatMap(UInt64.init(_:)), index < Limits.largestInteger,
            let audience = field("audience").flatMap(RecordHeader.parties),
            let termsVersion = field("terms").flatMap(UInt64.init(_:)), termsVersion <= Limits.largestInteger
        else { return nil }
        var seen: [SeenHead] = []
        while let line = field("seen") {
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3, let party = PartyID(parts[0]), let size = UInt64(parts[1]),
                size <= Limits.largestInteger, let root = Hash32(hex: parts[2]),
                seen.last.map({ $0.party < party }) ?? true
            else { return nil }
            seen.append(SeenHead(party: party, size: size, root: root))
        }
        guard let relay = field("relay").flatMap(RelayClass.init(rawValue:)),
            let padded = field("padded").flatMap(Int.init(_:)), SealedBody.lengthClasses.contains(padded),
            let commitment = field("commitment").flatMap(Hash32.init(hex:)),
            let sealed = field("sealed").flatMap(Hash32.init(hex:)), at == lines.count
        else { return nil }
        self.init(
            mechanism: mechanism, author: author, index: index, audience: audience, termsVersion: termsVersion,
            seen: seen, relay: relay, paddedLength: padded, commitment: commitment, sealedHash: sealed)
        guard self.text == text else { return nil }
    }

    private static func parties(_ text: String) -> [PartyID]? {
        var parties: [PartyID] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let party = PartyID(String(name)), parties.last.map({ $0 < party }) ?? true else { return nil }
            parties.append(party)
        }
        return parties.isEmpty ? nil : parties
    }

    /// The leaf of the author's log.
    public var leaf: Hash32 { MerkleHash.leaf(Array(text.utf8)) }
}
