import Kernel

/// All checkers, run together.
public struct Checkers: Sendable {
    public var all: [any InvariantChecker]
    /// How many answers were looked at, and how many of them were clear, with or without conditions.
    public private(set) var looked = 0
    public private(set) var cleared = 0
    private var sights = Sights()

    /// Every one that there is.
    public init() { self.init(Checkers.types.map { $0.init() }) }

    /// Only these.
    public init(_ some: [any InvariantChecker]) { all = some }

    /// In the order in which they look.
    public static let types: [any InvariantChecker.Type] = [
        ReceivedConflictChecker.self, EvidenceExpiryChecker.self, AbsentPrincipalChecker.self,
        MissingRecordsChecker.self, UndeliveredNoticeChecker.self, OverdueNoticeChecker.self,
        AgreedConditionsChecker.self, DoubtfulClockChecker.self, AgreementChecker.self, AcknowledgedChecker.self,
        PrefixChecker.self, AddressedChecker.self, ForkChecker.self, SigningChecker.self, QueueChecker.self,
        EndChecker.self, TraceChecker.self,
    ]

    public var violations: [Violation] { all.flatMap(\.violations) }

    /// The digest of everything that has happened; `nil` without ``TraceChecker``.
    public var trace: TraceChecker? { all.lazy.compactMap { $0 as? TraceChecker }.first }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        var step = step
        var isLiar = false
        if let party = step.party {
            isLiar = simulation.isDishonest(party)
            switch step.kind {
            case .handled(_, let handled) where !isLiar:
                step.sight = sights.sight(of: party, in: &simulation, handled.writes.isEmpty ? .some : .open)
            case .beat where !isLiar: step.sight = sights.sight(of: party, in: &simulation, .all)
            case .diskPutBack: sights.forget(party, in: simulation)
            case .handled, .beat, .sent, .crashed, .world: break
            }
        }
        if let sight = step.sight {
            looked += sight.screens.count
            cleared += sight.good.count
        }
        // Of who lies nothing is expected, but that two runs are the same.
        for i in all.indices where !isLiar || all[i] is TraceChecker || all[i] is EndChecker { all[i].look(&simulation, after: step) }
    }

    public mutating func end(_ simulation: inout Simulation) {
        for i in all.indices { all[i].end(&simulation) }
    }
}
