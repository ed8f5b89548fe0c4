import Geodesy
import Kernel
import Records
import Testing

/// A change to a valid body and what must be said of it: field, then the problem's name.
private struct Fault: Sendable {
    let path: String
    let value: JSONValue?
    let problem: String
    let says: String

    /// - Parameter says: the path that the error names, when it is another one.
    init(_ path: String, _ value: JSONValue?, _ problem: String, says: String? = nil) {
        self.path = path
        self.value = value
        self.problem = problem
        self.says = says ?? path
    }
}

private func rejection(_ body: JSONValue) -> FieldRejection? {
    do throws(BodyRejection) {
        _ = try RecordBody.read(body.bytes)
        return nil
    } catch {
        guard case .field(let rejection) = error else { return nil }
        return rejection
    }
}

private func expect(_ faults: [Fault], in title: String) {
    let valid = json(sampleRecord(title).body)
    for fault in faults {
        let found = rejection(valid.with(fault.path, fault.value))
        let comment: Comment = "\(title): \(fault.path) = \(fault.value?.text.prefix(60) ?? "nothing")"
        #expect(found?.path == fault.says, comment)
        #expect(found?.name == fault.problem, comment)
        #expect(found?.sentence.isEmpty == false, comment)
    }
}

private let long = JSONValue.string(String(repeating: "x", count: Limits.textBytes + 1))

@Suite struct RecordBodyTests {
    @Test("every body of the vectors comes back from its own text", arguments: recordVectors)
    func roundTrip(vector: RecordVector) throws {
        let body = try RecordBody.read(vector.bodyBytes)
        #expect(try RecordBody.read(body.json.bytes) == body)
    }

    @Test("in every object of every body an unknown field is refused by its path", arguments: recordVectors)
    func unknownFields(vector: RecordVector) {
        let body = json(vector.body)
        for path in objectPaths(body, "") {
            let name = path.isEmpty ? "later" : path + ".later"
            #expect(rejection(body.with(name, 1)) == FieldRejection(path: name, problem: .unknownField))
        }
    }

    @Test(
        "no field of any body but the optional ones may be missing, and none may be of another type",
        arguments: recordVectors)
    func missingFields(vector: RecordVector) {
        let body = json(vector.body)
        let optional = [
            "officer", "original", "remarks", "reviewBy", "reason", "notice", "radiusM", "conditions", "postQuantumKey",
            "lastContactAt", "about", "answeredAfterMs", "readBack",
        ]
        // What has a default, stands for another field, or is a template's own to ask for: tested where they are read.
        let ofCalls = ["precedence", "fields", "template", "text", "position", "course", "message", "key"]
        for path in objectPaths(body, "") {
            guard case .object(let members) = value(body, path) else { continue }
            for member in members {
                let name = path.isEmpty ? member.name : "\(path).\(member.name)"
                let wrong = rejection(body.with(name, .array([.bool(true), .null, .null])))
                #expect(wrong != nil, "\(name)")
                #expect(wrong?.path.hasPrefix(name) == true, "\(name): \(wrong?.path ?? "")")
                let isOfCall = vector.isOfCall && ofCalls.contains(member.name)
                if !optional.contains(member.name), !isOfCall {
                    #expect(rejection(body.with(name, nil)) == FieldRejection(path: name, problem: .missing))
                    #expect(rejection(body.with(name, .null)) == FieldRejection(path: name, problem: .missing))
                }
            }
        }
    }

    private func objectPaths(_ value: JSONValue, _ path: String) -> [String] {
        switch value {
        case .object(let members):
            [path] + members.flatMap { objectPaths($0.value, path.isEmpty ? $0.name : "\(path).\($0.name)") }
        case .array(let elements):
            elements.enumerated().flatMap { objectPaths($0.element, "\(path)[\($0.offset)]") }
        default: []
        }
    }

    private func value(_ root: JSONValue, _ path: String) -> JSONValue {
        var value = root
        for step in path.replacing("[", with: ".[").split(separator: ".") {
            if step.hasPrefix("["), let i = Int(step.dropFirst().dropLast()), case .array(let elements) = value {
                value = elements[i]
            } else {
                value = value[String(step)] ?? .null
            }
        }
        return value
    }

