import Kernel

/// What may change of a notice so that it comes clear of others.
public struct AdviceAxes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let time = AdviceAxes(rawValue: 1)
    public static let altitude = AdviceAxes(rawValue: 2)
    public static let position = AdviceAxes(rawValue: 4)

    /// Every combination, after those that it holds.
    static let combinations: [AdviceAxes] = [
        .time, .altitude, .position, [.time, .altitude], [.time, .position], [.altitude, .position],
        [.time, .altitude, .position],
    ]
}

/// How far a notice may be changed, and in which steps. A change is a whole number of steps on every axis: of time,
/// of height, and of east and north on the plane that touches the earth at the notice's middle. All volumes change
/// together; windows keep their length and bands their thickness.
public struct AdviceBounds: Hashable, Sendable {
    /// Steps of time, later positive; holds 0.
    let times: ClosedRange<Int64>
    let timeStepMicroseconds: Int64
    /// Steps of height, up positive; holds 0.
    let heights: ClosedRange<Int64>
    public let altitudeStepM: Double
    /// Greatest distance moved.
    public let withinM: Double
    public let positionStepM: Double

    /// Steps of east or north from the middle at most.
    public static let positionStepsMost = 2_000.0

    /// - Parameters:
    ///   - earlier, later: 0 … 400 days.
    ///   - timeStep: at least a microsecond.
    ///   - downM, upM: metres, 0 … 200 000.
    ///   - altitudeStepM: 0.001 … 100 000.
    ///   - withinM: metres, 0 … 200 000, at most ``positionStepsMost`` steps.
    ///   - positionStepM: 0.1 … 200 000.
    /// - Returns: `nil` when a number is out of range.
    public init?(
        earlier: Duration = .zero, later: Duration = .zero, timeStep: Duration = .minutes(1), downM: Double = 0,
        upM: Double = 0, altitudeStepM: Double = 10, withinM: Double = 0, positionStepM: Double = 100
    ) {
        let furthest = Duration.hours(400 * 24)
        guard earlier >= .zero, earlier <= furthest, later >= .zero, later <= furthest,
            timeStep >= .microseconds(1), timeStep <= furthest,
            (0...200_000).contains(downM), (0...200_000).contains(upM), (0.001...100_000).contains(altitudeStepM),
            (0...200_000).contains(withinM), (0.1...200_000).contains(positionStepM),
            withinM <= positionStepM * Self.positionStepsMost
        else { return nil }
        timeStepMicroseconds = timeStep.wholeMicroseconds
        times = -(earlier.wholeMicroseconds / timeStepMicroseconds)...(later.wholeMicroseconds / timeStepMicroseconds)
        // A bound that is a whole number of steps but for rounding holds that step.
        heights = -Int64((downM / altitudeStepM + 1e-9).rounded(.down))...Int64((upM / altitudeStepM + 1e-9).rounded(.down))
        self.altitudeStepM = altitudeStepM
        self.withinM = withinM
        self.positionStepM = positionStepM
    }

    /// The axes on which anything may change.
    public var open: AdviceAxes {
        var axes: AdviceAxes = []
        if times != 0...0 { axes.insert(.time) }
        if heights != 0...0 { axes.insert(.altitude) }
        if withinM >= positionStepM { axes.insert(.position) }
        return axes
    }
}

/// What a change costs: the sum of its parts, each at its own price. Only the ratios matter. The standard takes
/// a minute, a hundred metres of height and a kilometre of place as equal.
public struct AdviceCosts: Hashable, Sendable {
    public let perMinute: Double
    public let per100M: Double
    public let perKm: Double

    public static let standard = AdviceCosts(unchecked: 1, 1, 1)

    /// - Returns: `nil` when a price lies outside 0.001 … 1 000.
    public init?(perMinute: Double, per100M: Double, perKm: Double) {
        guard [perMinute, per100M, perKm].allSatisfy({ (0.001...1_000).contains($0) }) else { return nil }
        self.init(unchecked: perMinute, per100M, perKm)
    }

    private init(unchecked perMinute: Double, _ per100M: Double, _ perKm: Double) {
        self.perMinute = perMinute
        self.per100M = per100M
        self.perKm = perKm
    }
}
