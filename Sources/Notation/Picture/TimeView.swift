import Kernel
import Separation

/// The windows of a conflict on one axis in Zulu, with what they share, or the gap between them and its minimum.
struct TimeView {
    private let account: ConflictAccount
    private let marks: PictureMarks
    private let frame: PictureFrame
    /// What the axis shows, in seconds since 1970.
    private let from: Double
    private let to: Double

    private var why: Explanation { account.why.worst.explanation }
    private var palette: PicturePalette { marks.palette }
    private var windows: [(side: PictureMarks.Side, window: TimeWindow)] {
        [(.first, account.firstVolume.window), (.second, account.secondVolume.window)]
    }

    init(_ account: ConflictAccount, _ marks: PictureMarks, _ frame: PictureFrame) {
        self.account = account
        self.marks = marks
        self.frame = frame
        let windows = [account.firstVolume.window, account.secondVolume.window]
        let minimum = Self.seconds(account.why.worst.explanation.minima.time)
        let starts = windows.map { Self.seconds($0.start) }
        let ends = windows.map { $0.end == .distantFuture ? nil : Self.seconds($0.end) }
        // A window without an end, or one that is much longer than the other, runs out of the picture.
        let lengths = zip(starts, ends).map { start, end in end.map { $0 - start } ?? .infinity }
        let short = lengths[0] <= lengths[1] ? 0 : 1
        let length = lengths[short].isFinite ? max(lengths[short], 600) : 6 * 3_600
        let start = starts[short]
        let end = start + length
        let other = (start: starts[1 - short], end: ends[1 - short] ?? .infinity)
        let air = max(length * 1.5, minimum * 1.4, 900)
        let reach = (low: start - air, high: end + air)
        // The near end of the other belongs in the picture, whatever the gap.
        let low = min(start, max(reach.low, min(other.start, other.end)), max(min(other.end, start), reach.low - 40 * air))
        let high = max(end, min(reach.high, max(other.start, other.end)), min(max(other.start, end), reach.high + 40 * air))
        let margin = max((high - low) * 0.05, min(minimum, (high - low) * 0.3))
        from = low - margin
        to = high + margin
    }

    private static func seconds(_ instant: UTCInstant) -> Double { Double(instant.microseconds) / 1e6 }
    private static func seconds(_ duration: Duration) -> Double { Double(duration.wholeMicroseconds) / 1e6 }

    private func x(_ seconds: Double) -> Double {
        frame.left + (min(max(seconds, from), to) - from) / (to - from) * frame.width
    }

    private func x(_ instant: UTCInstant) -> Double { x(Self.seconds(instant)) }

    var drawing: HTML {
        let title = marks.text("TIME, ZULU", PagePoint(x: 12, y: frame.top - 10), palette.muted, size: 12, isBold: true)
        return title + marks.box(frame, stroke: palette.frame) + axis + shared + .joined(windows.enumerated().map { draw($0, $1.side, $1.window) })
            + found
    }

    // MARK: Axis

    private static let steps: [Int64] = [60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000, 2_592_000]

    private var axis: HTML {
        let step = Self.steps.first { Double($0) >= (to - from) / 5 } ?? Self.steps[Self.steps.count - 1]
        let first = Int64((from / Double(step)).rounded(.up))
        let last = Int64((to / Double(step)).rounded(.down))
        guard first <= last, last - first < 40 else { return .nothing }
        var day: Substring = ""
        let ticks = (first...last).compactMap { count -> HTML? in
            let instant = UTCInstant(microseconds: count * step * 1_000_000)
            let at = x(instant)
            // A label there would run over the edge.
            guard at > frame.left + 14, at < frame.right - 20 else { return nil }
            let group = DateTimeGroup.format(instant)
            // `221917ZNOV26`: the day is written where it changes.
            let date = group.prefix(2) + group.suffix(5)
            defer { day = date }
            let clock = marks.text(
                String(group.dropFirst(2).prefix(5)), PagePoint(x: at, y: frame.bottom + 14), palette.muted, size: 11, anchor: .middle)
            let written =
                date == day
                ? HTML.nothing
                : marks.text("\(group.prefix(2)) \(group.suffix(5))", PagePoint(x: at, y: frame.bottom + 27), palette.muted, size: 11, anchor: .middle)
            return marks.line(PagePoint(x: at, y: frame.top), PagePoint(x: at, y: frame.bottom), palette.graticule, width: 0.8)
                + clock + written
        }
        return .joined(ticks)
    }

