import Geodesy
import Kernel
import Records

/// The notices of a printed picture, numbered alike in the list and on the sketch.
struct NoticeSheet {
    private struct Line {
        let number: Int
        let notice: JSONValue
        let volumes: [StatedVolume?]

        var owner: String { notice.words("owner") }

        /// Of the volumes that can be read; `nil` when there is none.
        var start: UTCInstant? { volumes.compactMap { $0?.volume.window.start }.min() }
    }

    private let picture: PrintedPicture
    private let lines: [Line]

    /// What begins later than that stands in a table of its own.
    private static let horizon = Duration.hours(24)
    /// Positions that are written out for one volume; the sketch has the others.
    private static let positionsMost = 24

    init(_ picture: PrintedPicture) {
        self.picture = picture
        let read = picture.snapshot.items("notices").map { notice in
            Line(
                number: 0, notice: notice,
                volumes: notice.items("volumes").enumerated().map { try? StatedVolume($1, path: "volumes[\($0)]") })
        }
        // By time; what cannot be read comes first, where it is seen.
        let sorted = read.enumerated().sorted { a, b in
            let (x, y) = (a.element.start?.microseconds ?? .min, b.element.start?.microseconds ?? .min)
            return x != y ? x < y : a.offset < b.offset
        }
        lines = sorted.enumerated().map { index, line in
            Line(number: index + 1, notice: line.element.notice, volumes: line.element.volumes)
        }
    }

    private func isNear(_ line: Line) -> Bool {
        guard let now = picture.printedAt, let start = line.start else { return true }
        return start <= now.advanced(by: NoticeSheet.horizon)
    }

    private var owners: [String] { SortedSet(lines.map(\.owner)).elements }

    // MARK: Sheets

    var map: HTML {
        let shapes = lines.filter(isNear).flatMap { line in
            line.volumes.compactMap { volume in
                volume.map {
                    MapSketch.Shape(
                        label: "\(line.number)", footprint: $0.volume.footprint,
                        style: owners.firstIndex(of: line.owner) ?? 0)
                }
            }
        }
        guard let sketch = MapSketch(shapes) else { return .nothing }
        let key = owners.enumerated().map { index, owner in
            HTML.element(
                "svg", ["viewBox": "0 0 40 8", "width": "40", "height": "8", "aria-hidden": "true"],
                .element(
                    "line",
                    [
                        "x1": "0", "y1": "4", "x2": "40", "y2": "4", "stroke": "#000",
                        "stroke-dasharray": MapSketch.dashes[index % MapSketch.dashes.count],
                    ])) + HTML(markup: " ") + .text(owner)
        }
        return .heading("Sketch, in degrees of WGS 84; numbers as in the list")
            + .element("p", [:], .joined(key, by: HTML(markup: " &#160; "))) + sketch.html
    }

    var inForce: HTML {
        let near = lines.filter(isNear)
        guard !near.isEmpty else {
            return .heading("Notices in force and beginning within 24 hours") + .paragraph("None is held.")
        }
        return .heading("Notices in force and beginning within 24 hours") + .joined(near.map(block))
    }

    var later: HTML {
        let rows = lines.filter { !isNear($0) }.map { line -> [HTML] in
            let position = line.volumes.compactMap { $0?.volume.footprint.referencePoint }.first
            return [
                .text("\(line.number)"), .text(line.notice.words("id")) + picture.drill(line.notice), .text(line.owner),
                .text(line.notice.words("kind")), .text(line.start.map(DateTimeGroup.format) ?? "–"),
                .element("span", ["class": "mono"], .text(position.map(NoticeSheet.both) ?? "–")),
            ]
        }
        guard !rows.isEmpty else { return .nothing }
        return .heading("Notices that begin later") + .table(["no.", "notice", "party", "kind", "from", "reference"], rows)
    }

    // MARK: One notice

    private func block(_ line: Line) -> HTML {
        let notice = line.notice
        let title: HTML =
            .text("\(line.number)") + HTML(markup: ". ") + .text(notice.words("id")) + HTML(markup: " · ")
            + .text(line.owner) + HTML(markup: " · ") + .text(notice.words("kind")) + HTML(markup: " · version ")
            + .text("\(notice.whole("version"))") + HTML(markup: " · ") + .text(notice.words("status"))
            + picture.drill(notice)
        var rows: [HTML] = []
        func row(_ head: StaticString, _ content: HTML) {
            rows.append(.element("tr", [:], .element("th", ["scope": "row"], HTML(markup: head)), .element("td", [:], content)))
        }
        func row(_ head: StaticString, text: String) {
            if !text.isEmpty { row(head, .text(text)) }
        }
        row("on behalf of", text: notice.words("onBehalfOf"))
        for (index, volume) in line.volumes.enumerated() {
            let json = notice.items("volumes")[index]
            guard let volume else {
                row("volume", HTML(markup: "<b>cannot be read: </b>") + .text(json.text))
                continue
            }
            row(
                "when",
                .element("span", ["class": "mono"], .text("\(DateTimeGroup.format(volume.volume.window.start)) – \(DateTimeGroup.format(volume.volume.window.end))")))
            row("height", text: "\(AltitudeText.format(volume.volume.band.lower)) – \(AltitudeText.format(volume.volume.band.upper))")
            row("where", place(volume.volume.footprint))
            row("as stated", text: volume.original ?? "")
        }
        row("contact", text: notice.words("contact"))
        row("remarks", text: notice.words("remarks"))
        row("flags", text: notice.wordList("flags").joined(separator: ", "))
        if !notice.words("reviewBy").isEmpty { row("review by", picture.time(notice["reviewBy"])) }
        row("conflicts", text: notice.wordList("conflicts").map { String($0.prefix(16)) }.joined(separator: ", "))
        row("stands", text: notice.items("facts").map(standing).joined(separator: "; "))
        return .element(
            "div", ["class": "notice"], .element("h3", [:], title), .element("table", [:], .element("tbody", [:], rows)))
    }

    private func standing(_ fact: JSONValue) -> String {
        let party = fact.words("party")
        if !fact.words("acknowledgedAt").isEmpty { return "\(party) read it back (\(fact.words("acknowledgedBy")))" }
        if !fact.words("receiptedAt").isEmpty { return "\(party) holds it, not read back" }
        return fact.words("lodgedAt").isEmpty ? "\(party) does not hold it" : "\(party) does not hold it, a mediator does"
    }

    private func place(_ footprint: Footprint) -> HTML {
        let (shape, positions): (StaticString, [Position]) =
            switch footprint.core {
            case .point(let position): (footprint.radiusM > 0 ? "circle" : "point", [position])
            case .line(let positions): (footprint.radiusM > 0 ? "corridor" : "line", positions)
            case .polygon(let positions): ("polygon", positions)
            }
        var parts = [HTML(markup: shape)]
        if footprint.radiusM > 0 { parts[0] = parts[0] + .text(", \(Int64(footprint.radiusM.rounded())) m around") }
        parts += positions.prefix(NoticeSheet.positionsMost).map {
            .element("span", ["class": "mono"], .text(NoticeSheet.both($0)))
        }
        if positions.count > NoticeSheet.positionsMost {
            parts.append(.text("and \(positions.count - NoticeSheet.positionsMost) more positions, not printed"))
        }
        return .joined(parts, by: HTML(markup: "<br/>"))
    }

    /// MGRS and degrees.
    private static func both(_ position: Position) -> String {
        "\(CoordinateText.format(position, as: .mgrs))  \(CoordinateText.format(position, as: .decimalDegrees))"
    }
}
