/// The degrees of a graticule, written where its lines meet the frame: parallels on the left, meridians below; each once.
struct PlanLabels {
    private let lines: [(label: String, isMeridian: Bool, parts: [[PagePoint]])]
    private let frame: PictureFrame
    private let marks: PictureMarks

    init(_ lines: [(label: String, isMeridian: Bool, parts: [[PagePoint]])], _ frame: PictureFrame, _ marks: PictureMarks) {
        self.lines = lines
        self.frame = frame
        self.marks = marks
    }

    private enum Edge { case left, right, top, bottom }

    var drawing: HTML {
        var taken: [PagePoint] = []
        var labels: [HTML] = []
        for line in lines {
            let ends = line.parts.flatMap { [$0[0], $0[$0.count - 1]] }
            let wanted: [Edge] = line.isMeridian ? [.bottom, .top, .left, .right] : [.left, .right, .bottom, .top]
            let found = wanted.lazy.compactMap { edge in ends.first { lies($0, on: edge) }.map { (edge, $0) } }.first
            guard let (edge, end) = found, !taken.contains(where: { ($0 - end).length < 34 }) else { continue }
            taken.append(end)
            labels.append(label(line.label, edge, end))
        }
        return .joined(labels)
    }

    private func lies(_ p: PagePoint, on edge: Edge) -> Bool {
        switch edge {
        case .left: abs(p.x - frame.left) < 0.5
        case .right: abs(p.x - frame.right) < 0.5
        case .top: abs(p.y - frame.top) < 0.5
        case .bottom: abs(p.y - frame.bottom) < 0.5
        }
    }

    private func label(_ words: String, _ edge: Edge, _ p: PagePoint) -> HTML {
        let (dx, dy, anchor): (Double, Double, PictureMarks.Anchor) =
            switch edge {
            case .left: (-4, 4, .end)
            case .right: (-4, 4, .end)
            case .top: (0, -4, .middle)
            case .bottom: (0, 14, .middle)
            }
        return marks.text(words, PagePoint(x: p.x + dx, y: p.y + dy), marks.palette.muted, size: 10.5, anchor: anchor, halo: edge == .right ? marks.palette.page : nil)
    }
}
