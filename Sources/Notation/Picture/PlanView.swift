import Foundation
import Geodesy
import Kernel
import Separation

/// The plan of a conflict: both notices on the base map, where they come nearest, and the area that the minimum keeps
/// free around the first.
struct PlanView {
    let account: ConflictAccount
    let marks: PictureMarks
    let frame: PictureFrame
    private let plane: PlaneProjection
    private let box: PlaneBox
    private let isWhole: Bool
    private let map: PictureBaseMap

    var why: Explanation { account.why.worst.explanation }
    var palette: PicturePalette { marks.palette }
    /// Page units a metre.
    private var scale: Double { frame.width / box.width }
    private var finestM: Double { 0.4 / scale }

    /// A plan in which what matters would be smaller than this share of it shows the place of the conflict instead, and
    /// the whole beside it.
    private static let smallestShare = 0.09

    init(_ account: ConflictAccount, _ map: PictureBaseMap, _ marks: PictureMarks, _ frame: PictureFrame) {
        self.account = account
        self.map = map
        self.marks = marks
        self.frame = frame
        let why = account.why.worst.explanation
        plane = PlanView.plane(why)
        let coarse = PlanView.reach(account, plane)
        let focus = PlanView.focusM(account, why)
        let aspect = frame.height / frame.width
        let whole = PlanView.fitted(coarse.grown(by: 0.07 * max(coarse.width, coarse.height, 200)), aspect)
        isWhole = focus / whole.width >= PlanView.smallestShare
        let half = focus * 1.9
        box =
            isWhole
            ? whole
            : PlaneBox(left: -half, bottom: -half * aspect, right: half, top: half * aspect)
    }

    /// Around the middle of the line between the nearest points, so that this line is drawn to scale.
    private static func plane(_ why: Explanation) -> PlaneProjection {
        let way = Geodesic.inverse(why.nearestOnFirst, why.nearestOnSecond)
        let middle = Geodesic.destination(
            from: why.nearestOnFirst, bearingDeg: way.startBearingDeg, distanceM: way.distanceM / 2)
        return PlaneProjection(centre: middle ?? why.nearestOnFirst)
    }

    /// The box around both volumes.
    private static func reach(_ account: ConflictAccount, _ plane: PlaneProjection) -> PlaneBox {
        var points = [account.firstVolume, account.secondVolume].flatMap {
            PlaneShape($0.footprint, plane, finestM: max(20, $0.footprint.radiusM / 40)).points
        }
        // As far from the first as the second ought to keep, where that lies near enough.
        let why = account.why.worst.explanation
        let (from, to) = (plane.place(why.nearestOnFirst), plane.place(why.nearestOnSecond))
        if let known = PlaneBox(around: points), (to - from).length > 1, why.minima.horizontalM < 2 * known.width {
            points.append(from + (to - from) * (why.minima.horizontalM / (to - from).length))
        }
        return PlaneBox(around: points) ?? PlaneBox(left: -1_000, bottom: -1_000, right: 1_000, top: 1_000)
    }

    /// Metres across which the gap and its minimum, or the smaller of the two, fill a good part of a plan.
    private static func focusM(_ account: ConflictAccount, _ why: Explanation) -> Double {
        let sizes = [account.firstVolume, account.secondVolume].map { 2 * $0.footprint.boundingCap.radiusM }
        let smaller = min(sizes[0], sizes[1])
        return max(200, why.horizontal.lowerM, min(why.minima.horizontalM, 4 * max(smaller, 500)), min(smaller, 100_000))
    }

    private static func fitted(_ box: PlaneBox, _ aspect: Double) -> PlaneBox {
        let width = max(box.width, box.height / aspect, 400)
        let (m, w, h) = (box.middle, width / 2, width * aspect / 2)
        return PlaneBox(left: m.x - w, bottom: m.y - h, right: m.x + w, top: m.y + h)
    }

    // MARK: Drawing

    func page(_ p: PlanePoint) -> PagePoint {
        PagePoint(x: frame.left + (p.x - box.left) * scale, y: frame.top + (box.top - p.y) * scale)
    }

    func page(_ position: Position) -> PagePoint { page(plane.place(position)) }

    var drawing: HTML {
        let clip = HTML.element(
            "clipPath", list: [("id", "plan-frame")],
            [marks.box(frame, fill: palette.page)])
        let inside = HTML.element(
            "g", list: [("clip-path", "url(#plan-frame)")], [ground, graticule.lines, shapes, places, nearest])
        let inset = isWhole ? HTML.nothing : overview
        return HTML.element("defs", list: [], [clip]) + inside + graticule.labels + inset + north + scaleBar
            + marks.box(frame, stroke: palette.frame)
    }

