import JointLog
import Kernel
import Records
import Testing

@Suite("A statement of assurance")
struct AssuranceStatementTests {
    private let at = UTCInstant(microseconds: 1_795_316_400_000_000)

    private func statement(
        _ answer: AssuranceStatement.Answer = .conditions, conditions: [String] = ["Below 2,000 ft\nuntil 1800Z \"only\""],
        until seconds: Int64 = 15, own: String = "turkiye", ownHeard: Bool = false, theirsHeard: Bool = true
    ) throws -> AssuranceStatement? {
        let party = try #require(PartyID("turkiye"))
        let (first, second) = (try #require(LogID(own)), try #require(LogID("israel/1")))
        let notice = RecordID(party: party, index: 4)
        return AssuranceStatement(
            mechanism: MerkleHash.empty, party: party,
            subject: AssuranceStatement.Subject(notice: notice, version: 2, record: RecordID(party: party, index: 9)),
            answer: answer, at: at, validUntil: at.advanced(by: .seconds(seconds)), conditions: conditions,
            evidence: [
                AssuranceStatement.Evidence(log: first, size: 12, root: MerkleHash.empty, heardAt: ownHeard ? at : nil),
                AssuranceStatement.Evidence(log: second, size: 7, root: MerkleHash.empty, heardAt: theirsHeard ? at : nil),
            ], gaps: ["Plans that nobody has filed.", "צבא"])
    }

    @Test("reads back what it wrote, and nothing that is written otherwise")
    func text() throws {
        let written = try #require(try statement())
        #expect(AssuranceStatement(text: written.text) == written)
        // The form is stated here once more, by hand.
        let root = MerkleHash.empty.hex
        #expect(
            written.text == """
                parley assurance v1
                mechanism \(root)
                party turkiye
                notice turkiye-4 2 turkiye-9
                answer NO KNOWN CONFLICT UNDER CONDITIONS
                at 2026-11-22T03:00:00.000000Z
                until 2026-11-22T03:00:15.000000Z
                condition "Below 2,000 ft\\nuntil 1800Z \\"only\\""
                evidence turkiye 12 \(root) -
                evidence israel/1 7 \(root) 2026-11-22T03:00:00.000000Z
                uncovered "Plans that nobody has filed."
                uncovered "צבא"
                This is neither permission nor immunity: it says what one node knew, and for how long.

                """)
        let lines = written.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for i in lines.indices {
            var fewer = lines
            fewer.remove(at: i)
            // Without a gap the statement is another one that can be written; every other line is needed.
            let isGap = lines[i].hasPrefix("uncovered")
            #expect((AssuranceStatement(text: fewer.joined(separator: "\n")) == nil) == !isGap, "\(lines[i])")
            var twice = lines
            twice.insert(lines[i], at: i)
            let mayRepeat = isGap || lines[i].hasPrefix("condition") || lines[i].hasPrefix("evidence israel")
            #expect((AssuranceStatement(text: twice.joined(separator: "\n")) == nil) == !mayRepeat, "\(lines[i])")
            var spaced = lines
            spaced[i] += " "
            #expect(AssuranceStatement(text: spaced.joined(separator: "\n")) == nil, "\(lines[i])")
        }
    }

    @Test("conditions belong to one answer, the end follows the beginning, and only the others were heard")
    func parts() throws {
        #expect(try statement(.clear, conditions: []) != nil)
        #expect(try statement(.clear) == nil)
        #expect(try statement(.conditions, conditions: []) == nil)
        #expect(try statement(until: 0) != nil)
        #expect(try statement(until: -1) == nil)
        #expect(try statement(own: "israel") == nil)
        #expect(try statement(ownHeard: true) == nil)
        #expect(try statement(theirsHeard: false) == nil)
    }
}
