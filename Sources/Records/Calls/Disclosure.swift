import Kernel

/// A principal opens one of the bodies that it may read to somebody who may not, such as the mediator.
///
/// Whoever holds the record checks what is disclosed against the commitment that its author signed.
public struct Disclosure: Hashable, Sendable, WireCodable {
    public enum Opening: Hashable, Sendable {
        /// The content key of a sealed body.
        case key(Hash32)
        /// The salt and the body of one that is not sealed: up to ``Disclosure/largestBody`` characters of base64.
        case body(salt: Hash32, [UInt8])
    }

    public let record: RecordID
    public let opening: Opening

    /// Characters of base64.
    public static let largestBody = 40_000

    public init(record: RecordID, opening: Opening) {
        self.record = record
        self.opening = opening
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        record = try reader.recordID("record")
        if reader.optional("key") != nil {
            opening = .key(try reader.hash("key"))
            return
        }
        let salt = try reader.hash("salt")
        guard let body = [UInt8](base64: try reader.string("body", limit: Disclosure.largestBody)) else {
            throw reader.rejection("body", .notAllowed(rule: "base64"))
        }
        opening = .body(salt: salt, body)
    }

    public var json: JSONValue {
        var members = [JSONMember("record", .string(record.description))]
        switch opening {
        case .key(let key): members.append(JSONMember("key", .string(key.hex)))
        case .body(let salt, let body):
            members.append(JSONMember("salt", .string(salt.hex)))
            members.append(JSONMember("body", .string(body.base64)))
        }
        return .object(members)
    }
}

extension VerifiedRecord {
    /// What was disclosed of this record, which we hold and may not read: checked against what its author signed.
    ///
    /// - Parameter log: where the record stands.
    /// - Returns: `nil` when the opening is not this record's, or what it opens is no body that a node can read.
    public func opened(by opening: Disclosure.Opening, in log: LogID) -> RecordBody? {
        switch opening {
        case .key(let key):
            guard case .open(let body) = opened(contentKey: key, in: log) else { return nil }
            return body
        case .body(let salt, let bytes):
            guard SealedBody.commitment(salt: salt, body: bytes) == header.commitment else { return nil }
            return try? RecordBody.read(bytes)
        }
    }
}
