import Evidence
import EvidenceSamples
import JointLog
import Kernel
import Records
import Testing

@Suite("A party's log after a fork in a bundle")
struct EpochTests {
    private let sample = SampleMechanism.afterFork()

    private func found() -> AuditReport { report(bundle(sample, sample.contents(by: "israel")), of: sample) }

    @Test("indices go on above both histories, and leaves count from 0")
    func indices() throws {
        let places = found().entries.map(\.place.description)
        #expect(places == ["israel-0", "israel-1", "turkiye-0", "turkiye-1", "turkiye/1-5", "turkiye/1-6"])
        let contents = sample.contents(by: "israel")
        let log = try #require(contents.logs.firstIndex { $0.id.epoch == 1 })
        for wrong: LogIndex in [0, 1, 4, 7] {
            var contents = contents
            contents.logs[log].records[0].index = wrong
            #expect(throws: BundleRejection.self) { try sample.archive(contents) }
        }
    }

    @Test("each record is bracketed by the cosignatures of its own log, and comes after what it cites of either log")
    func order() throws {
        let found = found()
        #expect(found.contradictions.isEmpty)
        func entry(_ place: String) throws -> AuditReport.Entry {
            try #require(found.entries.first { $0.place.description == place })
        }
        func minute(_ minutes: Int64) -> UTCInstant { SampleMechanism.start.advanced(by: .seconds(60 * minutes)) }
        #expect(try entry("turkiye-1").bracket.held.map(\.time) == [minute(0)])
        #expect(try entry("turkiye/1-5").bracket.held.map(\.time) == [minute(2)])
        #expect(try entry("turkiye/1-6").bracket.held.map(\.time) == [minute(2)])
        #expect(try entry("turkiye/1-6").bracket.lacked.isEmpty)
        // Israel's second record cites the new log, whose head has two records as the old one's had.
        let rows = found.timeline
        func row(_ place: String) throws -> AuditReport.TimelineRow {
            try #require(rows.first { $0.place.description == place })
        }
        let first = try row("israel-0").group
        #expect(try row("turkiye-1").group < first && first < row("turkiye/1-5").group)
        #expect(try row("turkiye/1-6").group < row("israel-1").group)
        #expect(try row("israel-1").concurrent.isEmpty)
    }

    @Test("a citation that is no head of either log says nothing, and accuses nobody")
    func unknownCitation() throws {
        var sample = sample
        let cited = RecordHeader.SeenHead(
            party: sample.party("turkiye").id, size: 2, root: MerkleHash.sha256(Array("neither".utf8)))
        sample.write("israel", .suspension(Suspension(suspended: false, reason: nil)), seen: [cited])
        sample.receipt("turkiye", of: "israel")
        let found = report(bundle(sample, sample.contents(by: "israel")), of: sample)
        #expect(found.contradictions.isEmpty)
        #expect(found.entries.contains { $0.place.description == "israel-2" && $0.bracket.cited.isEmpty })
    }
}
