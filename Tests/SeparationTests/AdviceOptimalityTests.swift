import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Advice against trying every step") struct AdviceOptimalityTests {
    /// The least cost of any step at which nothing conflicts; `nil` when everything does.
    private func least(_ one: AdviceCase, _ times: ClosedRange<Int64>, _ heights: ClosedRange<Int64>) -> Double? {
        let costs = one.request.costs
        var best: Double?
        for time in times {
            for height in heights {
                let cost =
                    Double(time.magnitude) * Double(one.request.bounds.timeStepMicroseconds) / 60e6 * costs.perMinute
                    + Double(height.magnitude) * one.request.bounds.altitudeStepM / 100 * costs.per100M
                if let best, cost >= best { continue }
                guard let volumes = one.volumes(time: time, height: height), !one.conflicts(volumes) else { continue }
                best = cost
            }
        }
        return best
    }

    private func cost(_ report: AdviceReport, _ axes: AdviceAxes, _ wanted: (AdvisedChange) -> Bool = { _ in true }) -> Double? {
        report.advice.first { $0.change.axes == axes && wanted($0.change) }?.cost
    }

    @Test("of time, of altitude and of both together, no whole step is cheaper, and none exists where it says so")
    func timeAndAltitude() throws {
        let costs = try #require(AdviceCosts(perMinute: 1, per100M: 4, perKm: 1))
        let bounds = try #require(
            AdviceBounds(
                earlier: .minutes(60), later: .minutes(90), timeStep: .minutes(10), downM: 300, upM: 900,
                altitudeStepM: 100))
        var maker = VolumeMaker(seed: 11, centre: at(35, 38), reachM: 6_000)
        var (advised, none, combined) = (0, 0, 0)
        for number in 0..<400 {
            let tables = number % 3 == 0 ? [try AdviceCase.table(), try AdviceCase.table(2)] : [try AdviceCase.table()]
            let one = try AdviceCase(&maker, others: 7, bounds: bounds, tables: tables, costs: costs)
            let report = one.index.advice(one.request)
            guard one.conflicts(one.request.volumes) else {
                #expect(report.advice.isEmpty && report.searched.isEmpty && report.conflicts.isEmpty)
                continue
            }
            #expect(!report.conflicts.isEmpty)
            let later = least(one, 0...9, 0...0)
            let earlier = least(one, -6...0, 0...0)
            let up = least(one, 0...0, 0...9)
            let down = least(one, 0...0, -3...0)
            let both = least(one, -6...9, -3...9)
            #expect(cost(report, .time) { $0.time > .zero } == later, "case \(number)")
            #expect(cost(report, .time) { $0.time < .zero } == earlier, "case \(number)")
            #expect(cost(report, .altitude) { $0.altitudeM > 0 } == up, "case \(number)")
            #expect(cost(report, .altitude) { $0.altitudeM < 0 } == down, "case \(number)")
            #expect(report.advice.first?.cost == both, "case \(number)")
            let parts = [later, earlier, up, down].compactMap { $0 }.min()
            let result = report.searched.first { $0.axes == [.time, .altitude] }?.result
            #expect(result == (both == nil ? AdviceSearched.Result.none : both == parts ? .notSmaller : .found))
            if both == nil { none += 1 } else { advised += 1 }
            if both != parts { combined += 1 }
        }
        // The cases are worth trying: each outcome is among them, often.
        #expect(advised > 100 && none > 10 && combined > 5, "\(advised) \(none) \(combined)")
    }

    @Test("of places, and of places together with time and altitude, no whole step is cheaper")
    func places() throws {
        let costs = try #require(AdviceCosts(perMinute: 1, per100M: 3, perKm: 3))
        let bounds = try #require(
            AdviceBounds(
                earlier: .minutes(30), later: .minutes(60), timeStep: .minutes(30), downM: 0, upM: 600, altitudeStepM: 300,
                withinM: 5_000, positionStepM: 1_000))
        var (found, none, combined) = (0, 0, 0)
        for (latitude, longitude) in [(35.0, 38.0), (89.95, 10), (-17, 179.99)] {
            var maker = VolumeMaker(seed: 5, centre: at(latitude, longitude), reachM: 5_000)
            for number in 0..<14 {
                let one = try AdviceCase(&maker, others: 6, bounds: bounds, tables: [try AdviceCase.table()], costs: costs)
                guard one.conflicts(one.request.volumes) else { continue }
                let report = one.index.advice(one.request)
                let mover = try #require(ShapeMover(one.request.volumes.map(\.footprint)))
                var places: Double?
                var all: Double?
                for east in -5...5 {
                    for north in -5...5 where east * east + north * north <= 25 {
                        let spot = mover.spot(eastM: Double(east) * 1_000, northM: Double(north) * 1_000)
                        let footprints = try one.request.volumes.indices.map {
                            try #require(mover.footprint($0, at: spot))
                        }
                        let way = Double(east * east + north * north).squareRoot() * 3
                        for time in Int64(-1)...2 {
                            for height in Int64(0)...2 {
                                let cost = way + Double(time.magnitude) * 30 + Double(height.magnitude) * 9
                                if let all, let places, cost >= all, cost >= places { continue }
                                guard let volumes = one.volumes(time: time, height: height, footprints: footprints),
                                    !one.conflicts(volumes)
                                else { continue }
                                all = min(all ?? .infinity, cost)
                                if time == 0, height == 0 { places = min(places ?? .infinity, cost) }
                            }
                        }
                    }
                }
                let best = cost(report, .position)
                #expect(equal(best, places), "case \(number) at \(latitude): \(String(describing: best)) \(String(describing: places))")
                #expect(equal(report.advice.first?.cost, all), "case \(number) at \(latitude)")
                #expect(!report.searched.contains { $0.result == .undecided })
                if places == nil { none += 1 } else { found += 1 }
                if let first = report.advice.first, first.change.axes.contains(.position), first.change.axes != .position {
                    combined += 1
                }
            }
        }
        #expect(found > 10 && none > 0 && combined > 0, "\(found) \(none) \(combined)")
    }

    /// Sums of the same parts in another order.
    private func equal(_ a: Double?, _ b: Double?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return abs(a - b) < 1e-9
    }
}
