import Kernel
import Mechanism
import Records

/// The journal's form of a notice that was filed, which is nearly all that a busy desk does: JSON with the notice as
/// records carry it. `Codable`, the form of all other events, costs several times as much.
struct JournalFiling {
    let now: Now
    let fields: NoticeFields
    let mode: Mode
    let audience: [PartyID]?
    let officer: String
    let given: [Bytes]

    private static let firstBytes = Array(#"{"filed":"#.utf8)

    /// - Returns: `nil` for any other event.
    init?(_ record: JournalRecord) {
        guard case .command(.file(let fields, let mode, let audience), let officer) = record.event else { return nil }
        now = record.now
        self.fields = fields
        self.mode = mode
        self.audience = audience
        self.officer = officer
        given = record.given
    }

    var event: Event { .command(.file(fields, mode: mode, audience: audience), officer: officer) }

    /// Clocks are written as texts: they may be beyond the integers that strict JSON has.
    var bytes: [UInt8] {
        let json: JSONValue = [
            "filed": .object(fields.members), "mode": .string(mode.rawValue),
            "audience": audience.map { .array($0.map { .string($0.name) }) } ?? .null, "officer": .string(officer),
            "utc": .string(String(now.utc.microseconds)), "monotonic": .string(String(now.monotonic.nanoseconds)),
            "given": .array(given.map { .string($0.array.base64) }),
        ]
        return json.bytes
    }

    /// - Returns: `nil` for bytes that are another event's.
    /// - Throws: for bytes that begin as a filing's and are none.
    init?(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: JournalFiling.firstBytes) else { return nil }
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: bytes.count))
        var notice = try reader.object("filed")
        fields = try NoticeFields(&notice)
        try notice.finish()
        mode = try reader.word("mode", Mode.self)
        audience = reader.optional("audience") == nil ? nil : try reader.array("audience").map(JournalFiling.party)
        officer = try reader.string("officer", limit: .max)
        now = Now(
            utc: UTCInstant(microseconds: try JournalFiling.number("utc", &reader)),
            monotonic: MonotonicInstant(nanoseconds: try JournalFiling.number("monotonic", &reader)))
        given = try reader.array("given").map { value in
            guard case .string(let text) = value, let bytes = [UInt8](base64: text) else {
                throw FieldRejection(path: "given", problem: .wrongType(expected: "base64"))
            }
            return Bytes(bytes)
        }
        try reader.finish()
    }

    private static func party(_ value: JSONValue) throws -> PartyID {
        guard case .string(let name) = value, let party = PartyID(name) else {
            throw FieldRejection(path: "audience", problem: .wrongType(expected: "parties"))
        }
        return party
    }

    private static func number(_ name: String, _ reader: inout FieldReader) throws -> Int64 {
        guard let number = Int64(try reader.string(name)) else {
            throw reader.rejection(name, .wrongType(expected: "a whole number as text"))
        }
        return number
    }
}
