import Kernel

/// What can go wrong in a swarm's runs. Each kind is drawn from random numbers of its own, so that a run without one of
/// them is otherwise the same.
public enum FaultKind: String, CaseIterable, Comparable, Sendable {
    // The network.
    case loss, delay, duplication, reordering, oneWayCut, partition, slowLink
    /// Two principals reach each other through their mediator's node only.
    case relay
    // Clocks.
    case clockSkew, clockDrift, clockStepBack
    // Disks.
    case unsyncedLoss, tornWrite, diskFull, readError, bitRot, oldBackup
    // Machines.
    case crash
    // Officers.
    case officerAbsent, officerSlow, wrongReadBack
    // A party whose node lies.
    case twoHistories, withheldEntries, wrongBodies, replays, forgedTimes

    public static func < (a: Self, b: Self) -> Bool { a.place < b.place }

    private var place: Int { FaultKind.allCases.firstIndex(of: self) ?? 0 }

    /// Of 1,000 worlds in which it can happen, in how many it does.
    var share: UInt64 {
        switch self {
        case .relay: 380
        case .twoHistories: 400
        // Some of them meet nothing that they change.
        case .oneWayCut, .slowLink, .forgedTimes, .wrongBodies, .wrongReadBack, .reordering, .clockDrift: 200
        default: 150
        }
    }

    /// A generator for what a seed has of this kind, and nothing else.
    func random(seed: UInt64) -> SeededGenerator {
        SeededGenerator(seed: SwarmPlan.mixed(seed, UInt64(place) + 0x0F00))
    }

    /// Milliseconds that one lasts.
    var lengthMs: ClosedRange<UInt64> {
        switch self {
        case .crash, .unsyncedLoss, .tornWrite, .readError, .bitRot, .oldBackup: 2_000...15_000
        case .officerAbsent: 62_000...72_000
        case .wrongReadBack, .officerSlow, .clockDrift: 15_000...35_000
        default: 6_000...30_000
        }
    }
}