    private var ground: HTML {
        let view = BaseMapView(map, plane, box.grown(by: box.width * 0.02), finestM: finestM)
        func area(_ rings: [[PlanePoint]], _ fill: String) -> HTML {
            rings.isEmpty
                ? .nothing
                : HTML.element(
                    "path", list: [("d", PictureMarks.path(rings.map { $0.map(page) }, isClosed: true)), ("fill", fill)])
        }
        func lines(_ layer: PictureBaseMap.Layer, _ stroke: String, _ width: String, _ dashes: String?) -> HTML {
            let parts = view.lines.filter { $0.layer == layer }.map { $0.line.map(page) }
            guard !parts.isEmpty else { return .nothing }
            var list: [(StaticString, String)] = [
                ("d", PictureMarks.path(parts, isClosed: false)), ("fill", "none"), ("stroke", stroke), ("stroke-width", width),
            ]
            if let dashes { list.append(("stroke-dasharray", dashes)) }
            return HTML.element("path", list: list)
        }
        return marks.box(frame, fill: palette.unknown) + area(view.ground.isEmpty ? [] : [view.ground], palette.sea)
            + area(view.areas.filter { $0.layer == .countries }.map(\.ring), palette.land)
            + area(view.areas.filter { $0.layer == .lakes }.map(\.ring), palette.sea)
            + lines(.rivers, palette.river, "1", nil) + lines(.coastline, palette.coast, "1.1", nil)
            + lines(.borders, palette.border, "1.2", "5 3") + (view.ground.isEmpty ? noData : .nothing)
    }

    private var noData: HTML {
        marks.text(
            "no base map data here", PagePoint(x: frame.right - 8, y: frame.bottom - 8), palette.muted, size: 10.5, anchor: .end)
    }

    /// Named places in view: at most a dozen, and none on another's name.
    private var places: HTML {
        var taken: [PagePoint] = []
        var drawn: [HTML] = []
        for place in map.places where drawn.count < 12 {
            let plan = plane.place(place.position)
            guard box.holds(plan) else { continue }
            let at = page(plan)
            guard !taken.contains(where: { abs($0.x - at.x) < 110 && abs($0.y - at.y) < 15 }) else { continue }
            taken.append(at)
            let isRight = at.x > frame.right - 120
            let mark = "M\(PictureMarks.number(at.x - 4)) \(PictureMarks.number(at.y))h8M\(PictureMarks.number(at.x)) \(PictureMarks.number(at.y - 4))v8"
            drawn.append(
                HTML.element("path", list: [("d", mark), ("stroke", palette.muted), ("stroke-width", "1.6"), ("fill", "none")])
                    + marks.text(
                        place.name, PagePoint(x: at.x + (isRight ? -7 : 7), y: at.y + 4), palette.muted, size: 11,
                        anchor: isRight ? .end : .start, halo: palette.page))
        }
        return .joined(drawn)
    }

    private var graticule: (lines: HTML, labels: HTML) {
        let lines = PlanGraticule(plane, box).lines
        let path = PictureMarks.path(lines.flatMap { $0.parts.map { $0.map(page) } }, isClosed: false)
        let drawn = HTML.element(
            "path", list: [("d", path), ("fill", "none"), ("stroke", palette.graticule), ("stroke-width", "0.8")])
        return (drawn, PlanLabels(lines.map { ($0.label, $0.isMeridian, $0.parts.map { $0.map(page) }) }, frame, marks).drawing)
    }

    // MARK: The two notices

    private func shape(_ volume: Volume4D, grownByM: Double = 0) -> [[PagePoint]] {
        let shape = PlaneShape(volume.footprint, grownByM: grownByM, plane, finestM: finestM)
        let reach = box.grown(by: box.width * 0.1)
        return shape.rings.map(reach.cut(ring:)).filter { !$0.isEmpty }.map { $0.map(page) }
    }

    private func bare(_ volume: Volume4D) -> [[PagePoint]] {
        let points = PlaneShape(volume.footprint, plane, finestM: finestM).bare
        let reach = box.grown(by: box.width * 0.1)
        return points.count == 1 ? (reach.holds(points[0]) ? [[page(points[0])]] : []) : reach.cut(line: points).map { $0.map(page) }
    }

    private var shapes: HTML {
        let first = area(.first, account.first, account.why.worst.first)
        let second = area(.second, account.second, account.why.worst.second)
        return keptFree + first + second + shared
    }

    /// What the minimum keeps free around the first: where the second reaches into it, it is broken.
    private var keptFree: HTML {
        guard why.minima.horizontalM > 0 else { return .nothing }
        let rings = shape(account.firstVolume, grownByM: why.minima.horizontalM)
        return outline(rings, palette.broken, width: "1.4", dashes: "2 5", id: "kept-free")
    }

