import Geodesy
import JointLog
import Kernel
import Separation

extension Terms {
    /// Reads a terms file. Defaults do not exist: what the parties sign, they see.
    ///
    /// - Parameter mechanism: id of the mechanism when this is a later version; version 1 makes its own.
    public static func read(_ bytes: [UInt8], mechanism: MechanismID?) throws(TermsRejection) -> Terms {
        do {
            let value = try StrictJSON.read(bytes, limit: Limits.termsBytes)
            let terms = try Terms(bytes: bytes, value: value, mechanism: mechanism)
            // Every log begins with the file as a text within a record, where quotes and line ends take two bytes.
            guard JSONValue.string(String(decoding: bytes, as: UTF8.self)).bytes.count <= largestQuotedBytes else {
                throw FieldRejection(path: "", problem: .tooLong(limit: largestQuotedBytes))
            }
            return terms
        } catch let error as JSONRejection {
            throw .notJSON(error)
        } catch let error as FieldRejection {
            throw .field(error)
        } catch {
            throw .field(FieldRejection(path: "", problem: .notAllowed(rule: "unreadable")))
        }
    }

    /// What a record's body leaves for the file, quoted as a JSON text.
    ///
    /// The rest is for an acceptance's other fields, of which a post-quantum key takes 2,604 bytes.
    static let largestQuotedBytes = Limits.recordBytes - 4_096

    private init(bytes: [UInt8], value: JSONValue, mechanism: MechanismID?) throws(FieldRejection) {
        var reader = try FieldReader(value)
        let format = try reader.string("parley")
        guard format == "terms v1" else { throw reader.rejection("parley", .notAllowed(rule: "\"terms v1\"")) }
        name = try reader.string("name")
        version = UInt64(try reader.integer("version", in: 1...1_000_000))
        previous = reader.optional("previous") == nil ? nil : try reader.hash("previous")
        guard (version == 1) == (previous == nil) else {
            throw reader.rejection("previous", .notAllowed(rule: "the fingerprint of the version before; none for version 1"))
        }
        effectiveAt = try reader.instant("effectiveAt")
        sealing = try reader.word("sealing", Sealing.self)

        var parties: [TermsParty] = []
        for (i, element) in try reader.array("parties", count: 2...Limits.peers).enumerated() {
            parties.append(try TermsParty(element, path: "parties[\(i)]", sealing: sealing))
        }
        for (i, pair) in zip(parties, parties.dropFirst()).enumerated() where !(pair.0.id < pair.1.id) {
            throw FieldRejection(path: "parties[\(i + 1)].id", problem: .notAllowed(rule: "parties in order of id, each once"))
        }
        guard parties.filter({ $0.role == .principal }).count >= 2 else {
            throw reader.rejection("parties", .notAllowed(rule: "at least two principals"))
        }
        try Terms.requireOwnKeys(parties)
        self.parties = parties

        var kinds: [TermsKind] = []
        for (i, element) in try reader.array("kinds", count: 1...200).enumerated() {
            let kind = try TermsKind(element, path: "kinds[\(i)]")
            guard !kinds.contains(where: { $0.kind == kind.kind }) else {
                throw FieldRejection(path: "kinds[\(i)].kind", problem: .notAllowed(rule: "each kind once"))
            }
            kinds.append(kind)
        }
        self.kinds = kinds

        var rows: [MinimaTable.Row] = []
        for (i, element) in try reader.array("minima", count: 1...2_000).enumerated() {
            rows.append(try Terms.minimaRow(element, path: "minima[\(i)]"))
        }
        guard let table = MinimaTable(rows: rows) else {
            throw reader.rejection("minima", .notAllowed(rule: "each pair of kinds once"))
        }
        minima = table

        area = try TermsArea(&reader)
        vertical = try TermsVertical(&reader)
        timing = try TermsTiming(&reader)
        readBack = try TermsReadBack(&reader)
        twoOfficers = try TwoOfficers(&reader)
        let hasMediator = parties.contains { $0.role == .mediator }
        privateCheck =
            reader.optional("privateCheck") == nil
            ? nil : try TermsPrivateCheck(&reader, hasMediator: hasMediator)
        try reader.finish()
        self.bytes = bytes
        fingerprint = MerkleHash.sha256(bytes)
        self.mechanism = mechanism ?? fingerprint
    }

