import JointLog
import Kernel
import Records

/// What two nodes post to each other. The bytes are written down in docs/protocol.md.
public enum PeerMessages {
    public static let entriesPath = "/peer/v1/entries"
    public static let heartbeatPath = "/peer/v1/heartbeat"
    /// Bytes of envelopes in one push, at least one envelope however large.
    static let pushBytes = 512 * 1024

    public struct Push: Sendable {
        public let first: LogIndex
        public let envelopes: [Bytes]
        public let checkpoint: String

        public init(first: LogIndex, envelopes: [Bytes], checkpoint: String) {
            self.first = first
            self.envelopes = envelopes
            self.checkpoint = checkpoint
        }

        public init(_ bytes: [UInt8]) throws {
            var reader = try FieldReader(try StrictJSON.read(bytes, limit: Limits.requestBytes))
            first = UInt64(try reader.integer("first", in: 0...Int64(Limits.largestInteger)))
            envelopes = try reader.array("entries", count: 0...Limits.pushEntries).enumerated().map { i, element in
                guard case .string(let text) = element, let bytes = [UInt8](base64: text) else {
                    throw FieldRejection(path: "entries[\(i)]", problem: .wrongType(expected: "base64"))
                }
                return Bytes(bytes)
            }
            checkpoint = try reader.string("checkpoint", limit: 16_384)
            try reader.finish()
        }

        public var json: JSONValue {
            [
                "first": .integer(Int64(first)), "entries": .array(envelopes.map { .string($0.array.base64) }),
                "checkpoint": .string(checkpoint),
            ]
        }
    }

    public static func challenge(_ bytes: [UInt8]) throws -> Hash32 {
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: 4_096))
        let challenge = try reader.hash("challenge")
        try reader.finish()
        return challenge
    }

    public static func heartbeat(_ answer: HeartbeatAnswer, signature: [UInt8]) -> JSONValue {
        ["answer": .string(answer.text), "signature": .string(signature.base64)]
    }

    /// - Returns: `nil` unless it is `party`'s signed answer to this very challenge.
    static func answer(_ bytes: [UInt8], from party: TermsParty, challenge: Hash32) -> HeartbeatAnswer? {
        guard let value = try? StrictJSON.read(bytes, limit: 16_384), var reader = try? FieldReader(value),
            let text = try? reader.string("answer", limit: 4_096),
            let signature = (try? reader.string("signature", limit: 200)).flatMap([UInt8].init(base64:)),
            let answer = HeartbeatAnswer(text: text), answer.party == party.id, answer.challenge == challenge,
            Ed25519.isValid(signature: signature, of: Array(text.utf8), by: party.nodeKey)
        else { return nil }
        return answer
    }
}
