import JointLog
import Kernel
import Records

/// `party.json`: what a party hands to the others, in person, so that the terms can name it. Nothing in it is
/// secret; what counts is that nobody exchanged it on the way.
public struct PartyCard: Sendable, Hashable {
    public let id: PartyID
    /// As shown to people.
    public let name: String
    public let role: TermsParty.Role
    /// Ed25519 public key of the node.
    public let nodeKey: Hash32
    /// SHA-256 of the node's TLS public key.
    public let tlsKeyHash: Hash32
    /// At which its peers reach it.
    public let address: NodeConfiguration.Endpoint

    public init(_ configuration: NodeConfiguration, _ keys: NodeKeys) {
        id = configuration.party
        name = configuration.name
        role = configuration.role
        nodeKey = keys.node.publicKey
        tlsKeyHash = keys.tlsKeyHash
        address = configuration.address
    }

    /// - Throws: `JSONRejection` or `FieldRejection`.
    public init(_ bytes: [UInt8]) throws {
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: 16 * 1024))
        id = try reader.party("id")
        name = try reader.string("name", limit: 100)
        role = try reader.word("role", TermsParty.Role.self)
        nodeKey = try reader.hash("nodeKey")
        tlsKeyHash = try reader.hash("tlsKeyHash")
        guard let endpoint = NodeConfiguration.Endpoint(try reader.string("address", limit: 300)) else {
            throw reader.rejection("address", .notAllowed(rule: "host:port"))
        }
        address = endpoint
        try reader.finish()
    }

    public var json: JSONValue {
        [
            "id": .string(id.name), "name": .string(name), "role": .string(role.rawValue),
            "nodeKey": .string(nodeKey.hex), "tlsKeyHash": .string(tlsKeyHash.hex),
            "address": .string(address.description),
        ]
    }
}
