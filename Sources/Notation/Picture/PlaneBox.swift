/// An upright rectangle of a plane, which cuts lines and areas to what is seen.
struct PlaneBox: Hashable, Sendable {
    var left: Double
    var bottom: Double
    var right: Double
    var top: Double

    var width: Double { right - left }
    var height: Double { top - bottom }
    var middle: PlanePoint { PlanePoint(x: (left + right) / 2, y: (bottom + top) / 2) }

    init(left: Double, bottom: Double, right: Double, top: Double) {
        (self.left, self.bottom, self.right, self.top) = (left, bottom, right, top)
    }

    /// - Returns: `nil` without points.
    init?(around points: some Sequence<PlanePoint>) {
        var box: PlaneBox?
        for p in points {
            guard let known = box else {
                box = PlaneBox(left: p.x, bottom: p.y, right: p.x, top: p.y)
                continue
            }
            box = PlaneBox(
                left: min(known.left, p.x), bottom: min(known.bottom, p.y), right: max(known.right, p.x),
                top: max(known.top, p.y))
        }
        guard let box else { return nil }
        self = box
    }

    func grown(by margin: Double) -> PlaneBox {
        PlaneBox(left: left - margin, bottom: bottom - margin, right: right + margin, top: top + margin)
    }

    func holds(_ p: PlanePoint) -> Bool { p.x >= left && p.x <= right && p.y >= bottom && p.y <= top }

    func meets(_ other: PlaneBox) -> Bool {
        left <= other.right && other.left <= right && bottom <= other.top && other.bottom <= top
    }

    var corners: [PlanePoint] {
        [
            PlanePoint(x: left, y: bottom), PlanePoint(x: right, y: bottom), PlanePoint(x: right, y: top),
            PlanePoint(x: left, y: top),
        ]
    }

    // MARK: Cutting

    private enum Side: CaseIterable { case left, right, bottom, top }

    /// How far a point lies inside one side; negative outside.
    private func depth(_ p: PlanePoint, _ side: Side) -> Double {
        switch side {
        case .left: p.x - left
        case .right: right - p.x
        case .bottom: p.y - bottom
        case .top: top - p.y
        }
    }

    /// The part of a ring within the box (Sutherland and Hodgman); the first point is not repeated. Empty when there is
    /// none.
    func cut(ring: [PlanePoint]) -> [PlanePoint] {
        var points = ring
        for side in Side.allCases where !points.isEmpty {
            var kept: [PlanePoint] = []
            var before = points[points.count - 1]
            for point in points {
                let (a, b) = (depth(before, side), depth(point, side))
                if (a < 0) != (b < 0) { kept.append(before + (point - before) * (a / (a - b))) }
                if b >= 0 { kept.append(point) }
                before = point
            }
            points = kept
        }
        return points.count >= 3 ? points : []
    }

    /// The parts of a line within the box.
    func cut(line: [PlanePoint]) -> [[PlanePoint]] {
        var parts: [[PlanePoint]] = []
        for (a, b) in zip(line, line.dropFirst()) {
            guard let (from, to) = cut(a, b) else { continue }
            if parts.last?.last == from { parts[parts.count - 1].append(to) } else { parts.append([from, to]) }
        }
        return parts
    }

    /// Liang and Barsky.
    private func cut(_ a: PlanePoint, _ b: PlanePoint) -> (PlanePoint, PlanePoint)? {
        var (start, end) = (0.0, 1.0)
        for side in Side.allCases {
            let (from, to) = (depth(a, side), depth(b, side))
            if from < 0, to < 0 { return nil }
            if from < 0 { start = max(start, from / (from - to)) }
            if to < 0 { end = min(end, from / (from - to)) }
        }
        guard start <= end else { return nil }
        return (start == 0 ? a : a + (b - a) * start, end == 1 ? b : a + (b - a) * end)
    }
}
