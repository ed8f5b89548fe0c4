import Kernel
import Mechanism
import Records
import Storage
import Testing

@testable import NodeRuntime

@Suite("the journal's form of a filed notice")
struct JournalFilingTests {
    private static let footprints = [
        #"{"type":"Point","coordinates":[38.3169,34.5574],"radiusM":3000}"#,
        #"{"type":"LineString","coordinates":[[38.1,34.1],[38.2000001,34.2]],"radiusM":0.1}"#,
        #"{"type":"Polygon","coordinates":[[[38.1,34.1],[38.3,34.1],[38.2,34.3],[38.1,34.1]]],"radiusM":0}"#,
    ]

    private func fields(_ footprint: String) throws -> NoticeFields {
        let text = """
            {"kind":"air-operation","contact":"line 1 \\u0022\\n","remarks":"Überflug","reviewBy":"2027-01-01T00:00:00.000001Z",
            "volumes":[{"footprint":\(footprint),"original":"FL 250",
            "altitude":{"lower":{"value":1000.5,"unit":"feet","datum":"amsl"},"upper":{"value":250,"unit":"flightLevel","datum":"flightLevel"}},
            "start":"2026-11-22T19:17:00.123456Z","end":"2026-11-22T21:17:00Z"}]}
            """
        var reader = try FieldReader(try StrictJSON.read(Array(text.utf8), limit: 10_000))
        return try NoticeFields(&reader)
    }

    private func decoded(_ record: JournalRecord) throws -> JournalRecord {
        try JournalRecord.decode(try record.encoded(), store: try MemoryStore())
    }

    @Test("gives back the event, both clocks and what the authority gave, whatever the shape", arguments: footprints)
    func roundTrip(footprint: String) throws {
        let parties = [PartyID("alpha"), PartyID("bravo")].compactMap { $0 }
        for (mode, audience) in [(Mode.real, nil), (.drill, parties), (.real, [])] as [(Mode, [PartyID]?)] {
            let event = Event.command(.file(try fields(footprint), mode: mode, audience: audience), officer: "Watch \"A\"")
            // Both beyond the integers of strict JSON.
            let now = Now(utc: UTCInstant(microseconds: -1 << 60), monotonic: MonotonicInstant(nanoseconds: 1 << 62))
            let given = [Bytes([0, 255, 7]), Bytes([]), Bytes([UInt8](repeating: 9, count: 1_152))]
            let record = try decoded(JournalRecord(now: now, event: event, given: given, writes: []))
            #expect(record.event == event)
            #expect(record.now == now)
            #expect(record.given == given)
        }
    }

    @Test("other events keep their own form, and what begins as a filing and is none is refused")
    func others() throws {
        let now = Now(utc: UTCInstant(microseconds: 5), monotonic: MonotonicInstant(nanoseconds: 7))
        for event in [Event.tick, .command(.present, officer: "Watch")] {
            let record = JournalRecord(now: now, event: event, given: [], writes: [])
            #expect(JournalFiling(record).map(\.officer) == nil)
            #expect(try decoded(record).event == event)
        }
        let filed = Event.command(.file(try fields(JournalFilingTests.footprints[0]), mode: .real, audience: nil), officer: "W")
        let bytes = try JournalRecord(now: now, event: filed, given: [], writes: []).encoded()
        for end in [bytes.count - 1, bytes.count / 2, 20] {
            #expect(throws: (any Error).self) { try JournalFiling(Array(bytes[..<end])) }
        }
    }
}
