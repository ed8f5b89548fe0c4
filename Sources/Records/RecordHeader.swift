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
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512 + 128 * seen.count)
        func line(_ parts: String...) {
            for (i, part) in parts.enumerated() {
                if i > 0 { out.append(UInt8(ascii: " ")) }
                out += part.utf8
            }
            out.append(UInt8(ascii: "\n"))
        }
        line(RecordHeader.firstLine)
        line("mechanism", mechanism.hex)
        line("author", author.name)
        line("index", String(index))
        line("audience", audience.map(\.name).joined(separator: ","))
        line("terms", String(termsVersion))
        for head in seen { line("seen", head.party.name, String(head.size), head.root.hex) }
        line("relay", relay.rawValue)
        line("padded", String(paddedLength))
        line("commitment", commitment.hex)
        line("sealed", sealedHash.hex)
        return out
    }

    /// - Returns: `nil` unless ``text`` would write the same bytes.
    public init?(text: String) { self.init(signed: Array(text.utf8)) }

    /// - Parameter bytes: of ``text``; every record is read several times, so not by way of a text.
    /// - Returns: `nil` unless ``text`` would write the same bytes.
    public init?(signed bytes: [UInt8]) {
        var lines = HeaderLines(bytes)
        guard lines.takes(RecordHeader.firstLine),
            let mechanism = lines.value("mechanism").flatMap(Hash32.init(hexBytes:)),
            let author = lines.value("author").flatMap({ PartyID(HeaderLines.text($0)) }),
            let index = lines.number("index"), index < Limits.largestInteger,
            let audience = lines.value("audience").flatMap(RecordHeader.parties),
            let termsVersion = lines.number("terms"), termsVersion <= Limits.largestInteger
        else { return nil }
        var seen: [SeenHead] = []
        while let line = lines.value("seen") {
            let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            guard seen.count < Limits.peers, parts.count == 3, let party = PartyID(HeaderLines.text(parts[0])),
                let size = UInt64(HeaderLines.text(parts[1])), size <= Limits.largestInteger,
                let root = Hash32(hexBytes: parts[2]), seen.last.map({ $0.party < party }) ?? true
            else { return nil }
            seen.append(SeenHead(party: party, size: size, root: root))
        }
        guard let relay = lines.value("relay").flatMap({ RelayClass(rawValue: HeaderLines.text($0)) }),
            let padded = lines.number("padded").flatMap(Int.init(exactly:)), SealedBody.lengthClasses.contains(padded),
            let commitment = lines.value("commitment").flatMap(Hash32.init(hexBytes:)),
            let sealed = lines.value("sealed").flatMap(Hash32.init(hexBytes:)), lines.isAtEnd
        else { return nil }
        self.init(
            mechanism: mechanism, author: author, index: index, audience: audience, termsVersion: termsVersion,
            seen: seen, relay: relay, paddedLength: padded, commitment: commitment, sealedHash: sealed)
        guard self.bytes == bytes else { return nil }
    }

    private static func parties(_ text: ArraySlice<UInt8>) -> [PartyID]? {
        var parties: [PartyID] = []
        for name in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let party = PartyID(HeaderLines.text(name)), parties.last.map({ $0 < party }) ?? true else {
                return nil
            }
            parties.append(party)
        }
        return parties.isEmpty ? nil : parties
    }

    /// The leaf of the author's log.
    public var leaf: Hash32 { MerkleHash.leaf(bytes) }
}

/// The lines of a header's text, taken one by one.
private struct HeaderLines {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Takes a line that is exactly `line`.
    mutating func takes(_ line: String) -> Bool {
        guard rest.starts(with: line.utf8), rest.dropFirst(line.utf8.count).first == UInt8(ascii: "\n") else {
            return false
        }
        rest = rest.dropFirst(line.utf8.count + 1)
        return true
    }

    /// What stands after `name` and a space in the next line; `nil`, and nothing is taken, when that has another name.
    mutating func value(_ name: StaticString) -> ArraySlice<UInt8>? {
        let length = name.utf8CodeUnitCount
        let start = rest.startIndex
        guard rest.count > length, rest[start + length] == UInt8(ascii: " "),
            name.withUTF8Buffer({ $0.elementsEqual(rest[start..<(start + length)]) }),
            let end = rest[(start + length)...].firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[(start + length + 1)..<end]
    }

    mutating func number(_ name: StaticString) -> UInt64? { value(name).flatMap { UInt64(HeaderLines.text($0)) } }
}

extension Hash32 {
    fileprivate init?(hexBytes: ArraySlice<UInt8>) {
        guard let bytes = [UInt8](hex: hexBytes) else { return nil }
        self.init(bytes)
    }
}
