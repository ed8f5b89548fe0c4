import Evidence
import JointLog
import Kernel
import Records

/// Bundles of every shape that the format has.
public struct SampleBundle: Sendable {
    public let name: String
    public let mechanism: MechanismID
    /// Of the exporter's node key.
    public let seed: [UInt8]
    public let bytes: [UInt8]

    public static func all() throws -> [SampleBundle] {
        let sample = SampleMechanism.foundingCase()
        let afterFork = SampleMechanism.afterFork()
        return [
            try SampleBundle("open.tar", sample, sample.contents(by: "turkiye")),
            try SampleBundle("redacted.tar", sample, redacted(sample.contents(by: "israel"))),
            try SampleBundle("disclosed.tar", sample, disclosed(sample)),
            try SampleBundle("forked.tar", sample, forked(sample)),
            try SampleBundle("after-fork.tar", afterFork, afterFork.contents(by: "israel")),
        ]
    }

    init(_ name: String, _ sample: SampleMechanism, _ contents: BundleContents) throws {
        self.name = name
        mechanism = sample.terms.mechanism
        seed = sample.parties[contents.exporter]?.node.seed ?? []
        bytes = try sample.archive(contents)
    }

    /// Without any body.
    public static func redacted(_ contents: BundleContents) -> BundleContents {
        var contents = contents
        for log in contents.logs.indices {
            for record in contents.logs[log].records.indices {
                contents.logs[log].records[record].disclosure = .withheld
            }
        }
        return contents
    }

    /// Sealed bodies with their keys, of notices only; without records of the mediator.
    public static func disclosed(_ sample: SampleMechanism) -> BundleContents {
        var contents = redacted(sample.contents(by: "turkiye"))
        for i in contents.logs.indices {
            if contents.logs[i].id.party == sample.party("azerbaijan").id { contents.logs[i].records = [] }
            for j in contents.logs[i].records.indices where j == 1 {
                let entry = sample.log(contents.logs[i].id.party.name).records[j]
                contents.logs[i].records[j].disclosure = .sealed(
                    entry.envelope.sealed, contentKey: entry.contentKey)
            }
        }
        return contents
    }

    /// With proofs that Türkiye signed other heads: one of the newest size, one of a smaller size.
    public static func forked(_ sample: SampleMechanism) -> BundleContents {
        var contents = redacted(sample.contents(by: "israel"))
        let party = sample.party("turkiye")
        let log = sample.log("turkiye")
        let origin = Checkpoint.origin(mechanism: sample.terms.mechanism, party: party.id)
        let size = log.notes.last?.key ?? 0
        func signed(_ size: UInt64, _ root: Hash32) -> String {
            SignedCheckpoint.signing(
                Checkpoint(origin: origin, size: size, root: root), publicKey: party.node.publicKey,
                postQuantum: party.postQuantum, sign: party.node.sign
            ).note
        }
        let other = MerkleHash.sha256(Array("another history".utf8))
        let newest = signed(size, log.tree.root(Int(size)))
        let proofs = [
            ForkProof(
                newest, signed(size, other), impliedRoot: nil, consistency: [], origin: origin,
                publicKeys: [party.node.publicKey]),
            ForkProof(
                signed(size - 1, other), newest, impliedRoot: log.tree.root(Int(size) - 1),
                consistency: log.tree.consistency(Int(size) - 1, to: Int(size)), origin: origin,
                publicKeys: [party.node.publicKey]),
        ]
        contents.forks = proofs.compactMap { $0.map { BundleContents.Fork(log: log.id, proof: $0) } }
        contents.logs.removeAll { $0.id.party != party.id }
        return contents
    }
}
