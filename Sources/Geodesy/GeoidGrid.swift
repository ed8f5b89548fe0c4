/// A grid of geoid heights above the WGS 84 ellipsoid: PROJ's GTX form, which is how Debian's `proj-data` carries
/// EGM96 at 15 minutes (`egm96_15.gtx`).
///
/// Big-endian throughout: latitude and longitude of the south-western node and the steps northward and eastward
/// in degrees (four 64-bit floats), rows and columns (two 32-bit integers), then 32-bit floats in metres, row by
/// row from the south, each from the west.
public struct GeoidGrid: Hashable, Sendable {
    public enum Rejection: Error, Hashable, Sendable {
        /// Shorter or longer than its header says.
        case length(bytes: Int, expected: Int)
        /// Steps, counts or corner that make no grid around the whole earth.
        case header
        /// A height outside -120 … 100 m, or not a number.
        case height(node: Int)
    }

    private let southDeg: Double
    private let westDeg: Double
    private let stepNorthDeg: Double
    private let stepEastDeg: Double
    private let rows: Int
    private let columns: Int
    private let heightsM: [Float]

    /// What bilinear interpolation on the 15-minute grid is off from the EGM96 model by at most, rounded up from
    /// the 1.152 m that GeographicLib's documentation of `egm96-15` gives.
    public static let errorM = 1.2

    /// Geoid heights of EGM96 lie within, everywhere, rounded outward: what holds when there is no grid.
    public static let anywhereM: ClosedRange<Double> = -110...90

    /// - Parameter bytes: the whole file.
    public init(gtx bytes: [UInt8]) throws(Rejection) {
        guard bytes.count > Self.headerBytes else {
            throw .length(bytes: bytes.count, expected: Self.headerBytes)
        }
        func word(_ offset: Int, _ count: Int) -> UInt64 {
            bytes[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
        }
        func double(_ offset: Int) -> Double { Double(bitPattern: word(offset, 8)) }
        southDeg = double(0)
        westDeg = double(8)
        stepNorthDeg = double(16)
        stepEastDeg = double(24)
        let rowCount = word(32, 4)
        let columnCount = word(36, 4)
        guard southDeg == -90, westDeg >= -180, westDeg <= 180, stepNorthDeg > 0, stepEastDeg > 0,
            (2...10_000).contains(rowCount), (2...20_000).contains(columnCount),
            abs(stepNorthDeg * Double(rowCount - 1) - 180) < 1e-6, abs(stepEastDeg * Double(columnCount) - 360) < 1e-6
        else { throw .header }
        rows = Int(rowCount)
        columns = Int(columnCount)
        let expected = Self.headerBytes + rows * columns * 4
        guard bytes.count == expected else { throw .length(bytes: bytes.count, expected: expected) }
        var heights: [Float] = []
        heights.reserveCapacity(rows * columns)
        for node in 0..<rows * columns {
            let at = Self.headerBytes + node * 4
            let bits = UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8
                | UInt32(bytes[at + 3])
            let height = Float(bitPattern: bits)
            guard height >= -120, height <= 100 else { throw .height(node: node) }
            heights.append(height)
        }
        heightsM = heights
    }

    private static let headerBytes = 40

    /// Height of the geoid above the ellipsoid, bilinear between the four nodes around, and what it may be off by.
    public func undulation(at position: Position) -> (metres: Double, errorM: Double) {
        let y = (position.latitudeDeg - southDeg) / stepNorthDeg
        let x = (position.longitudeDeg - westDeg) / stepEastDeg
        let row = min(rows - 2, max(0, Int(y.rounded(.down))))
        let column = Int(x.rounded(.down))
        let north = y - Double(row)
        let east = x - Double(column)
        let south = height(row, column) * (1 - east) + height(row, column + 1) * east
        let beyond = height(row + 1, column) * (1 - east) + height(row + 1, column + 1) * east
        return (south * (1 - north) + beyond * north, Self.errorM)
    }

    /// Geoid heights anywhere within the boxes, rounded outward by ``errorM``: between nodes no height lies outside
    /// those of the four around it.
    public func range(over boxes: [GeoBox]) -> ClosedRange<Double> {
        var low = Double.infinity
        var high = -Double.infinity
        for box in boxes {
            let first = min(rows - 1, max(0, Int(((box.southDeg - southDeg) / stepNorthDeg).rounded(.down))))
            let last = min(rows - 1, max(first, Int(((box.northDeg - southDeg) / stepNorthDeg).rounded(.up))))
            let west = Int(((box.westDeg - westDeg) / stepEastDeg).rounded(.down))
            let east = Int(((box.eastDeg - westDeg) / stepEastDeg).rounded(.up))
            for row in first...last {
                for column in west...max(west, min(east, west + columns - 1)) {
                    let height = height(row, column)
                    low = min(low, height)
                    high = max(high, height)
                }
            }
        }
        guard low <= high else { return Self.anywhereM }
        return (low - Self.errorM)...(high + Self.errorM)
    }

    /// Columns go round the earth.
    private func height(_ row: Int, _ column: Int) -> Double {
        let wrapped = column % columns
        return Double(heightsM[row * columns + (wrapped < 0 ? wrapped + columns : wrapped)])
    }
}
