import Kernel

/// The mediator's word that it holds a log for a party that keeps silent: no receipt, and never shown as one.
public struct Lodged: Hashable, Sendable {
    /// Whose log.
    public let party: PartyID
    /// The head up to which the author holds it.
    public let size: UInt64
    public let root: Hash32
    /// To whom the records could not be delivered.
    public let silent: PartyID
    /// How often the author tried to deliver them, and when, by its own clock; from 1.
    public let attempts: UInt64
    public let firstAttemptAt: UTCInstant
    /// Not before ``firstAttemptAt``.
    public let lastAttemptAt: UTCInstant
    /// When the silent party was last heard; `nil` when never since the author's start.
    public let lastContactAt: UTCInstant?

    public init(
        party: PartyID, size: UInt64, root: Hash32, silent: PartyID, attempts: UInt64, firstAttemptAt: UTCInstant,
        lastAttemptAt: UTCInstant, lastContactAt: UTCInstant?
    ) {
        self.party = party
        self.size = size
        self.root = root
        self.silent = silent
        self.attempts = attempts
        self.firstAttemptAt = firstAttemptAt
        self.lastAttemptAt = lastAttemptAt
        self.lastContactAt = lastContactAt
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        party = try reader.party("party")
        size = UInt64(try reader.integer("size", in: 1...Int64(Limits.largestInteger)))
        root = try reader.hash("root")
        silent = try reader.party("silent")
        guard silent != party else {
            throw reader.rejection("silent", .notAllowed(rule: "another party than the log's"))
        }
        attempts = UInt64(try reader.integer("attempts", in: 1...Int64(Limits.largestInteger)))
        firstAttemptAt = try reader.instant("firstAttemptAt")
        lastAttemptAt = try reader.instant("lastAttemptAt")
        guard firstAttemptAt <= lastAttemptAt else {
            throw reader.rejection("lastAttemptAt", .notAllowed(rule: "not before firstAttemptAt"))
        }
        lastContactAt = reader.optional("lastContactAt") == nil ? nil : try reader.instant("lastContactAt")
    }

    var json: JSONValue {
        [
            "party": .string(party.name), "size": .integer(Int64(size)), "root": .string(root.hex),
            "silent": .string(silent.name), "attempts": .integer(Int64(attempts)),
            "firstAttemptAt": .string(firstAttemptAt.rfc3339), "lastAttemptAt": .string(lastAttemptAt.rfc3339),
            "lastContactAt": lastContactAt.map { .string($0.rfc3339) } ?? .null,
        ]
    }
}
