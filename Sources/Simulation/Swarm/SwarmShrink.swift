import Kernel

/// Makes a failing seed's plan as short as it goes: leaves out officers' acts and faults, one part after another, for as
/// long as the same sentence is broken (delta debugging; Zeller and Hildebrandt 2002).
public struct SwarmShrink: Sendable {
    public private(set) var plan: SwarmPlan
    public private(set) var verdict: SwarmVerdict
    /// Plans that were tried.
    public private(set) var tried = 0
    private let mutation: Mutation?
    private let checker: String

    /// - Returns: `nil` when nothing is broken.
    public init?(_ plan: SwarmPlan, mutation: Mutation? = nil) {
        var run = SwarmRun(plan, mutation: mutation)
        let verdict = run.play()
        guard let first = verdict.violations.first else { return nil }
        self.plan = plan
        self.verdict = verdict
        self.mutation = mutation
        checker = first.checker
    }

    public mutating func run() {
        shorten()
        var parts = 2
        while plan.items.count > 1 {
            let size = max(1, (plan.items.count + parts - 1) / parts)
            var isShorter = false
            for start in stride(from: 0, to: plan.items.count, by: size) {
                var shorter = plan
                shorter.items.removeSubrange(start..<min(start + size, plan.items.count))
                if stillFails(shorter) {
                    isShorter = true
                    break
                }
            }
            if isShorter {
                parts = max(2, parts - 1)
            } else if size == 1 {
                break
            } else {
                parts = min(plan.items.count, parts * 2)
            }
        }
        if plan.items.count == 1 {
            var none = plan
            none.items = []
            _ = stillFails(none)
        }
        shorten()
    }

    /// Mends everything sooner.
    private mutating func shorten() {
        for part in [4, 3, 2, 1] as [Int64] {
            var shorter = plan
            shorter.lengthMs = plan.lengthMs * part / 5
            shorter.items.removeAll { $0.atMs >= shorter.lengthMs }
            guard stillFails(shorter) else { return }
        }
    }

    /// Keeps a plan that breaks the same sentence.
    private mutating func stillFails(_ shorter: SwarmPlan) -> Bool {
        tried += 1
        var run = SwarmRun(shorter, mutation: mutation)
        let found = run.play()
        guard found.violations.contains(where: { $0.checker == checker }) else { return false }
        plan = shorter
        verdict = found
        return true
    }
}

extension SwarmPlan {
    /// One line for each thing that is planned.
    public var text: [String] {
        let parties = principals + (mediator.map { [$0] } ?? [])
        let names = parties.joined(separator: ", ") + (mediator == nil ? "" : " (mediator)")
        let head = "seed \(seed): \(names), \(sealing.rawValue), \(lengthMs) ms"
        return [head] + items.map { "\($0.id) at \($0.atMs) ms: \($0.text(parties))" }
    }
}