    /// No key of one party may be another's, and no root key a node's: it would not be offline.
    private static func requireOwnKeys(_ parties: [TermsParty]) throws(FieldRejection) {
        for (i, party) in parties.enumerated() {
            guard party.stopKey != party.nodeKey else {
                throw FieldRejection(path: "parties[\(i)].stopKey", problem: .notAllowed(rule: "another key than nodeKey"))
            }
            for other in parties[..<i] where !party.keyFingerprints.allSatisfy({ !other.keyFingerprints.contains($0) }) {
                throw FieldRejection(path: "parties[\(i)]", problem: .notAllowed(rule: "keys of its own"))
            }
            guard let roots = party.roots else { continue }
            if roots.keys.contains(party.nodeKey) || roots.keys.contains(party.stopKey) {
                throw FieldRejection(path: "parties[\(i)].roots", problem: .notAllowed(rule: "keys other than the node's"))
            }
        }
    }

    private static func minimaRow(_ value: JSONValue, path: String) throws(FieldRejection) -> MinimaTable.Row {
        var reader = try FieldReader(value, path: path)
        let pair = try reader.array("between", count: 2...2)
        var kinds: [ActivityKind] = []
        for element in pair {
            guard case .string(let text) = element, let kind = ActivityKind(text) else {
                throw reader.rejection("between", .notAllowed(rule: "two kinds of activity"))
            }
            kinds.append(kind)
        }
        let horizontal = try reader.number("horizontalM", in: 0...1_000_000)
        let vertical: Minima.Vertical
        if case .string("all")? = reader.optional("verticalM") {
            vertical = .all
        } else {
            vertical = .metres(try reader.number("verticalM", in: 0...100_000))
        }
        let time = try reader.seconds("timeS", in: 0...(30 * 86_400))
        try reader.finish()
        guard let minima = Minima(horizontalM: horizontal, vertical: vertical, time: time) else {
            throw FieldRejection(path: path, problem: .outOfRange(rule: "see docs/protocol.md"))
        }
        return MinimaTable.Row(kinds[0], kinds[1], minima)
    }
}

/// Why a terms file was refused.
public enum TermsRejection: Error, Hashable, Sendable {
    case notJSON(JSONRejection)
    case field(FieldRejection)

    public var sentence: String {
        switch self {
        case .notJSON(let rejection): "not JSON at byte \(rejection.offset): \(rejection.reason.rawValue)"
        case .field(let rejection): rejection.sentence
        }
    }
}

extension FieldReader {
    mutating func seconds(_ name: String, in range: ClosedRange<Int64>) throws(FieldRejection) -> Duration {
        .seconds(try integer(name, in: range))
    }

    /// There exactly when bodies are sealed to it.
    fileprivate mutating func sealKey(_ name: String, sealing: Sealing) throws(FieldRejection) -> SealPublicKey? {
        switch sealing {
        case .none:
            guard optional(name) == nil else {
                throw rejection(name, .notAllowed(rule: "absent, because sealing is \"none\""))
            }
            return nil
        case .xWing:
            guard let key = SealPublicKey(base64: try string(name)) else {
                throw rejection(name, .notAllowed(rule: "an X-Wing public key, 1216 bytes in base64"))
            }
            return key
        }
    }
}

extension TermsParty {
    init(_ value: JSONValue, path: String, sealing: Sealing) throws(FieldRejection) {
        var reader = try FieldReader(value, path: path)
        id = try reader.party("id")
        name = try reader.string("name", limit: 100)
        role = try reader.word("role", Role.self)
        nodeKey = try reader.hash("nodeKey")
        guard Ed25519.isUsable(nodeKey) else {
            throw reader.rejection(
                "nodeKey", .notAllowed(rule: "an Ed25519 public key, canonical and not of small order"))
        }
        stopKey = try reader.hash("stopKey")
        guard Ed25519.isUsable(stopKey) else {
            throw reader.rejection(
                "stopKey", .notAllowed(rule: "an Ed25519 public key, canonical and not of small order"))
        }
        tlsKeyHash = try reader.hash("tlsKeyHash")
        address = try reader.string("address", limit: 300)
        guard let colon = address.lastIndex(of: ":"), colon != address.startIndex,
            let port = UInt16(address[address.index(after: colon)...]), address.hasSuffix(":\(port)")
        else { throw reader.rejection("address", .notAllowed(rule: "host:port")) }
        sealKey = try reader.sealKey("sealKey", sealing: sealing)
        postQuantumKeyHash =
            reader.optional("postQuantumKeyHash") == nil ? nil : try reader.hash("postQuantumKeyHash")
        roots = reader.optional("roots") == nil ? nil : try RootKeys(&reader)
        try reader.finish()
    }

    /// Every key that is this party's alone, as a hash or a key of 32 bytes.
    fileprivate var keyFingerprints: [Hash32] {
        var all = [nodeKey, stopKey, tlsKeyHash]
        if let sealKey { all.append(MerkleHash.sha256(sealKey.bytes)) }
        if let postQuantumKeyHash { all.append(postQuantumKeyHash) }
        if let roots { all += roots.keys }
        return all
    }
}

