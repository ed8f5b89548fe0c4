import Foundation
import Synchronization

/// One line on standard error that says how far a long command is; nothing where that is no terminal.
final class ProgressBar: Sendable {
    private let isShown: Bool
    private let shown = Mutex("")

    init(asJSON: Bool) { isShown = !asJSON && isatty(STDERR_FILENO) == 1 }

    func show(_ what: String, done: UInt64, total: UInt64) {
        guard isShown else { return }
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
        draw("\(bar) \(Int(share * 100)) %  \(what)")
    }

    func show(_ what: String) {
        guard isShown else { return }
        draw(what)
    }

    /// Leaves an empty line behind.
    func end() {
        guard isShown else { return }
        draw("")
        Terminal.complain("\r")
    }

    private func draw(_ line: String) {
        shown.withLock { shown in
            guard shown != line else { return }
            let rest = String(repeating: " ", count: max(0, shown.count - line.count))
            shown = line
            Terminal.complain("\r\(line)\(rest)")
        }
    }
}