    private func area(_ side: PictureMarks.Side, _ of: ConflictAccount.Side, _ chosen: Int) -> HTML {
        let others = of.volumes.indices.filter { $0 != chosen }.prefix(64).map { i in
            HTML.element(
                "path",
                list: [
                    ("d", PictureMarks.path(shape(of.volumes[i]), isClosed: true)), ("fill", marks.colour(side)),
                    ("fill-opacity", "0.1"),
                ])
        }
        let rings = shape(of.volumes[chosen])
        let d = PictureMarks.path(rings, isClosed: true)
        let fill = HTML.element("path", list: [("d", d), ("fill", "url(#\(side.pattern))")])
        let bare = bare(of.volumes[chosen]).map { line in
            line.count == 1
                ? HTML.element(
                    "circle",
                    list: [
                        ("cx", PictureMarks.number(line[0].x)), ("cy", PictureMarks.number(line[0].y)), ("r", "4"),
                        ("fill", marks.colour(side)),
                    ])
                : HTML.element(
                    "path",
                    list: [
                        ("d", PictureMarks.path([line], isClosed: false)), ("fill", "none"), ("stroke", marks.colour(side)),
                        ("stroke-width", "2.6"),
                    ])
        }
        let own = rings.isEmpty ? [] : [fill, outline(rings, marks.colour(side), width: "2.4", dashes: side.dashes, id: "outline-\(side.letter)")]
        return .joined(others + own + bare)
    }

    /// The outer edge only: edges within the union lie under a mask.
    private func outline(_ rings: [[PagePoint]], _ stroke: String, width: String, dashes: String?, id: String) -> HTML {
        guard !rings.isEmpty else { return .nothing }
        let d = PictureMarks.path(rings, isClosed: true)
        var list: [(StaticString, String)] = [
            ("d", d), ("fill", "none"), ("stroke", stroke), ("stroke-width", QuantityText.fixed((Double(width) ?? 1) * 2, 1)),
            ("id", id),
        ]
        if let dashes { list.append(("stroke-dasharray", dashes)) }
        // A single ring needs no mask, and keeps its edge where it is.
        guard rings.count > 1 else {
            list[3] = ("stroke-width", width)
            return HTML.element("path", list: list)
        }
        let within = HTML.element("path", list: [("d", d), ("fill", "#000")])
        let mask = HTML.element(
            "mask", list: [("id", "mask-\(id)"), ("maskUnits", "userSpaceOnUse"), ("x", "-2000"), ("y", "-2000"), ("width", "6000"), ("height", "6000")],
            [marks.box(PictureFrame(left: -2_000, top: -2_000, width: 6_000, height: 6_000), fill: "#fff"), within])
        return HTML.element("defs", list: [], [mask]) + HTML.element("path", list: list + [("mask", "url(#mask-\(id))")])
    }

    /// Where both lie, cross-hatched.
    private var shared: HTML {
        guard why.horizontal.lowerM <= 0 else { return .nothing }
        let (a, b) = (shape(account.firstVolume), shape(account.secondVolume))
        guard !a.isEmpty, !b.isEmpty else { return .nothing }
        let clip = HTML.element(
            "clipPath", list: [("id", "within-b")],
            [HTML.element("path", list: [("d", PictureMarks.path(b, isClosed: true))])])
        return HTML.element("defs", list: [], [clip])
            + HTML.element(
                "path",
                list: [
                    ("d", PictureMarks.path(a, isClosed: true)), ("fill", "url(#hatch-both)"), ("clip-path", "url(#within-b)"),
                    ("id", "shared"),
                ])
    }

    // MARK: What makes it a map

    /// The whole of both, with the frame of the plan.
    private var overview: HTML {
        let inset = PictureFrame(left: frame.right - 118, top: frame.top + 8, width: 110, height: 110 * frame.height / frame.width)
        return OverviewView(account, plane, box, marks, inset).drawing
    }

    private var north: HTML {
        let at = PagePoint(x: frame.left + 20, y: frame.top + 40)
        let arrow = "M\(PictureMarks.number(at.x)) \(PictureMarks.number(at.y - 20))l7 22l-7 -5l-7 5Z"
        return HTML.element(
            "path", list: [("d", arrow), ("fill", palette.text), ("stroke", palette.page), ("stroke-width", "1.5"), ("id", "north")])
            + marks.text("N", PagePoint(x: at.x, y: at.y - 23), palette.text, size: 13, anchor: .middle, isBold: true, halo: palette.page)
    }

    private var scaleBar: HTML {
        let metres = Self.niceLength(box.width * 0.3)
        let length = metres * scale
        let bar = PictureFrame(left: frame.left + 12, top: frame.bottom - 16, width: length, height: 5)
        let half = PictureFrame(left: bar.left, top: bar.top, width: length / 2, height: 5)
        let label = metres < 1_000 ? "\(Int64(metres)) m" : "\(QuantityText.fixed(metres / 1_000, 0)) km"
        let miles = "\(QuantityText.fixed(metres / 1_852, metres < 18_520 ? 2 : 1)) NM"
        return marks.box(bar, fill: palette.page, stroke: palette.text, width: 1.2, id: "scale-bar")
            + marks.box(half, fill: palette.text)
            + marks.text(
                "\(label) = \(miles)", PagePoint(x: bar.left, y: bar.top - 5), palette.text, size: 12, halo: palette.page)
    }

    /// The largest of 1, 2 and 5 times a power of ten that is not longer.
    static func niceLength(_ most: Double) -> Double {
        var step = 1.0
        while step * 10 <= most { step *= 10 }
        return step * (most >= step * 5 ? 5 : most >= step * 2 ? 2 : 1)
    }
}
