import Testing

@Suite("the lexer tells code from comments and text")
struct SwiftTokensTests {
    func words(_ source: String) -> [String] {
        swiftTokens(source).filter { $0.kind == .word }.map(\.content)
    }

    @Test("comments are dropped, nested ones too, and lines are still counted")
    func comments() {
        let tokens = swiftTokens("a // b \"c\n/* d /* e */ f */ g\n/// h\ni")
        #expect(tokens.map(\.content) == ["a", "g", "i"])
        #expect(tokens.map(\.line) == [1, 2, 4])
    }

    @Test("a text is one token, whatever it holds", arguments: [
        #""Set<Int>()""#, ##"#"a "Set<Int>()" b"#"##, "\"\"\"\n  \"Set<Int>()\" // x\n  \"\"\"", #""\"Set<Int>()\"""#,
    ])
    func texts(literal: String) {
        let tokens = swiftTokens("let x = \(literal) + y")
        #expect(tokens.map(\.kind) == [.word, .word, .mark, .text, .mark, .word])
        #expect(tokens[3].content.contains("Set<Int>()"))
    }

    @Test("code inside an interpolation is code")
    func interpolation() {
        #expect(words(#"f("a \(g(h, "i \(j)")) k")"#) == ["f", "g", "h", "j"])
        #expect(words(##"f(#"a \(g) \#(h)"#)"##) == ["f", "h"])
    }

    @Test("an escaped name is one word")
    func escapedNames() {
        #expect(words("func `a name of words`() {}") == ["func", "`a name of words`"])
    }

    @Test("a text, a comment or an escaped name that never ends stops at the end of the file", arguments: [
        "\"\"\" a", "/* a", "`a", "\"a \\(", "#\"a", "\"\\",
    ])
    func unended(source: String) {
        #expect(swiftTokens("b " + source).first?.content == "b")
    }
}
