import Kernel

/// The first record under new keys, for the permanent record: the statement by which the author's root keys
/// put them in force.
public struct KeyChange: Hashable, Sendable {
    /// The root-signed note; ``SignedRootStatement`` reads it.
    public let statement: String

    public init(statement: String) { self.statement = statement }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        statement = try reader.string("statement", limit: SignedRootStatement.largestBytes)
        guard SignedRootStatement(note: statement) != nil else {
            throw reader.rejection("statement", .notAllowed(rule: "a root-signed statement"))
        }
    }

    var json: JSONValue { ["statement": .string(statement)] }
}
