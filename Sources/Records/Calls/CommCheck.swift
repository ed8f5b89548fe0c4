import Kernel

/// What a check of the line between two desks showed: an officer called, and an officer answered or nobody did.
public struct CommCheck: Hashable, Sendable, WireCodable {
    public let party: PartyID
    /// The call.
    public let message: RecordID
    /// From the call to its acknowledgement by the caller's clock, whole milliseconds; `nil` when nobody had answered
    /// when it was due.
    public let answeredAfterMs: Int64?

    public init(party: PartyID, message: RecordID, answeredAfterMs: Int64?) {
        self.party = party
        self.message = message
        self.answeredAfterMs = answeredAfterMs
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        party = try reader.party("party")
        message = try reader.recordID("message")
        answeredAfterMs =
            reader.optional("answeredAfterMs") == nil
            ? nil : try reader.integer("answeredAfterMs", in: 0...Int64(Limits.largestInteger))
    }

    public var json: JSONValue {
        [
            "party": .string(party.name), "message": .string(message.description),
            "answeredAfterMs": answeredAfterMs.map(JSONValue.integer) ?? .null,
        ]
    }
}
