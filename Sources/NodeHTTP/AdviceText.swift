import Kernel
import Mechanism
import Separation

/// Advice in words.
enum AdviceText {
    static func words(_ axes: AdviceAxes) -> [String] {
        var words: [String] = []
        if axes.contains(.time) { words.append("time") }
        if axes.contains(.altitude) { words.append("altitude") }
        if axes.contains(.position) { words.append("position") }
        return words
    }

    /// Such as `All windows 25 min later, 4.2 km on bearing 271°.`
    static func sentence(_ change: AdvisedChange) -> String {
        var parts: [String] = []
        if change.time != .zero {
            let way = change.time > .zero ? "later" : "earlier"
            parts.append("all windows \(duration(change.time.magnitude)) \(way)")
        }
        if change.altitudeM != 0 {
            let feet = (abs(change.altitudeM) / 0.3048).rounded()
            let way = change.altitudeM > 0 ? "higher" : "lower"
            parts.append("all bands \(number(abs(change.altitudeM))) m (\(number(feet)) ft) \(way)")
        }
        if change.distanceM > 0 {
            let bearing = Int64(change.bearingDeg.rounded()) % 360
            parts.append("\(number(change.distanceM / 1_000)) km on bearing \(bearing)°")
        }
        let text = parts.joined(separator: ", ") + "."
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// `nil` when there is nothing to say beyond the result.
    static func sentence(_ searched: AdviceSearched, _ limits: AdviceLimits) -> String? {
        let axes = words(searched.axes).joined(separator: " and ")
        switch searched.result {
        case .found, .notSmaller: return nil
        case .undecided:
            return "The search of \(axes) ended at its limit of work; something cheaper may exist. "
                + "Narrow the bounds or widen the steps."
        case .none:
            return "No change of \(axes) within the bounds clears every conflict: "
                + "every step (\(steps(searched.axes, limits))) was tested or shown to conflict."
        }
    }

    private static func steps(_ axes: AdviceAxes, _ limits: AdviceLimits) -> String {
        var parts: [String] = []
        if axes.contains(.time) { parts.append(duration(limits.timeStep)) }
        if axes.contains(.altitude) { parts.append("\(number(limits.altitudeStepM ?? 0)) m of height") }
        if axes.contains(.position) { parts.append("\(number(limits.positionStepM)) m of place") }
        return parts.joined(separator: ", ")
    }

    /// Days, hours, minutes and seconds, those that are none left out.
    static func duration(_ duration: Duration) -> String {
        var seconds = duration.wholeMicroseconds / 1_000_000
        var parts: [String] = []
        for (unit, length) in [("d", Int64(86_400)), ("h", 3_600), ("min", 60), ("s", 1)] where seconds >= length {
            parts.append("\(seconds / length) \(unit)")
            seconds %= length
        }
        return parts.isEmpty ? "0 s" : parts.joined(separator: " ")
    }

    /// At most two decimals, none when it is whole.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }
}
