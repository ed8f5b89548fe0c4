import Foundation
import Records
import Synchronization

/// Standard output, standard error and the keyboard, unbuffered, so that a reader at the other end of a pipe
/// sees each line when it happens.
enum Terminal {
    private static let lock = Mutex(())

    static func say(_ text: String) { write(text, to: .standardOutput) }

    static func line(_ text: String) { say(text + "\n") }

    static func complain(_ text: String) { write(text, to: .standardError) }

    /// The result of a command: one JSON text, or lines for a person.
    static func answer(json: JSONValue, asJSON: Bool, text: @autoclosure () -> String) {
        // An act that the terms give to two officers answers so, whatever act it is.
        if !asJSON, let id = json.integer("pending") {
            return line("Nothing is done yet: it waits for a second officer (parley approve \(id)).")
        }
        line(asJSON ? json.text : text())
    }

    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// A passphrase: from PARLEY_PASSPHRASE, or typed without being shown.
    static func passphrase(for officer: String, isNew: Bool = false) throws -> String {
        if let given = Environment["PARLEY_PASSPHRASE"] { return given }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure(
                .usage, "passphraseMissing", "set PARLEY_PASSPHRASE, or run this where a passphrase can be typed",
                field: "PARLEY_PASSPHRASE")
        }
        let first = hidden("Passphrase of \(officer): ")
        if isNew, hidden("The same again: ") != first {
            throw CommandFailure(.usage, "passphrasesDiffer", "the two passphrases differ")
        }
        return first
    }

    static func prompt(_ question: String) -> String {
        complain(question)
        return readLine(strippingNewline: true) ?? ""
    }

    private static func hidden(_ question: String) -> String {
        complain(question)
        var settings = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &settings) == 0
        let before = settings
        if isTerminal {
            settings.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        }
        defer {
            if isTerminal {
                var restored = before
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &restored)
            }
            complain("\n")
        }
        return readLine(strippingNewline: true) ?? ""
    }

    private static func write(_ text: String, to file: FileHandle) {
        lock.withLock { _ in
            // A reader that has gone away is no reason to fail.
            try? file.write(contentsOf: Data(text.utf8))
        }
    }
}

enum Environment {
    /// The variable's value, `nil` when it is absent or empty.
    static subscript(name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
