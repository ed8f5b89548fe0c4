/// One row of docs/requirements.md.
struct RequirementRow: Equatable {
    enum State: String { case met, partly, later }
    let id: String
    let state: State
    let tests: [String]
    let line: Int
}

/// The ids that the table must hold, each once.
let requirementIDs: [String] = {
    let families: [(String, ClosedRange<Int>)] = [
        ("NOT", 1...9), ("CON", 1...7), ("ASR", 1...4), ("REC", 1...7), ("HOT", 1...8), ("MED", 1...3), ("PRV", 1...2),
        ("SEC", 1...4), ("OPS", 0...4), ("REL", 1...3), ("PRF", 1...1), ("UX", 1...4),
    ]
    return families.flatMap { family, numbers in numbers.map { "\(family)-\($0)" } }
}()

/// Reads the rows `| id | requirement | state | tests |`, the tests each in back quotes.
func requirementRows(_ file: SourceFile) -> (rows: [RequirementRow], breaches: [Breach]) {
    var rows: [RequirementRow] = []
    var breaches: [Breach] = []
    for (index, line) in file.lines.enumerated() where line.hasPrefix("|") {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { String($0).trimmed }
        guard let id = cells.first, id.wholeMatch(of: #/[A-Z]{2,3}-\d+/#) != nil else { continue }
        guard cells.count == 4, let state = RequirementRow.State(rawValue: cells[2]) else {
            breaches.append(
                Breach(path: file.path, line: index + 1, message: "\(id): not `| id | requirement | state | tests |`"))
            continue
        }
        let tests = cells[3].matches(of: #/`([^`]+)`/#).map { String($0.1) }
        rows.append(RequirementRow(id: id, state: state, tests: tests, line: index + 1))
    }
    return (rows, breaches)
}

/// Every id once; every met requirement names a test; every named test is there.
func requirementBreaches(_ file: SourceFile, ids: [String], tests: Set<String>) -> [Breach] {
    var (rows, breaches) = requirementRows(file)
    func report(_ line: Int, _ message: String) {
        breaches.append(Breach(path: file.path, line: line, message: message))
    }
    for id in ids {
        let count = rows.count { $0.id == id }
        if count != 1 { report(0, "\(id) stands there \(count) times") }
    }
    for row in rows {
        if !ids.contains(row.id) { report(row.line, "\(row.id) is no requirement") }
        if row.state == .met && row.tests.isEmpty { report(row.line, "\(row.id) is met and names no test") }
        for test in row.tests where !tests.contains(test) {
            report(row.line, "\(row.id) names a test that is not there: \(test)")
        }
    }
    return breaches
}

/// The names that a test can be called by: in Swift the sentence given to `@Test`, or the function's name under one;
/// in Python the name of any function.
func testNames(in file: SourceFile) -> Set<String> {
    switch file.fileExtension {
    case "swift": swiftTestNames(swiftTokens(file.text))
    case "py": Set(file.text.matches(of: #/(?m)^[ \t]*def (\w+)/#).map { String($0.1) })
    default: []
    }
}

private func swiftTestNames(_ tokens: [SwiftToken]) -> Set<String> {
    var names: Set<String> = []
    for index in tokens.indices.dropLast(2) where tokens[index].isMark("@") && tokens[index + 1].isWord("Test") {
        if tokens[index + 2].isMark("("), index + 3 < tokens.count, tokens[index + 3].kind == .text {
            names.insert(tokens[index + 3].content)
        }
        let function = tokens[(index + 2)...].firstIndex { $0.isWord("func") }
        if let function, function + 1 < tokens.count {
            names.insert(tokens[function + 1].content.filter { $0 != "`" })
        }
    }
    return names
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
