import Geodesy
import Kernel
import Separation
import Testing

/// Windows and bands at, just within and just beyond their minima. What is expected follows from whole
/// numbers of microseconds and of tenths of a millimetre: two closed intervals come within M exactly when
/// neither starts more than M after the other has ended.
@Suite("Time and altitude separate exactly")
struct AxesTests {
    static let seed: UInt64 = 20_241_122
    static let draws = 20_000

    /// A closed interval of whole units.
    struct Span {
        let low: Int64
        let high: Int64

        func comes(within minimum: Int64, of other: Span) -> Bool {
            Int128(low) - Int128(other.high) <= Int128(minimum) && Int128(other.low) - Int128(high) <= Int128(minimum)
        }

        /// Beside `other`, at most one unit from the edge of the minimum in two cases of three.
        static func beside(
            _ other: Span, minimum: Int64, length: Int64, scatter: Int64, step: Int64,
            _ random: inout SeededGenerator
        ) -> Span {
            let slip =
                random.below(3) == 0
                ? Int64(random.below(UInt64(2 * scatter))) - scatter : Int64(random.below(3)) - 1
            if random.below(2) == 0 {
                let low = (other.high + minimum) / step * step + slip * step
                return Span(low: low, high: low + length)
            }
            let high = (other.low - minimum) / step * step + slip * step
            return Span(low: high - length, high: high)
        }
    }

    @Test("volumes separate in time exactly when a microsecond more than the minimum lies between the windows")
    func time() throws {
        var random = SeededGenerator(seed: Self.seed)
        var separate = 0
        for draw in 0..<Self.draws {
            let start = Int64(random.below(4_000_000_000_000_000)) - 2_000_000_000_000_000
            let first = Span(low: start, high: start + Int64(random.below(1_000_000_000)))
            let minimum = random.below(4) == 0 ? 0 : Int64(random.below(7_200_000_000))
            var second = Span.beside(
                first, minimum: minimum, length: Int64(random.below(1_000_000_000)), scatter: 10_000_000_000, step: 1,
                &random)
            if random.below(10) == 0 { second = Span(low: second.low, high: .max) }
            let minima = try #require(Minima(horizontalM: 0, vertical: .all, time: .microseconds(minimum)))
            let ground = try band(Span(low: 0, high: 0), .tenthsOfMillimetres)
            let verdict = ConflictTest.conflict(
                try volume(ground, first), try volume(ground, second), minima: minima, reference: .anywhere)
            let expected = first.comes(within: minimum, of: second)
            #expect(verdict == (expected ? .conflict(proven: true) : .separate(by: .time)), "draw \(draw)")
            if !expected { separate += 1 }
        }
        #expect(separate >= 2_000 && Self.draws - separate >= 2_000)
    }

    @Test(
        "volumes separate in altitude exactly when the bands are more than the minimum apart",
        arguments: Unit.allCases)
    func altitude(unit: Unit) throws {
        var random = SeededGenerator(seed: Self.seed &+ UInt64(unit.units))
        var separate = 0
        let step = unit.units
        for draw in 0..<Self.draws {
            let low = Int64(random.below(UInt64(100_000_000 / step))) * step + 100_000_000 / step * step
            let first = Span(low: low, high: low + Int64(random.below(UInt64(30_000_000 / step))) * step)
            // In tenths of a millimetre when the heights are; else a whole number of the unit, so that touching occurs.
            let minimum = random.below(4) == 0 ? 0 : Int64(random.below(UInt64(30_000_000 / step))) * step
            let second = Span.beside(
                first, minimum: minimum, length: Int64(random.below(UInt64(30_000_000 / step))) * step,
                scatter: 20_000_000 / step, step: step, &random)
            let minima = try #require(
                Minima(horizontalM: 0, vertical: .metres(Double(minimum) / 10_000), time: .zero))
            let window = Span(low: 0, high: 1)
            let verdict = ConflictTest.conflict(
                try volume(try band(first, unit), window), try volume(try band(second, unit), window), minima: minima,
                reference: .anywhere)
            let expected = first.comes(within: minimum, of: second)
            #expect(verdict == (expected ? .conflict(proven: true) : .separate(by: .vertical)), "draw \(draw)")
            if !expected { separate += 1 }
        }
        #expect(separate >= 2_000 && Self.draws - separate >= 2_000)
    }

    @Test("where altitude does not separate, bands that are far apart conflict all the same")
    func allAltitudes() throws {
        let minima = try #require(Minima(horizontalM: 0, vertical: .all, time: .zero))
        let window = Span(low: 0, high: 1)
        let low = try volume(try band(Span(low: 0, high: 0), .tenthsOfMillimetres), window)
        let high = try volume(try band(Span(low: 200_000_000, high: 200_000_000), .tenthsOfMillimetres), window)
        #expect(ConflictTest.conflict(low, high, minima: minima, reference: .anywhere).isConflict)
        let narrow = try #require(Minima(horizontalM: 0, vertical: .metres(19_999), time: .zero))
        #expect(
            ConflictTest.conflict(low, high, minima: narrow, reference: .anywhere) == .separate(by: .vertical))
    }

    enum Unit: CaseIterable {
        case tenthsOfMillimetres, feet, flightLevels

        /// Tenths of a millimetre in one; a foot is 304.8 mm by definition.
        var units: Int64 {
            switch self {
            case .tenthsOfMillimetres: 1
            case .feet: 3_048
            case .flightLevels: 304_800
            }
        }
    }

    private func altitude(_ value: Int64, _ unit: Unit) throws -> Altitude {
        let altitude: Altitude? =
            switch unit {
            case .tenthsOfMillimetres: Altitude(value: Double(value) / 10_000, unit: .metres, datum: .ellipsoid)
            case .feet: Altitude(value: Double(value / unit.units), unit: .feet, datum: .ellipsoid)
            case .flightLevels: Altitude(value: Double(value / unit.units), unit: .flightLevel, datum: .flightLevel)
            }
        return try #require(altitude)
    }

    private func band(_ span: Span, _ unit: Unit) throws -> AltitudeBand {
        AltitudeBand(lower: try altitude(span.low, unit), upper: try altitude(span.high, unit))
    }

    private func volume(_ band: AltitudeBand, _ window: Span) throws -> Volume4D {
        let place = try #require(Position(latitudeDeg: 34.5574, longitudeDeg: 38.3169))
        return Volume4D(
            footprint: try Footprint(validating: .point(place), radiusM: 1_000), band: band,
            window: try #require(
                TimeWindow(start: UTCInstant(microseconds: window.low), end: UTCInstant(microseconds: window.high))))
    }
}
