import JointLog
import Kernel
import Records

/// What a node holds, for a peer that has lost its own store.
public struct MirrorIndex: Sendable {
    public struct Log: Sendable, Hashable {
        public let id: LogID
        /// Its author's signed checkpoint over all that is held, with the cosignatures held; `nil` while it is empty.
        public let checkpoint: String?
    }

    public let mechanism: MechanismID
    public let party: PartyID
    /// Former epochs included, in order.
    public let logs: [Log]
    /// Everything that parties' root keys have signed and that is in force there, by party, oldest first.
    public let statements: [String]

    /// Bytes of an index: sixteen parties with their checkpoints and statements.
    static let largestBytes = 4 * 1024 * 1024

    public var json: JSONValue {
        [
            "mechanism": .string(mechanism.hex), "party": .string(party.name),
            "logs": .array(
                logs.map { ["log": .string($0.id.description), "checkpoint": $0.checkpoint.map(JSONValue.string) ?? .null] }),
            "statements": .array(statements.map(JSONValue.string)),
        ]
    }

    init(mechanism: MechanismID, party: PartyID, logs: [Log], statements: [String]) {
        self.mechanism = mechanism
        self.party = party
        self.logs = logs
        self.statements = statements
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: MirrorIndex.largestBytes))
        mechanism = try reader.hash("mechanism")
        party = try reader.party("party")
        logs = try reader.array("logs", count: 0...10_000).enumerated().map { i, element in
            var reader = try FieldReader(element, path: "logs[\(i)]")
            guard let id = LogID(try reader.string("log", limit: 64)) else {
                throw reader.rejection("log", .notAllowed(rule: "a log"))
            }
            let checkpoint = reader.optional("checkpoint") == nil
                ? nil : try reader.string("checkpoint", limit: SignedNote.longestBytes)
            try reader.finish()
            return Log(id: id, checkpoint: checkpoint)
        }
        statements = try MirrorPage.texts("statements", &reader)
        try reader.finish()
    }
}

/// A run of a log's records as a peer may hold them, with the heads that their author has signed along it.
public struct MirrorPage: Sendable {
    /// Leaf index of the first record.
    public let first: LogIndex
    public let envelopes: [Bytes]
    /// Signed checkpoints of sizes within the run, rising, each with the cosignatures held of that size.
    public let heads: [String]

    /// Most records of one page.
    public static let mostRecords = 1_000
    /// Bytes of one page: its last record or head may exceed ``PeerMessages/pushBytes``.
    static let largestBytes = 4 * 1024 * 1024

    public var end: LogIndex { first + UInt64(envelopes.count) }

    public var json: JSONValue {
        [
            "first": .integer(Int64(first)), "entries": .array(envelopes.map { .string($0.array.base64) }),
            "heads": .array(heads.map(JSONValue.string)),
        ]
    }

    init(first: LogIndex, envelopes: [Bytes], heads: [String]) {
        self.first = first
        self.envelopes = envelopes
        self.heads = heads
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: MirrorPage.largestBytes))
        first = UInt64(try reader.integer("first", in: 0...Int64(Limits.largestInteger)))
        envelopes = try reader.array("entries", count: 0...MirrorPage.mostRecords).enumerated().map { i, element in
            guard case .string(let text) = element, let bytes = [UInt8](base64: text) else {
                throw FieldRejection(path: "entries[\(i)]", problem: .wrongType(expected: "base64"))
            }
            return Bytes(bytes)
        }
        heads = try MirrorPage.texts("heads", &reader)
        try reader.finish()
    }

    fileprivate static func texts(_ name: String, _ reader: inout FieldReader) throws -> [String] {
        try reader.array(name, count: 0...10_000).enumerated().map { i, element in
            guard case .string(let text) = element else {
                throw FieldRejection(path: "\(name)[\(i)]", problem: .wrongType(expected: "text"))
            }
            return text
        }
    }
}

extension PeerMessages {
    public static let logsPath = "/peer/v1/logs"

    /// `turkiye`, or `turkiye.1`: a log in a path, where a slash would part it.
    public static func pathName(of log: LogID) -> String {
        log.epoch == 0 ? log.party.name : "\(log.party.name).\(log.epoch)"
    }

    /// Reads exactly what ``pathName(of:)`` writes.
    public static func log(pathName: String) -> LogID? {
        let text = pathName.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).joined(separator: "/")
        guard let log = LogID(text), PeerMessages.pathName(of: log) == pathName else { return nil }
        return log
    }
}
