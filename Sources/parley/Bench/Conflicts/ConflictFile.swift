import Foundation
import Geodesy
import Kernel
import Separation

/// Reads the volumes of a measurement: a header, then `id,cls,shape,t0,t1,alt_lo,alt_hi,param,"POLYGON((…))"`, the
/// footprint in longitude and latitude, times in Unix seconds, heights in metres.
struct ConflictFile {
    struct Row {
        let id: UInt64
        /// Index into the matrices of minima.
        let kind: Int
        let volume: Volume4D
    }

    enum Failure: Error {
        case unreadable(String)
        case line(Int, String)

        var sentence: String {
            switch self {
            case .unreadable(let path): "\(path) cannot be read"
            case .line(let number, let text): "line \(number) is no volume: \(text)"
            }
        }
    }

    /// Calls `take` for every row, in the file's order.
    static func read(_ path: String, _ take: (Row) throws -> Void) throws {
        guard let file = fopen(path, "r") else { throw Failure.unreadable(path) }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var line: [UInt8] = []
        var number = 0
        func finish() throws {
            number += 1
            defer { line.removeAll(keepingCapacity: true) }
            guard number > 1, !line.isEmpty else { return }
            var reader = ConflictLine(bytes: line)
            guard let row = try reader.row() else {
                throw Failure.line(number, String(decoding: line.prefix(200), as: UTF8.self))
            }
            try take(row)
        }
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            var from = 0
            while let end = buffer[from..<count].firstIndex(of: 10) {
                line += buffer[from..<end]
                try finish()
                from = end + 1
            }
            line += buffer[from..<count]
        }
        if !line.isEmpty { try finish() }
    }
}

/// One line, read from the left.
private struct ConflictLine {
    let bytes: [UInt8]
    var at = 0

    mutating func row() throws -> ConflictFile.Row? {
        guard let id = number(), comma(), let kind = number(), comma(), skipField(),
            let start = number(), comma(), let end = number(), comma(),
            let low = number(), comma(), let high = number(), comma(), skipField(),
            let positions = ring(), let footprint = Footprint(validatedBefore: .polygon(positions), radiusM: 0),
            let lower = Altitude(value: low, unit: .metres, datum: .ellipsoid),
            let upper = Altitude(value: high, unit: .metres, datum: .ellipsoid),
            let window = TimeWindow(
                start: UTCInstant(microseconds: Int64(start * 1e6)), end: UTCInstant(microseconds: Int64(end * 1e6)))
        else { return nil }
        return .init(
            id: UInt64(id), kind: Int(kind),
            volume: Volume4D(footprint: footprint, band: AltitudeBand(lower: lower, upper: upper), window: window))
    }

    private mutating func ring() -> [Position]? {
        let head = Array("\"POLYGON((".utf8)
        guard bytes.count >= at + head.count, bytes[at..<at + head.count].elementsEqual(head) else { return nil }
        at += head.count
        var positions: [Position] = []
        positions.reserveCapacity(26)
        repeat {
            guard let longitude = number(), take(32), let latitude = number(),
                let position = Position(latitudeDeg: latitude, longitudeDeg: longitude)
            else { return nil }
            positions.append(position)
        } while take(44)
        guard positions.count > 3, positions.popLast() == positions.first else { return nil }
        // A copy of just its size: what was reserved above would be kept a million times.
        return positions.map { $0 }
    }

    private mutating func comma() -> Bool { take(44) }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipField() -> Bool {
        while at < bytes.count, bytes[at] != 44 { at += 1 }
        return comma()
    }

    /// Decimal with at most fifteen digits: exact before the one division, so correctly rounded.
    private mutating func number() -> Double? {
        let isNegative = take(45)
        var digits: Int64 = 0
        var count = 0
        var scale = 1.0
        var isFraction = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 46, !isFraction {
                isFraction = true
            } else if byte >= 48, byte <= 57 {
                digits = digits * 10 + Int64(byte - 48)
                count += 1
                if isFraction { scale *= 10 }
            } else {
                break
            }
            at += 1
        }
        guard count > 0, count <= 15 else { return nil }
        let value = Double(digits) / scale
        return isNegative ? -value : value
    }
}
