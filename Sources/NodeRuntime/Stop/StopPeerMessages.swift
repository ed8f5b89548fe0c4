import JointLog
import Kernel
import Records

/// What two nodes post to each other on the STOP path. The bytes are written down in docs/protocol.md.
public enum StopPeerMessages {
    public static let stopsPath = "/peer/v1/stops"
    /// Asks a mediator to hand a message on.
    public static let relayPath = "/peer/v1/relay"
    /// A mediator hands it on.
    public static let relayedPath = "/peer/v1/relayed"
    /// Notes in one request or answer.
    public static let notesMost = 32
    static let sealedBytes = 16 * 1024

    public static func notes(_ notes: [String]) -> JSONValue {
        ["messages": .array(notes.prefix(notesMost).map(JSONValue.string))]
    }

    /// - Throws: `JSONRejection` or `FieldRejection`.
    public static func notes(_ bytes: [UInt8]) throws -> [String] {
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: Limits.requestBytes))
        let notes = try reader.array("messages", count: 0...notesMost).enumerated().map { i, element -> String in
            guard case .string(let note) = element, note.utf8.count <= StopMessage.largestBytes else {
                throw reader.rejection("messages[\(i)]", .notAllowed(rule: "a note"))
            }
            return note
        }
        try reader.finish()
        return notes
    }

    /// One message on its way over a mediator, which cannot read it where the terms seal.
    public struct Relayed: Sendable, Hashable {
        /// The addressee in a request to the mediator; the sender in what the mediator hands on.
        public let party: PartyID
        public let sealed: [UInt8]

        public init(party: PartyID, sealed: [UInt8]) {
            self.party = party
            self.sealed = sealed
        }

        public init(_ bytes: [UInt8]) throws {
            var reader = try FieldReader(try StrictJSON.read(bytes, limit: Limits.requestBytes))
            party = try reader.party("party")
            guard let sealed = [UInt8](base64: try reader.string("sealed", limit: StopPeerMessages.sealedBytes * 2)),
                sealed.count <= StopPeerMessages.sealedBytes
            else { throw reader.rejection("sealed", .notAllowed(rule: "base64 of at most \(StopPeerMessages.sealedBytes) bytes")) }
            self.sealed = sealed
            try reader.finish()
        }

        public var json: JSONValue { ["party": .string(party.name), "sealed": .string(sealed.base64)] }
    }
}
