import Geodesy
import JointLog
import Kernel
import Records
import Separation
import Testing

@Suite struct TermsTests {
    private let valid = json(mechanismVector.terms)

    private func rejection(_ bytes: [UInt8]) -> TermsRejection? {
        do {
            _ = try Terms.read(bytes, mechanism: nil)
            return nil
        } catch {
            return error
        }
    }

    private func expect(_ problem: String, _ faults: [(String, JSONValue?)]) {
        #expect(faults.count >= 10)
        for (path, value) in faults {
            guard case .field(let found)? = rejection(valid.with(path, value).bytes) else {
                Issue.record("\(path) = \(value?.text ?? "nothing") was read")
                continue
            }
            #expect(found.name == problem, "\(path) = \(value?.text.prefix(80) ?? "nothing"): \(found.sentence)")
            #expect(path.hasPrefix(found.path) || found.path.hasPrefix(path), "\(path): \(found.path)")
        }
    }

    @Test("the sample says what it says")
    func sample() {
        #expect(sampleTerms.name == "Interoperation sample, Türkiye – Israel")
        #expect(sampleTerms.version == 1)
        #expect(sampleTerms.previous == nil)
        #expect(sampleTerms.bytes == Array(mechanismVector.terms.utf8))
        #expect(sampleTerms.fingerprint == MerkleHash.sha256(sampleTerms.bytes))
        #expect(sampleTerms.mechanism == sampleTerms.fingerprint)
        #expect(sampleTerms.parties.map(\.id.name) == ["azerbaijan", "israel", "turkiye"])
        #expect(sampleTerms.principals.map(\.id.name) == ["israel", "turkiye"])
        #expect(sampleTerms.party(party("turkiye"))?.address == "node.turkiye.example:7403")
        #expect(sampleTerms.kind(.strike)?.precedence == .flash)
        #expect(sampleTerms.kind(.standingPresence)?.standing == true)
        #expect(sampleTerms.kind(.exercise) == nil)
        let pair = sampleTerms.minima[.standingPresence, .strike]
        #expect(pair.horizontalM == 15_000)
        #expect(pair.vertical == .all)
        #expect(pair.time == .seconds(1_800))
        // A pair that the table lacks takes the worst of every axis.
        let lacking = sampleTerms.minima[.strike, .strike]
        #expect(lacking.horizontalM == 20_000)
        #expect(lacking.vertical == .all)
        #expect(lacking.time == .seconds(3_600))
        #expect(sampleTerms.timing.staleAfter == .seconds(6))
        #expect(sampleTerms.timing.acknowledgeWithin(.routine) == .seconds(3_600))
        #expect(sampleTerms.vertical.geoidSHA256 == nil)
        #expect(sampleTerms.readBack.tightM == 100)
        #expect(sampleTerms.sealing == .none)
        #expect(sampleTerms.parties.allSatisfy { $0.sealKey == nil })
        #expect(sampleTerms.party(party("azerbaijan"))?.roots == nil)
        #expect(sampleTerms.party(party("israel"))?.roots?.threshold == 1)
        #expect(sampleTerms.party(party("turkiye"))?.roots?.threshold == 2)
        #expect(sampleTerms.party(party("turkiye"))?.roots?.keys.count == 3)
        #expect(sampleTerms.party(party("israel"))?.postQuantumKeyHash == nil)
        #expect(sealedTerms.sealing == .xWing)
        #expect(sealedTerms.parties.allSatisfy { $0.sealKey != nil })
    }

    @Test("a later version keeps the mechanism and names the one before it")
    func laterVersion() throws {
        let next = try Terms.read(Array(mechanismVector.nextTerms.utf8), mechanism: sampleTerms.mechanism)
        #expect(next.version == 2)
        #expect(next.previous == sampleTerms.fingerprint)
        #expect(next.mechanism == sampleTerms.mechanism)
        #expect(next.fingerprint != sampleTerms.fingerprint)
    }

