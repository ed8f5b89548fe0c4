import JointLog
import Kernel
import Records

/// What one seed of a swarm is: a mechanism, what its officers set out to do, and what goes wrong when.
///
/// Everything follows from the seed. An item can be left out without changing any other.
public struct SwarmPlan: Sendable {
    public let seed: UInt64
    public let principals: [String]
    public let mediator: String?
    public let sealing: Sealing
    public let timing: SampleTerms.Timing
    public let demands: SampleTerms.Demands
    /// How long the watch lasts before everything is mended, milliseconds.
    public internal(set) var lengthMs: Int64
    /// By rising time.
    public var items: [Item]

    /// One thing that is set for a moment.
    public struct Item: Sendable, Hashable {
        /// The same in every cut of the same seed's plan.
        public let id: Int
        public let atMs: Int64
        public let what: What
    }

    public enum What: Sendable, Hashable {
        /// An officer of the principal at this place sets out to do something; the dice say what.
        case act(place: Int, dice: UInt64)
        case fault(Fault)
    }

    public struct Fault: Sendable, Hashable {
        public let kind: FaultKind
        public let lengthMs: Int64
        /// At which party, by its place among all.
        public let place: Int
        /// Another one.
        public let other: Int
        public let dice: UInt64
    }

    /// - Parameter faults: the kinds that may happen.
    public init(seed: UInt64, faults: [FaultKind] = FaultKind.allCases) {
        self.seed = seed
        var random = SeededGenerator(seed: SwarmPlan.mixed(seed, 1))
        (principals, mediator) = SwarmPlan.parties(&random)
        // A mediator relays only what is sealed.
        sealing = mediator != nil ? .xWing : random.below(8) == 0 ? .xWing : .none
        timing = SampleTerms.Timing(heartbeatS: 4, staleAfterS: 12, unstaffedAfterS: 60)
        var demands = SampleTerms.Demands()
        demands.strikesPassedOn = random.below(10) == 0
        self.demands = demands
        // Most are short: many small worlds find more than a few large ones.
        let isShort = random.below(100) < 85
        var lengthMs = (isShort ? 16_000 : 30_000) + Int64(random.below(isShort ? 12_000 : 25_000))
        let isCalm = random.below(8) == 0
        var drawn = SwarmPlan.acts(seed: seed, principals: principals.count, lengthMs: lengthMs)
        if !isCalm {
            let isSealed = sealing == .xWing
            let parties = principals.count + (mediator == nil ? 0 : 1)
            for kind in FaultKind.allCases {
                let isPossible =
                    switch kind {
                    case .relay: mediator != nil && isSealed
                    case .twoHistories: parties > 2
                    default: true
                    }
                guard isPossible else { continue }
                var random = kind.random(seed: seed)
                guard random.below(1_000) < kind.share else { continue }
                drawn += SwarmPlan.faults(kind, parties, principals.count, lengthMs, &random)
            }
        }
        // A watch is as long as it takes an empty desk to show.
        for case (let at, .fault(let fault)) in drawn where fault.kind == .officerAbsent {
            lengthMs = max(lengthMs, at + fault.lengthMs + 4_000)
        }
        self.lengthMs = lengthMs
        let allowed = faults
        items = drawn.enumerated().map { Item(id: $0.offset, atMs: $0.element.0, what: $0.element.1) }
            .filter { item in
                guard case .fault(let fault) = item.what else { return true }
                return allowed.contains(fault.kind)
            }
            .sorted { ($0.atMs, $0.id) < ($1.atMs, $1.id) }
    }

    /// The kinds of fault that are planned.
    public var kinds: SortedSet<FaultKind> {
        SortedSet(
            items.compactMap { item in
                guard case .fault(let fault) = item.what else { return nil }
                return fault.kind
            })
    }

    static func mixed(_ seed: UInt64, _ stream: UInt64) -> UInt64 {
        var generator = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ stream &* 0xD6E8_FEB8_6659_FD93)
        return generator.next()
    }

    /// Mostly two principals, at most five parties.
    private static func parties(_ random: inout SeededGenerator) -> (principals: [String], mediator: String?) {
        let names = ["israel", "turkiye", "egypt", "jordan", "cyprus"]
        let (count, isMediated): (Int, Bool) =
            switch random.below(100) {
            case ..<64: (2, false)
            case ..<86: (2, true)
            case ..<94: (3, false)
            case ..<97: (3, true)
            case ..<98: (4, false)
            case ..<99: (4, true)
            default: (5, false)
            }
        return (Array(names.prefix(count)), isMediated ? "azerbaijan" : nil)
    }

    private static func acts(seed: UInt64, principals: Int, lengthMs: Int64) -> [(Int64, What)] {
        var random = SeededGenerator(seed: mixed(seed, 2))
        let first = random.below(UInt64(principals))
        return (0..<4 + random.below(UInt64(lengthMs) / 6_000)).map { i in
            let at = 3_000 + Int64(random.below(UInt64(lengthMs - 6_000)))
            let drawn = random.below(UInt64(principals))
            // Two different ones at least: nobody collides with himself.
            let place = i == 0 ? first : i == 1 ? (first + 1) % UInt64(principals) : drawn
            return (at, .act(place: Int(place), dice: random.next()))
        }
    }

    private static func faults(
        _ kind: FaultKind, _ parties: Int, _ principals: Int, _ lengthMs: Int64, _ random: inout SeededGenerator
    ) -> [(Int64, What)] {
        let isOfOfficers = kind == .officerAbsent || kind == .officerSlow || kind == .wrongReadBack
        let isOfPrincipals = isOfOfficers || kind == .relay || kind == .withheldEntries || kind == .wrongBodies
        let places = UInt64(isOfPrincipals ? principals : parties)
        return (0..<(kind == .officerAbsent ? 1 : 1 + random.below(2))).map { _ in
            let span = kind.lengthMs
            let length = Int64(span.lowerBound + random.below(span.upperBound - span.lowerBound + 1))
            let latest = UInt64(max(1, lengthMs - 5_000 - min(length, lengthMs / 2)))
            let at = kind == .clockSkew ? 0 : 3_000 + Int64(random.below(latest))
            let place = Int(random.below(places))
            let others = UInt64(kind == .relay ? principals : parties)
            let other = (place + 1 + Int(random.below(others - 1))) % Int(others)
            let fault = Fault(
                kind: kind, lengthMs: kind == .clockSkew ? lengthMs : length, place: place, other: other,
                dice: random.next())
            return (at, .fault(fault))
        }
    }
}

extension SwarmPlan.Item {
    /// One line, with the parties' names.
    func text(_ parties: [String]) -> String {
        switch what {
        case .act(let place, _): "\(parties[place])'s officer acts"
        case .fault(let fault):
            "\(fault.kind.rawValue) at \(parties[fault.place]) (\(parties[fault.other])) for \(fault.lengthMs) ms"
        }
    }
}
