/// A study as the tables of `docs/private-check.md`.
public struct MappingReport: Sendable {
    private let study: MappingStudy

    public init(_ study: MappingStudy) { self.study = study }

    /// Markdown, ended by a line feed.
    public var markdown: String {
        ([heading] + byOutput + [""] + byShift + [""] + byAudit + [""] + byPhantoms).joined(separator: "\n") + "\n"
    }

    private var heading: String {
        let last = study.seed &+ UInt64(study.days - 1)
        let seeds = study.days == 1 ? "seed \(last)" : "seeds \(study.seed) … \(last)"
        return "Means of \(study.days) simulated days, \(seeds): \(Int(study.plans.rounded())) plans a day, "
            + "\(Self.grouped(Int(study.cellSlots.rounded()))) cells of 5 km times slots. "
            + "In brackets plans met.\n"
    }

    private var byOutput: [String] {
        let shown = [0, 2, 3, 4, 5, 6, 7, 8, 10]
        return Self.table(
            ["points a day"] + study.outputs.map { "shown: \($0.name)" },
            shown.map { row in
                [Self.power(MappingStudy.budgets[row])]
                    + study.outputs.map { Self.mapped($0.points[row]) }
            })
    }

    private var byShift: [String] {
        Self.table(
            ["cap of a session, three a day"] + study.shifts.map { Self.grouped($0.pointsPerSession) },
            [["mapped"] + study.shifts.map { Self.mapped($0.point) }])
    }

    private static func mapped(_ point: MappingStudy.Point) -> String {
        "\(percent(point.share)) (\(one(point.plansMet)))"
    }

    private var byAudit: [String] {
        let budgets = [14, 15, 16, 17, 18, 20]
        return Self.table(
            ["audited"] + budgets.map(Self.power),
            MappingStudy.rates.map { rate in
                [rate == 0 ? "never" : "\(Self.percent(rate)) of sessions"]
                    + budgets.compactMap { budget in
                        study.audits.first { $0.rate == rate && $0.points == 1 << budget }
                    }
                    .map { "\(Self.percent($0.share)), caught \(Self.percent($0.caught))" }
            })
    }

    private var byPhantoms: [String] {
        let shown = [3, 4, 5, 6, 7]
        return Self.table(
            ["phantoms for each plan"] + shown.map { Self.power(MappingStudy.budgets[$0]) },
            study.phantoms.map { run in
                ["\(run.perPlan)"]
                    + shown.map { run.points[$0] }
                    .map { "\(Self.percent($0.share)), \(Self.percent($0.precision)) real" }
            })
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
        ([head, head.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    }

    static func percent(_ share: Double) -> String {
        let percent = share * 100
        if percent > 0, percent < 0.05 { return "< 0.1 %" }
        if percent < 9.95 { return "\(one(percent)) %" }
        return "\(Int(percent.rounded())) %"
    }

    private static func one(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func power(_ exponent: Int) -> String {
        let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        return "2" + String("\(exponent)".compactMap { $0.wholeNumberValue.map { digits[$0] } })
    }

    private static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: " ")
    }
}
