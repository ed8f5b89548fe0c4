import Foundation
import Geodesy

/// Meridians and parallels of a plan, at steps that leave a few of each in view.
struct PlanGraticule {
    struct Line {
        let label: String
        let isMeridian: Bool
        let parts: [[PlanePoint]]
    }

    let lines: [Line]

    private static let steps = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]

    init(_ plane: PlaneProjection, _ box: PlaneBox) {
        // What the view spans is read off a lattice of its points.
        var samples: [Position] = []
        for i in 0...16 {
            for k in 0...16 {
                let x = box.left + box.width * Double(i) / 16
                let y = box.bottom + box.height * Double(k) / 16
                samples.append(plane.position(PlanePoint(x: x, y: y)))
            }
        }
        let poles = [90.0, -90.0].compactMap { Position(latitudeDeg: $0, longitudeDeg: 0) }
        let pole = poles.first { box.holds(plane.place($0)) }
        var latitudes: [Double] = samples.map(\.latitudeDeg)
        if let pole { latitudes.append(pole.latitudeDeg) }
        let south = latitudes.min() ?? 0
        let north = latitudes.max() ?? 0
        let middle = plane.centre.longitudeDeg
        let east: [Double] = samples.map { ($0.longitudeDeg - middle).remainder(dividingBy: 360) }
        let (least, most) = (east.min() ?? 0, east.max() ?? 0)
        let isRound = pole != nil || most - least > 300
        let westmost: Double = isRound ? -180 : least
        let eastmost: Double = isRound ? 180 : most

        let latStep = Self.step(north - south)
        let lonStep = isRound ? 30 : Self.step(eastmost - westmost)
        var lines: [Line] = []
        for count in Self.multiples(of: latStep, from: south, to: north) where abs(Double(count) * latStep) < 90 {
            let latitude = Double(count) * latStep
            let path: [PlanePoint] = (0...96).compactMap { k in
                Self.at(latitude, middle + westmost + (eastmost - westmost) * Double(k) / 96).map(plane.place)
            }
            lines.append(
                Line(label: Self.label(latitude, latStep, "N", "S"), isMeridian: false, parts: box.cut(line: path)))
        }
        let last = middle + eastmost - (isRound ? lonStep / 2 : 0)
        for count in Self.multiples(of: lonStep, from: middle + westmost, to: last) {
            let longitude = Double(count) * lonStep
            let path: [PlanePoint] = (0...24).compactMap { k in
                Self.at(south + (north - south) * Double(k) / 24, longitude).map(plane.place)
            }
            let shown = longitude.remainder(dividingBy: 360)
            lines.append(
                Line(label: Self.label(shown, lonStep, "E", "W"), isMeridian: true, parts: box.cut(line: path)))
        }
        self.lines = lines.filter { !$0.parts.isEmpty }
    }

    private static func at(_ latitude: Double, _ longitude: Double) -> Position? {
        Position(latitudeDeg: min(90, max(-90, latitude)), longitudeDeg: longitude.remainder(dividingBy: 360))
    }

    /// The coarsest that leaves three lines, or the finest.
    private static func step(_ span: Double) -> Double { steps.first { span / $0 >= 2.5 } ?? steps[steps.count - 1] }

    private static func multiples(of step: Double, from low: Double, to high: Double) -> ClosedRange<Int> {
        let first = Int((low / step).rounded(.up))
        let last = Int((high / step).rounded(.down))
        return first...max(first, min(last, first + 200))
    }

    private static func label(_ degrees: Double, _ step: Double, _ positive: String, _ negative: String) -> String {
        let decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3
        let isEnd = degrees == 0 || abs(degrees) == 180
        return QuantityText.fixed(abs(degrees), decimals) + "°" + (isEnd ? "" : degrees > 0 ? positive : negative)
    }
}