    @Test("a file with any byte changed has another fingerprint or is refused, spaces too")
    func fingerprint() throws {
        let spaced = try Terms.read(sampleTerms.bytes + [0x0A], mechanism: nil)
        #expect(spaced.fingerprint != sampleTerms.fingerprint)
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let changed = random.mutated(sampleTerms.bytes)
            guard changed != sampleTerms.bytes, let read = try? Terms.read(changed, mechanism: nil) else { continue }
            #expect(read.fingerprint != sampleTerms.fingerprint)
        }
    }

    @Test("what is not strict JSON, or larger than the limit, is refused as such")
    func notJSON() {
        let bytes = sampleTerms.bytes
        let inputs: [[UInt8]] = [
            [], Array("terms".utf8), bytes.dropLast(3), bytes + bytes, [0xEF, 0xBB, 0xBF] + bytes, bytes + [0],
            Array(mechanismVector.terms.replacing("\"version\": 1,", with: "\"version\": 1, \"version\": 1,").utf8),
            Array(mechanismVector.terms.replacing("\"version\": 1,", with: "\"version\": 01,").utf8),
            Array(mechanismVector.terms.replacing("\"version\": 1,", with: "// one\n\"version\": 1,").utf8),
            Array(mechanismVector.terms.replacing("15000", with: "NaN").utf8),
            bytes + [UInt8](repeating: 0x20, count: Limits.termsBytes + 1 - bytes.count),
        ]
        for input in inputs {
            guard case .notJSON? = rejection(input) else {
                Issue.record("\(String(decoding: input.prefix(60), as: UTF8.self))")
                continue
            }
        }
        #expect(rejection(bytes + [UInt8](repeating: 0x20, count: Limits.termsBytes - bytes.count)) == nil)
    }

    @Test("a missing field is named")
    func missing() {
        let paths = [
            "parley", "name", "version", "effectiveAt", "sealing", "parties[1].roots.threshold", "parties[2].roots.keys",
            "parties", "parties[0].id", "parties[1].role",
            "parties[2].nodeKey", "parties[2].stopKey", "kinds[0].needsPassingOn", "twoOfficers", "twoOfficers.removals",
            "timing.climbS", "timing.stopTopS",
            "parties[0].tlsKeyHash", "parties[0].address", "parties[0].name", "kinds", "kinds[0].kind",
            "kinds[1].precedence", "kinds[2].leadTimeS", "kinds[0].standing", "kinds[0].tightReadBack",
            "kinds[0].needsAcknowledgement", "minima", "minima[0].between", "minima[0].horizontalM",
            "minima[1].verticalM",
            "minima[0].timeS", "area", "area.westDeg", "area.northDeg", "vertical", "vertical.terrainFloorM",
            "vertical.pressureBoundM", "timing", "timing.heartbeatS", "timing.skewMaxS", "timing.acknowledgeMarginS",
            "readBack", "readBack.tightM", "readBack.looseM", "readBack.altitudeM", "readBack.startS",
        ]
        expect("missing", paths.map { ($0, nil) })
        expect("missing", paths.map { ($0, .null) })
    }

    @Test("an unknown field is named in every object")
    func unknown() {
        expect(
            "unknownField",
            [
                ("later", 1), ("parties[0].later", 1), ("parties[2].seed", "x"), ("kinds[0].later", 1),
                ("kinds[2].color", ""),
                ("minima[0].later", 1), ("minima[1].horizontalKm", 1), ("area.later", 1), ("vertical.geoid", 1),
                ("parties[1].roots.later", 1), ("parties[0].postQuantumKey", ""), ("timing.later", 1),
                ("timing.heartbeat", 1), ("readBack.later", .null), ("Name", "x"),
            ])
    }

    @Test("a field of another type is named")
    func wrongType() {
        expect(
            "wrongType",
            [
                ("sealing", true), ("parties[1].roots", []), ("parties[1].roots.threshold", "1"),
                ("parties[1].roots.keys", [:]), ("parties[0].postQuantumKeyHash", 1),
                ("parley", 1), ("name", []), ("version", "1"), ("version", 1.0), ("effectiveAt", 0), ("parties", [:]),
                ("parties[0]", "israel"), ("parties[0].id", 1), ("parties[0].role", true), ("parties[0].nodeKey", 0),
                ("parties[0].address", []), ("kinds", "all"), ("kinds[0].standing", 1), ("kinds[0].leadTimeS", "1h"),
                ("minima[0].between", "strike"), ("minima[0].horizontalM", "15 km"), ("minima[0].verticalM", "none"),
                ("minima[0].timeS", 0.5), ("area", []), ("area.westDeg", "E32"), ("vertical.terrainFloorM", true),
                ("timing.heartbeatS", 2.5), ("readBack.tightM", "100"), ("readBack.startS", [:]),
            ])
    }

    @Test("a value that the rules do not allow is named")
    func notAllowed() {
        let israel = hash(mechanismVector.parties[1].publicKey)
        expect(
            "notAllowed",
            [
                ("sealing", "hpke"), ("sealing", "X-Wing"), ("parties[1].roots.keys", ["00"]),
                ("parties[0].postQuantumKeyHash", "00"), ("parley", "terms v2"), ("parley", ""), ("effectiveAt", "2026-11-01"),
                ("previous", .string(israel.hex)), ("previous", "00"), ("parties[0].id", "Azerbaijan"),
                ("parties[1].id", "azerbaijan"), ("parties[0].role", "observer"), ("parties[1].role", "mediator"),
                ("parties[0].nodeKey", "00"), ("parties[0].stopKey", "00"),
                ("twoOfficers.kinds", ["strike", "strike"]), ("timing.stopTopS", 15),
                ("parties[0].nodeKey", .string(String(repeating: "0", count: 64))),
                ("parties[0].nodeKey", .string("01" + String(repeating: "0", count: 62))),
                ("parties[0].nodeKey", .string(String(repeating: "f", count: 64))),
                ("parties[0].tlsKeyHash", .string(israel.hex.uppercased())), ("parties[0].address", "host"),
                ("parties[0].address", "host:"), ("parties[0].address", ":7400"), ("parties[0].address", "host:65536"),
                ("parties[0].address", "host:+80"), ("parties[0].address", "host:-1"),
                ("parties[0].address", "host:http"),
                ("parties[0].address", "host:080"), ("kinds[0].kind", "Strike"),
                ("kinds[0].precedence", "urgent"), ("minima[0].between", ["strike", "Air"]),
                ("minima[0].between", ["strike", 1]),
                ("minima[1].between", ["standing-presence", "strike"]), ("area.northDeg", 31.0),
                ("vertical.terrainCeilingM", -431), ("vertical.geoidSHA256", "00"), ("timing.staleAfterS", 2),
            ])
        // What is wrong between two fields is said of the later one.
        for (path, value, says) in [
            ("version", 2, "previous"), ("parties[0].id", "zz", "parties[1].id"),
            ("kinds[0].kind", "strike", "kinds[1].kind"),
            ("parties[0].nodeKey", .string(israel.hex), "parties[1]"),
        ] as [(String, JSONValue, String)] {
            guard case .field(let found)? = rejection(valid.with(path, value).bytes) else {
                Issue.record("\(path) was read")
                continue
            }
            #expect(found.path == says)
            #expect(found.name == "notAllowed")
        }
        expect(
            "tooLong",
            [String](repeating: "name", count: 10).map { ($0, .string(String(repeating: "x", count: 2_001))) })
    }

    @Test("a number or a count out of range is named")
    func outOfRange() {
        expect(
            "outOfRange",
            [
                ("parties[1].roots.threshold", 0), ("parties[1].roots.threshold", 2),
                ("parties[2].roots.threshold", 4), ("parties[2].roots.threshold", 9), ("parties[1].roots.keys", []),
                ("version", 0), ("version", 1_000_001), ("parties", []), ("kinds", []), ("minima", []),
                ("minima[0].between", ["strike"]), ("minima[0].between", ["strike", "strike", "strike"]),
                ("kinds[0].leadTimeS", -1), ("kinds[0].leadTimeS", 31_622_401), ("minima[0].horizontalM", -0.1),
                ("minima[0].horizontalM", 1_000_000.1), ("minima[0].verticalM", -1), ("minima[0].verticalM", 100_000.1),
                ("minima[0].timeS", -1), ("minima[0].timeS", 2_592_001), ("area.westDeg", -180.1),
                ("area.northDeg", 90.1),
                ("vertical.terrainFloorM", -501), ("vertical.terrainCeilingM", 9_001),
                ("vertical.pressureBoundM", 5_001),
                ("timing.heartbeatS", 0), ("timing.heartbeatS", 3_601), ("timing.staleAfterS", 86_401),
                ("timing.skewMaxS", 61), ("timing.unstaffedAfterS", 59), ("timing.acknowledgeRoutineS", 604_801),
                ("readBack.tightM", 0.9), ("readBack.altitudeM", 10_001), ("readBack.startS", 86_401),
            ])
    }

    @Test("texts are read up to their limits")
    func textLimits() {
        for (path, limit) in [("name", 2_000), ("parties[0].name", 100), ("kinds[0].kind", 40)] {
            let longest = String(repeating: "x", count: limit)
            #expect(rejection(valid.with(path, .string(longest)).bytes) == nil, "\(path)")
            #expect(
                rejection(valid.with(path, .string(longest + "x")).bytes)
                    == .field(FieldRejection(path: path, problem: .tooLong(limit: limit))))
        }
        let host = String(repeating: "h", count: 295)
        #expect(rejection(valid.with("parties[0].address", .string(host + ":7400")).bytes) == nil)
        #expect(rejection(valid.with("parties[0].address", .string(host + "h:7400")).bytes) != nil)
    }

    @Test("a file that would not fit a record when it is quoted there is refused, and the longest that fits does fit")
    func quoted() throws {
        func padded(_ lineEnds: Int) -> [UInt8] { sampleTerms.bytes + [UInt8](repeating: 0x0A, count: lineEnds) }
        let plain = JSONValue.string(mechanismVector.terms).bytes.count
        let fitting = (Limits.recordBytes - 4_096 - plain) / 2
        #expect(rejection(padded(fitting + 1)) == .field(FieldRejection(path: "", problem: .tooLong(limit: 57_344))))
        let longest = try Terms.read(padded(fitting), mechanism: nil)
        let content = RecordContent.termsAcceptance(
            TermsAcceptance(
                fingerprint: longest.fingerprint, terms: String(decoding: longest.bytes, as: UTF8.self),
                postQuantumKey: [UInt8](repeating: 0xFB, count: 1_952)))
        let officer = String(repeating: "\u{1}", count: Limits.officerNameBytes)
        let body = RecordBody(mode: .drill, createdAt: UTCInstant(microseconds: 0), officer: officer, content: content)
        #expect(body.json.bytes.count + SealedBody.reserve <= Limits.recordBytes)
        #expect(try RecordBody.read(body.json.bytes) == body)
    }

    @Test("a sealing key is needed where bodies are sealed and refused where they are not")
    func sealKeys() {
        let sealed = json(mechanismVector.nextTerms)
        func problem(_ value: JSONValue) -> FieldRejection? {
            do throws(TermsRejection) {
                _ = try Terms.read(value.bytes, mechanism: sampleTerms.mechanism)
                return nil
            } catch {
                guard case .field(let found) = error else { return nil }
                return found
            }
        }
        let good = mechanismVector.parties[0].sealPublicKey
        let other = mechanismVector.parties[1].sealPublicKey
        let bytes = [UInt8](base64: good) ?? []
        // The largest reduced coefficient is 3328; the first two take three bytes.
        let unreduced = [0xFF, 0xFF, 0xFF] + bytes.dropFirst(3)
        let smallOrder = bytes.prefix(1_184) + [UInt8](repeating: 0, count: 32)
        for (value, name) in [
            (nil, "missing"), (.null, "missing"), ("", "notAllowed"), ("AAAA", "notAllowed"), (1, "wrongType"),
            (.string(String(good.dropLast(4))), "notAllowed"), (.string(good + "AAAA"), "notAllowed"),
            (.string(bytes.hex), "tooLong"), (.string(unreduced.base64), "notAllowed"),
            (.string(Array(smallOrder).base64), "notAllowed"), (.string(good.replacing("=", with: "")), "notAllowed"),
        ] as [(JSONValue?, String)] {
            let found = problem(sealed.with("parties[0].sealKey", value))
            #expect(found?.path == "parties[0].sealKey", "\(value?.text.prefix(40) ?? "nothing")")
            #expect(found?.name == name, "\(value?.text.prefix(40) ?? "nothing")")
        }
        #expect(problem(sealed) == nil)
        #expect(problem(sealed.with("sealing", "none"))?.path == "parties[0].sealKey")
        #expect(problem(sealed.with("parties[0].sealKey", .string(other)))?.path == "parties[1]")
        #expect(
            rejection(valid.with("parties[0].sealKey", .string(good)).bytes).map { "\($0)" }?.contains("sealKey") == true)
    }

    @Test("root keys are distinct, usable, nobody else's and no node's")
    func roots() {
        let own = rootKeys("turkiye").map(\.publicKey)
        func keys(_ keys: [Hash32]) -> JSONValue { .array(keys.map { .string($0.hex) }) }
        let smallOrder = hash("01" + String(repeating: "0", count: 62))
        for (value, says) in [
            (keys([own[0], own[1], own[0]]), "parties[2].roots.keys[2]"),
            (keys([own[0], smallOrder, own[1]]), "parties[2].roots.keys[1]"),
            (keys([own[0], own[1], hash(mechanismVector.parties[2].publicKey)]), "parties[2].roots"),
            (keys([own[0], own[1], hash(mechanismVector.parties[1].publicKey)]), "parties[2]"),
            (keys([own[0], own[1], rootKeys("israel")[0].publicKey]), "parties[2]"),
        ] {
            guard case .field(let found)? = rejection(valid.with("parties[2].roots.keys", value).bytes) else {
                Issue.record("\(value.text) was read")
                continue
            }
            #expect(found.path == says)
            #expect(found.name == "notAllowed")
        }
        let many = (0..<9).map { i in
            Ed25519PrivateKey(seed: MerkleHash.sha256([UInt8(i)]).bytes)?.publicKey ?? smallOrder
        }
        #expect(rejection(valid.with("parties[2].roots.keys", keys(Array(many.prefix(8)))).bytes) == nil)
        #expect(rejection(valid.with("parties[2].roots.keys", keys(many)).bytes) != nil)
        #expect(RootKeys(threshold: 3, keys: own)?.json == json("{\"threshold\":3,\"keys\":\(keys(own).text)}"))
        #expect(RootKeys(threshold: 4, keys: own) == nil)
        #expect(RootKeys(threshold: 0, keys: own) == nil)
        #expect(RootKeys(threshold: 1, keys: []) == nil)
        #expect(RootKeys(threshold: 1, keys: [own[0], own[0]]) == nil)
        #expect(RootKeys(threshold: 1, keys: [smallOrder]) == nil)
        #expect(RootKeys(threshold: 8, keys: many) == nil)
    }

    @Test("sixteen parties are read and seventeen are refused")
    func parties() {
        func key(_ number: Int, _ use: UInt8) -> String {
            Ed25519PrivateKey(seed: [UInt8](repeating: use, count: 31) + [UInt8(number)])?.publicKey.hex ?? ""
        }
        func terms(_ count: Int) -> JSONValue {
            let parties = (0..<count).map { i -> JSONValue in
                [
                    "id": .string("p\(i + 10)"), "name": "P", "role": "principal", "address": "h:1",
                    "nodeKey": .string(key(i, 1)), "stopKey": .string(key(i, 2)),
                    "tlsKeyHash": .string(MerkleHash.sha256([UInt8(i), 0]).hex),
                ]
            }
            return valid.with("parties", .array(parties))
        }
        #expect(rejection(terms(2).bytes) == nil)
        #expect(rejection(terms(Limits.peers).bytes) == nil)
        #expect(rejection(terms(1).bytes) != nil)
        #expect(rejection(terms(Limits.peers + 1).bytes) != nil)
    }
}
