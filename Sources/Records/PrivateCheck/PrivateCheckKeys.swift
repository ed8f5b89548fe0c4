import Kernel

/// The key under which its author's answers of a private check are locked, for the mediator alone: it gives both keys to
/// both sides in one record, or to nobody.
public struct PrivateCheckDeposit: Hashable, Sendable, WireCodable {
    public let check: Hash32
    /// The other principal of the check.
    public let with: PartyID
    /// After which nothing is given out.
    public let deadline: UTCInstant
    public let key: Hash32

    public init(check: Hash32, with: PartyID, deadline: UTCInstant, key: Hash32) {
        self.check = check
        self.with = with
        self.deadline = deadline
        self.key = key
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        check = try reader.hash("check")
        with = try reader.party("with")
        deadline = try reader.instant("deadline")
        key = try reader.hash("key")
    }

    public var json: JSONValue {
        [
            "check": .string(check.hex), "with": .string(with.name), "deadline": .string(deadline.rfc3339),
            "key": .string(key.hex),
        ]
    }
}

/// Both keys of a private check, by a mediator, to both of its principals at once.
public struct PrivateCheckRelease: Hashable, Sendable, WireCodable {
    public struct Key: Hashable, Sendable {
        public let party: PartyID
        public let key: Hash32

        public init(party: PartyID, key: Hash32) {
            self.party = party
            self.key = key
        }
    }

    public let check: Hash32
    /// In order of party.
    public let first: Key
    public let second: Key

    /// In either order.
    public init(check: Hash32, _ one: Key, _ other: Key) {
        self.check = check
        (first, second) = one.party < other.party ? (one, other) : (other, one)
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        check = try reader.hash("check")
        var keys: [Key] = []
        for (i, element) in try reader.array("keys", count: 2...2).enumerated() {
            var inner = try FieldReader(element, path: reader.path(of: "keys[\(i)]"))
            keys.append(Key(party: try inner.party("party"), key: try inner.hash("key")))
            try inner.finish()
        }
        guard keys[0].party < keys[1].party else {
            throw reader.rejection("keys", .notAllowed(rule: "two parties in order"))
        }
        (first, second) = (keys[0], keys[1])
    }

    public var json: JSONValue {
        [
            "check": .string(check.hex),
            "keys": .array(
                [first, second].map { ["party": .string($0.party.name), "key": .string($0.key.hex)] }),
        ]
    }
}
