import Foundation
import Geodesy
import Separation

/// The altitude bands of a conflict side by side, as heights above the ellipsoid, with what is not known of their ends, and
/// the gap beside its minimum.
struct ProfileView {
    private let account: ConflictAccount
    private let marks: PictureMarks
    private let frame: PictureFrame
    private let bands: [Band]

    private struct Band {
        let side: PictureMarks.Side
        let band: AltitudeBand
        /// Metres; for either end the interval in which it lies.
        let lowerM: ClosedRange<Double>
        let upperM: ClosedRange<Double>

        var reachM: ClosedRange<Double> { lowerM.lowerBound...max(lowerM.lowerBound, upperM.upperBound) }
    }

    private let low: Double
    private let high: Double
    /// Every end is a flight level: these are compared as they stand, and drawn so.
    private let isPressure: Bool

    private var why: Explanation { account.why.worst.explanation }
    private var palette: PicturePalette { marks.palette }

    init(_ account: ConflictAccount, _ marks: PictureMarks, _ frame: PictureFrame) {
        self.account = account
        self.marks = marks
        self.frame = frame
        let volumes: [(PictureMarks.Side, Volume4D)] = [(.first, account.firstVolume), (.second, account.secondVolume)]
        let extents = volumes.map { VerticalExtent($0.1.band, over: $0.1.footprint, account.reference) }
        let ends = extents.flatMap { [$0.lowerPressureM, $0.upperPressureM] }
        let isPressure = ends.allSatisfy { $0 != nil }
        self.isPressure = isPressure
        bands = zip(volumes, extents).map { volume, extent in
            if isPressure, let low = extent.lowerPressureM, let high = extent.upperPressureM {
                return Band(side: volume.0, band: volume.1.band, lowerM: low...low, upperM: high...high)
            }
            return Band(side: volume.0, band: volume.1.band, lowerM: extent.lowerM, upperM: extent.upperM)
        }
        let lows = bands.map(\.reachM.lowerBound)
        let highs = bands.map(\.reachM.upperBound)
        let (bottom, top) = (min(lows[0], lows[1]), max(highs[0], highs[1]))
        let margin = max(30, (top - bottom) * 0.06)
        low = bottom - margin
        high = top + margin
    }

    private func y(_ metres: Double) -> Double { frame.bottom - (metres - low) / (high - low) * frame.height }

    private func x(_ side: PictureMarks.Side) -> Double { side == .first ? frame.left + 46 : frame.right - 10 - Self.width }
    private static let width = 46.0

    var drawing: HTML {
        let title = marks.text("ALTITUDE", PagePoint(x: 12, y: frame.top - 10), palette.muted, size: 12, isBold: true)
        let datum = marks.text(
            isPressure ? "as flight levels, which compare as they stand" : "height above the WGS 84 ellipsoid",
            PagePoint(x: frame.left, y: frame.bottom + 14), palette.muted, size: 10.5)
        return title + datum + marks.box(frame, stroke: palette.frame) + axis + .joined(bands.map(draw)) + gap
    }

    private var axis: HTML {
        let step = PlanView.niceLength((high - low) / 4)
        let first = (low / step).rounded(.up)
        let last = (high / step).rounded(.down)
        let ticks = stride(from: first, through: last, by: 1).map { count -> HTML in
            let metres = count * step
            let at = y(metres)
            return marks.line(
                PagePoint(x: frame.left, y: at), PagePoint(x: frame.right, y: at), palette.graticule, width: 0.8)
                + marks.text(
                    "\(Int64(metres)) m", PagePoint(x: frame.left - 5, y: at + 4), palette.muted, size: 11, anchor: .end)
                + marks.text(
                    "\(Int64((metres / 0.3048).rounded())) ft", PagePoint(x: frame.right + 5, y: at + 4), palette.muted, size: 11)
        }
        return .joined(ticks)
    }

