/// One token of Swift source, enough of the language to tell code from comments and text.
struct SwiftToken: Equatable {
    enum Kind: Equatable { case word, text, mark }
    let kind: Kind
    /// For `.text` what stands between the quotes, without its interpolations.
    let content: String
    let line: Int
    /// Whether white space or a comment stands before it.
    let isAfterSpace: Bool

    func isMark(_ mark: String) -> Bool { kind == .mark && content == mark }
    func isWord(_ word: String) -> Bool { kind == .word && content == word }
}

/// Splits Swift source into words (identifiers, keywords and numbers), texts (string literals) and marks
/// (`->`, or any other single character). Comments are dropped; code inside an interpolation follows its text.
/// Regex literals are not known: none of ours may hold a quote.
func swiftTokens(_ source: String) -> [SwiftToken] {
    var lexer = SwiftLexer(source)
    lexer.run(untilClosingParenthesis: false)
    return lexer.tokens
}

private struct SwiftLexer {
    let bytes: [UInt8]
    var at = 0
    var line = 1
    var sawSpace = true
    var tokens: [SwiftToken] = []

    init(_ source: String) { bytes = Array(source.utf8) }

    func byte(_ ahead: Int = 0) -> UInt8? { at + ahead < bytes.count ? bytes[at + ahead] : nil }

    func sees(_ text: StaticString, ahead: Int = 0) -> Bool {
        text.withUTF8Buffer { wanted in
            at + ahead + wanted.count <= bytes.count
                && bytes[(at + ahead)..<(at + ahead + wanted.count)].elementsEqual(wanted)
        }
    }

    mutating func step() {
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        at += 1
    }

    mutating func step(_ count: Int) { for _ in 0..<count where at < bytes.count { step() } }

    mutating func add(_ kind: SwiftToken.Kind, _ content: String, line: Int) {
        tokens.append(SwiftToken(kind: kind, content: content, line: line, isAfterSpace: sawSpace))
        sawSpace = false
    }

    mutating func run(untilClosingParenthesis: Bool) {
        var depth = 0
        while let current = byte() {
            if current == UInt8(ascii: " ") || (9...13).contains(current) {
                step()
                sawSpace = true
            } else if sees("//") {
                while let next = byte(), next != UInt8(ascii: "\n") { step() }
                sawSpace = true
            } else if sees("/*") {
                skipBlockComment()
                sawSpace = true
            } else if let hashes = openingQuoteHashes() {
                text(hashes: hashes)
            } else if isWordByte(current) || current == UInt8(ascii: "`") {
                word()
            } else {
                if current == UInt8(ascii: "(") { depth += 1 }
                if current == UInt8(ascii: ")") {
                    if untilClosingParenthesis && depth == 0 { return }
                    depth -= 1
                }
                let isArrow = sees("->")
                add(.mark, isArrow ? "->" : String(decoding: [current], as: UTF8.self), line: line)
                step(isArrow ? 2 : 1)
            }
        }
    }

    func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 128...:
            true
        default: false
        }
    }

    mutating func word() {
        let start = line
        var name: [UInt8] = []
        if byte() == UInt8(ascii: "`") {
            // An escaped name keeps its quotes: it is never a keyword, and may be a sentence.
            repeat {
                name.append(bytes[at])
                step()
            } while byte() != nil && byte() != UInt8(ascii: "`")
            if byte() != nil {
                name.append(bytes[at])
                step()
            }
        } else {
            while let next = byte(), isWordByte(next) {
                name.append(next)
                step()
            }
        }
        add(.word, String(decoding: name, as: UTF8.self), line: start)
    }

    mutating func skipBlockComment() {
        var depth = 0
        while at < bytes.count {
            if sees("/*") {
                depth += 1
                step(2)
            } else if sees("*/") {
                depth -= 1
                step(2)
                if depth == 0 { return }
            } else {
                step()
            }
        }
    }

    /// The number of `#` before the quote that opens a text here, or `nil` when none does.
    func openingQuoteHashes() -> Int? {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        return byte(hashes) == UInt8(ascii: "\"") ? hashes : nil
    }

    func hashesFollow(_ count: Int, ahead: Int) -> Bool {
        (0..<count).allSatisfy { byte(ahead + $0) == UInt8(ascii: "#") }
    }

    mutating func text(hashes: Int) {
        let start = line
        let spaceBefore = sawSpace
        step(hashes)
        let quotes = sees("\"\"\"") ? 3 : 1
        step(quotes)
        let position = tokens.count
        var content: [UInt8] = []
        while let current = byte() {
            let closes = quotes == 3 ? sees("\"\"\"") : current == UInt8(ascii: "\"")
            if closes && hashesFollow(hashes, ahead: quotes) {
                step(quotes + hashes)
                break
            }
            if quotes == 1 && current == UInt8(ascii: "\n") { break }
            if current == UInt8(ascii: "\\") && hashesFollow(hashes, ahead: 1) {
                step(1 + hashes)
                if byte() == UInt8(ascii: "(") {
                    step()
                    sawSpace = true
                    run(untilClosingParenthesis: true)
                    step(1)
                } else if let escaped = byte() {
                    content.append(escaped)
                    step()
                }
            } else {
                content.append(current)
                step()
            }
        }
        let token = SwiftToken(
            kind: .text, content: String(decoding: content, as: UTF8.self), line: start, isAfterSpace: spaceBefore)
        tokens.insert(token, at: position)
        sawSpace = false
    }
}
