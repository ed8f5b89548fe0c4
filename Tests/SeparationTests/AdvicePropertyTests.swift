import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Advice") struct AdvicePropertyTests {
    private func bounds(_ maker: inout VolumeMaker, isPlaceOpen: Bool) throws -> AdviceBounds {
        try #require(
            AdviceBounds(
                earlier: .minutes(Int64(maker.random.below(120))), later: .minutes(Int64(maker.random.below(240))),
                timeStep: .seconds([1, 60, 600][Int(maker.random.below(3))]), downM: maker.random.uniform(0...1_000),
                upM: maker.random.uniform(0...3_000), altitudeStepM: [0.5, 30.48, 100][Int(maker.random.below(3))],
                withinM: isPlaceOpen ? maker.random.uniform(1_000...6_000) : 0, positionStepM: 500))
    }

    @Test("in 10,000 random cases whatever is offered conflicts with nothing, looking at every pair without the index",
        arguments: UInt64(0)..<10)
    func isClear(_ seed: UInt64) throws {
        var (offered, moved) = (0, 0)
        var maker = VolumeMaker(
            seed: 100 + seed, centre: [at(35, 38), at(89.97, 0), at(-12, 179.99)][Int(seed % 3)], reachM: 5_000)
        for number in 0..<1_000 {
            let bounds = try bounds(&maker, isPlaceOpen: number % 20 == 0)
            let one = try AdviceCase(
                &maker, others: 4, volumes: 1 + UInt64(number % 7 / 6), bounds: bounds,
                tables: number % 4 == 0 ? [try AdviceCase.table(), try AdviceCase.table(1.5)] : [try AdviceCase.table()],
                avoidsOwn: number % 5 == 0)
            let report = one.index.advice(one.request)
            for advice in report.advice {
                #expect(!one.conflicts(advice.volumes), "case \(number)")
                #expect(!advice.change.axes.isEmpty)
                #expect(isAsStated(advice, one.request), "case \(number)")
                offered += 1
                if advice.change.axes.contains(.position) { moved += 1 }
            }
            #expect(report.advice.map(\.cost) == report.advice.map(\.cost).sorted())
            // Something is said wherever there is something to clear, and nothing is searched elsewhere.
            #expect(report.searched.isEmpty == (report.conflicts.isEmpty || one.request.bounds.open.isEmpty))
            #expect(report.conflicts.isEmpty == !one.conflicts(one.request.volumes))
        }
        #expect(offered > 500 && moved > 10, "\(offered) \(moved)")
    }

    /// Within the bounds, windows and bands as long and thick as before, and the change as it is stated.
    private func isAsStated(_ advice: Advice, _ request: AdviceRequest) -> Bool {
        let change = advice.change
        guard change.distanceM <= request.bounds.withinM,
            request.bounds.times.contains(change.time.wholeMicroseconds / request.bounds.timeStepMicroseconds)
        else { return false }
        return zip(request.volumes, advice.volumes).allSatisfy { before, after in
            let isWindow =
                after.window.start.duration(since: before.window.start) == change.time
                && (before.window.end == .distantFuture
                    ? after.window.end == .distantFuture
                    : after.window.end.duration(since: before.window.end) == change.time)
            let isBand =
                abs(after.band.lower.metres - before.band.lower.metres - change.altitudeM) < 1e-3
                && abs(after.band.upper.metres - before.band.upper.metres - change.altitudeM) < 1e-3
            let isPlace =
                change.distanceM > 0
                ? after.footprint.radiusM == before.footprint.radiusM
                    && after.footprint.vertices.count == before.footprint.vertices.count
                : after.footprint == before.footprint
            return isWindow && isBand && isPlace
        }
    }

    @Test("a single circle is moved by just the distance stated, in the direction stated")
    func circleMoves() throws {
        let bravo = NoticeID(party: try #require(PartyID("bravo")), index: 1)
        var index = ConflictIndex(reference: .anywhere)
        let window = try seconds(0, 3_600)
        let band = try metres(0, 500)
        index.insert(
            bravo, owner: bravo.party, kind: .groundMovement, mode: .real,
            volumes: [Volume4D(footprint: try circle(35, 38.01, radiusM: 2_000), band: band, window: window)])
        let table = try #require(
            MinimaTable(rows: [.init(.groundMovement, .groundMovement, try minima(1_000, .all, .minutes(30)))]))
        let request = AdviceRequest(
            volumes: [Volume4D(footprint: try circle(35, 38, radiusM: 1_000), band: band, window: window)],
            kind: .groundMovement, mode: .real, owner: try #require(PartyID("alpha")), notice: nil, tables: [table],
            bounds: try #require(
                AdviceBounds(later: .hours(3), downM: 300, upM: 300, withinM: 20_000, positionStepM: 100)))
        let report = index.advice(request)
        let place = try #require(report.advice.first { $0.change.axes == .position })
        guard case .point(let there) = place.volumes[0].footprint.core else {
            Issue.record("a circle stays a circle")
            return
        }
        let way = Geodesic.inverse(at(35, 38), there)
        #expect(abs(way.distanceM - place.change.distanceM) < 0.03)
        #expect(abs((way.startBearingDeg - place.change.bearingDeg).remainder(dividingBy: 360)) < 1e-3)
        // Away from the other, whose middle lies 913 m to the east: 4 km between the middles, a step more at most.
        #expect((way.startBearingDeg - 270).magnitude < 25)
        let apart = Geodesic.distanceM(there, at(35, 38.01))
        #expect(apart > 4_000 && apart < 4_100, "\(apart)")
        // No altitude separates them, and it says so; a minute beyond the minimum of half an hour does.
        #expect(report.searched.first { $0.axes == .altitude }?.result == AdviceSearched.Result.none)
        #expect(report.advice.first { $0.change.axes == .time }?.change.time == .minutes(91))
        #expect(report.blocking == [bravo])
        let late = try #require(report.advice.first { $0.change.axes == .time }?.margin)
        #expect(late == AdviceMargin(notice: bravo, amount: .time(.minutes(1))))
        #expect(place.margin?.notice == bravo)
        guard case .horizontal(let left)? = place.margin?.amount else {
            Issue.record("apart by place alone")
            return
        }
        #expect(abs(left - (apart - 4_000)) < 0.1)
    }

    @Test("one's own other notices only warn, unless they are to be kept clear of")
    func ownNotices() throws {
        let alpha = try #require(PartyID("alpha"))
        let bravo = try #require(PartyID("bravo"))
        var index = ConflictIndex(reference: .anywhere)
        let place = try circle(35, 38, radiusM: 500)
        let band = try metres(0, 500)
        index.insert(
            NoticeID(party: bravo, index: 1), owner: bravo, kind: .groundMovement, mode: .real,
            volumes: [Volume4D(footprint: place, band: band, window: try seconds(0, 3_600))])
        let own = NoticeID(party: alpha, index: 2)
        index.insert(
            own, owner: alpha, kind: .groundMovement, mode: .real,
            volumes: [Volume4D(footprint: place, band: band, window: try seconds(3_630, 7_200))])
        let table = try #require(
            MinimaTable(rows: [.init(.groundMovement, .groundMovement, try minima(0, .metres(0), .zero))]))
        func report(avoidsOwn: Bool) throws -> AdviceReport {
            index.advice(
                AdviceRequest(
                    volumes: [Volume4D(footprint: place, band: band, window: try seconds(0, 600))], kind: .groundMovement,
                    mode: .real, owner: alpha, notice: nil, tables: [table],
                    bounds: try #require(AdviceBounds(later: .hours(5))), avoidsOwn: avoidsOwn))
        }
        let first = try report(avoidsOwn: false).advice
        #expect(first.map(\.change.time) == [.minutes(61)])
        #expect(first.first?.ownCollisions == [own])
        let second = try report(avoidsOwn: true).advice
        #expect(second.map(\.change.time) == [.minutes(121)])
        #expect(second.first?.ownCollisions == [])
    }
}
