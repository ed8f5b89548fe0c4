import JointLog
import Kernel
import Testing

@Suite struct LogPolicyTests {
    private static let names = ["X1", "X2", "Y1", "Y2"]

    /// The log, four witnesses that cosigned, one that did not, and what else the lines say.
    private func policy(_ rest: String) throws -> LogPolicy {
        let witnesses = zip(Self.names, PublishedCheckpoint.witnesses).map { "witness \($0) \($1)\n" }.joined()
        let text = "log \(PublishedCheckpoint.log)\n\(witnesses)witness Z \(PublishedCheckpoint.absent)\n\(rest)"
        return try #require(LogPolicy(text: text), "\(rest)")
    }

    @Test("a checkpoint that others signed and cosigned satisfies a policy of their published keys")
    func published() throws {
        let policy = try policy("group all-four all X1 X2 Y1 Y2\nquorum all-four\n")
        let evaluation = try #require(policy.evaluate(PublishedCheckpoint.note))
        #expect(evaluation.checkpoint.origin == PublishedCheckpoint.origin)
        #expect(evaluation.checkpoint.size == PublishedCheckpoint.size)
        #expect(evaluation.extensions.isEmpty)
        #expect(evaluation.log.text == PublishedCheckpoint.log)
        #expect(evaluation.witnesses == Self.names)
        let altered = PublishedCheckpoint.note.replacing("\n1432088532\n", with: "\n1432088533\n")
        #expect(policy.evaluate(altered) == nil)
    }

    @Test(
        "groups count as the specification says",
        arguments: [
            ("quorum none\n", true), ("quorum X1\n", true), ("quorum Z\n", false),
            ("group g any Z\nquorum g\n", false), ("group g any Z X1\nquorum g\n", true),
            ("group g all Z X1\nquorum g\n", false), ("group g 2 Z X1 Y1\nquorum g\n", true),
            ("group g 3 Z X1 Y1\nquorum g\n", false),
            ("group X 2 X1 X2\ngroup Y any Y1 Z\ngroup both all X Y\nquorum both\n", true),
            ("group X 2 X1 Z\ngroup Y any Y1 Y2\ngroup both all X Y\nquorum both\n", false),
            ("group X 2 X1 Z\ngroup Y any Y1 Y2\ngroup either any X Y\nquorum either\n", true),
            ("quorum X1\ngroup g any Z\n", true),
        ])
    func groups(rest: String, isSatisfied: Bool) throws {
        #expect(try (policy(rest).evaluate(PublishedCheckpoint.note) != nil) == isSatisfied)
    }

    @Test("without the log's line, with a line of a known key broken, or from an unknown log, nothing satisfies")
    func refused() throws {
        let policy = try policy("quorum none\n")
        func note(_ lines: [String]) -> String { PublishedCheckpoint.text + "\n" + lines.joined() }
        let lines = PublishedCheckpoint.lines
        #expect(policy.evaluate(note(lines)) != nil)
        #expect(policy.evaluate(note([lines[1]])) != nil)
        #expect(policy.evaluate(note([lines[0]] + lines[2...])) == nil)
        #expect(policy.evaluate(note([lines[1], lines[4].replacing("WBxtqB0D", with: "WBxtqB0E")])) == nil)
        #expect(policy.evaluate(PublishedCheckpoint.text) == nil)
        let others = try #require(LogPolicy(text: "witness w \(PublishedCheckpoint.witnesses[0])\nquorum w\n"))
        #expect(others.evaluate(PublishedCheckpoint.note) == nil)
    }

    @Test("a log's key signs only for the origin that is its name, and extension lines are handed on")
    func origins() throws {
        let key = signer(3)
        let log = NoteKey(name: "example.com/log", algorithm: .ed25519, publicKey: key.publicKey)
        let policy = try #require(LogPolicy(text: "log \(log.vkey)\nquorum none\n"))
        func evaluate(_ text: String) -> LogPolicy.Evaluation? {
            policy.evaluate(SignedNote(text: text, signatures: [log.signing(text, sign: key.sign)]).encoded)
        }
        let rest = "7\n\(MerkleHash.empty.bytes.base64)\n"
        #expect(evaluate("example.com/log\n\(rest)")?.checkpoint.size == 7)
        #expect(evaluate("example.com/other\n\(rest)") == nil)
        #expect(evaluate("example.com/log\n\(rest)more\nand more\n")?.extensions == ["more", "and more"])
        #expect(evaluate("example.com/log\n\(rest)more\n\nand more\n") == nil)
    }

