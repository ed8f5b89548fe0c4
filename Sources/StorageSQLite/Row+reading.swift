import Foundation
import GRDB

// GRDB traps when a column holds another type than asked for; a damaged file must not.
extension Row {
    func number(_ column: Int) -> UInt64? {
        guard case .int64(let value) = (self[column] as DatabaseValue).storage else { return nil }
        return UInt64(bitPattern: value)
    }

    func text(_ column: Int) -> String? {
        guard case .string(let value) = (self[column] as DatabaseValue).storage else { return nil }
        return value
    }

    func bytes(_ column: Int) -> [UInt8]? {
        guard case .blob(let value) = (self[column] as DatabaseValue).storage else { return nil }
        return [UInt8](value)
    }
}

extension UInt64 {
    /// SQLite's integers are signed: the same 64 bits.
    var stored: Int64 { Int64(bitPattern: self) }
}
