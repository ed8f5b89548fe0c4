import Foundation
import NodeRuntime
import Records

/// The passphrase of key files: from the file that PARLEY_PASSPHRASE_FILE names, or typed at the terminal.
enum KeyPrompt {
    static let source: KeyPassphrase.Source = {
        if let given = try KeyPassphrase.fromEnvironment() { return given }
        guard let terminal = PassphraseTerminal() else { return nil }
        return try passphrase(terminal.ask("Passphrase of the key files: "))
    }

    /// For files that are to be encrypted: typed twice.
    static func new() throws -> KeyPassphrase {
        if let given = try KeyPassphrase.fromEnvironment() { return given }
        guard let terminal = PassphraseTerminal() else {
            throw CommandFailure(
                .usage, "passphraseMissing",
                "name a file with the passphrase in \(KeyPassphrase.environmentName), or run this at a terminal",
                field: KeyPassphrase.environmentName)
        }
        let first = terminal.ask("New passphrase of the key files: ")
        guard terminal.ask("The same again: ") == first else {
            throw CommandFailure(.usage, "passphrasesDiffer", "the two passphrases differ")
        }
        return try passphrase(first)
    }

    private static func passphrase(_ text: String) throws -> KeyPassphrase {
        guard let passphrase = KeyPassphrase(text) else { throw KeyFileError.badPassphrase }
        return passphrase
    }
}

/// The terminal itself, whatever standard input is.
private final class PassphraseTerminal {
    private let descriptor: Int32

    init?() {
        descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    /// A line, typed without being shown.
    func ask(_ question: String) -> String {
        say(question)
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { return "" }
        let before = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(descriptor, TCSAFLUSH, &settings)
        defer {
            var restored = before
            tcsetattr(descriptor, TCSAFLUSH, &restored)
            say("\n")
        }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    private func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}

/// As ``usingFiles(_:)``, and names what is wrong with keys and statements.
func usingKeys<Value>(_ body: () throws -> Value) throws -> Value {
    try usingFiles {
        do {
            return try body()
        } catch let error as KeyFileError {
            throw error.failure
        } catch let error as KeyChangeRefusal {
            throw CommandFailure(.refused, error.name, "\(error)")
        } catch let error as RootStatementRejection {
            throw CommandFailure(.refused, error.name, error.sentence)
        } catch let error as KeyHistoryRejection {
            throw CommandFailure(.refused, error.name, error.sentence)
        }
    }
}

extension KeyFileError {
    var failure: CommandFailure {
        switch self {
        case .passphraseNeeded, .badPassphrase:
            CommandFailure(.usage, name, "\(self)", field: KeyPassphrase.environmentName)
        case .wrongPassphrase, .malformed, .exists: CommandFailure(.unusableFile, name, "\(self)")
        case .alreadyEncrypted, .notEncrypted: CommandFailure(.refused, name, "\(self)")
        }
    }
}
