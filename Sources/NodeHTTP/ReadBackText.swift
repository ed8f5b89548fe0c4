import Geodesy
import Kernel
import Notation
import Records

/// A read-back as an officer types it: the position in any notation, the altitude and the start in words or in
/// the record's own form.
enum ReadBackText {
    static func read(_ value: JSONValue, path: String) throws(FieldRejection) -> ReadBack {
        var reader = try FieldReader(value, path: path)
        let (position, original) = try position(&reader)
        let lower = try altitude(&reader)
        let start = try instant(&reader, "start")
        try reader.finish()
        return ReadBack(position: position, lower: lower, start: start, original: original)
    }

    private static func position(_ reader: inout FieldReader) throws(FieldRejection) -> (Position, String?) {
        if let text = try reader.optionalString("text", limit: 200) {
            do {
                return (try CoordinateText.parse(text).position, text)
            } catch {
                throw reader.rejection("text", .notAllowed(rule: error.explanation))
            }
        }
        let value = try reader.value("position")
        if case .string(let text) = value {
            do {
                return (try CoordinateText.parse(text).position, text)
            } catch {
                throw reader.rejection("position", .notAllowed(rule: error.explanation))
            }
        }
        return (try Position(json: value, path: reader.path(of: "position")), nil)
    }

    private static func altitude(_ reader: inout FieldReader) throws(FieldRejection) -> Altitude {
        let value = try reader.value("lower")
        guard case .string(let text) = value else {
            return try Altitude(json: value, path: reader.path(of: "lower"))
        }
        do {
            return try AltitudeText.parse(text)
        } catch {
            throw reader.rejection("lower", .notAllowed(rule: error.explanation))
        }
    }

    private static func instant(_ reader: inout FieldReader, _ name: String) throws(FieldRejection) -> UTCInstant {
        let text = try reader.string(name, limit: 64)
        if let instant = UTCInstant(rfc3339: text) { return instant }
        do {
            return try DateTimeGroup.parse(text)
        } catch {
            throw reader.rejection(name, .notAllowed(rule: error.explanation))
        }
    }
}
