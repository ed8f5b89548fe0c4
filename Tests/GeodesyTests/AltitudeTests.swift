import Foundation
import Kernel
import Testing

@testable import Geodesy

@Suite("Heights") struct AltitudeTests {
    static let grid: GeoidGrid? = {
        guard let data = FileManager.default.contents(atPath: "/usr/share/proj/egm96_15.gtx") else {
            print("skipped: no /usr/share/proj/egm96_15.gtx (Debian's proj-data)")
            return nil
        }
        return try? GeoidGrid(gtx: [UInt8](data))
    }()

    private func reference(grid: GeoidGrid? = nil) throws -> VerticalReference {
        try #require(
            VerticalReference(terrainFloorM: 100, terrainCeilingM: 900, pressureDeviationM: 400, grid: grid))
    }

    private func band(
        _ lower: Double, _ lowerUnit: AltitudeUnit, _ lowerDatum: AltitudeDatum, _ upper: Double,
        _ upperUnit: AltitudeUnit, _ upperDatum: AltitudeDatum
    ) throws -> AltitudeBand {
        AltitudeBand(
            lower: try #require(Altitude(value: lower, unit: lowerUnit, datum: lowerDatum)),
            upper: try #require(Altitude(value: upper, unit: upperUnit, datum: upperDatum)))
    }

    /// A small grid around the earth: 45 degrees a step, `height(row, column)` in metres.
    private func gtx(_ height: (Int, Int) -> Float = { Float($0 * 10 + $1) }) -> [UInt8] {
        func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        var file: [UInt8] = []
        for double in [-90, -180, 45, 45] as [Double] { file += bytes(double.bitPattern) }
        file += bytes(Int32(5)) + bytes(Int32(8))
        for row in 0..<5 { for column in 0..<8 { file += bytes(height(row, column).bitPattern) } }
        return file
    }

    @Test("EGM96 stands 21.4 m above the ellipsoid at 34.8 N 39 E, 17.16 m at the equator's start")
    func egm96() throws {
        guard let grid = Self.grid else { return }
        #expect(abs(grid.undulation(at: at(34.8, 39)).metres - 21.4) < 0.05)
        // NGA's published EGM96 values: 38.628 N 269.779 E -31.628 m, 46.874 N 102.448 E -43.575 m, and
        // 0 N 0 E 17.16 m.
        #expect(abs(grid.undulation(at: at(38.6281550, -90.2208450)).metres - -31.628) < GeoidGrid.errorM)
        #expect(abs(grid.undulation(at: at(46.8743190, 102.4487290)).metres - -43.575) < GeoidGrid.errorM)
        #expect(abs(grid.undulation(at: at(0, 0)).metres - 17.16) < 0.05)
        let everywhere = grid.range(over: [GeoBox(southDeg: -90, northDeg: 90, westDeg: -180, eastDeg: 180)])
        #expect(GeoidGrid.anywhereM.lowerBound <= everywhere.lowerBound)
        #expect(GeoidGrid.anywhereM.upperBound >= everywhere.upperBound)
    }

    @Test("between nodes the height is bilinear, around the antimeridian and up to the poles")
    func bilinear() throws {
        let grid = try GeoidGrid(gtx: gtx())
        #expect(grid.undulation(at: at(-90, -180)).metres == 0)
        #expect(grid.undulation(at: at(-67.5, -157.5)).metres == 5.5)
        #expect(grid.undulation(at: at(0, 157.5)).metres == 23.5)
        #expect(grid.undulation(at: at(0, 180)).metres == 20)
        #expect(grid.undulation(at: at(90, 0)).metres == 44)
        #expect(grid.undulation(at: at(90, 0)).errorM == 1.2)
    }

    @Test("the range over boxes holds every height within them", arguments: UInt64(0)..<50)
    func range(seed: UInt64) throws {
        guard let grid = Self.grid else { return }
        var maker = FootprintMaker(seed: seed)
        let footprint = maker.footprint(near: maker.anchor(), sizeM: 50_000, radiusM: 20_000)
        let range = grid.range(over: footprint.boxes)
        for vertex in footprint.vertices {
            for _ in 0..<20 {
                #expect(range.contains(grid.undulation(at: maker.offset(vertex, upToM: 20_000)).metres))
            }
        }
        #expect(range.upperBound - range.lowerBound < 60)
    }

    @Test("a grid that is cut short, padded, wrongly headed or absurd is refused by name")
    func badGrids() {
        func rejection(_ bytes: [UInt8]) -> GeoidGrid.Rejection? {
            do {
                _ = try GeoidGrid(gtx: bytes)
                return nil
            } catch {
                return error
            }
        }
        let good = gtx()
        #expect(rejection(good) == nil)
        #expect(rejection([]) == .length(bytes: 0, expected: 40))
        #expect(rejection(Array(good.dropLast())) == .length(bytes: 199, expected: 200))
        #expect(rejection(good + [0]) == .length(bytes: 201, expected: 200))
        #expect(rejection([0] + good.dropFirst()) == .header)
        #expect(rejection(Array(good[..<32]) + [255, 255, 255, 255] + good[36...]) == .header)
        #expect(rejection(gtx { $0 == 2 && $1 == 3 ? .nan : 0 }) == .height(node: 19))
        #expect(rejection(gtx { $0 == 0 && $1 == 1 ? 101 : 0 }) == .height(node: 1))
    }

    @Test("each datum becomes the interval that its uncertainty makes")
    func intervals() throws {
        let place = point(34.8, 39)
        let bare = try reference()
        let ellipsoid = try band(0, .metres, .ellipsoid, 1_000, .feet, .ellipsoid).ellipsoidInterval(over: place, bare)
        #expect(ellipsoid == 0...304.8)
        let amsl = try band(0, .metres, .amsl, 1_000, .metres, .amsl).ellipsoidInterval(over: place, bare)
        #expect(amsl == -110...1_090)
        let agl = try band(0, .metres, .agl, 1_000, .metres, .agl).ellipsoidInterval(over: place, bare)
        #expect(agl == -10...1_990)
        let level = try band(100, .flightLevel, .flightLevel, 110, .flightLevel, .flightLevel)
            .ellipsoidInterval(over: place, bare)
        #expect(abs(level.lowerBound - (3_048 - 400 - 110)) < 1e-9)
        #expect(abs(level.upperBound - (3_352.8 + 400 + 90)) < 1e-9)
        guard let grid = Self.grid else { return }
        let known = try band(0, .metres, .amsl, 1_000, .metres, .amsl)
            .ellipsoidInterval(over: place, reference(grid: grid))
        #expect(known.contains(21.4) && known.contains(1_021.4))
        #expect(known.lowerBound > 18 && known.upperBound < 1_025)
    }

    @Test("a band that is certainly upside down is refused, a doubtful one is not")
    func reversed() throws {
        let bare = try reference()
        let place = point(34.8, 39)
        func rejection(_ band: AltitudeBand) -> BandRejection? {
            do {
                _ = try band.ellipsoidInterval(over: place, bare)
                return nil
            } catch {
                return error
            }
        }
        #expect(rejection(try band(1_000, .metres, .amsl, 999, .metres, .amsl)) == .lowerAboveUpper)
        let sinking = try band(200, .flightLevel, .flightLevel, 190, .flightLevel, .flightLevel)
        #expect(rejection(sinking) == .lowerAboveUpper)
        #expect(rejection(try band(1_200, .metres, .agl, 100, .metres, .amsl)) == .lowerAboveUpper)
        #expect(rejection(try band(1_000, .feet, .amsl, 304.8, .metres, .amsl)) == nil)
        #expect(rejection(try band(500, .metres, .agl, 700, .metres, .amsl)) == nil)
    }

    @Test("gaps: two flight levels compare as they stand, others by what they may be")
    func gaps() throws {
        let bare = try reference()
        func extent(_ band: AltitudeBand) -> VerticalExtent { VerticalExtent(band, over: point(34, 38), bare) }
        let low = extent(try band(100, .flightLevel, .flightLevel, 200, .flightLevel, .flightLevel))
        let high = extent(try band(210, .flightLevel, .flightLevel, 300, .flightLevel, .flightLevel))
        let gap = low.gapM(to: high)
        #expect(abs(gap.lowerBound - 304.8) < 1e-9 && abs(gap.upperBound - 304.8) < 1e-9)
        #expect(high.gapM(to: low) == gap)
        let metres = extent(try band(6_400, .metres, .amsl, 9_000, .metres, .amsl))
        // FL 200 is 6 096 m, give or take 400, and either stands on a geoid between -110 and 90.
        let mixed = low.gapM(to: metres)
        #expect(abs(mixed.lowerBound - (304 - 400 - 200)) < 1e-9)
        #expect(abs(mixed.upperBound - (304 + 400 + 200)) < 1e-9)
        #expect(low.gapM(to: low).upperBound < 0)
    }

    @Test("a reference holds only possible numbers")
    func references() {
        for (floor, ceiling, deviation) in [
            (Double.nan, 0, 0), (0, .nan, 0), (0, 0, .nan), (1, 0, 0), (-1_001, 0, 0), (0, 10_001, 0), (0, 0, -1),
            (0, 0, 10_001), (-.infinity, 0, 0),
        ] {
            #expect(
                VerticalReference(terrainFloorM: floor, terrainCeilingM: ceiling, pressureDeviationM: deviation) == nil)
        }
    }
}
