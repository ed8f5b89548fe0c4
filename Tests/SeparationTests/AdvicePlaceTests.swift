import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Places of advice") struct AdvicePlaceTests {
    private static let centres = [(35.0, 38.0), (0.5, -179.99), (89.8, 20), (-72, 100)]

    private func shapes(_ maker: inout VolumeMaker) throws -> [Footprint] {
        try (0..<1 + maker.random.below(3)).map { _ in try maker.volume().footprint }
    }

    @Test("a moved notice keeps its form: every vertex its distance from the middle, which moves just as far as it says")
    func keepsForm() throws {
        for (latitude, longitude) in Self.centres {
            var maker = VolumeMaker(seed: 3, centre: at(latitude, longitude), reachM: 30_000)
            for _ in 0..<40 {
                let shapes = try shapes(&maker)
                let mover = try #require(ShapeMover(shapes))
                let (east, north) = (maker.random.uniform(-60_000...60_000), maker.random.uniform(-60_000...60_000))
                let spot = mover.spot(eastM: east, northM: north)
                let way = Geodesic.inverse(mover.middle, spot.middle)
                #expect(abs(way.distanceM - (east * east + north * north).squareRoot()) < 1e-4)
                for (i, shape) in shapes.enumerated() {
                    let moved = try #require(mover.footprint(i, at: spot))
                    #expect(moved.radiusM == shape.radiusM && moved.vertices.count == shape.vertices.count)
                    for (before, after) in zip(shape.vertices, moved.vertices) {
                        let kept = Geodesic.distanceM(mover.middle, before)
                        #expect(abs(Geodesic.distanceM(spot.middle, after) - kept) < 0.02)
                    }
                    // Edges change by what the earth's curvature changes on the way: far below a metre here.
                    for (j, k) in zip(shape.vertices.indices, shape.vertices.indices.dropFirst()) {
                        let was = Geodesic.distanceM(shape.vertices[j], shape.vertices[k])
                        #expect(abs(Geodesic.distanceM(moved.vertices[j], moved.vertices[k]) - was) < 0.2)
                    }
                    #expect(mover.footprint(i, at: mover.spot(eastM: 0, northM: 0)) == shape)
                }
            }
        }
    }

    @Test("between two places no vertex and no middle of an edge is farther apart than the bound says")
    func stretch() throws {
        var closest = 0.0
        for (latitude, longitude) in Self.centres {
            var maker = VolumeMaker(seed: 9, centre: at(latitude, longitude), reachM: 150_000)
            for _ in 0..<60 {
                let shapes = try shapes(&maker)
                let mover = try #require(ShapeMover(shapes))
                let bound = mover.stretch(withinM: 150_000)
                let (x, y) = (maker.random.uniform(-100_000...100_000), maker.random.uniform(-100_000...100_000))
                let (u, v) = (maker.random.uniform(-5_000...5_000), maker.random.uniform(-5_000...5_000))
                let a = mover.spot(eastM: x, northM: y)
                let b = mover.spot(eastM: x + u, northM: y + v)
                let most = (u * u + v * v).squareRoot() * bound + ShapeMover.roundingM
                for i in shapes.indices {
                    let (first, second) = (try #require(mover.footprint(i, at: a)), try #require(mover.footprint(i, at: b)))
                    for (p, q) in zip(places(first), places(second)) {
                        let apart = Geodesic.distanceM(p, q)
                        #expect(apart <= most, "\(apart) \(most)")
                        closest = max(closest, apart / most)
                    }
                }
            }
        }
        // The bound is no empty one.
        #expect(closest > 0.999)
    }

    /// Vertices and middles of edges.
    private func places(_ shape: Footprint) -> [Position] {
        var places = shape.vertices
        for (a, b) in zip(shape.vertices, shape.vertices.dropFirst()) {
            let way = Geodesic.inverse(a, b)
            if let middle = Geodesic.destination(
                from: a, bearingDeg: way.startBearingDeg, distanceM: way.distanceM / 2)
            {
                places.append(middle)
            }
        }
        return places
    }

    @Test("what is said of a whole square of places holds at every place of it that is tried")
    func squares() throws {
        let bravo = try #require(PartyID("bravo"))
        var (closer, farther, open) = (0, 0, 0)
        for (latitude, longitude) in Self.centres {
            var maker = VolumeMaker(seed: 21, centre: at(latitude, longitude), reachM: 20_000)
            for _ in 0..<60 {
                let shapes = try shapes(&maker)
                let other = try maker.volume()
                var index = ConflictIndex(reference: .anywhere)
                let key = NoticeID(party: bravo, index: 1)
                index.insert(key, owner: bravo, kind: .strike, mode: .real, volumes: [other])
                let slot = try #require(index.slot(0, of: key))
                let mover = try #require(ShapeMover(shapes))
                var place = PlaceTest(shapes, mover)
                let volume = Int(maker.random.below(UInt64(shapes.count)))
                let obstacle = Obstacle(
                    volume: volume, slot: slot, pair: 0, horizontalM: maker.random.uniform(0...6_000), work: 1, atHome: nil,
                    anywhere: nil)
                var pairs = [ObstacleBook.Pair(volume: volume, slot: slot)]
                for _ in 0..<6 {
                    let (east, north) = (maker.random.uniform(-20_000...20_000), maker.random.uniform(-20_000...20_000))
                    let reach = maker.random.uniform(100...6_000)
                    place.go(eastM: east, northM: north)
                    let said = place.closeness(
                        obstacle, reachM: reach * mover.stretch(withinM: 40_000), index.store, &pairs)
                    if said == .closer { closer += 1 } else if said == .farther { farther += 1 } else { open += 1 }
                    for corner in 0..<4 {
                        let angle: [(Double, Double)] = [(1, 0), (-0.6, 0.8), (0, -1), (0.6, 0.8)]
                        let (x, y) = angle[corner]
                        let spot = mover.spot(eastM: east + x * reach, northM: north + y * reach)
                        let footprint = try #require(mover.footprint(volume, at: spot))
                        let there = footprint.closeness(to: other.footprint, thresholdM: obstacle.horizontalM)
                        if said == .closer { #expect(there != .farther) }
                        if said == .farther { #expect(there == .farther) }
                    }
                }
            }
        }
        #expect(closer > 100 && farther > 300 && open > 30, "\(closer) \(farther) \(open)")
    }

    @Test("a polygon's discs lie within it")
    func witnesses() throws {
        var maker = VolumeMaker(seed: 2, centre: at(35, 38), reachM: 20_000)
        var discs = 0
        for _ in 0..<60 {
            let footprint = try maker.volume().footprint
            for witness in FootprintWitness.all(in: footprint) {
                discs += 1
                for bearing in stride(from: 0.0, to: 360, by: 30) {
                    let rim = try #require(
                        Geodesic.destination(
                            from: witness.place.position, bearingDeg: bearing, distanceM: witness.radiusM * 0.999_99))
                    #expect(footprint.contains(rim))
                }
            }
        }
        #expect(discs > 100)
    }
}
