import Geodesy
import JointLog
import Kernel
import Records
import Separation
import Testing

@Suite("Contents of the hotline's records")
struct CallContentsTests {
    private static let record = "turkiye-12"
    private static let hash = String(repeating: "ab", count: 32)
    private static let volume = """
        {"footprint":{"type":"Point","coordinates":[37.6,34.5],"radiusM":5000.0},\
        "altitude":{"lower":{"value":0.0,"unit":"metres","datum":"agl"},"upper":{"value":6000.0,"unit":"metres","datum":"amsl"}},\
        "start":"2026-11-22T03:00:00.000000Z","end":"2026-11-22T05:00:00.000000Z"}
        """

    private func content(_ kind: String, _ json: String) throws(BodyRejection) -> RecordContent {
        let text = """
            {"kind":"\(kind)","mode":"real","createdAt":"2026-11-22T03:00:00.000000Z","officer":"A","content":\(json)}
            """
        let body = try RecordBody.read(Array(text.utf8))
        #expect((try? RecordBody.read(body.json.bytes)) == body)
        return body.content
    }

    /// Where a content is refused, `nil` when it is not.
    private func refused(_ kind: String, _ json: String) -> String? {
        do throws(BodyRejection) {
            _ = try content(kind, json)
            return nil
        } catch {
            guard case .field(let rejection) = error else { return "not JSON" }
            return rejection.path
        }
    }

    @Test("a comm check has a time, or none when nobody answered")
    func commCheck() throws {
        let party = try #require(PartyID("israel"))
        let message = try #require(RecordID(Self.record))
        #expect(
            try content("commCheck", #"{"party":"israel","message":"turkiye-12","answeredAfterMs":1234}"#)
                == .commCheck(CommCheck(party: party, message: message, answeredAfterMs: 1_234)))
        #expect(
            try content("commCheck", #"{"party":"israel","message":"turkiye-12","answeredAfterMs":null}"#)
                == .commCheck(CommCheck(party: party, message: message, answeredAfterMs: nil)))
        #expect(
            refused("commCheck", #"{"party":"israel","message":"turkiye-12","answeredAfterMs":-1}"#)
                == "content.answeredAfterMs")
        #expect(refused("commCheck", #"{"party":"","message":"turkiye-12"}"#) == "content.party")
    }

