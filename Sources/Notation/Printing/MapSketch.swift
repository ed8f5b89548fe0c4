import Foundation
import Geodesy

/// A plan of areas on a graticule, as SVG in black on white: longitude shortened by the cosine of the middle
/// latitude, edges straight. A help to find the numbers of a list, nothing to measure on.
struct MapSketch {
    struct Shape {
        /// Shown beside it.
        let label: String
        let footprint: Footprint
        /// 0 for the first party and so on: which dashes its outline has.
        let style: Int
    }

    private struct Point {
        var x: Double
        var y: Double
    }

    static let dashes = ["", "7 4", "2 3", "10 3 2 3", "1 5"]
    private static let width = 680.0
    private static let heightMost = 560.0
    private static let margin = 42.0
    private static let metresPerDegree = 111_195.0
    /// In degrees; the coarsest that still has three lines is taken.
    private static let steps = [30, 20, 10, 5, 2, 1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01]

    private let shapes: [Shape]
    private let west: Double
    private let south: Double
    private let spanX: Double
    private let spanY: Double
    private let scale: Double
    private let squeeze: Double

    /// - Returns: `nil` without shapes.
    init?(_ shapes: [Shape]) {
        guard let first = shapes.first else { return nil }
        self.shapes = shapes
        let middle = MapSketch.positions(first.footprint)[0].longitudeDeg
        var box = (west: Double.infinity, east: -Double.infinity, south: Double.infinity, north: -Double.infinity)
        for shape in shapes {
            for position in MapSketch.positions(shape.footprint) {
                let x = MapSketch.unwrapped(position.longitudeDeg, around: middle)
                let reach = shape.footprint.radiusM / MapSketch.metresPerDegree
                let reachX = reach / MapSketch.cosine(position.latitudeDeg)
                box = (
                    min(box.west, x - reachX), max(box.east, x + reachX), min(box.south, position.latitudeDeg - reach),
                    max(box.north, position.latitudeDeg + reach)
                )
            }
        }
        // At least 0.2° high and wide, and a tenth of air around.
        let padY = max(0.1 * (box.north - box.south), (0.2 - (box.north - box.south)) / 2, 0.01)
        let padX = max(0.1 * (box.east - box.west), (0.2 - (box.east - box.west)) / 2, 0.01)
        west = box.west - padX
        south = max(-90, box.south - padY)
        spanX = min(360, box.east - box.west + 2 * padX)
        spanY = min(90, box.north + padY) - south
        squeeze = MapSketch.cosine(south + spanY / 2)
        scale = min(MapSketch.width / (spanX * squeeze), MapSketch.heightMost / spanY)
    }

