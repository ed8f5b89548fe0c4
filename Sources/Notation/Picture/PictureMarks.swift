/// One panel of a picture: where it stands on the page, in the page's units.
struct PictureFrame {
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
}

/// A point of the page: to the right and down from its upper left corner.
typealias PagePoint = PlanePoint

/// The marks of which a picture is made. Whatever text is given is escaped.
struct PictureMarks {
    let palette: PicturePalette

    enum Anchor: String { case start, middle, end }

    /// How one of two sides is told from the other without its colour.
    enum Side {
        case first, second

        var letter: String { self == .first ? "A" : "B" }
        var dashes: String? { self == .first ? nil : "7 4" }
        var pattern: String { self == .first ? "hatch-a" : "hatch-b" }
    }

    func colour(_ side: Side) -> String { side == .first ? palette.first : palette.second }

    /// Red is for what is broken.
    func colour(isBroken: Bool) -> String { isBroken ? palette.broken : palette.text }

    static func number(_ value: Double) -> String { QuantityText.fixed(value, 2) }

    func line(
        _ a: PagePoint, _ b: PagePoint, _ stroke: String, width: Double = 1, dashes: String? = nil, id: String? = nil
    ) -> HTML {
        var list: [(StaticString, String)] = [
            ("x1", Self.number(a.x)), ("y1", Self.number(a.y)), ("x2", Self.number(b.x)), ("y2", Self.number(b.y)),
            ("stroke", stroke), ("stroke-width", Self.number(width)),
        ]
        if let dashes { list.append(("stroke-dasharray", dashes)) }
        if let id { list.append(("id", id)) }
        return HTML.element("line", list: list)
    }

    func box(
        _ frame: PictureFrame, fill: String = "none", stroke: String = "none", width: Double = 1, dashes: String? = nil,
        opacity: Double? = nil, id: String? = nil
    ) -> HTML {
        var list: [(StaticString, String)] = [
            ("x", Self.number(frame.left)), ("y", Self.number(frame.top)), ("width", Self.number(max(0, frame.width))),
            ("height", Self.number(max(0, frame.height))), ("fill", fill), ("stroke", stroke),
            ("stroke-width", Self.number(width)),
        ]
        if let dashes { list.append(("stroke-dasharray", dashes)) }
        if let opacity { list.append(("fill-opacity", Self.number(opacity))) }
        if let id { list.append(("id", id)) }
        return HTML.element("rect", list: list)
    }

    /// - Parameter halo: a colour around the letters, where they stand over something.
    func text(
        _ words: String, _ at: PagePoint, _ fill: String, size: Double = 13, anchor: Anchor = .start, isBold: Bool = false,
        halo: String? = nil
    ) -> HTML {
        var list: [(StaticString, String)] = [
            ("x", Self.number(at.x)), ("y", Self.number(at.y)), ("fill", fill), ("font-size", Self.number(size)),
            ("text-anchor", anchor.rawValue),
        ]
        if isBold { list.append(("font-weight", "bold")) }
        if let halo {
            list += [("stroke", halo), ("stroke-width", "3.5"), ("stroke-linejoin", "round"), ("paint-order", "stroke")]
        }
        return HTML.element("text", list: list, [HTML.plain(words)])
    }

    /// A letter in a disc, a square for the other side: which of the two it is.
    func badge(_ side: Side, _ at: PagePoint, size: Double = 10) -> HTML {
        let shape: HTML =
            side == .first
            ? HTML.element(
                "circle",
                list: [
                    ("cx", Self.number(at.x)), ("cy", Self.number(at.y)), ("r", Self.number(size)), ("fill", colour(side)),
                    ("stroke", palette.page), ("stroke-width", "1.5"),
                ])
            : box(
                PictureFrame(left: at.x - size * 0.9, top: at.y - size * 0.9, width: size * 1.8, height: size * 1.8),
                fill: colour(side), stroke: palette.page, width: 1.5)
        return shape
            + text(
                side.letter, PagePoint(x: at.x, y: at.y + size * 0.45), palette.page, size: size * 1.3, anchor: .middle,
                isBold: true)
    }

    static func path(_ lines: [[PagePoint]], isClosed: Bool) -> String {
        lines.filter { !$0.isEmpty }.map { points in
            "M" + points.map { "\(QuantityText.fixed($0.x, 1)) \(QuantityText.fixed($0.y, 1))" }.joined(separator: "L")
                + (isClosed ? "Z" : "")
        }.joined()
    }

    /// Hatching of both sides and of what both share.
    var patterns: HTML {
        func hatch(_ id: String, _ size: Double, _ marks: HTML, over fill: String? = nil) -> HTML {
            let whole = PictureFrame(left: 0, top: 0, width: size, height: size)
            return HTML.element(
                "pattern",
                list: [
                    ("id", id), ("patternUnits", "userSpaceOnUse"), ("width", Self.number(size)), ("height", Self.number(size)),
                ], (fill.map { [box(whole, fill: $0, opacity: 0.16)] } ?? []) + [marks])
        }
        func stroke(_ d: String, _ colour: String, _ width: String) -> HTML {
            HTML.element("path", list: [("d", d), ("stroke", colour), ("stroke-width", width), ("fill", "none")])
        }
        let dots = HTML.element("circle", list: [("cx", "4"), ("cy", "4"), ("r", "1.3"), ("fill", palette.second)])
        return hatch("hatch-a", 9, stroke("M-2 11L11 -2M-2 2L2 -2M7 11L11 7", palette.first, "1"), over: palette.first)
            + hatch("hatch-b", 8, dots, over: palette.second)
            + hatch("hatch-both", 7, stroke("M0 0L7 7M0 7L7 0", palette.broken, "1.4"))
            + hatch("hatch-unknown", 6, stroke("M0 3H6", palette.muted, "0.8"))
    }
}
