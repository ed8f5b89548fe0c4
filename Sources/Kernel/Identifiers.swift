/// A party's short name within one mechanism, such as `turkiye`: 1 to 32 of `a`–`z`, `0`–`9` and `-`,
/// beginning with a letter. Fixed by the terms.
public struct PartyID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let name: String

    public init?(_ name: String) {
        let bytes = Array(name.utf8)
        guard (1...Limits.partyIDBytes).contains(bytes.count), (97...122).contains(bytes[0]) else { return nil }
        for byte in bytes where !((97...122).contains(byte) || (48...57).contains(byte) || byte == 45) { return nil }
        self.name = name
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = PartyID(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "party id"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    /// Names are ASCII, so the order of characters is that of bytes.
    public static func < (a: Self, b: Self) -> Bool { a.name < b.name }

    public var description: String { name }
}

/// The position of a record in its author's log, from 0.
public typealias LogIndex = UInt64

/// One record of one party: its author and its place in that party's log. Written `turkiye-12`.
public struct RecordID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let party: PartyID
    public let index: LogIndex

    public init(party: PartyID, index: LogIndex) {
        self.party = party
        self.index = index
    }

    /// Reads `turkiye-12`; `nil` when the text is not exactly what ``description`` writes.
    public init?(_ text: String) {
        guard let dash = text.lastIndex(of: "-"), let party = PartyID(String(text[..<dash])),
            let index = LogIndex(text[text.index(after: dash)...]), index <= Limits.largestInteger
        else { return nil }
        self.init(party: party, index: index)
        guard description == text else { return nil }
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = RecordID(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "record id"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (a: Self, b: Self) -> Bool {
        a.party == b.party ? a.index < b.index : a.party < b.party
    }

    public var description: String { party.name + "-" + String(index) }
}

/// A notice is named by its first record; its versions count from 1.
public typealias NoticeID = RecordID

/// 32 bytes that a hash function made, or a key of that length. Written as 64 hexadecimal digits.
public struct Hash32: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init?(_ bytes: some Sequence<UInt8>) {
        let copy = Array(bytes)
        guard copy.count == 32 else { return nil }
        self.bytes = copy
    }

    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    public init?(hex: String) {
        guard let bytes = [UInt8](hex: hex) else { return nil }
        self.init(bytes)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Hash32(hex: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "hash"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    public static func < (a: Self, b: Self) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    public var hex: String { bytes.hex }
    public var description: String { hex }
}

/// SHA-256 of the bytes of terms version 1.
public typealias MechanismID = Hash32

/// Hash of mechanism, mode and the two notice ids in order: the same on every node that holds both.
public typealias ConflictID = Hash32
