import Geodesy
import Kernel
import Mechanism
import Records
import Separation
import Simulation
import Testing

/// Which amendments remove a warning. Expectations follow from the figures themselves: a circle within a circle, a
/// square within a square, a band within a band.
@Suite("An amendment that narrows")
struct TwoOfficersNarrowingTests {
    private static let t4 = SamplePlace.t4.position
    private static let start = UTCInstant(microseconds: 1_795_000_000_000_000)

    private func altitude(_ value: Double, _ datum: AltitudeDatum, _ unit: AltitudeUnit = .metres) throws -> Altitude {
        try #require(Altitude(value: value, unit: unit, datum: datum))
    }

    private func position(_ latitude: Double, _ longitude: Double) throws -> Position {
        try #require(Position(latitudeDeg: latitude, longitudeDeg: longitude))
    }

    private func volume(
        _ core: Footprint.Core = .point(t4), radiusM: Double = 4_000, lower: Altitude? = nil, upper: Altitude? = nil,
        from: Duration = .hours(1), to: Duration = .hours(3)
    ) throws -> StatedVolume {
        let band = AltitudeBand(
            lower: try lower ?? altitude(1_000, .amsl), upper: try upper ?? altitude(6_000, .amsl))
        let window = try #require(
            TimeWindow(start: Self.start.advanced(by: from), end: Self.start.advanced(by: to)))
        let footprint = try Footprint(validating: core, radiusM: radiusM)
        return StatedVolume(volume: Volume4D(footprint: footprint, band: band, window: window), original: nil)
    }

    /// A square of so many degrees around 34.5 N, 37.5 E.
    private func square(_ half: Double) throws -> Footprint.Core {
        .polygon(
            try [(-1, -1), (-1, 1), (1, 1), (1, -1)].map {
                try position(34.5 + half * Double($0.0), 37.5 + half * Double($0.1))
            })
    }

    /// Whether the amendment has to wait.
    private func waits(
        _ old: [StatedVolume], _ new: [StatedVolume], kind: ActivityKind = .airOperation,
        becoming: ActivityKind = .airOperation
    ) throws -> Bool {
        var bench = try Bench.ready(.twoOfficers)
        func fields(_ kind: ActivityKind, _ volumes: [StatedVolume]) -> NoticeFields {
            NoticeFields(
                kind: kind, onBehalfOf: nil, volumes: volumes, contact: "line 4", remarks: nil, reviewBy: nil)
        }
        let id = try bench.file(fields(kind, old))
        let reply = try bench.command(.amend(id, expectedVersion: 1, fields(becoming, new)))
        switch reply {
        case .pending: return true
        case .filed: return false
        default:
            Issue.record("\(reply)")
            return false
        }
    }

    @Test("the same, a larger circle, a higher and deeper band, and a longer window remove nothing")
    func wider() throws {
        let old = try volume()
        for new in [
            old, try volume(radiusM: 4_001), try volume(lower: altitude(999, .amsl)),
            try volume(upper: altitude(6_001, .amsl)), try volume(from: .minutes(59)), try volume(to: .minutes(181)),
        ] {
            #expect(try !waits([old], [new]))
        }
    }

    @Test("a smaller circle, a moved one, a shallower band and a shorter window remove a warning")
    func narrower() throws {
        let old = try volume()
        for new in [
            try volume(radiusM: 3_999), try volume(.point(position(34.53, 37.6269))),
            try volume(lower: altitude(1_001, .amsl)), try volume(upper: altitude(5_999, .amsl)),
            try volume(from: .minutes(61)), try volume(to: .minutes(179)),
        ] {
            #expect(try waits([old], [new]))
        }
    }

    @Test("another kind removes the warning of the first")
    func kind() throws {
        #expect(try waits([volume()], [volume()], kind: .airOperation, becoming: .groundMovement))
    }

    @Test("each old volume needs one new volume that holds all of it: two halves do not")
    func volumes() throws {
        let whole = try volume()
        let morning = try volume(to: .hours(2))
        let noon = try volume(from: .hours(2))
        #expect(try waits([whole], [morning, noon]))
        #expect(try !waits([morning, noon], [whole]))
        #expect(try waits([morning, noon], [noon]))
        #expect(try !waits([noon], [morning, noon]))
    }

    @Test("a circle moved and grown by more than the move still holds the old one")
    func movedAndGrown() throws {
        // 0.01 degrees of latitude are 1 109 m there.
        let moved = Footprint.Core.point(try position(34.5325, 37.6269))
        #expect(try !waits([volume()], [volume(moved, radiusM: 5_200)]))
        #expect(try waits([volume()], [volume(moved, radiusM: 5_000)]))
    }

    @Test("figures of other forms are held where that is certain, and only there")
    func forms() throws {
        let line = Footprint.Core.line([try position(34.4, 37.6), try position(34.6, 37.7)])
        // A square of 0.1 degrees lies within one of 0.2, not the other way round; one with its edge does neither.
        #expect(try !waits([volume(square(0.1), radiusM: 0)], [volume(square(0.2), radiusM: 0)]))
        #expect(try waits([volume(square(0.2), radiusM: 0)], [volume(square(0.1), radiusM: 0)]))
        #expect(try !waits([volume(square(0.1), radiusM: 0)], [volume(square(0.1), radiusM: 100)]))
        // A circle of 4 km within the square of 22 km, and not within that of 6 km.
        let centre = Footprint.Core.point(try position(34.5, 37.5))
        #expect(try !waits([volume(centre)], [volume(square(0.1), radiusM: 0)]))
        #expect(try waits([volume(centre)], [volume(square(0.03), radiusM: 0)]))
        // A circle outside the square, far from its edge.
        #expect(try waits([volume(.point(Self.t4), radiusM: 100)], [volume(square(0.02), radiusM: 0)]))
        // A point on a corridor's line; the corridor by a wider one; the corridor within the square, by its disc.
        let onLine = Footprint.Core.point(try position(34.4, 37.6))
        #expect(try !waits([volume(onLine, radiusM: 1_000)], [volume(line, radiusM: 1_500)]))
        #expect(try waits([volume(onLine, radiusM: 1_000)], [volume(line, radiusM: 500)]))
        #expect(try !waits([volume(line, radiusM: 500)], [volume(line, radiusM: 501)]))
        #expect(try !waits([volume(line, radiusM: 500)], [volume(centre, radiusM: 40_000)]))
        #expect(try waits([volume(line, radiusM: 500)], [volume(centre, radiusM: 15_000)]))
    }

    @Test("ends of one datum compare as they stand, others only where no ground, sea or pressure can turn them")
    func datums() throws {
        let ground = try volume(lower: altitude(0, .agl), upper: altitude(500, .agl))
        #expect(try !waits([ground], [volume(lower: altitude(0, .agl), upper: altitude(1_640.5, .agl, .feet))]))
        #expect(try waits([ground], [volume(lower: altitude(0, .agl), upper: altitude(1_640, .agl, .feet))]))
        // The terms' ground lies between -430 and 3 200 m above the sea, and the geoid within 110 m of the ellipsoid.
        #expect(try !waits([ground], [volume(lower: altitude(-700, .amsl), upper: altitude(4_000, .amsl))]))
        #expect(try waits([ground], [volume(lower: altitude(0, .amsl), upper: altitude(4_000, .amsl))]))
        #expect(try waits([ground], [volume(lower: altitude(-700, .amsl), upper: altitude(3_600, .amsl))]))
        let level = try volume(
            lower: altitude(100, .flightLevel, .flightLevel), upper: altitude(200, .flightLevel, .flightLevel))
        #expect(
            try !waits(
                [level],
                [volume(lower: altitude(90, .flightLevel, .flightLevel), upper: altitude(200, .flightLevel, .flightLevel))]))
        #expect(
            try waits(
                [level],
                [volume(lower: altitude(110, .flightLevel, .flightLevel), upper: altitude(200, .flightLevel, .flightLevel))]))
    }

    @Test("an overdue notice that is confirmed with its old window and more needs no second officer")
    func overdue() throws {
        var bench = try Bench.ready(.twoOfficers)
        let start = bench.utc
        let id = try bench.file(SampleNotices.airOperation(at: .hama, from: start, lasting: .seconds(5)))
        bench.wait(.seconds(6))
        try #require(bench.mechanism.notices[id]?.status == .overdue)
        let reply = try bench.command(
            .amend(id, expectedVersion: 1, SampleNotices.airOperation(at: .hama, from: start, lasting: .hours(2))))
        guard case .filed(id, version: 2, _) = reply else {
            Issue.record("\(reply)")
            return
        }
    }
}
