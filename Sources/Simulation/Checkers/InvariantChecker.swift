import Kernel

/// A sentence that has to hold at every step, looked after by code of its own: it reads records' bytes and the
/// simulation's truth, and of the core's conclusions only the one that it judges.
public protocol InvariantChecker: Sendable {
    /// Short, stable, kebab-case: `no-clear-over-received-conflict`.
    static var name: String { get }
    /// One English sentence.
    static var sentence: String { get }
    init()
    /// After each step, with the node as the step left it. Must neither draw from the simulation's random numbers nor
    /// change what nodes do.
    mutating func look(_ simulation: inout Simulation, after step: Step)
    /// Once, after the network has healed and everybody has had time.
    mutating func end(_ simulation: inout Simulation)
    /// At most ``Violation/kept``.
    var violations: [Violation] { get }
}

extension InvariantChecker {
    public mutating func end(_ simulation: inout Simulation) {}
}

/// One time at which a sentence did not hold.
public struct Violation: Sendable, Hashable {
    /// Of one checker, no more are kept.
    public static let kept = 200

    /// Name of the checker.
    public let checker: String
    /// `nil` when it is of the whole mechanism.
    public let party: PartyID?
    /// The simulation's time, nanoseconds from its start.
    public let timeNs: Int64
    public let sentence: String

    public init(checker: String, party: PartyID?, timeNs: Int64, sentence: String) {
        self.checker = checker
        self.party = party
        self.timeNs = timeNs
        self.sentence = sentence
    }

    public var text: String {
        "\(checker): \(party.map { "\($0) " } ?? "")at \(Double(timeNs) / 1e9) s: \(sentence)"
    }
}
