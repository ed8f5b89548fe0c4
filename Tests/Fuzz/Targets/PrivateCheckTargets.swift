import Kernel

@testable import PrivateCheck

/// What the other side of a private check sends, as far as a desk reads it before anything is put in; and what a custodian
/// of protected sites publishes.
let privateCheckTargets: [FuzzTarget] = [
    FuzzTarget("check-proposal", longest: 2_048, seeds: { proposalSeeds }) { bytes in
        guard let proposal = try? CheckProposal(bytes) else { return }
        require(proposal.bytes == bytes, "a proposal has one form")
        require(proposal.parameters.pointCount <= 1 << Limits.privateCheckClasses.upperBound, "a proposal is within its limits")
    },
    // A session that waits for ACCEPT, and one that is over.
    FuzzTarget("check-message", longest: 2_048, seeds: { messageSeeds }) { bytes in
        guard var session = sampleSession else { return }
        // What would be an ACCEPT makes a mask of a thousand points; the rest is told by its first bytes.
        guard CheckSession.kind(of: bytes) != .accept else { return }
        let reaction = session.receive(bytes, now: sampleStart)
        require(session.outcome != nil || reaction.outbound.isEmpty, "nothing but an ACCEPT goes on with a session")
        _ = session.receive(bytes, now: sampleStart)
    },
    FuzzTarget("locked-answer", longest: 512, seeds: { [LockedAnswer.lock([1, 2, 3], key: MerkleKey.sample)] }) { bytes in
        guard let opened = LockedAnswer.open(bytes, key: MerkleKey.sample) else { return }
        require(LockedAnswer.lock(opened, key: MerkleKey.sample) == bytes, "one message is locked in one way")
    },
]

private enum MerkleKey {
    static let sample = Hash32(label: "fuzz key")
}

private let sampleStart = UTCInstant(microseconds: 1_790_000_000_000_000)

private let sampleSession: CheckSession? = {
    let first = sampleStart.microseconds / CheckGrid.slotMicroseconds
    guard let grid = try? CheckGrid(level: 8, bands: 0...10, slots: first...first + 10),
        let parameters = try? CheckParameters(
            context: MerkleKey.sample, grid: grid, sizeClass: 10, cap: 900, output: .cells,
            deadline: sampleStart.advanced(by: .seconds(600))),
        let seed = SecretSeed([UInt8](repeating: 7, count: SecretSeed.byteCount)),
        let input = try? CheckInput(elements: [], planRoot: MerkleKey.sample, volumeHours: 0, seed: seed)
    else { return nil }
    return try? CheckSession(proposing: parameters, input: input, now: sampleStart)
}()

private let proposalSeeds: [[UInt8]] = sampleSession?.sent.map(\.array) ?? []
private let messageSeeds: [[UInt8]] = proposalSeeds + [CheckSession.declining]