    @Test("an unknown kind, mode, instant or officer's name is refused by name")
    func frame() {
        expect(
            [
                Fault("kind", "Notice", "notAllowed"), Fault("kind", "", "notAllowed"),
                Fault("kind", "incident", "notAllowed"),
                Fault("kind", "NOTICE", "notAllowed"), Fault("kind", "notice ", "notAllowed"),
                Fault("kind", 1, "wrongType"), Fault("kind", .null, "missing"), Fault("mode", "exercise", "notAllowed"),
                Fault("mode", "Real", "notAllowed"), Fault("mode", true, "wrongType"),
                Fault("createdAt", "2026-11-22", "notAllowed"), Fault("createdAt", 1_795_375_020, "wrongType"),
                Fault("createdAt", "2026-11-22T19:17:00+01:00", "notAllowed"),
                Fault("officer", .string(String(repeating: "x", count: 65)), "tooLong"),
                Fault("officer", 7, "wrongType"),
                Fault("content", [], "wrongType"), Fault("content", "x", "wrongType"),
                Fault("content", .null, "missing"),
            ], in: "finding")
        let longest = JSONValue.string(String(repeating: "é", count: 32))
        #expect(rejection(json(sampleRecord("finding").body).with("officer", longest)) == nil)
    }

    @Test("contents of one kind are refused under the name of another")
    func otherKinds() {
        for vector in recordVectors {
            let body = json(vector.body)
            // The three that carry a STOP message look alike; the core holds each to the message in it.
            let stops: [RecordKind] = [.stop, .stopAnswer, .stopEffect]
            let isStop = stops.contains { body["kind"] == .string($0.rawValue) }
            for kind in RecordKind.allCases
            where body["kind"] != .string(kind.rawValue) && !(isStop && stops.contains(kind)) {
                #expect(rejection(body.with("kind", .string(kind.rawValue))) != nil, "\(vector.title) as \(kind)")
            }
        }
    }

    @Test("evaluations, link changes, suspensions and ends that are wrong are refused by field")
    func smallKinds() {
        expect(
            [
                Fault("content.party", "Israel", "notAllowed"), Fault("content.size", -1, "outOfRange"),
                Fault("content.size", 1.5, "wrongType"), Fault("content.size", "2", "wrongType"),
                Fault("content.unreadable", [1, 1], "notAllowed"), Fault("content.unreadable", [2, 1], "notAllowed"),
                Fault("content.unreadable", [-1], "notAllowed"), Fault("content.unreadable", ["1"], "notAllowed"),
                Fault("content.unreadable", [0.5], "notAllowed"), Fault("content.unreadable", 1, "wrongType"),
                Fault("content.unreadable", .array((0..<1_001).map { .integer($0) }), "outOfRange"),
            ], in: "evaluated")
        let most = JSONValue.array((0..<1_000).map { .integer($0) })
        #expect(rejection(json(sampleRecord("evaluated").body).with("content.unreadable", most)) == nil)
        expect(
            [
                Fault("content.state", "UP", "notAllowed"), Fault("content.state", "gone", "notAllowed"),
                Fault("content.state", 1, "wrongType"), Fault("content.party", "", "notAllowed"),
                Fault("content.party", .string(String(repeating: "a", count: 65)), "tooLong"),
            ], in: "link change")
        expect(
            [
                Fault("content.suspended", 1, "wrongType"), Fault("content.suspended", "yes", "wrongType"),
                Fault("content.reason", long, "tooLong"), Fault("content.reason", [], "wrongType"),
            ], in: "suspension")
        expect(
            [
                Fault("content.notice", "turkiye", "notAllowed"), Fault("content.notice", "turkiye-01", "notAllowed"),
                Fault("content.version", 0, "outOfRange"), Fault("content.version", 1_000_001, "outOfRange"),
                Fault("content.reason", "done", "notAllowed"), Fault("content.remarks", long, "tooLong"),
            ], in: "end")
    }

