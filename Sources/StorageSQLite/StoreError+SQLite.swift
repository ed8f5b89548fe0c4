import GRDB
import Storage

extension StoreError {
    /// Converts what GRDB or our own code threw. Our statements are fixed, so an SQL error means a damaged schema,
    /// and a violated constraint means that the tables differ from what was read at opening.
    init(converting error: any Error) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .io(code: -1, detail: String(describing: error))
            return
        }
        let detail = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_SCHEMA,
            .SQLITE_FORMAT, .SQLITE_RANGE:
            self = .corrupt(detail: detail)
        default:
            self = .io(code: Int(error.extendedResultCode.rawValue), detail: detail)
        }
    }
}