    @Test("comments, empty lines, tabs and addresses are read, and the written text is read back")
    func reading() throws {
        let text = """
              # a comment
            witness\tw1  \(PublishedCheckpoint.witnesses[0]) https://example.com/\t

            log \(PublishedCheckpoint.log) https://example.com/log
            \twitness w\u{E9} \(PublishedCheckpoint.witnesses[1])
            group g 1 w1 w\u{E9}
            #quorum w1
            quorum g

            """
        let policy = try #require(LogPolicy(text: text))
        #expect(policy.logs.map(\.url) == ["https://example.com/log"])
        #expect(policy.witnesses.map(\.name) == ["w1", "w\u{E9}"])
        #expect(policy.witnesses.map(\.url) == ["https://example.com/", nil])
        #expect(policy.groups == [LogPolicy.Group(name: "g", threshold: .atLeast(1), members: ["w1", "w\u{E9}"])])
        #expect(policy.quorum == "g")
        #expect(LogPolicy(text: policy.text) == policy)
        #expect(
            policy.text == """
                log \(PublishedCheckpoint.log) https://example.com/log
                witness w1 \(PublishedCheckpoint.witnesses[0]) https://example.com/
                witness w\u{E9} \(PublishedCheckpoint.witnesses[1])
                group g 1 w1 w\u{E9}
                quorum g

                """)
    }

    @Test("the specification's example has its structure")
    func example() throws {
        let keys = (1...6).map {
            NoteKey(name: "w\($0)", algorithm: .cosignature, publicKey: signer(UInt8($0)).publicKey).vkey
        }
        let text = """
            log \(PublishedCheckpoint.log)

            witness X1 \(keys[0])
            witness X2 \(keys[1])
            witness X3 \(keys[2])
            group X-witnesses 2 X1 X2 X3

            witness Y1 \(keys[3])
            witness Y2 \(keys[4])
            witness Y3 \(keys[5])
            group Y-witnesses any Y1 Y2 Y3

            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y

            """
        let policy = try #require(LogPolicy(text: text))
        #expect(policy.isQuorum(["X1", "X3", "Y2"]))
        #expect(policy.isQuorum(["X1", "X2", "X3", "Y1", "Y2", "Y3"]))
        for few in [[], ["X1", "X2"], ["X1", "Y1", "Y2", "Y3"], ["Y1"], ["X-and-Z"]] { #expect(!policy.isQuorum(few)) }
        #expect(LogPolicy(text: policy.text) == policy)
    }

    @Test("a policy that the specification does not allow is refused")
    func malformed() {
        let log = "log \(PublishedCheckpoint.log)\n"
        let w = PublishedCheckpoint.witnesses
        let two = "witness a \(w[0])\nwitness b \(w[1])\n"
        let renamed = NoteKey(name: "x", algorithm: .cosignature, publicKey: NoteKey(vkey: w[0])!.publicKey).vkey
        let texts = [
            "", log, "quorum none", "quorum none\nquorum none\n", "quorum\n", "quorum none none\n", "quorum a\n",
            "quorum a\n" + two, two + "quorum A\n", two + "group g any a b\n", log + log + "quorum none\n",
            two + two + "quorum a\n", "witness a \(w[0])\nwitness a \(w[1])\nquorum a\n",
            "witness a \(w[0])\nwitness b \(renamed)\nquorum a\n", "witness none \(w[0])\nquorum none\n",
            two + "group a any b\nquorum a\n", two + "group none any a\nquorum none\n",
            two + "group g any\nquorum g\n", two + "group g 0 a b\nquorum g\n", two + "group g 3 a b\nquorum g\n",
            two + "group g 01 a b\nquorum g\n", two + "group g -1 a b\nquorum g\n",
            two + "group g some a b\nquorum g\n",
            two + "group g any a none\nquorum g\n", two + "group g any a a\nquorum g\n",
            two + "group g any a\ngroup h any a b\nquorum h\n", two + "group g any g\nquorum g\n",
            two + "group h any g\ngroup g any a\nquorum h\n", two + "group g any c\nquorum g\n",
            two + "group g any a\ngroup g any b\nquorum g\n", "witness a\nquorum none\n",
            "witness a \(w[0]) u u\nquorum a\n", "witness a \(PublishedCheckpoint.log)\nquorum a\n",
            "log \(w[0])\nquorum none\n", "log\nquorum none\n", "log x\nquorum none\n",
            "log \(PublishedCheckpoint.log) u u\nquorum none\n", "\r\nquorum none\n", "quorum none\r\n",
            "quorum none\u{0}\n", "quorum none\n\u{7F}\n", "quorum\u{A0}none\n", "Quorum none\n", "quota none\n",
            "quorum none\nx", "quorum none # comment\n",
        ]
        for text in texts { #expect(LogPolicy(text: text) == nil, "\(text.debugDescription)") }
    }

    @Test("32 logs, witnesses and groups are read, and more than 256 are not")
    func limits() throws {
        func text(_ count: Int) -> String {
            let seeds = (0..<count).map { MerkleHash.sha256([UInt8($0 & 0xFF), UInt8($0 >> 8)]) }
            let logs = seeds.map { NoteKey(name: "l", algorithm: .ed25519, publicKey: $0).vkey }
            let witnesses = seeds.map { NoteKey(name: "w", algorithm: .cosignature, publicKey: $0).vkey }
            return logs.map { "log \($0)\n" }.joined()
                + witnesses.enumerated().map { "witness w\($0) \($1)\n" }.joined()
                + (0..<count).map { "group g\($0) any w\($0)\n" }.joined() + "quorum g0\n"
        }
        let policy = try #require(LogPolicy(text: text(32)))
        #expect([policy.logs.count, policy.witnesses.count, policy.groups.count] == [32, 32, 32])
        #expect(LogPolicy(text: text(256)) != nil)
        #expect(LogPolicy(text: text(257)) == nil)
    }
}
