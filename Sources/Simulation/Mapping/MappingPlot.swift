/// A study as a drawing: what is mapped over the points of a day, by what is shown, and by how often is audited.
public struct MappingPlot: Sendable {
    private let study: MappingStudy

    public init(_ study: MappingStudy) { self.study = study }

    private static let (panelWidth, panelHeight) = (380.0, 260.0)
    private static let (left, top, gap) = (56.0, 48.0, 92.0)
    /// Told apart without red and yellow, and by their dashes without any colour.
    private static let strokes = [
        (colour: "#0b4f8a", dash: ""), (colour: "#0b7a75", dash: "8 4"), (colour: "#6b4fa0", dash: "2 4"),
        (colour: "#4a4a4a", dash: "12 4 2 4"),
    ]

    /// SVG 1.1, ended by a line feed.
    public var svg: String {
        let width = Int(Self.left + 2 * Self.panelWidth + Self.gap + 24)
        let height = Int(Self.top + Self.panelHeight + 64)
        let shown = study.outputs.map { (name: "shown: \($0.name)", shares: $0.points.map(\.share)) }
        let audited = MappingStudy.rates.map { rate in
            (
                name: rate == 0 ? "never audited" : "\(MappingReport.percent(rate)) audited",
                shares: study.audits.filter { $0.rate == rate }.map(\.share)
            )
        }
        let lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
                + "height=\"\(height)\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#1c1c1c\">",
            "<title>What an attacker within its budget maps of a day of plans; seed \(study.seed), "
                + "\(study.days) days</title>",
            "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>",
        ]
        return (lines + panel(at: Self.left, "By what a check shows", shown)
            + panel(at: Self.left + Self.panelWidth + Self.gap, "Cells shown, by audits", audited) + ["</svg>"])
            .joined(separator: "\n") + "\n"
    }

    private func panel(at x: Double, _ title: String, _ series: [(name: String, shares: [Double])]) -> [String] {
        let (bottom, right) = (Self.top + Self.panelHeight, x + Self.panelWidth)
        var lines = [
            text(x, 24, title, "font-weight=\"bold\""),
            text(x + Self.panelWidth / 2, bottom + 44, "points a day", "text-anchor=\"middle\""),
        ]
        for tenth in stride(from: 0, through: 10, by: 2) {
            let y = bottom - Self.panelHeight * Double(tenth) / 10
            lines.append(line((x, y), (right, y), tenth == 0 ? "#1c1c1c" : "#d8d8d8"))
            lines.append(text(x - 8, y + 4, "\(tenth * 10) %", "text-anchor=\"end\""))
        }
        for (index, exponent) in MappingStudy.budgets.enumerated() where index % 2 == 0 {
            let label = "2<tspan dy=\"-5\" font-size=\"9\">\(exponent)</tspan>"
            lines.append(text(place(index, x), bottom + 20, label, "text-anchor=\"middle\""))
        }
        for (index, each) in series.enumerated() {
            let stroke = Self.strokes[index % Self.strokes.count]
            let points = each.shares.enumerated().map { point, share in
                "\(Self.short(place(point, x))),\(Self.short(bottom - Self.panelHeight * share))"
            }
            lines.append(
                "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"\(stroke.colour)\" "
                    + "stroke-width=\"2\" stroke-dasharray=\"\(stroke.dash.isEmpty ? "none" : stroke.dash)\"/>")
            let y = Self.top + 12 + 18 * Double(index)
            lines.append(
                "<line x1=\"\(Self.short(x + 12))\" y1=\"\(Self.short(y))\" x2=\"\(Self.short(x + 44))\" "
                    + "y2=\"\(Self.short(y))\" stroke=\"\(stroke.colour)\" stroke-width=\"2\" "
                    + "stroke-dasharray=\"\(stroke.dash.isEmpty ? "none" : stroke.dash)\"/>")
            lines.append(text(x + 52, y + 4, each.name, ""))
        }
        return lines
    }

    private func place(_ index: Int, _ x: Double) -> Double {
        x + Self.panelWidth * Double(index) / Double(MappingStudy.budgets.count - 1)
    }

    private func line(_ from: (Double, Double), _ to: (Double, Double), _ colour: String) -> String {
        "<line x1=\"\(Self.short(from.0))\" y1=\"\(Self.short(from.1))\" x2=\"\(Self.short(to.0))\" "
            + "y2=\"\(Self.short(to.1))\" stroke=\"\(colour)\"/>"
    }

    private func text(_ x: Double, _ y: Double, _ text: String, _ more: String) -> String {
        "<text x=\"\(Self.short(x))\" y=\"\(Self.short(y))\"\(more.isEmpty ? "" : " " + more)>\(text)</text>"
    }

    private static func short(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
