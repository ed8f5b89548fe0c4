import JointLog
import Kernel

/// Keys of one party that are kept offline and sign nothing but changes of its other keys.
public struct RootKeys: Hashable, Sendable {
    /// How many of them must sign a statement; 1 to their count.
    public let threshold: Int
    /// 1 to ``Limits/rootKeys`` distinct Ed25519 public keys, in the order of the terms.
    public let keys: [Hash32]

    /// - Returns: `nil` unless the counts hold and every key is usable and there once.
    public init?(threshold: Int, keys: [Hash32]) {
        guard (1...Limits.rootKeys).contains(keys.count), (1...keys.count).contains(threshold),
            SortedSet(keys).count == keys.count, keys.allSatisfy(Ed25519.isUsable)
        else { return nil }
        self.threshold = threshold
        self.keys = keys
    }

    /// Reads the field `roots`.
    public init(_ outer: inout FieldReader) throws(FieldRejection) {
        var reader = try outer.object("roots")
        let threshold = Int(try reader.integer("threshold", in: 1...Int64(Limits.rootKeys)))
        var keys: [Hash32] = []
        for (i, element) in try reader.array("keys", count: 1...Limits.rootKeys).enumerated() {
            guard case .string(let text) = element, let key = Hash32(hex: text), Ed25519.isUsable(key),
                !keys.contains(key)
            else {
                throw reader.rejection(
                    "keys[\(i)]",
                    .notAllowed(rule: "an Ed25519 public key, canonical and not of small order, each once"))
            }
            keys.append(key)
        }
        try reader.finish()
        guard let roots = RootKeys(threshold: threshold, keys: keys) else {
            throw reader.rejection("threshold", .outOfRange(rule: "1 to the number of keys"))
        }
        self = roots
    }

    public var json: JSONValue {
        ["threshold": .integer(Int64(threshold)), "keys": .array(keys.map { .string($0.hex) })]
    }

    /// The name under which every root key of a party signs; its key id tells them apart.
    public static func keyName(mechanism: MechanismID, party: PartyID) -> String {
        "parley/\(mechanism.hex)/\(party.name)/root"
    }
}
