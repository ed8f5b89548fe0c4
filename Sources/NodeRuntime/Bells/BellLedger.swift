import Foundation
import Kernel
import Records

/// Which rings each bell has begun to give, in `bells.state`: so that after a restart none rings as new again.
///
/// One line of JSON for each, appended before the bell rings and not synced: after a loss of power the last ones may
/// ring as new once more. A file that cannot be written, as on a full disk, keeps no bell from ringing.
struct BellLedger {
    /// What a bell may do with a ring.
    enum Verdict: Hashable, Sendable {
        case asNew, asRepeat
        /// It has rung in this process, or twice in all.
        case never
    }

    private struct Key: Hashable {
        let bell: String
        let ring: String
    }

    private struct Mark {
        /// In how many processes the bell began to ring for it.
        var times: Int
        var isOfThisProcess: Bool
    }

    /// Marks kept; the oldest go first.
    static let marksMost = 4_096
    private static let fileBytes = 8 << 20

    private let url: URL
    private var marks: [Key: Mark] = [:]
    private var order: [Key] = []
    private var linesInFile = 0
    /// The file was not there, or lines of it could not be read.
    private let isIncomplete: Bool
    /// Why the file could not be written at the last try.
    private(set) var writeFailure: String?

    init(_ url: URL) {
        self.url = url
        guard let data = FileManager.default.contents(atPath: url.path), data.count <= BellLedger.fileBytes else {
            isIncomplete = true
            return
        }
        var unread = 0
        // What follows the last newline was torn off in the writing.
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            guard let (key, times) = BellLedger.read(Array(line)) else {
                unread += 1
                continue
            }
            if marks[key] == nil { order.append(key) }
            marks[key] = Mark(times: max(times, marks[key]?.times ?? 0), isOfThisProcess: false)
            linesInFile += 1
        }
        isIncomplete = unread > 0
        trim()
        if !data.isEmpty, data.last != UInt8(ascii: "\n") || unread > 0 { rewrite() }
    }

    private static func read(_ line: [UInt8]) -> (Key, Int)? {
        guard let json = try? StrictJSON.read(line, limit: 8 * 1024), var reader = try? FieldReader(json),
            let bell = try? reader.string("bell", limit: 40), let ring = try? reader.string("ring"),
            let times = try? reader.integer("times", in: 1...2)
        else { return nil }
        return (Key(bell: bell, ring: ring), Int(times))
    }

    func verdict(_ ring: BellRing, bell: String) -> Verdict {
        guard let mark = marks[Key(bell: bell, ring: ring.id.text)] else {
            return !ring.isNew && isIncomplete ? .asRepeat : .asNew
        }
        return mark.isOfThisProcess || mark.times > 1 ? .never : .asRepeat
    }

    /// The bell is about to ring for it.
    mutating func begin(_ ring: BellRing, bell: String) {
        let key = Key(bell: bell, ring: ring.id.text)
        var mark = marks[key] ?? Mark(times: 0, isOfThisProcess: false)
        guard !mark.isOfThisProcess else { return }
        if marks[key] == nil { order.append(key) }
        mark = Mark(times: mark.times + 1, isOfThisProcess: true)
        marks[key] = mark
        trim()
        if linesInFile >= 2 * BellLedger.marksMost || writeFailure != nil {
            rewrite()
        } else {
            append(BellLedger.line(key, mark))
        }
    }

    private mutating func trim() {
        guard order.count > BellLedger.marksMost else { return }
        for key in order.prefix(order.count - BellLedger.marksMost) { marks[key] = nil }
        order.removeFirst(order.count - BellLedger.marksMost)
    }

    private static func line(_ key: Key, _ mark: Mark) -> [UInt8] {
        let json: JSONValue = [
            "bell": .string(key.bell), "ring": .string(key.ring), "times": .integer(Int64(min(mark.times, 2))),
        ]
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private mutating func append(_ line: [UInt8]) {
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            writeFailure = String(cString: strerror(errno))
            return
        }
        defer { close(descriptor) }
        let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        writeFailure = written == line.count ? nil : String(cString: strerror(errno))
        linesInFile += 1
    }

    private mutating func rewrite() {
        let lines = order.flatMap { key in marks[key].map { BellLedger.line(key, $0) } ?? [] }
        do {
            try NodeFolder.write(lines, to: url, secret: true)
            linesInFile = order.count
            writeFailure = nil
        } catch {
            writeFailure = "\(error)"
        }
    }
}
