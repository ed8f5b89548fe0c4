import JointLog
import Kernel
import Mechanism
import Records

/// What two nodes post to each other. The bytes are written down in docs/protocol.md.
public enum PeerMessages {
    public static let entriesPath = "/peer/v1/entries"
    public static let heartbeatPath = "/peer/v1/heartbeat"
    /// Bytes of envelopes in one push, at least one envelope however large.
    static let pushBytes = 512 * 1024
    /// Bytes of one answer to a heartbeat: a checkpoint with an ML-DSA-65 line takes under 5 KiB, a proof under 6.
    static let answerBytes = 256 * 1024

    /// Records of a log, with what proves that they continue it.
    public struct EntriesRequest: Sendable {
        public let log: LogID
        public let first: LogIndex
        public let envelopes: [Bytes]
        public let checkpoint: String
        public let consistency: [Hash32]
        /// What the author's root keys have signed, so that a change of keys comes before what they sign.
        public let statements: [String]

        public init(
            log: LogID, first: LogIndex, envelopes: [Bytes], checkpoint: String, consistency: [Hash32],
            statements: [String]
        ) {
            self.log = log
            self.first = first
            self.envelopes = envelopes
            self.checkpoint = checkpoint
            self.consistency = consistency
            self.statements = statements
        }

        public init(_ bytes: [UInt8]) throws {
            var reader = try FieldReader(try StrictJSON.read(bytes, limit: Limits.requestBytes))
            log = try PeerMessages.log(&reader)
            first = UInt64(try reader.integer("first", in: 0...Int64(Limits.largestInteger)))
            envelopes = try reader.array("entries", count: 0...Limits.pushEntries).enumerated().map { i, element in
                guard case .string(let text) = element, let bytes = [UInt8](base64: text) else {
                    throw FieldRejection(path: "entries[\(i)]", problem: .wrongType(expected: "base64"))
                }
                return Bytes(bytes)
            }
            checkpoint = try reader.string("checkpoint", limit: 16_384)
            consistency = try PeerMessages.hashes("consistency", &reader)
            statements = try reader.array("statements", count: 0...Limits.statementsPerPush).enumerated().map {
                guard case .string(let text) = $1 else {
                    throw FieldRejection(path: "statements[\($0)]", problem: .wrongType(expected: "text"))
                }
                return text
            }
            try reader.finish()
        }

        public var json: JSONValue {
            [
                "log": .string(log.description), "first": .integer(Int64(first)),
                "entries": .array(envelopes.map { .string($0.array.base64) }), "checkpoint": .string(checkpoint),
                "consistency": .array(consistency.map { .string($0.bytes.base64) }),
                "statements": .array(statements.map(JSONValue.string)),
            ]
        }
    }

    /// A challenge, and how much the asker holds of each log: so that the answer can prove how its own heads continue
    /// that.
    public struct HeartbeatRequest: Sendable {
        public let challenge: Hash32
        public let held: [(log: LogID, size: UInt64)]

        public init(challenge: Hash32, held: [(log: LogID, size: UInt64)]) {
            self.challenge = challenge
            self.held = held
        }

        public init(_ bytes: [UInt8]) throws {
            var reader = try FieldReader(try StrictJSON.read(bytes, limit: 16_384))
            challenge = try reader.hash("challenge")
            held = try reader.array("held", count: 0...Limits.peers).enumerated().map { i, element in
                var reader = try FieldReader(element, path: "held[\(i)]")
                let log = try PeerMessages.log(&reader)
                let size = UInt64(try reader.integer("size", in: 0...Int64(Limits.largestInteger)))
                try reader.finish()
                return (log, size)
            }
            try reader.finish()
        }

        public var json: JSONValue {
            [
                "challenge": .string(challenge.hex),
                "held": .array(
                    held.map { ["log": .string($0.log.description), "size": .integer(Int64($0.size))] }),
            ]
        }
    }

    public static func heartbeat(_ answer: HeartbeatAnswer, signature: [UInt8], heads: [ShownHead]) -> JSONValue {
        [
            "answer": .string(answer.text), "signature": .string(signature.base64),
            "heads": .array(heads.map(json)),
        ]
    }

    private static func json(_ head: ShownHead) -> JSONValue {
        var members = [JSONMember("log", .string(head.log.description)), JSONMember("note", .string(head.note))]
        if let relation = head.relation {
            members.append(JSONMember("from", .integer(Int64(relation.size))))
            members.append(JSONMember("root", .string(relation.root.bytes.base64)))
            members.append(JSONMember("consistency", .array(relation.consistency.map { .string($0.bytes.base64) })))
        }
        return .object(members)
    }

    /// - Returns: `nil` unless it is `party`'s signed answer to this very challenge, under `nodeKey`.
    static func answer(
        _ bytes: [UInt8], from party: PartyID, nodeKey: Hash32, challenge: Hash32
    ) -> (answer: HeartbeatAnswer, heads: [ShownHead])? {
        guard let value = try? StrictJSON.read(bytes, limit: answerBytes), var reader = try? FieldReader(value),
            let text = try? reader.string("answer", limit: 4_096),
            let signature = (try? reader.string("signature", limit: 200)).flatMap([UInt8].init(base64:)),
            let answer = HeartbeatAnswer(text: text), answer.party == party, answer.challenge == challenge,
            Ed25519.isValid(signature: signature, of: Array(text.utf8), by: nodeKey),
            let heads = try? reader.array("heads", count: 0...Limits.shownHeads).map(shownHead)
        else { return nil }
        return (answer, heads)
    }

    private static func shownHead(_ value: JSONValue) throws -> ShownHead {
        var reader = try FieldReader(value, path: "heads")
        let log = try log(&reader)
        let note = try reader.string("note", limit: 16_384)
        var relation: ShownHead.Relation?
        if reader.optional("root") != nil {
            guard let root = [UInt8](base64: try reader.string("root", limit: 64)).flatMap({ Hash32($0) }) else {
                throw reader.rejection("root", .notAllowed(rule: "a hash"))
            }
            relation = ShownHead.Relation(
                size: UInt64(try reader.integer("from", in: 1...Int64(Limits.largestInteger))), root: root,
                consistency: try hashes("consistency", &reader))
        }
        try reader.finish()
        return ShownHead(log: log, note: note, relation: relation)
    }

    private static func log(_ reader: inout FieldReader) throws -> LogID {
        guard let log = LogID(try reader.string("log", limit: 64)) else {
            throw reader.rejection("log", .notAllowed(rule: "a log"))
        }
        return log
    }

    private static func hashes(_ name: String, _ reader: inout FieldReader) throws -> [Hash32] {
        try reader.array(name, count: 0...128).map { element in
            guard case .string(let text) = element, let hash = [UInt8](base64: text).flatMap({ Hash32($0) }) else {
                throw reader.rejection(name, .notAllowed(rule: "hashes in base64"))
            }
            return hash
        }
    }
}