    @Test("a message is acknowledged with fields of their own types, and a notice with its read-back")
    func acknowledgement() throws {
        let read = try content(
            "acknowledgement",
            #"{"message":"turkiye-12","readBack":{"position":{"position":[37.6,34.5]},"radius":5000.0}}"#)
        guard case .messageAcknowledgement(let acknowledgement) = read else { return #expect(Bool(false)) }
        #expect(acknowledgement.readBack.map(\.name) == [.position, .radius])
        #expect(try content("acknowledgement", #"{"message":"turkiye-12"}"#).kind == .acknowledgement)
        #expect(
            refused("acknowledgement", #"{"message":"turkiye-12","readBack":{"radius":"near"}}"#)
                == "content.readBack.radius")
        #expect(
            refused("acknowledgement", #"{"message":"turkiye-12","readBack":{"mood":1}}"#) == "content.readBack.mood")
        #expect(refused("acknowledgement", #"{"message":"turkiye-12","notice":"turkiye-3"}"#) != nil)
    }

    @Test("a query has one volume of at most thirty days, and is IMMEDIATE unless it says otherwise")
    func presenceQuery() throws {
        guard case .presenceQuery(let query) = try content("presenceQuery", "{\"volume\":\(Self.volume)}") else {
            return #expect(Bool(false))
        }
        #expect(query.precedence == .immediate && query.due == nil && query.remarks == nil)
        func ending(_ end: String) -> String {
            "{\"volume\":" + Self.volume.replacing("2026-11-22T05:00:00.000000Z", with: end) + "}"
        }
        #expect(refused("presenceQuery", ending("2026-12-22T03:00:00.000000Z")) == nil)
        #expect(refused("presenceQuery", ending("2026-12-22T03:00:00.000001Z")) == "content.volume.end")
        #expect(refused("presenceQuery", ending("2026-11-22T02:59:59.000000Z")) == "content.volume.end")
        #expect(refused("presenceQuery", "{}") == "content.volume")
        #expect(
            refused("presenceQuery", "{\"volume\":\(Self.volume),\"precedence\":\"soon\"}") == "content.precedence")
        #expect(refused("presenceQuery", "{\"volume\":\(Self.volume),\"remarks\":\"a\\u202eb\"}") == "content.remarks")
    }

    @Test("an answer says whether affiliated forces are covered and how long it holds, or declines and says neither")
    func presenceAnswer() throws {
        let valid = #""affiliated":"covered","validUntil":"2026-11-22T05:00:00.000000Z""#
        for answer in ["none", "some"] {
            #expect(refused("presenceAnswer", "{\"query\":\"israel-3\",\"answer\":\"\(answer)\",\(valid)}") == nil)
            #expect(
                refused(
                    "presenceAnswer",
                    "{\"query\":\"israel-3\",\"answer\":\"\(answer)\",\"validUntil\":\"2026-11-22T05:00:00.000000Z\"}")
                    == "content.affiliated")
            #expect(
                refused("presenceAnswer", "{\"query\":\"israel-3\",\"answer\":\"\(answer)\",\"affiliated\":\"covered\"}")
                    == "content.validUntil")
        }
        #expect(refused("presenceAnswer", #"{"query":"israel-3","answer":"decline"}"#) == nil)
        #expect(
            refused("presenceAnswer", "{\"query\":\"israel-3\",\"answer\":\"decline\",\(valid)}")
                == "content.affiliated")
        #expect(refused("presenceAnswer", "{\"query\":\"israel-3\",\"answer\":\"maybe\",\(valid)}") == "content.answer")
    }

    @Test("a handover is from one officer to another")
    func handover() throws {
        guard case .handover(let handover) = try content("handover", #"{"from":"A","to":"B","items":3}"#) else {
            return #expect(Bool(false))
        }
        #expect(handover.items == 3 && handover.remarks == nil)
        #expect(refused("handover", #"{"from":"A","to":"A","items":0}"#) == "content.to")
        #expect(refused("handover", #"{"from":"A\n","to":"B","items":0}"#) == "content.from")
        #expect(refused("handover", #"{"from":"A","to":"B","items":-1}"#) == "content.items")
    }

    @Test("passing on is of one notice or one STOP, to no more units than are concerned, each named once")
    func passedOn() throws {
        let unnamed = #""notice":{"notice":"turkiye-3","version":2}"#
        let notice = #"\#(unnamed),"leaf":"\#(Self.hash)""#
        #expect(refused("passedOn", "{\(unnamed),\"of\":2,\"reached\":1,\"units\":[]}") == "content.leaf")
        #expect(
            refused("passedOn", "{\"stop\":\"\(Self.hash)\",\"leaf\":\"\(Self.hash)\",\"of\":0,\"reached\":0,\"units\":[]}")
                == "content.leaf")
        #expect(refused("passedOn", "{\(notice),\"of\":2,\"reached\":1,\"units\":[\"1st Battery\"]}") == nil)
        #expect(refused("passedOn", "{\"stop\":\"\(Self.hash)\",\"of\":0,\"reached\":0,\"units\":[]}") == nil)
        #expect(refused("passedOn", "{\(notice),\"of\":1,\"reached\":2,\"units\":[]}") == "content.reached")
        #expect(refused("passedOn", "{\(notice),\"of\":2,\"reached\":1,\"units\":[\"a\",\"b\"]}") == "content.units")
        #expect(refused("passedOn", "{\(notice),\"of\":2,\"reached\":2,\"units\":[\"a\",\"a\"]}") == "content.units")
        #expect(
            refused("passedOn", "{\(notice),\"stop\":\"\(Self.hash)\",\"of\":0,\"reached\":0,\"units\":[]}")
                == "content.notice")
        #expect(refused("passedOn", "{\"of\":0,\"reached\":0,\"units\":[]}") == "content.notice")
        #expect(
            refused("passedOn", "{\(notice),\"of\":\(Limits.units + 1),\"reached\":0,\"units\":[]}") == "content.of")
    }

    @Test("a disclosure opens one record by its key or by salt and body")
    func disclosure() throws {
        #expect(refused("disclosure", "{\"record\":\"turkiye-3\",\"key\":\"\(Self.hash)\"}") == nil)
        #expect(refused("disclosure", "{\"record\":\"turkiye-3\",\"salt\":\"\(Self.hash)\",\"body\":\"e30=\"}") == nil)
        #expect(
            refused("disclosure", "{\"record\":\"turkiye-3\",\"salt\":\"\(Self.hash)\",\"body\":\"?\"}")
                == "content.body")
        #expect(refused("disclosure", "{\"record\":\"turkiye-3\"}") == "content.salt")
        #expect(
            refused("disclosure", "{\"record\":\"turkiye-3\",\"key\":\"\(Self.hash)\",\"salt\":\"\(Self.hash)\"}")
                == "content.salt")
    }
}
