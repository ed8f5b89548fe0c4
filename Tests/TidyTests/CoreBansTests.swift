import Testing

@Suite("the core's bans catch what is planted")
struct CoreBansTests {
    func breaches(_ source: String) -> [Breach] {
        coreBanBreaches(SourceFile(path: "Sources/Kernel/F.swift", text: source))
    }

    @Test("Foundation is caught in every form", arguments: [
        "import Foundation", "import FoundationEssentials", "import struct Foundation.Date",
        "@_exported import Foundation",
    ])
    func foundation(source: String) { #expect(breaches(source).count == 1) }

    @Test("what suspends is caught", arguments: [
        "func f() async {}", "let x = await g", "Task { f() }", "Task.detached { f() }",
        "func f(_ s: AsyncStream<Int>) {}",
    ])
    func async(source: String) { #expect(breaches(source).count == 1) }

    @Test("clocks are caught", arguments: [
        "let c = ContinuousClock()", "SuspendingClock.now", "let d = Date()", "let d = Date.now",
        "clock_gettime(a, &b)",
        "gettimeofday(&a, nil)", "let t = time(nil)", "let t = clock()", "\"\\(Date())\"",
    ])
    func clocks(source: String) { #expect(breaches(source).count == 1) }

    @Test("randomness is caught", arguments: [
        "Int.random(in: 0..<3)", "let u = UUID()", "SystemRandomNumberGenerator()", "a.shuffled()", "a.shuffle()",
        "a.randomElement()", "rand()", "arc4random()", "Curve25519.Signing.PrivateKey()",
        "SymmetricKey(size: .bits256)",
        "AES.GCM.Nonce()", "x.hashValue", "var h = Hasher()",
    ])
    func randomness(source: String) { #expect(breaches(source).count == 1) }

    @Test("sets and dictionaries are caught, as types, initialisers and literals", arguments: [
        "let s: Set<Int> = [1]", "let s = Set(a)", "let d = Dictionary(grouping: a) { $0 }", "var d: [Int: String]",
        "var d:[Int:String]", "let d = [\"a\": 1]", "f([:])", "let d = [Int: Int]()", "func f() -> [Int: [Int]] { g }",
        "func f()->[Int:Int] { g }", "a.reduce(into: [:]) { $0 }", "return [a: b]", "x = c ? [1: 2] : e",
        "var d: [Int?: String?]", "[a ?? b: c]", "var d: [(Int, Int): String]", "let d = [\n    a: 1,\n    b: 2,\n]",
        "f(x, [.a: 1])", "let d = [c ? 1 : 2: 3]",
    ])
    func unordered(source: String) { #expect(breaches(source).count == 1, "\(breaches(source))") }

    @Test("ordered code passes", arguments: [
        "let a: [Int] = []", "let a = [c ? 1 : 2, 3]", "let a = [c\n    ? 1\n    : 2]", "x[key, default: 0] += 1",
        "x[at: 3]", "self[row: 1, column: 2]", "f()[of: a]", "x?[at: 1]", "x![at: 1]", "a[0][at: 1]",
        "let f: [(Int) -> Int] = [{ (a: Int) -> Int in a }]", "let a = [Thing(name: 1), .other(of: 2)]",
        "switch a { case [1]: b; case let x: c; default: d }", "{ [weak self] (a: Int) in a }", "var a: [Int?]",
        "let m: SortedMap<Int, [Int]> = f(a: [b])", "let s = SortedSet<Int>()",
        "func f(g: inout some RandomNumberGenerator) {}",
        "a.shuffled(using: &g)", "a.randomElement(using: &g)", "Curve25519.Signing.PrivateKey(rawRepresentation: a)",
        "func hash(into hasher: inout Hasher) {}", "enum CodingKeys: String { case a }",
        "// Date() Set<Int> [a: b] await",
        "let s = \"Set [a: b] await UUID()\"", "let updateDate = lastDate", "func time(of a: Int) -> Int { a }",
        "let a = [x is Int ? 1 : 2]", "let task: Int = 1", "let a = [b ?? c, d]", "precondition(a, \"b: \\(c)\")",
        "subscript(key: Int) -> Int { a[key] }", "@inlinable func f() {}", "Array<Int>[a]",
    ])
    func ordered(source: String) { #expect(breaches(source).isEmpty, "\(breaches(source))") }

    @Test("a literal that may be an ordered JSON object passes where JSONValue is, and only there", arguments: [
        "var json: JSONValue { [\"a\": b, \"c\": d] }", "f([\"a\": b])", "let j: JSONValue = [\"a\": [\"b\": c]]",
        "return [\"a\": b]", "([\"a\": b] as JSONValue).text",
    ])
    func orderedLiterals(source: String) {
        #expect(coreBanBreaches(SourceFile(path: "Sources/Records/F.swift", text: source)).isEmpty)
        #expect(!coreBanBreaches(SourceFile(path: "Sources/Kernel/F.swift", text: source)).isEmpty)
    }

    @Test("a literal that can only be a dictionary is caught where JSONValue is, too", arguments: [
        "let d = [\"a\": b]", "for (k, v) in [\"a\": b] {}", "f([\"a\": b].count)", "let e: Int = [\"a\": 1][k]",
        "var d: [String: Int]", "f([a: b])", "f([:])",
    ])
    func dictionariesBesideOrdered(source: String) {
        #expect(coreBanBreaches(SourceFile(path: "Sources/Records/F.swift", text: source)).count == 1)
    }

    @Test("a breach names the line")
    func line() {
        #expect(
            breaches("let a = 1\n\nlet b = Set(c)").map(\.description)
                == ["Sources/Kernel/F.swift:3: an unordered collection (Set) in the core"])
    }
}