    var html: HTML {
        let (w, h) = (spanX * squeeze * scale, spanY * scale)
        let viewBox = "\(-MapSketch.margin) -14 \(w + MapSketch.margin + 14) \(h + 40)"
        let frame = HTML.element(
            "rect", ["x": "0", "y": "0", "width": number(w), "height": number(h), "fill": "none", "stroke": "#000"])
        let drawn = shapes.map(draw)
        return HTML.element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": viewBox, "class": "map", "role": "img",
                "aria-label": "Sketch of the notices",
            ], graticule(w, h) + frame, .joined(drawn.map(\.area)), .joined(drawn.map(\.label)))
    }

    // MARK: Graticule

    private func graticule(_ w: Double, _ h: Double) -> HTML {
        var parts: [HTML] = []
        for (value, text) in lines(from: south, span: spanY, letters: ("N", "S")) {
            let y = number((south + spanY - value) * scale)
            parts.append(line("0", y, number(w), y))
            parts.append(caption(text, x: "-4", y: y, anchor: "end"))
        }
        for (value, text) in lines(from: west, span: spanX, letters: ("E", "W")) {
            let x = number((value - west) * squeeze * scale)
            parts.append(line(x, "0", x, number(h)))
            parts.append(caption(text, x: x, y: number(h + 14), anchor: "middle"))
        }
        return .joined(parts)
    }

    private func lines(
        from low: Double, span: Double, letters: (String, String)
    ) -> [(value: Double, text: String)] {
        let step = MapSketch.steps.first { span / $0 >= 3 } ?? 0.01
        let first = (low / step).rounded(.up)
        return stride(from: first, through: ((low + span) / step).rounded(.down), by: 1).map { count in
            let value = count * step
            let shown = letters.0 == "E" ? MapSketch.unwrapped(value, around: 0) : value
            let decimals = step >= 1 ? 0 : 2
            let text = String(format: "%.\(decimals)f°", abs(shown))
            return (value, text + (abs(shown) < 1e-9 ? "" : shown > 0 ? letters.0 : letters.1))
        }
    }

    private func line(_ x1: String, _ y1: String, _ x2: String, _ y2: String) -> HTML {
        .element("line", ["x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": "#bbb", "stroke-width": "0.6"])
    }

    private func caption(_ text: String, x: String, y: String, anchor: String) -> HTML {
        .element("text", ["x": x, "y": y, "font-size": "9", "text-anchor": anchor], HTML.plain(text))
    }

    // MARK: Shapes

    private func draw(_ shape: Shape) -> (area: HTML, label: HTML) {
        let points = MapSketch.positions(shape.footprint).map(place)
        let radius = shape.footprint.radiusM / MapSketch.metresPerDegree * scale
        let dash = MapSketch.dashes[shape.style % MapSketch.dashes.count]
        let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        let area: HTML
        switch shape.footprint.core {
        case .point:
            area = .element(
                "circle",
                [
                    "cx": number(points[0].x), "cy": number(points[0].y), "r": number(max(3, radius)),
                    "fill": "#000", "fill-opacity": "0.06", "stroke": "#000", "stroke-dasharray": dash,
                ])
        case .line:
            let corridor = HTML.element(
                "polyline",
                [
                    "points": list, "fill": "none", "stroke": "#000", "stroke-opacity": "0.12",
                    "stroke-width": number(max(2, 2 * radius)), "stroke-linejoin": "round", "stroke-linecap": "round",
                ])
            area = corridor + .element(
                "polyline", ["points": list, "fill": "none", "stroke": "#000", "stroke-dasharray": dash])
        case .polygon:
            let rim = HTML.element(
                "polygon",
                [
                    "points": list, "fill": "none", "stroke": "#000", "stroke-opacity": "0.12",
                    "stroke-width": number(2 * radius), "stroke-linejoin": "round",
                ])
            area = rim + .element(
                "polygon",
                ["points": list, "fill": "#000", "fill-opacity": "0.06", "stroke": "#000", "stroke-dasharray": dash])
        }
        let x = points.map(\.x).reduce(0, +) / Double(points.count)
        let y = points.map(\.y).reduce(0, +) / Double(points.count)
        let label = HTML.element(
            "text",
            [
                "x": number(x), "y": number(y + 4), "font-size": "12", "font-weight": "bold", "text-anchor": "middle",
                "stroke": "#fff", "stroke-width": "3", "paint-order": "stroke",
            ], HTML.plain(shape.label))
        return (area, label)
    }

    private func place(_ position: Position) -> Point {
        let x = MapSketch.unwrapped(position.longitudeDeg, around: west + spanX / 2)
        return Point(x: (x - west) * squeeze * scale, y: (south + spanY - position.latitudeDeg) * scale)
    }

    private func number(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func positions(_ footprint: Footprint) -> [Position] {
        switch footprint.core {
        case .point(let position): [position]
        case .line(let positions), .polygon(let positions): positions
        }
    }

    /// Within 180° of another, so that an area across the antimeridian stays in one piece.
    private static func unwrapped(_ longitudeDeg: Double, around middle: Double) -> Double {
        longitudeDeg - 360 * ((longitudeDeg - middle) / 360).rounded()
    }

    /// Never so small that a pole makes the plan endless.
    private static func cosine(_ latitudeDeg: Double) -> Double { max(0.05, cos(latitudeDeg * .pi / 180)) }
}
