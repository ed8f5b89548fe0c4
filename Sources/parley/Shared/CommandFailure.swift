import Geodesy
import Kernel
import NodeRuntime
import Notation
import Records
import Storage

/// Why a command did not do what it was asked: a stable name for scripts, a sentence for people.
struct CommandFailure: Error {
    let status: ExitStatus
    /// Such as `staleVersion`, `latitudeOutOfRange`.
    let name: String
    let sentence: String
    /// The option or the field of the request that is wrong.
    let field: String?

    init(_ status: ExitStatus, _ name: String, _ sentence: String, field: String? = nil) {
        self.status = status
        self.name = name
        self.sentence = sentence
        self.field = field
    }

    /// A value on the command line that is not what its option takes.
    static func value(_ option: String, _ error: Any, _ sentence: String) -> CommandFailure {
        CommandFailure(.usage, caseName(error), sentence, field: option)
    }

    var json: JSONValue {
        [
            "error": [
                "name": .string(name), "detail": .string(sentence), "field": field.map(JSONValue.string) ?? .null,
                "exitCode": .integer(Int64(status.rawValue)),
            ]
        ]
    }

    func report(asJSON: Bool) {
        guard !asJSON else { return Terminal.complain(json.text + "\n") }
        let place = field.map { " (\($0))" } ?? ""
        Terminal.complain("parley: \(name)\(place): \(sentence)\n")
    }

    /// The case's own name, without what it carries.
    static func caseName(_ error: Any) -> String {
        String("\(error)".prefix { $0 != "(" })
    }
}

/// Runs what touches this node's own files, and names what is wrong with them.
func usingFiles<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as CommandFailure {
        throw error
    } catch let error as NodeFolderError {
        throw CommandFailure(.unusableFile, error.name, "\(error)")
    } catch let error as TermsRejection {
        throw CommandFailure(.unusableFile, "badTerms", error.sentence)
    } catch let error as BellConfigurationError {
        throw CommandFailure(.unusableFile, error.name, error.description)
    } catch let error as FieldRejection {
        throw CommandFailure(.unusableFile, error.name, error.sentence, field: error.path)
    } catch let error as JSONRejection {
        throw CommandFailure(.unusableFile, "notJSON", "not JSON at byte \(error.offset): \(error.reason.rawValue)")
    } catch let error as OfficerAccounts.Refusal {
        throw error.failure
    } catch StoreError.locked {
        throw CommandFailure(.unusableFile, "locked", "another process serves this folder")
    } catch let error as StoreError {
        throw CommandFailure(.unusableFile, CommandFailure.caseName(error), "the node's store: \(error)")
    } catch {
        throw CommandFailure(.unusableFile, "unusable", "\(error)")
    }
}

extension NodeFolderError {
    var name: String {
        switch self {
        case .alreadyANode: "alreadyANode"
        case .missing: "missing"
        case .tooLarge: "tooLarge"
        case .cannotWrite: "cannotWrite"
        case .malformed: "malformed"
        case .keyIsOpen: "keyIsOpen"
        }
    }
}

extension OfficerAccounts.Refusal {
    var failure: CommandFailure {
        switch self {
        case .wrongNameOrPassphrase:
            CommandFailure(.notSignedIn, "wrongNameOrPassphrase", "the name or the passphrase is wrong")
        case .lockedOut(let seconds): CommandFailure(.notSignedIn, "lockedOut", "locked out for \(seconds) s")
        case .nameTaken: CommandFailure(.refused, "nameTaken", "an officer of that name exists", field: "--officer")
        case .badName:
            CommandFailure(
                .usage, "badName", "a name has 1 to \(Limits.officerNameBytes) bytes and no control characters",
                field: "--officer")
        case .badPassphrase:
            CommandFailure(.usage, "badPassphrase", "a passphrase has 10 to 1024 bytes", field: "PARLEY_PASSPHRASE")
        case .tooManySessions: CommandFailure(.refused, "tooManySessions", "too many officers are signed in")
        case .tooManySignIns: CommandFailure(.refused, "overloaded", "too many sign-ins wait; try again")
        }
    }
}
