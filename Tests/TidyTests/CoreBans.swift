/// What must not stand in the deterministic core: Foundation, `async`, clocks, randomness, and collections whose
/// order differs from run to run.
func coreBanBreaches(_ file: SourceFile) -> [Breach] {
    let tokens = swiftTokens(file.text)
    var breaches: [Breach] = []
    func report(_ line: Int, _ message: String) {
        breaches.append(Breach(path: file.path, line: line, message: message + " in the core"))
    }
    for (module, line) in imports(in: tokens) where module.hasPrefix("Foundation") {
        report(line, "Foundation")
    }
    for (index, token) in tokens.enumerated() where token.kind == .word {
        if let ban = bannedWords[token.content] {
            report(token.line, "\(ban) (\(token.content))")
        } else {
            let isMember = index > 0 && tokens[index - 1].isMark(".")
            let rest = tokens[(index + 1)...]
            if let ban = callBan(token.content, isMember: isMember, rest: rest) { report(token.line, ban) }
        }
    }
    let mayBeOrdered = targetsWithOrderedLiterals.contains { file.path.hasPrefix("Sources/\($0)/") }
    for index in dictionaryBrackets(tokens) where !(mayBeOrdered && isTypedTextLiteral(tokens, at: index)) {
        report(tokens[index].line, "a dictionary type or literal")
    }
    return breaches
}

/// Where `JSONValue` is at hand, which is written as a dictionary literal and keeps its order.
private let targetsWithOrderedLiterals = ["Records", "Evidence", "Mechanism"]

private let bannedWords: [String: String] = [
    "async": "async", "await": "async", "TaskGroup": "async", "AsyncStream": "async", "MainActor": "async",
    "ContinuousClock": "a clock", "SuspendingClock": "a clock", "DispatchTime": "a clock",
    "DispatchWallTime": "a clock", "CFAbsoluteTimeGetCurrent": "a clock", "clock_gettime": "a clock",
    "gettimeofday": "a clock", "mach_absolute_time": "a clock",
    "SystemRandomNumberGenerator": "randomness", "arc4random": "randomness", "arc4random_uniform": "randomness",
    "getrandom": "randomness", "getentropy": "randomness", "drand48": "randomness",
    "Set": "an unordered collection", "Dictionary": "an unordered collection",
    "NSSet": "an unordered collection", "NSDictionary": "an unordered collection",
    // Differs from run to run, as the order of the collections does.
    "hashValue": "a seeded hash",
]

/// Words that are harmless by themselves and banned when called like this.
private func callBan(_ word: String, isMember: Bool, rest: ArraySlice<SwiftToken>) -> String? {
    let next = Array(rest.prefix(3))
    let opens = next.first?.isMark("(") == true
    let opensAndCloses = opens && next.count > 1 && next[1].isMark(")")
    let firstArgument = opens && next.count > 1 ? next[1].content : ""
    switch word {
    case "Task" where next.first.map { ["{", "(", ".", "<"].contains($0.content) } == true: return "async (Task)"
    case "Date" where opens || next.first?.isMark(".") == true: return "a clock (Date)"
    case "time" where !isMember && opens && ["nil", "NULL", "&"].contains(firstArgument): return "a clock (time)"
    case "clock" where !isMember && opensAndCloses: return "a clock (clock)"
    case "UUID" where opens: return "randomness (UUID)"
    case "random" where isMember && opens: return "randomness (.random)"
    case "rand" where !isMember && opensAndCloses: return "randomness (rand)"
    case "shuffled", "shuffle", "randomElement":
        return isMember && opensAndCloses ? "randomness (.\(word) without a generator)" : nil
    // CryptoKit's initialisers that draw a new key or nonce.
    case "PrivateKey", "Nonce": return opensAndCloses ? "randomness (\(word)())" : nil
    case "SymmetricKey": return opens && firstArgument == "size" ? "randomness (a new SymmetricKey)" : nil
    case "Hasher" where opensAndCloses: return "a seeded hash (Hasher)"
    default: return nil
    }
}

/// The `[` of every dictionary type or literal: those that do not subscript and hold a `:` of their own that
/// belongs to no ternary.
func dictionaryBrackets(_ tokens: [SwiftToken]) -> [Int] {
    tokens.indices.filter { tokens[$0].isMark("[") && !isSubscript(tokens, at: $0) && holdsOwnColon(tokens, at: $0) }
}

/// Whether the bracket opens a literal with a text as its first key, in a place that gives it a type: anywhere but
/// in a `let` or `var` without one, after `in`, or before a member or subscript of its own.
private func isTypedTextLiteral(_ tokens: [SwiftToken], at opening: Int) -> Bool {
    guard opening > 0, opening + 1 < tokens.count, tokens[opening + 1].kind == .text else { return false }
    let before = tokens[opening - 1]
    if before.isWord("in") { return false }
    if before.isMark("="), opening > 2, ["let", "var"].contains(tokens[opening - 3].content) { return false }
    guard let closing = closingBracket(of: tokens, openedAt: opening) else { return false }
    guard closing + 1 < tokens.count, !tokens[closing + 1].isAfterSpace else { return true }
    return !tokens[closing + 1].isMark(".") && !tokens[closing + 1].isMark("[")
}

private func closingBracket(of tokens: [SwiftToken], openedAt opening: Int) -> Int? {
    var depth = 0
    for index in opening..<tokens.count where tokens[index].kind == .mark {
        if ["(", "[", "{"].contains(tokens[index].content) { depth += 1 }
        if [")", "]", "}"].contains(tokens[index].content) { depth -= 1 }
        if depth == 0 { return index }
    }
    return nil
}

private func isSubscript(_ tokens: [SwiftToken], at index: Int) -> Bool {
    guard index > 0, !tokens[index].isAfterSpace else { return false }
    let before = tokens[index - 1]
    switch before.kind {
    case .word: return !["return", "in", "case", "inout", "is", "as", "throw", "try"].contains(before.content)
    case .text: return true
    case .mark: return [")", "]", "}", "?", "!", ">"].contains(before.content)
    }
}

private func holdsOwnColon(_ tokens: [SwiftToken], at opening: Int) -> Bool {
    var depth = 0
    var openTernaries = 0
    for index in opening..<tokens.count where tokens[index].kind == .mark {
        switch tokens[index].content {
        case "(", "[", "{": depth += 1
        case ")", "]", "}":
            depth -= 1
            if depth == 0 { return false }
        // An optional's `?` stands against what it belongs to, a ternary's never does; `??` is neither.
        case "?" where depth == 1 && tokens[index].isAfterSpace:
            let isCoalescing =
                index + 1 < tokens.count && tokens[index + 1].isMark("?") && !tokens[index + 1].isAfterSpace
            if !isCoalescing { openTernaries += 1 }
        case ":" where depth == 1:
            if openTernaries == 0 { return true }
            openTernaries -= 1
        default: break
        }
    }
    return false
}
