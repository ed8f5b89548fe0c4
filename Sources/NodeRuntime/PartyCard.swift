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
    /// Ed25519 public key of its STOP messages.
    public let stopKey: Hash32
    /// SHA-256 of the node's TLS public key.
    public let tlsKeyHash: Hash32
    /// At which its peers reach it.
    public let address: NodeConfiguration.Endpoint
    /// To which the node's bodies are sealed.
    public let sealKey: SealPublicKey
    /// ML-DSA-65; the terms take its hash.
    public let postQuantumKey: PostQuantumKey
    /// Which keys, offline, may replace those above; `nil` when the party keeps none.
    public let roots: RootKeys?

    public init(_ configuration: NodeConfiguration, _ keys: NodeKeys, roots: RootKeys? = nil) {
        id = configuration.party
        name = configuration.name
        role = configuration.role
        nodeKey = keys.node.publicKey
        stopKey = keys.stop.publicKey
        tlsKeyHash = keys.tlsKeyHash
        address = configuration.address
        sealKey = keys.seal.publicKey
        postQuantumKey = keys.postQuantum.publicKey
        self.roots = roots
    }

    public var publicKeys: NodePublicKeys { NodePublicKeys(node: nodeKey, tls: tlsKeyHash, seal: sealKey) }

    /// - Throws: `JSONRejection` or `FieldRejection`.
    public init(_ bytes: [UInt8]) throws {
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: 16 * 1024))
        id = try reader.party("id")
        name = try reader.string("name", limit: 100)
        role = try reader.word("role", TermsParty.Role.self)
        nodeKey = try reader.hash("nodeKey")
        stopKey = try reader.hash("stopKey")
        tlsKeyHash = try reader.hash("tlsKeyHash")
        guard let endpoint = NodeConfiguration.Endpoint(try reader.string("address", limit: 300)) else {
            throw reader.rejection("address", .notAllowed(rule: "host:port"))
        }
        address = endpoint
        guard let sealKey = SealPublicKey(base64: try reader.string("sealKey")) else {
            throw reader.rejection("sealKey", .notAllowed(rule: "an X-Wing public key in base64"))
        }
        self.sealKey = sealKey
        let postQuantum = [UInt8](base64: try reader.string("postQuantumKey", limit: 4_096))
        guard let postQuantumKey = postQuantum.flatMap(PostQuantumKey.init) else {
            throw reader.rejection("postQuantumKey", .notAllowed(rule: "an ML-DSA-65 public key in base64"))
        }
        self.postQuantumKey = postQuantumKey
        roots = reader.optional("roots") == nil ? nil : try RootKeys(&reader)
        try reader.finish()
    }

    public var json: JSONValue {
        let keys = [
            JSONMember("sealKey", .string(sealKey.base64)),
            JSONMember("postQuantumKey", .string(postQuantumKey.bytes.base64)),
        ]
        return .object(members + keys + rootMembers)
    }

    /// The party as terms name it.
    func termsJSON(_ sealing: Sealing) -> JSONValue {
        let sealed = sealing == .xWing ? [JSONMember("sealKey", .string(sealKey.base64))] : []
        let postQuantum = JSONMember("postQuantumKeyHash", .string(postQuantumKey.hash.hex))
        return .object(members + sealed + [postQuantum] + rootMembers)
    }

    private var members: [JSONMember] {
        [
            JSONMember("id", .string(id.name)), JSONMember("name", .string(name)),
            JSONMember("role", .string(role.rawValue)), JSONMember("nodeKey", .string(nodeKey.hex)),
            JSONMember("stopKey", .string(stopKey.hex)), JSONMember("tlsKeyHash", .string(tlsKeyHash.hex)),
            JSONMember("address", .string(address.description)),
        ]
    }

    private var rootMembers: [JSONMember] { roots.map { [JSONMember("roots", $0.json)] } ?? [] }
}
