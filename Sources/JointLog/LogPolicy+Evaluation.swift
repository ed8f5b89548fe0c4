import Kernel

extension LogPolicy {
    /// What a policy finds in a note that satisfies it.
    public struct Evaluation: Hashable, Sendable {
        public let checkpoint: Checkpoint
        /// Lines of the checkpoint that the specification leaves to the log; cosigners say nothing about them.
        public let extensions: [String]
        /// The key of the log that signed.
        public let log: VerifierKey
        /// Names of the witnesses that cosigned, in the policy's order.
        public let witnesses: [String]
    }

    /// Whether the note is a checkpoint that one of the logs signed and the quorum cosigned. Of the signature types
    /// those of Ed25519 are verified; a log or witness with a key of another type never counts as having signed.
    ///
    /// - Returns: `nil` when it does not satisfy the policy, or a line of any key of the policy is invalid.
    public func evaluate(_ note: String) -> Evaluation? {
        guard let parsed = SignedNote(encoded: note), let (checkpoint, extensions) = Checkpoint.reading(parsed.text)
        else { return nil }
        let origin = checkpoint.origin
        let named = logs.map(\.key).filter { $0.name.hasSameBytes(as: origin) }
        let logKeys = named.compactMap(\.noteKey)
        let witnessKeys = witnesses.compactMap(\.key.noteKey)
        guard let signers = parsed.signers(among: logKeys + witnessKeys),
            let log = named.first(where: { $0.noteKey.map(signers.contains) == true })
        else { return nil }
        let cosigners = witnesses.filter { $0.key.noteKey.map(signers.contains) == true }.map(\.name)
        guard isQuorum(cosigners) else { return nil }
        return Evaluation(checkpoint: checkpoint, extensions: extensions, log: log, witnesses: cosigners)
    }

    /// Whether cosignatures of these witnesses suffice.
    public func isQuorum(_ witnesses: [String]) -> Bool {
        if quorum.hasSameBytes(as: LogPolicy.noQuorum) { return true }
        var witnessed = witnesses.map { Array($0.utf8) }
        for group in groups
        where group.members.count(where: { witnessed.contains(Array($0.utf8)) }) >= group.needed {
            witnessed.append(Array(group.name.utf8))
        }
        return witnessed.contains(Array(quorum.utf8))
    }
}