    @Test("findings, positions and acknowledgements that are wrong are refused by field")
    func conflictKinds() {
        let order = "notAllowed"
        expect(
            [
                Fault("content.conflict", "00", "notAllowed"), Fault("content.conflict", 5, "wrongType"),
                Fault("content.conflict", .string(String(repeating: "A", count: 64)), "notAllowed"),
                Fault("content.conflict", .string(String(repeating: "0", count: 129)), "tooLong"),
                Fault("content.second.notice", "israel-1", order, says: "content.second"),
                Fault("content.second.notice", "israel-0", order, says: "content.second"),
                Fault("content.first.notice", "turkiye-2", order, says: "content.second"),
                Fault("content.first.version", 0, "outOfRange"), Fault("content.first", "israel-1", "wrongType"),
                Fault("content.second.version", 1.0, "wrongType"), Fault("content.proven", "true", "wrongType"),
                Fault("content.proven", 1, "wrongType"),
            ], in: "finding")
        expect(
            [
                Fault("content.stance", "agree", "notAllowed"), Fault("content.conditions", [], "notAllowed"),
                Fault("content.conditions", nil, "notAllowed"), Fault("content.conditions", [""], "notAllowed"),
                Fault("content.conditions", [1], "notAllowed"), Fault("content.conditions", "a", "wrongType"),
                Fault("content.conditions", .array([long]), "notAllowed"),
                Fault("content.conditions", .array([JSONValue](repeating: "a", count: 17)), "outOfRange"),
                Fault("content.stance", "dispute", "notAllowed", says: "content.conditions"),
                Fault("content.stance", "withdraw", "notAllowed", says: "content.conditions"),
                Fault("content.remarks", long, "tooLong"),
            ], in: "conflict position")
        let position = json(sampleRecord("conflict position").body)
        let most = JSONValue.array([JSONValue](repeating: "a", count: Limits.conditionsPerSettlement))
        #expect(rejection(position.with("content.conditions", most)) == nil)
        #expect(rejection(position.with("content.conditions", []).with("content.stance", "dispute")) == nil)
        expect(
            [
                Fault("content.readBack.position", [38.6, 34.5, 0], "wrongType"),
                Fault("content.readBack.position", "38.6,34.5", "wrongType"),
                Fault("content.readBack.position", [34.5, 138.6], "outOfRange"),
                Fault("content.readBack.position", [181, 0], "outOfRange"),
                Fault("content.readBack.lower.unit", "m", "notAllowed"),
                Fault("content.readBack.lower.value", 100_001, "outOfRange", says: "content.readBack.lower"),
                Fault("content.readBack.start", "0100Z", "notAllowed"),
                Fault("content.readBack.original", .string(String(repeating: "x", count: 201)), "tooLong"),
                Fault("content.version", 0, "outOfRange"), Fault("content.notice", "israel", "notAllowed"),
                Fault("content.readBack", [], "wrongType"),
            ], in: "acknowledgement")
    }

    @Test("a terms proposal and an acceptance that are wrong are refused by field, the file at its limit")
    func termsKinds() {
        let longest = JSONValue.string(String(repeating: " ", count: Limits.termsBytes))
        let tooLong = JSONValue.string(String(repeating: " ", count: Limits.termsBytes + 1))
        let proposal = json(sampleRecord("proposal of new terms").body)
        #expect(rejection(proposal.with("content.terms", longest)) == nil)
        expect(
            [
                Fault("content.terms", tooLong, "tooLong"), Fault("content.terms", [:], "wrongType"),
                Fault("content.terms", nil, "missing"),
            ], in: "proposal of new terms")
        expect(
            [
                Fault("content.terms", tooLong, "tooLong"), Fault("content.fingerprint", "", "notAllowed"),
                Fault("content.fingerprint", 0, "wrongType"), Fault("content.terms", 1, "wrongType"),
            ], in: "acceptance")
    }

    @Test("a key that is no ML-DSA-65 key is refused in an acceptance")
    func postQuantumKey() {
        expect(
            [
                Fault("content.postQuantumKey", "", "notAllowed"), Fault("content.postQuantumKey", "AAAA", "notAllowed"),
                Fault("content.postQuantumKey", .string([UInt8](repeating: 1, count: 1_951).base64), "notAllowed"),
                Fault("content.postQuantumKey", .string([UInt8](repeating: 1, count: 1_953).base64), "notAllowed"),
                Fault("content.postQuantumKey", .string([UInt8](repeating: 1, count: 1_952).hex), "notAllowed"),
                Fault("content.postQuantumKey", .string(String(repeating: "A", count: 4_097)), "tooLong"),
                Fault("content.postQuantumKey", 1, "wrongType"), Fault("content.postQuantumKey", [], "wrongType"),
            ], in: "acceptance")
    }

