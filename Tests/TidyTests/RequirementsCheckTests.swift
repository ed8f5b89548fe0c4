import Foundation
import Testing

@Suite("the check of the requirements catches what is planted")
struct RequirementsCheckTests {
    let tests: Set<String> = ["a notice is filed", "filesNotice", "test_file"]

    func breaches(_ rows: String...) -> [String] {
        let head = "| id | requirement | state | tests |\n|---|---|---|---|\n"
        let file = SourceFile(path: "docs/requirements.md", text: head + rows.joined(separator: "\n"))
        return requirementBreaches(file, ids: ["NOT-1", "UX-2"], tests: tests).map(\.message)
    }

    @Test("a sound table passes")
    func sound() {
        #expect(breaches("| NOT-1 | a `b` | met | `a notice is filed`, `test_file` |", "| UX-2 | c | later | |") == [])
        #expect(breaches("| NOT-1 | a | partly | |", "| UX-2 | c | met | `filesNotice` |") == [])
    }

    @Test("a met requirement without a test is caught")
    func metWithoutTest() {
        #expect(breaches("| NOT-1 | a | met | |", "| UX-2 | c | later | |") == ["NOT-1 is met and names no test"])
    }

    @Test("a test that is not there is caught, in every state", arguments: ["met", "partly", "later"])
    func absentTest(state: String) {
        #expect(
            breaches("| NOT-1 | a | \(state) | `no such test` |", "| UX-2 | c | later | |")
                == ["NOT-1 names a test that is not there: no such test"])
    }

    @Test("an id that is missing, doubled or unknown is caught")
    func ids() {
        #expect(breaches("| NOT-1 | a | later | |") == ["UX-2 stands there 0 times"])
        #expect(
            breaches("| NOT-1 | a | later | |", "| UX-2 | c | later | |", "| UX-2 | c | later | |")
                == ["UX-2 stands there 2 times"])
        #expect(
            breaches("| NOT-1 | a | later | |", "| UX-2 | c | later | |", "| UX-3 | c | later | |")
                == ["UX-3 is no requirement"])
    }

    @Test("a row of another shape or state is caught", arguments: [
        "| UX-2 | c | done | |", "| UX-2 | c | later |", "| UX-2 | c | d | later | |",
    ])
    func shape(row: String) {
        #expect(breaches("| NOT-1 | a | later | |", row).contains { $0.hasPrefix("UX-2: not") })
    }

    @Test("tests are known by their sentence and by their function, in Swift and in Python")
    func names() {
        let swift = """
            @Test("a notice is filed", arguments: [1, 2])
            func filesNotice(a: Int) {}
            @Test func bare() {}
            @Test(arguments: ["not a name"]) func `a name of words`() {}
            // @Test("commented out") func gone() {}
            func helper() {}
            """
        #expect(
            testNames(in: SourceFile(path: "Tests/A/F.swift", text: swift))
                == ["a notice is filed", "filesNotice", "bare", "a name of words"])
        let python = "def test_file():\n    pass\nclass A:\n    def check(self): pass\n# def gone(): pass\n"
        #expect(testNames(in: SourceFile(path: "Tests/A/f.py", text: python)) == ["test_file", "check"])
    }

    @Test("the ids are those of the requirements that the project was given, where these are at hand")
    func given() throws {
        let url = try Repository.shared.get().root.appendingPathComponent("../shared/REQUIREMENTS.md")
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            print("skipped: no \(url.path)")
            return
        }
        let given = text.matches(of: #/(?m)^- \*\*([A-Z]+-\d+)\*\*/#).map { String($0.1) }
        #expect(given.sorted() == requirementIDs.sorted())
    }
}
