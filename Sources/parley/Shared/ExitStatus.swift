/// What the process answers to whoever started it. Part of the interface: scripts rely on the numbers.
///
/// Thrown by a command that has said all it has to say.
enum ExitStatus: Int32, Error, CaseIterable {
    case done = 0
    case refused = 1
    case usage = 2
    case unreachable = 3
    case notSignedIn = 4
    case found = 5
    case stepFailed = 6
    case unusableFile = 7
    case interrupted = 130

    var meaning: String {
        switch self {
        case .done: "done"
        case .refused: "the node refused; the error is named on standard error"
        case .usage: "the command line is wrong, or a value in it (a position, an altitude, a time)"
        case .unreachable: "the node cannot be reached"
        case .notSignedIn: "not signed in, or not allowed to this officer"
        case .found:
            "what was asked for was found: `check` collides, `watch --until-ring` rang, a read-back differs, `fsck` "
                + "found damage, `advise` finds no way out"
        case .stepFailed: "a step of `demo` or `bench` failed; it is named"
        case .unusableFile: "a file or folder of this machine cannot be used"
        case .interrupted: "interrupted before the end"
        }
    }

    static var table: String {
        allCases.map { status in
            let number = String(status.rawValue)
            return String(repeating: " ", count: 5 - number.count) + number + "  " + status.meaning
        }.joined(separator: "\n")
    }
}