    // MARK: Windows

    private func row(_ i: Int) -> Double { frame.top + 12 + Double(i) * 46 }
    private static let height = 18.0

    private func draw(_ i: Int, _ side: PictureMarks.Side, _ window: TimeWindow) -> HTML {
        let isOpen = window.end == .distantFuture
        let left = x(window.start)
        let right = isOpen ? frame.right : x(window.end)
        let bar = PictureFrame(left: left, top: row(i), width: max(3, right - left), height: Self.height)
        let begins = Self.seconds(window.start) < from
        let ends = isOpen || Self.seconds(window.end) > to
        var drawn = [
            marks.box(bar, fill: palette.page),
            marks.box(bar, fill: "url(#\(side.pattern))"),
            marks.box(bar, stroke: marks.colour(side), width: 2.2, dashes: side.dashes, id: "window-\(side.letter)"),
        ]
        if begins { drawn.append(arrow(frame.left + 1, bar.top, -1, marks.colour(side))) }
        if ends { drawn.append(arrow(frame.right - 1, bar.top, 1, marks.colour(side))) }
        let end = isOpen ? "no stated end" : DateTimeGroup.format(window.end)
        let words = "\(DateTimeGroup.format(window.start)) – \(end)"
        let middle = min(max((bar.left + bar.right) / 2, frame.left + 110), frame.right - 110)
        drawn.append(
            marks.text(words, PagePoint(x: middle, y: bar.bottom + 14), palette.text, size: 12, anchor: .middle, halo: palette.page))
        drawn.append(marks.badge(side, PagePoint(x: frame.left - 18, y: bar.top + Self.height / 2)))
        return .joined(drawn)
    }

    /// That a window goes on beyond the picture.
    private func arrow(_ x: Double, _ top: Double, _ way: Double, _ colour: String) -> HTML {
        let tip = x + way * 9
        let d = "M\(PictureMarks.number(x)) \(PictureMarks.number(top))L\(PictureMarks.number(tip)) \(PictureMarks.number(top + Self.height / 2))L\(PictureMarks.number(x)) \(PictureMarks.number(top + Self.height))Z"
        return HTML.element("path", list: [("d", d), ("fill", colour)])
    }

    /// In a row of its own: what both windows cover, or the gap beside its minimum.
    private var shared: HTML {
        let y = row(2) + 2
        if let overlap = why.timeOverlap {
            let right = overlap.end == .distantFuture ? frame.right : x(overlap.end)
            let both = PictureFrame(left: x(overlap.start), top: y - 5, width: max(2, right - x(overlap.start)), height: 12)
            let edges = [both.left, both.right].map {
                marks.line(PagePoint(x: $0, y: frame.top), PagePoint(x: $0, y: both.bottom), palette.broken, width: 1, dashes: "3 3")
            }
            return .joined(edges) + marks.box(both, fill: "url(#hatch-both)", stroke: palette.broken, id: "time-overlap")
        }
        let sorted = windows.map(\.window).sorted { $0.start < $1.start }
        let (a, b) = (Self.seconds(sorted[0].end), Self.seconds(sorted[1].start))
        let minimum = Self.seconds(why.minima.time)
        let needed = PictureFrame(left: x(a), top: y - 4, width: x(a + minimum) - x(a), height: 8)
        return marks.box(needed, stroke: palette.broken, dashes: "2 3", id: "time-minimum")
            + marks.line(PagePoint(x: x(a), y: y), PagePoint(x: x(b), y: y), palette.broken, width: 3, id: "time-gap")
    }

    private var found: HTML {
        var words =
            why.timeOverlap.map { overlap in
                overlap.end == .distantFuture
                    ? "both from \(DateTimeGroup.format(overlap.start)) on"
                    : "both for \(QuantityText.span(overlap.end.duration(since: overlap.start)))"
            } ?? "\(QuantityText.span(why.timeGap, .down)) apart"
        if why.minima.time > .zero { words += ", minimum \(QuantityText.span(why.minima.time))" }
        return marks.text(
            words, PagePoint(x: frame.right, y: frame.top - 10), marks.colour(isBroken: why.isBroken(.time)), size: 12, anchor: .end, isBold: true)
    }
}
