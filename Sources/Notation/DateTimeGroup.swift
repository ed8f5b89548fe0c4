import Kernel

/// Why a text is not a date-time group.
public enum DateTimeGroupRejection: Error, Hashable, Sendable {
    case empty
    /// More than ``DateTimeGroup/longestBytes``.
    case tooLong(bytes: Int)
    /// The parts do not follow each other as `DDHHMM Z MON YY`.
    case malformed
    /// The calendar has no such day in that month and year.
    case noSuchDay
    case hourOutOfRange
    case minuteOutOfRange
    /// A time zone letter other than Z: only Zulu counts.
    case notZulu(Character)
    case missingZone
    case unknownMonth
    /// Neither two nor four digits, or the year 0000.
    case malformedYear

    /// One plain sentence for the one who typed it.
    public var explanation: String {
        switch self {
        case .empty: "No time was given."
        case .tooLong(let bytes): "The time is \(bytes) bytes long; at most \(DateTimeGroup.longestBytes) are read."
        case .malformed: "Write day, hour, minute, Z, month and year, such as 221917ZNOV26."
        case .noSuchDay: "The calendar has no such day."
        case .hourOutOfRange: "Hours go from 00 to 23."
        case .minuteOutOfRange: "Minutes go from 00 to 59."
        case .notZulu(let letter): "\(letter) is not Zulu: give the time in UTC, with Z."
        case .missingZone: "The letter Z is missing before the month."
        case .unknownMonth: "Months are JAN, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV and DEC."
        case .malformedYear: "Give the year with two or four digits."
        }
    }
}

/// Date-time groups (ACP 121), to the minute, in Zulu: `221917ZNOV26`.
public enum DateTimeGroup {
    public static let longestBytes = 32

    private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

    /// The minute within which the instant lies: seconds are cut off, not rounded. Years from 2000 to 2099
    /// have two digits, others at least four.
    public static func format(_ instant: UTCInstant) -> String {
        let minute = instant.microseconds.flooredQuotient(by: 60_000_000)
        let day = minute.flooredQuotient(by: 1440)
        let minuteOfDay = minute - day * 1440
        let date = CivilDate(daysSince1970: day)
        func padded(_ value: Int64, _ width: Int) -> String { String(value).padded(to: width) }
        return padded(date.day, 2) + padded(minuteOfDay / 60, 2) + padded(minuteOfDay % 60, 2) + "Z"
            + months[Int(date.month) - 1]
            + ((2000...2099).contains(date.year) ? padded(date.year - 2000, 2) : padded(date.year, 4))
    }

    /// Reads upper or lower case, with or without spaces between the parts. Two digits of a year mean 2000 to
    /// 2099.
    public static func parse(_ text: String) throws(DateTimeGroupRejection) -> UTCInstant {
        guard text.utf8.count <= longestBytes else { throw .tooLong(bytes: text.utf8.count) }
        var rest = text.utf8.map { (97...122).contains($0) ? $0 - 32 : $0 }[...]
        func skipSpace() { rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
        func run(_ bytes: ClosedRange<UInt8>, atMost count: Int = .max) -> [UInt8] {
            skipSpace()
            let found = Array(rest.prefix { bytes.contains($0) }.prefix(count))
            rest = rest.dropFirst(found.count)
            return found
        }
        func number(_ digits: some Sequence<UInt8>) -> Int64 { digits.reduce(0) { $0 * 10 + Int64($1 - 48) } }

        skipSpace()
        guard !rest.isEmpty else { throw .empty }
        let day = run(48...57, atMost: 2)
        let time = run(48...57)
        guard day.count == 2, time.count == 4 else { throw .malformed }
        var letters = run(65...90)
        if letters.count == 1 {
            letters += run(65...90)
        } else if letters.count == 3 {
            throw .missingZone
        }
        guard letters.count == 4 else { throw .malformed }
        guard letters[0] == UInt8(ascii: "Z") else { throw .notZulu(Character(UnicodeScalar(letters[0]))) }
        guard let month = months.firstIndex(where: { Array($0.utf8) == Array(letters[1...]) }) else {
            throw .unknownMonth
        }
        let yearDigits = run(48...57)
        skipSpace()
        guard rest.isEmpty else { throw .malformed }
        guard yearDigits.count == 2 || yearDigits.count == 4 else { throw .malformedYear }
        let year = number(yearDigits) + (yearDigits.count == 2 ? 2000 : 0)
        guard year > 0 else { throw .malformedYear }

        let (hour, minute) = (number(time[..<2]), number(time[2...]))
        guard hour < 24 else { throw .hourOutOfRange }
        guard minute < 60 else { throw .minuteOutOfRange }
        guard let date = CivilDate(year: year, month: Int64(month) + 1, day: number(day)) else { throw .noSuchDay }
        return UTCInstant(microseconds: (date.daysSince1970 * 1440 + hour * 60 + minute) * 60_000_000)
    }
}
