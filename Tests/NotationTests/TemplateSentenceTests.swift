import Notation
import Testing

@Suite struct TemplateSentenceTests {
    @Test(
        "a part in brackets is shown with its values, and otherwise what stands after the bar, or nothing",
        arguments: [
            ("{a} asks.[ Where: {b}.][ How: {c}.| How: any.]", ["a": "X", "b": "1", "c": "2"], "X asks. Where: 1. How: 2."),
            ("{a} asks.[ Where: {b}.][ How: {c}.| How: any.]", ["a": "X"], "X asks. How: any."),
            ("[{a}-{b}|none]", ["a": "1"], "none"), ("[{a}-{b}|none]", ["a": "1", "b": "2"], "1-2"),
            ("no place", [:], "no place"), ("{a}{a}", ["a": "x"], "xx"), ("[x{a}]", [:], ""),
            ("{a}", [:], "?"), ("{from}: עצור[ {b}]", ["from": "א", "b": "ב"], "א: עצור ב"),
        ] as [(String, [String: String], String)])
    func fills(text: String, values: [String: String], shown: String) throws {
        let sentence = try #require(TemplateSentence(text))
        #expect(sentence.filled { values[$0] } == shown)
    }

    @Test("places are listed in order, those outside brackets apart")
    func places() throws {
        let sentence = try #require(TemplateSentence("{from} a {b}[ c {d} {e}| f][{b}]"))
        #expect(sentence.places == ["from", "b", "d", "e", "b"])
        #expect(sentence.constantPlaces == ["from", "b"])
    }

    @Test(
        "what does not follow the grammar is refused",
        arguments: [
            "{", "}", "{}", "{a", "a}", "{a b}", "{a1}", "{a{b}}", "[", "]", "[a", "[a]", "a]", "[[{a}]]", "[{a}[{b}]]",
            "|", "a|b", "[{a}|b|c]", "[{a}|{b}]", "[{a|b]", "[{a]", "{[a]}", "[|{a}]", "[{a}|]]",
        ])
    func refused(text: String) {
        #expect(TemplateSentence(text) == nil)
    }

    @Test("an empty text is a sentence that says nothing")
    func empty() throws {
        #expect(try #require(TemplateSentence("")).filled { _ in "x" } == "")
    }
}
