import Testing

@Suite("the checks of plain text catch what is planted")
struct TextChecksTests {
    func file(_ text: String, path: String = "Sources/Kernel/F.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test("a Swift file one line over the limit is caught, one at the limit is not")
    func sizes() {
        let atLimit = String(repeating: "a\n", count: swiftFileLinesMax)
        #expect(sizeBreaches(file(atLimit)).isEmpty)
        #expect(sizeBreaches(file(atLimit + "a")).count == 1)
        #expect(sizeBreaches(file(atLimit + "a\n")).count == 1)
        #expect(sizeBreaches(file(atLimit + "a\n", path: "docs/a.md")).isEmpty)
    }

    @Test("a trapping try or cast, and code that was not written, are caught", arguments: [
        "try! f()", "let a = b as! C", "fatalError(\"unimplemented\")", "fatalError(\"Not implemented: a\")",
        "preconditionFailure(\"not yet\")",
    ])
    func traps(source: String) { #expect(trapBreaches(file(source)).count == 1) }

    @Test("honest failures pass", arguments: [
        "try f()", "try? f()", "b as? C", "a != b", "fatalError(\"the head ran backwards\")", "// try! as!", "\"try!\"",
        "let retry = !a", "if a is B, !c {}",
    ])
    func honest(source: String) { #expect(trapBreaches(file(source)).isEmpty) }

    @Test("words that leave work for later are caught, whole words only")
    func leftForLater() {
        for word in ["TO" + "DO", "FIX" + "ME", "XX" + "X"] {
            #expect(wordBreaches(file("a\n// \(word): b")).map(\.line) == [2])
            #expect(wordBreaches(file("\(word)")).count == 1)
            #expect(wordBreaches(file("A\(word) \(word)_B \(word)2", path: "a.md")).isEmpty)
        }
    }

    @Test("a registry's host and a workplace are caught in any kind of file", arguments: ["a.md", "Makefile", "a.py"])
    func foreignWords(path: String) {
        let planted = [
            "https://pypi" + ".org/simple", "registry.npm" + "js.org", "deb.deb" + "ian.org", "cd /wo" + "rk/main",
            "far" + "m-tool", "files.python" + "hosted.org",
        ]
        for text in planted { #expect(wordBreaches(file(text, path: path)).count == 1, "\(text)") }
        #expect(wordBreaches(file("Debian, PyPI, the network/working tree, a farm", path: path)).isEmpty)
    }
}

@Suite("the check of links catches what is planted")
struct MarkdownLinksTests {
    let tree = ["README.md", "docs", "docs/a.md", "docs/pictures/b.png"]

    func breaches(_ text: String, path: String = "docs/a.md") -> [Breach] {
        linkBreaches(SourceFile(path: path, text: text)) { tree.contains($0) }
    }

    @Test("a link to nothing is caught", arguments: [
        "[a](b.md)", "![a](pictures/c.png)", "[a](../a.md)", "[a](../../README.md)", "[a](b.md#part)",
        "[a](b.md \"title\")",
    ])
    func broken(text: String) { #expect(breaches(text).count == 1) }

    @Test("a link to something passes, and so does what is no link", arguments: [
        "[a](a.md)", "[a](../README.md#part)", "![a](pictures/b.png \"title\")", "[a](./a.md)", "[a](/README.md)",
        "[a](..)",
        "[a](https://example.net/b.md)", "[a](#part)", "`[a](b.md)`", "```\n[a](b.md)\n```", "[a] (b.md)",
    ])
    func sound(text: String) {
        #expect(linkBreaches(SourceFile(path: "docs/a.md", text: text)) { tree.contains($0) || $0.isEmpty }.isEmpty)
    }

    @Test("every broken link of a line is reported, with its line")
    func several() { #expect(breaches("\n[a](b.md) and [c](d.md)").map(\.line) == [2, 2]) }
}
