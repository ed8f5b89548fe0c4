import JointLog
import Kernel
import Records

/// The policy file of a bundle, C2SP `tlog-policy`: with it, tools that know nothing of Parley can check the
/// `.proof` files. It says nothing that the terms and the statements do not say.
enum BundlePolicy {
    /// Every log under each key that its author's node had, every node as a witness under each key it had; a key that
    /// signs a second log of its party stands under the first, because the format takes each key once. A head is good
    /// when its author and one other party have signed it.
    static func text(terms: Terms, keys: BundleKeys) -> String? {
        var logs: [LogPolicy.Log] = []
        for log in keys.logs {
            let origin = Checkpoint.origin(mechanism: terms.mechanism, log: log)
            for key in keys.nodeKeys(of: log) {
                let key = NoteKey(name: origin, algorithm: .ed25519, publicKey: key)
                if !logs.contains(where: { $0.key.material == VerifierKey(key).material }) {
                    logs.append(LogPolicy.Log(key: VerifierKey(key)))
                }
            }
        }
        var witnesses: [LogPolicy.Witness] = []
        for party in terms.parties {
            for (i, key) in keys.nodeKeys(of: party.id).enumerated() {
                let name = i == 0 ? party.id.name : "\(party.id.name).\(i + 1)"
                let key = VerifierKey(Receipt.key(of: party.id, publicKey: key))
                witnesses.append(LogPolicy.Witness(name: name, key: key))
            }
        }
        // No party is called so: a name in the terms has no capital letter.
        let holders = LogPolicy.Group(name: "HOLDERS", threshold: .any, members: witnesses.map(\.name))
        return LogPolicy(logs: logs, witnesses: witnesses, groups: [holders], quorum: holders.name)?.text
    }
}
