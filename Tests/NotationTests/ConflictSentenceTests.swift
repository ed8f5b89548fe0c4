import Geodesy
import Kernel
import Notation
import Separation
import Testing

@Suite("The sentence of a conflict") struct ConflictSentenceTests {
    @Test("it names both, where and when, every minimum and what is lacking")
    func whole() throws {
        // A tenth of a degree of the equator is 11 131.949 m.
        let a = try volume(try circle(0, 38), metres: 0...1_000, minutes: 0...60)
        let b = try volume(try circle(0, 38.1), metres: 1_500...2_500, minutes: 70...100)
        let sentence = try account([a], [b], time: .minutes(30)).sentence
        #expect(
            sentence
                == "alpha-3 (air operation) and bravo-7 (unmanned aircraft) come too close: the areas are 9.13 km apart between "
                + "0.00000N 38.00898E and 0.00000N 38.09102E, where the minimum is 20.00 km (10.87 km lacking); the bands 0 m ellipsoid "
                + "to 1000 m ellipsoid and 1500 m ellipsoid to 2500 m ellipsoid are at least 500 m / 1640 ft apart, where the minimum is "
                + "800 m / 2625 ft (300 m / 985 ft lacking); the windows are 10 min apart, 222017ZNOV26 to 222027ZNOV26, where the "
                + "minimum is 30 min, and one would have to move by 20 min.")
    }

    @Test("overlaps, an altitude that does not separate, and a window without an end are said as such")
    func overlapping() throws {
        let a = try volume(try circle(0, 38))
        let endless = Volume4D(footprint: a.footprint, band: a.band, window: a.window.openEnded)
        let sentence = try account([endless], [endless], vertical: .all).sentence
        #expect(sentence.contains("the areas overlap, as at 0.00000N 38.0"))
        #expect(sentence.contains("no altitude separates these kinds"))
        #expect(sentence.contains("the windows overlap from 221917ZNOV26 on, with no stated end, and neither has an end"))
    }

    @Test("what this node does not find is told as another's finding, and what is kept as kept")
    func separate() throws {
        let sentence = try account([try volume(try circle(0, 38))], [try volume(try circle(0, 38.1))], horizontalM: 5_000).sentence
        #expect(sentence.hasPrefix("This node finds alpha-3 (air operation) and bravo-7 (unmanned aircraft) apart in distance, another party does not"))
        #expect(sentence.contains("where the minimum is 5.00 km, which is kept"))
    }

    @Test("the worst pair of volumes is named, and how many others there are")
    func several() throws {
        let near = try volume(try circle(0, 38.1))
        let nearer = try volume(try circle(0, 38.05))
        let sentence = try account([try volume(try circle(0, 38))], [near, nearer]).sentence
        #expect(sentence.hasPrefix("alpha-3 (air operation) and volume 2 of bravo-7 (unmanned aircraft) come too close"))
        #expect(sentence.hasSuffix("One other pair of their volumes comes too close as well."))
    }

    @Test("a figure never looks better than it is")
    func rounding() throws {
        // 0.0898 degrees of the equator are 9 996.490 m, and 9 984.490 m between the circles' edges.
        let sentence = try account(
            [try volume(try circle(0, 38, radiusM: 6))], [try volume(try circle(0, 38.0898, radiusM: 6))], horizontalM: 10_000
        ).sentence
        #expect(sentence.contains("are 9.98 km apart") && sentence.contains("(16 m lacking)"))
    }
}