extension TermsKind {
    init(_ value: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(value, path: path)
        guard let kind = ActivityKind(try reader.string("kind", limit: 40)) else {
            throw reader.rejection("kind", .notAllowed(rule: "small letters, digits and hyphens"))
        }
        self.kind = kind
        precedence = try reader.word("precedence", Precedence.self)
        leadTime = try reader.seconds("leadTimeS", in: 0...(366 * 86_400))
        needsAcknowledgement = try reader.bool("needsAcknowledgement")
        needsPassingOn = try reader.bool("needsPassingOn")
        tightReadBack = try reader.bool("tightReadBack")
        standing = try reader.bool("standing")
        try reader.finish()
    }
}

extension TermsArea {
    init(_ outer: inout FieldReader) throws(FieldRejection) {
        var reader = try outer.object("area")
        westDeg = try reader.number("westDeg", in: -180...180)
        southDeg = try reader.number("southDeg", in: -90...90)
        eastDeg = try reader.number("eastDeg", in: -180...180)
        northDeg = try reader.number("northDeg", in: -90...90)
        guard southDeg < northDeg else { throw reader.rejection("northDeg", .notAllowed(rule: "north of southDeg")) }
        try reader.finish()
    }
}

extension TermsVertical {
    init(_ outer: inout FieldReader) throws(FieldRejection) {
        var reader = try outer.object("vertical")
        terrainFloorM = try reader.number("terrainFloorM", in: -500...9_000)
        terrainCeilingM = try reader.number("terrainCeilingM", in: -500...9_000)
        pressureBoundM = try reader.number("pressureBoundM", in: 0...5_000)
        geoidSHA256 = reader.optional("geoidSHA256") == nil ? nil : try reader.hash("geoidSHA256")
        guard terrainFloorM <= terrainCeilingM else {
            throw reader.rejection("terrainCeilingM", .notAllowed(rule: "not below terrainFloorM"))
        }
        try reader.finish()
    }
}

extension TermsTiming {
    init(_ outer: inout FieldReader) throws(FieldRejection) {
        var reader = try outer.object("timing")
        heartbeat = try reader.seconds("heartbeatS", in: 1...3_600)
        staleAfter = try reader.seconds("staleAfterS", in: 2...86_400)
        skewMax = try reader.seconds("skewMaxS", in: 1...60)
        unstaffedAfter = try reader.seconds("unstaffedAfterS", in: 60...86_400)
        acknowledgeFlash = try reader.seconds("acknowledgeFlashS", in: 1...86_400)
        acknowledgeImmediate = try reader.seconds("acknowledgeImmediateS", in: 1...86_400)
        acknowledgePriority = try reader.seconds("acknowledgePriorityS", in: 1...86_400)
        acknowledgeRoutine = try reader.seconds("acknowledgeRoutineS", in: 1...604_800)
        acknowledgeMargin = try reader.seconds("acknowledgeMarginS", in: 0...86_400)
        climb = try reader.seconds("climbS", in: 5...86_400)
        stopNextRole = try reader.seconds("stopNextRoleS", in: 1...600)
        stopTop = try reader.seconds("stopTopS", in: 2...600)
        commCheck = try reader.seconds("commCheckS", in: 60...604_800)
        shift = try reader.seconds("shiftS", in: 600...86_400)
        guard staleAfter > heartbeat else {
            throw reader.rejection("staleAfterS", .notAllowed(rule: "longer than heartbeatS"))
        }
        guard stopTop > stopNextRole else {
            throw reader.rejection("stopTopS", .notAllowed(rule: "longer than stopNextRoleS"))
        }
        try reader.finish()
    }
}

extension TwoOfficers {
    init(_ outer: inout FieldReader) throws(FieldRejection) {
        var reader = try outer.object("twoOfficers")
        removals = try reader.bool("removals")
        var kinds: [ActivityKind] = []
        for element in try reader.array("kinds", count: 0...200) {
            guard case .string(let text) = element, let kind = ActivityKind(text), !kinds.contains(kind) else {
                throw reader.rejection("kinds", .notAllowed(rule: "kinds of activity, each once"))
            }
            kinds.append(kind)
        }
        self.kinds = kinds
        try reader.finish()
    }
}

extension TermsReadBack {
    init(_ outer: inout FieldReader) throws(FieldRejection) {
        var reader = try outer.object("readBack")
        tightM = try reader.number("tightM", in: 1...100_000)
        looseM = try reader.number("looseM", in: 1...100_000)
        altitudeM = try reader.number("altitudeM", in: 0...10_000)
        start = try reader.seconds("startS", in: 0...86_400)
        try reader.finish()
    }
}
