import Foundation
import Geodesy
import Kernel
import Separation
import Testing

/// The conflict test against brackets of the true distance that `Tests/Oracle` worked out with other means.
@Suite("The conflict test agrees with an independent oracle")
struct ConflictOracleTests {
    /// What the conflict test may err by on the safe side where footprints reach over at most 100 km. For
    /// longer ones it is what Geodesy states itself, ``DistanceBounds/errorM``, whatever their size.
    static let errorShortM = 1.0

    let pairs: [OracleRows.Pair]

    init() throws { pairs = try OracleRows.pairs() }

    @Test("the oracle's pairs are as many and as hard as they have to be")
    func quotas() {
        func count(_ holds: (OracleRows.Pair) -> Bool) -> Int { pairs.count(where: holds) }
        let total = count { _ in true }
        let near = count(\.isNear)
        let conflicts = count { $0.upperM <= $0.minimumM }
        let separate = count { $0.lowerM > $0.minimumM + Self.errorShortM }
        let polar = count { $0.latitudes.contains { abs($0) >= 85 } }
        let antimeridian = count(\.crossesAntimeridian)
        let longEdges = count { $0.longestEdgeM >= 300_000 }
        print(
            "pairs \(total), near \(near), conflicts \(conflicts), separate \(separate), polar \(polar),",
            "antimeridian \(antimeridian), edges of 300 km \(longEdges), short \(count(\.isShort))")
        #expect(total >= 10_000)
        #expect(near * 100 >= total * 30)
        #expect(count { $0.isNear && $0.isShort } * 100 >= count(\.isShort) * 30)
        #expect(conflicts >= 1_000)
        #expect(separate >= 1_000)
        #expect(polar >= 1_000)
        #expect(count { $0.latitudes.contains { $0 >= 85 } } >= 500)
        #expect(count { $0.latitudes.contains { $0 <= -85 } } >= 500)
        #expect(antimeridian >= 1_000)
        #expect(longEdges >= 1_000)
        #expect(count { $0.longestEdgeM >= 800_000 } >= 100)
        #expect(count { $0.upperM == 0 } >= 1_000, "overlapping, containing, touching")
        #expect(pairs.allSatisfy { $0.lowerM <= $0.upperM && $0.upperM - $0.lowerM <= 0.05 })
    }

    @Test("no conflict is missed, and none is found beyond the error bound")
    func verdicts() {
        var missed = SortedSet<Int>()
        var invented = SortedSet<Int>()
        var inventedBeyondStated = SortedSet<Int>()
        var provenWrongly = SortedSet<Int>()
        var conflicts = 0
        for pair in pairs {
            for verdict in [pair.verdict(), pair.swapped.verdict()] {
                if verdict.isConflict { conflicts += 1 }
                if pair.upperM <= pair.minimumM, !verdict.isConflict { missed.insert(pair.id) }
                if verdict == .conflict(proven: true), pair.lowerM > pair.minimumM { provenWrongly.insert(pair.id) }
                guard verdict.isConflict else { continue }
                if pair.isShort, pair.lowerM > pair.minimumM + Self.errorShortM { invented.insert(pair.id) }
                if pair.lowerM > pair.minimumM + DistanceBounds.errorM { inventedBeyondStated.insert(pair.id) }
            }
        }
        print("conflict verdicts \(conflicts) of \(2 * pairs.count)")
        #expect(Array(missed) == [], "MISSED; these rows")
        #expect(Array(invented) == [], "conflict more than 1 m beyond the minimum; these rows")
        #expect(Array(inventedBeyondStated) == [], "conflict beyond the stated error; these rows")
        #expect(Array(provenWrongly) == [], "called proven though farther than the minimum; these rows")
        #expect(conflicts >= 2_000 && 2 * pairs.count - conflicts >= 2_000)
    }

