import JointLog
import Kernel
import Mechanism

/// How often each answer was given.
public struct AnswerCount: Sendable, Hashable {
    public internal(set) var clear = 0
    public internal(set) var conditions = 0
    public internal(set) var conflict = 0
    public internal(set) var unknown = 0

    public init() {}

    public var all: Int { clear + conditions + conflict + unknown }
    /// 0 … 1; 0 without any answer.
    public var clearShare: Double { all == 0 ? 0 : Double(clear) / Double(all) }

    mutating func add(_ answer: Assurance.Answer) {
        switch answer {
        case .clear: clear += 1
        case .conditions: conditions += 1
        case .conflict: conflict += 1
        case .unknown: unknown += 1
        }
    }

    mutating func add(_ other: AnswerCount) {
        clear += other.clear
        conditions += other.conditions
        conflict += other.conflict
        unknown += other.unknown
    }
}

/// What came of one seed.
public struct SwarmVerdict: Sendable {
    public let seed: UInt64
    public let violations: [Violation]
    /// SHA-256 over everything that happened: equal for two runs of one seed.
    public let bytes: Hash32
    /// Over what happened where and when, and the answers, without the contents of records.
    public let shape: UInt64
    /// Faults that were begun.
    public let happened: SortedSet<FaultKind>
    /// Names of what nodes were in at some moment: `link:down`, `signing:behind`, `reason:clockStepped`.
    public let states: SortedSet<String>
    /// Every answer about a notice at every look.
    public let answers: AnswerCount
    /// Those about unconflicted notices in undisturbed stretches.
    public let undisturbed: AnswerCount
    /// Accepted events.
    public let events: Int
    /// One for each thing that happened, when they were asked for.
    public let lines: [String]

    public var isClean: Bool { violations.isEmpty }
}