    private func draw(_ drawn: Band) -> HTML {
        let (side, band, extent) = (drawn.side, drawn.band, drawn)
        let left = x(side)
        func part(_ range: ClosedRange<Double>, _ fill: String, _ opacity: Double?) -> HTML {
            marks.box(
                PictureFrame(left: left, top: y(range.upperBound), width: Self.width, height: y(range.lowerBound) - y(range.upperBound)),
                fill: fill, opacity: opacity)
        }
        let reach = extent.reachM
        let certain = extent.lowerM.upperBound <= extent.upperM.lowerBound ? extent.lowerM.upperBound...extent.upperM.lowerBound : nil
        let height = max(1.5, y(reach.lowerBound) - y(reach.upperBound))
        let whole = PictureFrame(left: left, top: y(reach.upperBound), width: Self.width, height: height)
        var parts: [HTML] = [part(reach, "url(#hatch-unknown)", nil)]
        if let certain {
            parts.append(part(certain, palette.page, nil))
            parts.append(part(certain, "url(#\(side.pattern))", nil))
        }
        parts.append(marks.box(whole, stroke: marks.colour(side), width: 2.2, dashes: side.dashes, id: "band-\(side.letter)"))
        let middle = left + Self.width / 2
        parts.append(marks.badge(side, PagePoint(x: middle, y: min(max(whole.top + height / 2, frame.top + 14), frame.bottom - 14))))
        // Ends as they were stated, each with its datum, clear of each other however thin the band is.
        let isFirst = side == .first
        let beside = isFirst ? left + Self.width + 6 : left - 6
        let top = min(max(whole.top + 5, frame.top + 13), frame.bottom - 20)
        let bottom = max(min(whole.bottom + 4, frame.bottom - 4), top + 15)
        for (altitude, y) in [(band.upper, top), (band.lower, bottom)] {
            parts.append(
                marks.text(
                    AltitudeText.format(altitude), PagePoint(x: beside, y: y), palette.text, size: 11.5, anchor: isFirst ? .start : .end,
                    halo: palette.page))
        }
        return .joined(parts)
    }

    // MARK: The gap

    private var gap: HTML {
        let at = frame.left + 20
        guard case .metres(let minimum) = why.minima.vertical else {
            return note("no altitude separates these kinds")
        }
        let found = why.verticalGapM.lowerBound
        let meet = why.verticalGapM.upperBound <= 0 ? "bands meet" : "bands may meet"
        let words = found < 0 ? meet : "gap at least \(QuantityText.height(found, .down))"
        guard found >= 0, let (below, above) = facing else {
            return note("\(words), minimum \(QuantityText.height(minimum))")
        }
        let from = y(below)
        let to = y(above)
        let bracket = marks.line(PagePoint(x: at, y: from), PagePoint(x: at, y: to), palette.broken, width: 3, id: "altitude-gap")
            + marks.line(PagePoint(x: at - 7, y: from), PagePoint(x: at + 7, y: from), palette.broken, width: 2)
            + marks.line(PagePoint(x: at - 7, y: to), PagePoint(x: at + 7, y: to), palette.broken, width: 2)
        let needed = PictureFrame(
            left: at - 4, top: max(frame.top, y(below + minimum)), width: 8, height: from - max(frame.top, y(below + minimum)))
        return marks.box(needed, stroke: palette.broken, dashes: "2 3", id: "altitude-minimum") + bracket
            + note("\(words), minimum \(QuantityText.height(minimum))")
    }

    /// The end of the lower band and that of the upper one that face each other.
    private var facing: (below: Double, above: Double)? {
        let (a, b) = (bands[0], bands[1])
        if a.upperM.upperBound <= b.lowerM.lowerBound { return (a.upperM.upperBound, b.lowerM.lowerBound) }
        if b.upperM.upperBound <= a.lowerM.lowerBound { return (b.upperM.upperBound, a.lowerM.lowerBound) }
        return nil
    }

    private func note(_ words: String) -> HTML {
        marks.text(
            words, PagePoint(x: ConflictPicture.width - 12, y: frame.top - 10), marks.colour(isBroken: why.isBroken(.vertical)), size: 12, anchor: .end, isBold: true)
    }
}
