import CGeographicLib
import Geodesy

/// GeographicLib's MGRS and GARS.
enum GridReference {
    struct Cell {
        let centre: Position
        /// Digits of easting, or GARS precision.
        let precision: Int
        /// Grid metres per metre on the ellipsoid at the centre; 1 for GARS.
        let scale: Double
    }

    static func mgrs(of position: Position, digitPairs: Int) -> String {
        write { text, textBytes, message, messageBytes in
            parley_mgrs_from_position(
                position.latitudeDeg, position.longitudeDeg, Int32(digitPairs), text, textBytes, message, messageBytes)
        }
    }

    static func gars(of position: Position, precision: Int) -> String {
        write { text, textBytes, message, messageBytes in
            parley_gars_from_position(
                position.latitudeDeg, position.longitudeDeg, Int32(precision), text, textBytes, message, messageBytes)
        }
    }

    /// - Parameter text: letters and digits in the shape of MGRS.
    static func cell(mgrs text: String) -> Cell? {
        var (latitude, longitude, digitPairs, scale) = (0.0, 0.0, Int32(0), 1.0)
        guard parley_position_from_mgrs(text, &latitude, &longitude, &digitPairs, &scale, nil, 0) == PARLEY_GRID_OK,
            let centre = Position(latitudeDeg: latitude, longitudeDeg: longitude), scale > 0
        else { return nil }
        return Cell(centre: centre, precision: Int(digitPairs), scale: scale)
    }

    /// - Parameter text: letters and digits in the shape of GARS.
    static func cell(gars text: String) -> Cell? {
        var (latitude, longitude, precision) = (0.0, 0.0, Int32(0))
        guard parley_position_from_gars(text, &latitude, &longitude, &precision, nil, 0) == PARLEY_GRID_OK,
            let centre = Position(latitudeDeg: latitude, longitudeDeg: longitude)
        else { return nil }
        return Cell(centre: centre, precision: Int(precision), scale: 1)
    }

    /// Every position has a reference at every precision: a refusal would be a defect, not an input.
    private static func write(
        _ fill: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<CChar>?, Int) -> Int32
    ) -> String {
        var text = [CChar](repeating: 0, count: Int(PARLEY_GRID_TEXT_BYTES))
        var message = [CChar](repeating: 0, count: Int(PARLEY_GRID_MESSAGE_BYTES))
        let status = text.withUnsafeMutableBufferPointer { text in
            message.withUnsafeMutableBufferPointer { message in
                fill(text.baseAddress, text.count, message.baseAddress, message.count)
            }
        }
        precondition(status == PARLEY_GRID_OK, "no grid reference for a valid position: \(string(message))")
        return string(text)
    }

    private static func string(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