    @Test("the bounds of the distance hold the true distance and are as narrow as stated")
    func bounds() {
        var apart = SortedSet<Int>()
        var wide = SortedSet<Int>()
        var widestM = 0.0
        for pair in pairs {
            for bounds in [pair.first.distance(to: pair.second), pair.second.distance(to: pair.first)] {
                // Both intervals hold the true distance, so that they have a point in common.
                if bounds.lowerM > pair.upperM || bounds.upperM < pair.lowerM { apart.insert(pair.id) }
                if !(bounds.widthM <= DistanceBounds.errorM) { wide.insert(pair.id) }
                widestM = max(widestM, bounds.widthM)
            }
        }
        print("widest bounds \(widestM) m")
        #expect(Array(apart) == [], "bounds do not hold the distance; these rows")
        #expect(Array(wide) == [], "bounds wider than stated; these rows")
    }

    @Test("a threshold that is two metres short would be noticed as misses")
    func mutation() throws {
        let hard = pairs.filter { $0.upperM <= $0.minimumM && $0.lowerM > $0.minimumM - 2 && $0.minimumM >= 2 }
        let missed = hard.filter { !$0.verdict(thresholdShiftM: -2).isConflict }
        print("a threshold 2 m short: \(missed.count) misses")
        #expect(hard.count >= 300)
        #expect(missed.count >= 300)
    }

    @Test("a threshold that is two metres long would be noticed as inventions")
    func mutationOutward() {
        let hard = pairs.filter {
            $0.lowerM > $0.minimumM + Self.errorShortM && $0.upperM <= $0.minimumM + 2 && $0.isShort
        }
        let invented = hard.filter { $0.verdict(thresholdShiftM: 2).isConflict }
        #expect(invented.count >= 20)
    }
}

extension OracleRows.Pair {
    var swapped: Self {
        .init(
            id: id, kind: kind, first: second, second: first, minimumM: minimumM, lowerM: lowerM, upperM: upperM)
    }

    /// The conflict test's answer, with time and altitude overlapping.
    func verdict(thresholdShiftM: Double = 0) -> Verdict {
        guard let ground = Altitude(value: 0, unit: .metres, datum: .ellipsoid),
            let window = TimeWindow(start: UTCInstant(microseconds: 0), end: UTCInstant(microseconds: 1)),
            let minima = Minima(horizontalM: minimumM + thresholdShiftM, vertical: .all, time: .zero)
        else {
            Issue.record("row \(id) is beyond the range of minima")
            return .separate(by: .time)
        }
        let band = AltitudeBand(lower: ground, upper: ground)
        return ConflictTest.conflict(
            Volume4D(footprint: first, band: band, window: window),
            Volume4D(footprint: second, band: band, window: window), minima: minima, reference: .anywhere)
    }

    private var vertices: [Position] { first.vertices + second.vertices }
    var latitudes: [Double] { vertices.map(\.latitudeDeg) }

    /// Vertices on both sides of it, away from the poles.
    var crossesAntimeridian: Bool {
        latitudes.allSatisfy { abs($0) < 85 } && vertices.contains { $0.longitudeDeg > 90 }
            && vertices.contains { $0.longitudeDeg < -90 }
    }

    /// On a sphere: exact to half a per cent, which is enough to count by.
    var longestEdgeM: Double {
        [first, second].flatMap { footprint -> [Double] in
            var ends = footprint.vertices
            if case .polygon = footprint.core { ends.append(ends[0]) }
            return zip(ends, ends.dropFirst()).map(Self.sphericalM)
        }.max() ?? 0
    }

    private static func sphericalM(_ a: Position, _ b: Position) -> Double {
        let radian = Double.pi / 180
        let (lat1, lat2) = (a.latitudeDeg * radian, b.latitudeDeg * radian)
        let north = sin((lat2 - lat1) / 2)
        let east = sin((b.longitudeDeg - a.longitudeDeg) * radian / 2)
        return 2 * 6_371_000 * asin(min(1, sqrt(north * north + cos(lat1) * cos(lat2) * east * east)))
    }
}
