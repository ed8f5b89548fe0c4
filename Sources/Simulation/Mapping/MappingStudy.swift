import Kernel

/// What attackers map of simulated days, by what the terms allow: means over days, each with a seed of its own.
public struct MappingStudy: Sendable {
    /// After the sessions that a budget allows.
    public struct Point: Sendable {
        /// Points a day, as the budget counts them.
        public let points: Int
        /// Of the plans' cells and slots, how much is marked; of what is marked, how much is plans'. 0 … 1.
        public let share: Double
        public let precision: Double
        /// Of which it knows at least one cell, coarse or fine, at one slot.
        public let plansMet: Double
    }

    /// What an attacker gains that stops when it is found out.
    public struct Audited: Sendable {
        public let points: Int
        /// The chance that a session is audited.
        public let rate: Double
        /// Of the classes tried, the one that gains most.
        public let pointsPerSession: Int
        /// Mean share known when it is found out, or at the end of the day.
        public let share: Double
        /// The chance that it is found out within the day.
        public let caught: Double
    }

    public let seed: UInt64
    public let days: Int
    /// Mean number of plans and of cells times slots of a day.
    public private(set) var plans = 0.0
    public private(set) var cellSlots = 0.0
    /// With the smallest class, by what a check shows: cells, a coarser cell, a count.
    public private(set) var outputs: [(name: String, points: [Point])] = []
    /// With the smallest class, shown cells, by phantoms for each plan.
    public private(set) var phantoms: [(perPlan: Int, points: [Point])] = []
    /// Three sessions a day, shown cells, by points a session.
    public private(set) var shifts: [(pointsPerSession: Int, point: Point)] = []
    public private(set) var audits: [Audited] = []

    /// Two to the power of these: points a day.
    public static let budgets = Array(10...20)
    public static let rates = [0, 0.01, 0.05, 0.25]
    private static let classes = [10, 12, 14, 16, 18]
    private static let shiftClasses = [12, 14, 16, 18]

    /// - Parameters:
    ///   - seed: of the first day; the next ones follow.
    ///   - days: at least 1.
    public init(seed: UInt64, days: Int) {
        self.seed = seed
        self.days = max(1, days)
        let plain = (0..<self.days).map { MappingDay(seed: seed &+ UInt64($0), phantomsPerPlan: 0) }
        plans = Self.mean(plain.map { Double($0.plans.count) })
        cellSlots = Self.mean(plain.map { Double(MappingTarget($0).cellSlots) })
        for output in MappingAttacker.Output.allCases {
            outputs.append((output.rawValue, points(plain, output)))
        }
        phantoms = [(0, outputs[0].points)]
        for perPlan in [1, 3] {
            let crowded = (0..<self.days).map { MappingDay(seed: seed &+ UInt64($0), phantomsPerPlan: perPlan) }
            phantoms.append((perPlan, points(crowded, .cells)))
        }
        shifts = Self.shiftClasses.map { sizeClass in
            let trajectories = run(plain, .cells, pointsPerSession: 1 << sizeClass, sessions: 3)
            return (1 << sizeClass, Self.point(trajectories, sessions: 3, points: 3 << sizeClass))
        }
        audits = audited(plain)
    }

    private typealias Trajectory = [MappingAttacker.Progress]

    private func run(
        _ days: [MappingDay], _ output: MappingAttacker.Output, pointsPerSession: Int, sessions: Int? = nil
    ) -> [Trajectory] {
        days.enumerated().map { index, day in
            var attacker = MappingAttacker(
                day, output: output, pointsPerSession: pointsPerSession,
                sessions: sessions ?? (1 << 20) / pointsPerSession, seed: ~(seed &+ UInt64(index)))
            attacker.run()
            return attacker.afterEachSession
        }
    }

    /// With the smallest class: of an attacker that plans for all sessions of the largest budget and one that plans for
    /// those of this one, whichever maps more.
    private func points(_ days: [MappingDay], _ output: MappingAttacker.Output) -> [Point] {
        let long = run(days, output, pointsPerSession: 1 << 10)
        var best: [Point] = []
        for budget in Self.budgets {
            let sessions = 1 << (budget - 10)
            var tried = [Self.point(long, sessions: sessions, points: 1 << budget)]
            if sessions <= MappingAttacker.fewSessions {
                let few = run(days, output, pointsPerSession: 1 << 10, sessions: sessions)
                tried.append(Self.point(few, sessions: sessions, points: 1 << budget))
            }
            // It need not spend all.
            if let less = best.last {
                tried.append(
                    Point(
                        points: 1 << budget, share: less.share, precision: less.precision, plansMet: less.plansMet))
            }
            if let point = tried.max(by: { ($0.share, $0.plansMet) < ($1.share, $1.plansMet) }) { best.append(point) }
        }
        return best
    }

    private func audited(_ days: [MappingDay]) -> [Audited] {
        let long = Self.classes.map { (sizeClass: $0, trajectories: run(days, .cells, pointsPerSession: 1 << $0)) }
        var audits: [Audited] = []
        for budget in Self.budgets {
            let allowed = long.filter { $0.sizeClass <= budget }
            let few = allowed.filter { 1 << (budget - $0.sizeClass) <= MappingAttacker.fewSessions }.map { each in
                let sessions = 1 << (budget - each.sizeClass)
                return (
                    sizeClass: each.sizeClass,
                    trajectories: run(days, .cells, pointsPerSession: 1 << each.sizeClass, sessions: sessions)
                )
            }
            for rate in Self.rates {
                var tried = (allowed + few).map {
                    Self.audited($0.trajectories, 1 << $0.sizeClass, 1 << budget, rate)
                }
                // It need not spend all.
                if let less = audits.last(where: { $0.rate == rate }) {
                    tried.append(
                        Audited(
                            points: 1 << budget, rate: rate, pointsPerSession: less.pointsPerSession,
                            share: less.share, caught: less.caught))
                }
                if let best = tried.max(by: { $0.share < $1.share }) { audits.append(best) }
            }
        }
        return audits
    }

    private static func point(_ trajectories: [Trajectory], sessions: Int, points: Int) -> Point {
        let last = trajectories.compactMap { $0.prefix(sessions).last }
        // One that has marked nothing has no precision.
        let marked = last.filter { $0.share > 0 || $0.precision < 1 }
        return Point(
            points: points, share: mean(last.map(\.share)), precision: mean(marked.map(\.precision)),
            plansMet: mean(last.map { Double($0.plansMet) }))
    }

    /// A session is audited after it has shown what it shows; what was learned is not unlearned.
    private static func audited(
        _ trajectories: [Trajectory], _ pointsPerSession: Int, _ points: Int, _ rate: Double
    ) -> Audited {
        let sessions = points / pointsPerSession
        var caught = 0.0
        let shares = trajectories.map { trajectory in
            var (share, free) = (0.0, 1.0)
            let told = trajectory.prefix(sessions)
            for progress in told {
                share += free * rate * progress.share
                free *= 1 - rate
            }
            caught += (1 - free) / Double(trajectories.count)
            return share + free * (told.last?.share ?? 0)
        }
        return Audited(
            points: points, rate: rate, pointsPerSession: pointsPerSession, share: mean(shares), caught: caught)
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}
