import JointLog
import Kernel
import Records
import Simulation

/// A party of the sample mechanism, with all of its keys.
public struct SampleParty: Sendable {
    public let id: PartyID
    public let role: TermsParty.Role
    /// The node key in force.
    public internal(set) var node: Ed25519PrivateKey
    public let nextNode: Ed25519PrivateKey
    public let stop: Ed25519PrivateKey
    public let seal: SealPrivateKey
    public let postQuantum: MLDSA65PrivateKey
    public let roots: [Ed25519PrivateKey]

    /// - Parameter number: 1 … 200, of which all keys follow.
    public init(_ name: String, _ role: TermsParty.Role, number: UInt8) {
        func seed(_ use: UInt8) -> [UInt8] { [UInt8](repeating: 0, count: 30) + [number, use] }
        func ed25519(_ use: UInt8) -> Ed25519PrivateKey {
            guard let key = Ed25519PrivateKey(seed: seed(use)) else { preconditionFailure("an Ed25519 seed has 32 bytes") }
            return key
        }
        guard let id = PartyID(name), let seal = SealPrivateKey(seed: seed(3)),
            let postQuantum = MLDSA65PrivateKey(seed: seed(4))
        else { preconditionFailure("a sample party is valid") }
        self.id = id
        self.role = role
        node = ed25519(1)
        nextNode = ed25519(2)
        stop = ed25519(8)
        self.seal = seal
        self.postQuantum = postQuantum
        roots = [ed25519(5), ed25519(6), ed25519(7)]
    }
}

extension SampleParty {
    /// Terms of these parties that seal with X-Wing; two of three root keys change a party's keys.
    static func terms(_ parties: [SampleParty]) -> Terms {
        let members = parties.map {
            SampleTerms.Member(
                id: $0.id.name, name: "Party \($0.id.name)", role: $0.role, nodeKey: $0.node.publicKey,
                stopKey: $0.stop.publicKey, tlsKeyHash: MerkleHash.sha256($0.node.publicKey.bytes), address: "\($0.id.name).example:7443",
                sealKey: $0.seal.publicKey, postQuantumKeyHash: $0.postQuantum.publicKey.hash,
                roots: RootKeys(threshold: 2, keys: $0.roots.map(\.publicKey)))
        }
        do {
            return try Terms.read(SampleTerms.bytes(members, timing: .usual, sealing: .xWing), mechanism: nil)
        } catch {
            preconditionFailure("sample terms are valid: \(error)")
        }
    }
}