    @Test("a lodging that is wrong is refused by field")
    func lodged() {
        expect(
            [
                Fault("content.party", "Turkiye", "notAllowed"), Fault("content.size", 0, "outOfRange"),
                Fault("content.size", -1, "outOfRange"), Fault("content.size", "9", "wrongType"),
                Fault("content.root", "00", "notAllowed"), Fault("content.silent", "turkiye", "notAllowed"),
                Fault("content.silent", 1, "wrongType"), Fault("content.attempts", 0, "outOfRange"),
                Fault("content.attempts", 1.5, "wrongType"), Fault("content.firstAttemptAt", "today", "notAllowed"),
                Fault("content.lastAttemptAt", "2026-11-22T19:19:59.999999Z", "notAllowed"),
                Fault("content.firstAttemptAt", "2026-11-22T19:31:00.500001Z", "notAllowed", says: "content.lastAttemptAt"),
                Fault("content.lastContactAt", 0, "wrongType"), Fault("content.lastContactAt", "", "notAllowed"),
            ], in: "lodged")
        let once = json(sampleRecord("lodged").body).with("content.lastAttemptAt", "2026-11-22T19:20:00.000000Z")
        #expect(rejection(once) == nil)
    }

    @Test("noise is base64 of at most 40,000 characters")
    func cover() throws {
        let cover = json(sampleRecord("cover").body)
        expect(
            [
                Fault("content.noise", "#", "notAllowed"), Fault("content.noise", "AA", "notAllowed"),
                Fault("content.noise", "AB==", "notAllowed"), Fault("content.noise", " ", "notAllowed"),
                Fault("content.noise", .string(String(repeating: "A", count: 40_004)), "tooLong"),
                Fault("content.noise", 1, "wrongType"), Fault("content.noise", nil, "missing"),
            ], in: "cover")
        #expect(rejection(cover.with("content.noise", "")) == nil)
        #expect(rejection(cover.with("content.noise", .string(String(repeating: "A", count: 40_000)))) == nil)
        #expect(Cover(noise: [UInt8](repeating: 7, count: 30_000)) != nil)
        #expect(Cover(noise: [UInt8](repeating: 7, count: 30_001)) == nil)
    }

    @Test("a key change carries a root-signed note, whole and within its size")
    func keyChange() {
        let note = json(sampleRecord("key change").body)["content"]?["statement"]
        guard case .string(let text)? = note else {
            Issue.record("no statement")
            return
        }
        expect(
            [
                Fault("content.statement", "", "notAllowed"), Fault("content.statement", "parley key change v1\n", "notAllowed"),
                Fault("content.statement", .string(String(text.dropLast())), "notAllowed"),
                Fault("content.statement", .string(text + "\n"), "notAllowed"),
                Fault("content.statement", .string(text.replacing("from 10", with: "from 010")), "notAllowed"),
                Fault("content.statement", .string(text.replacing("\n", with: "\r\n")), "notAllowed"),
                Fault("content.statement", .string(text + String(repeating: "x", count: 8_192)), "tooLong"),
                Fault("content.statement", 1, "wrongType"),
            ], in: "key change")
    }

    @Test("a body of the largest size is read and one byte more is not")
    func size() {
        let bytes = json(sampleRecord("link change").body).bytes
        let padded = bytes + [UInt8](repeating: 0x20, count: Limits.recordBytes - bytes.count)
        #expect(throws: Never.self) { try RecordBody.read(padded) }
        #expect(throws: BodyRejection.self) { try RecordBody.read(padded + [0x20]) }
    }
}

extension RecordVector {
    /// Of a kind in which some fields stand for others.
    fileprivate var isOfCall: Bool {
        ["message", "message in free text", "acknowledgement of a message", "presence query", "comm check", "disclosure"]
            .contains(title)
    }
}
