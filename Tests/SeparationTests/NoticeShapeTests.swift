import Geodesy
import Kernel
import Testing

@testable import Separation

@Suite("Shape of a notice") struct NoticeShapeTests {
    private func rejection(_ volumes: [Volume4D]) -> VolumeRejection? {
        do {
            try NoticeShape.check(volumes, reference: .anywhere)
            return nil
        } catch {
            return error
        }
    }

    private func volume(
        _ footprint: Footprint? = nil, _ band: AltitudeBand? = nil, _ window: TimeWindow? = nil
    ) throws -> Volume4D {
        Volume4D(
            footprint: try footprint ?? circle(34, 38), band: try band ?? metres(0, 100),
            window: try window ?? seconds(0, 100))
    }

    private func line(_ vertices: Int) throws -> Footprint {
        try Footprint(validating: .line((0..<vertices).map { at(34, 30 + Double($0) / 100) }), radiusM: 10)
    }

    @Test("one to 64 volumes")
    func volumes() throws {
        #expect(rejection([]) == .noVolume)
        #expect(rejection(Array(repeating: try volume(), count: 64)) == nil)
        #expect(rejection(Array(repeating: try volume(), count: 65)) == .tooManyVolumes(found: 65, allowed: 64))
    }

    @Test("a thousand vertices over all volumes")
    func vertices() throws {
        let half = try volume(line(500))
        #expect(rejection([half, half]) == nil)
        #expect(rejection([half, half, try volume()]) == .tooManyVertices(found: 1_001, allowed: 1_000))
    }

    @Test("a window of 30 days and not a microsecond more; none without an end")
    func window() throws {
        let month: Int64 = 30 * 86_400
        #expect(rejection([try volume(nil, nil, seconds(5, 5 + month))]) == nil)
        let longer = try #require(
            TimeWindow(start: UTCInstant(microseconds: 0), end: UTCInstant(microseconds: month * 1_000_000 + 1)))
        let refused = VolumeRejection.windowTooLong(volume: 1, allowed: .hours(720))
        #expect(rejection([try volume(), try volume(nil, nil, longer)]) == refused)
        #expect(rejection([try volume(), try volume(nil, nil, seconds(0, 1).openEnded)]) == refused)
        let everything = try #require(TimeWindow(start: .distantPast, end: .distantFuture))
        #expect(rejection([try volume(), try volume(nil, nil, everything)]) == refused)
    }

    @Test("a band upside down is refused with its volume")
    func band() throws {
        #expect(
            rejection([try volume(), try volume(), try volume(nil, metres(200, 100))])
                == .band(volume: 2, .lowerAboveUpper))
    }

    @Test("a window that ends before it starts cannot be made")
    func reversedWindow() {
        #expect(TimeWindow(start: UTCInstant(microseconds: 1), end: UTCInstant(microseconds: 0)) == nil)
    }
}
