import Evidence
import EvidenceSamples
import JointLog
import Kernel
import Records
import Testing

@Suite("Who knew what, when")
struct TimelineTests {
    private func said(_ suspended: Bool) -> RecordContent { .suspension(Suspension(suspended: suspended, reason: nil)) }

    private func two() -> SampleMechanism {
        SampleMechanism([
            SampleParty("israel", .principal, number: 2), SampleParty("turkiye", .principal, number: 3),
        ])
    }

    private func spans(_ report: AuditReport, _ place: String) -> [String] {
        report.timeline.first { $0.place.description == place }?.concurrent.map(\.description) ?? []
    }

    @Test("notices that neither side had heard of are concurrent, whatever their clocks say")
    func concurrent() {
        let found = report(foundingBundle)
        #expect(spans(found, "israel-1") == ["turkiye-1"])
        #expect(spans(found, "turkiye-1") == ["israel-1"])
        #expect(spans(found, "israel-4") == [])
        let strike = found.timeline.first { $0.place.description == "israel-1" }
        let presence = found.timeline.first { $0.place.description == "turkiye-1" }
        #expect(strike?.group == presence?.group)
    }

    @Test("the order follows what records cite, though the clock of one side is an hour slow")
    func causal() {
        var sample = two()
        sample.write("israel", said(false))
        sample.exchange(["israel", "turkiye"])
        let slow = sample.now.advanced(by: .hours(-1))
        sample.write("turkiye", said(true), at: slow)
        sample.exchange(["israel", "turkiye"])
        sample.write("israel", said(true))
        sample.exchange(["israel", "turkiye"])
        let found = report(bundle(sample, sample.contents(by: "israel")), of: sample)
        #expect(found.timeline.map(\.place.description) == ["israel-0", "turkiye-0", "israel-1"])
        #expect(found.timeline.allSatisfy { $0.concurrent.isEmpty })
        #expect(found.timeline.map(\.group) == [0, 1, 2])
    }

    @Test("order reaches through a third party's record")
    func transitive() {
        var sample = SampleMechanism([
            SampleParty("azerbaijan", .mediator, number: 1), SampleParty("israel", .principal, number: 2),
            SampleParty("turkiye", .principal, number: 3),
        ])
        sample.write("israel", said(false))
        sample.receipt("azerbaijan", of: "israel")
        sample.write("azerbaijan", said(false))
        sample.receipt("turkiye", of: "azerbaijan")
        sample.write("turkiye", said(false))
        sample.receipt("israel", of: "turkiye")
        var contents = sample.contents(by: "israel")
        let found = report(bundle(sample, contents), of: sample)
        #expect(found.timeline.map(\.place.description) == ["israel-0", "azerbaijan-0", "turkiye-0"])
        #expect(spans(found, "turkiye-0") == [])
        // Without the record between them the bundle no longer shows it, and says that it is not complete.
        contents.logs[0].records = []
        let partial = report(bundle(sample, contents), of: sample)
        #expect(spans(partial, "turkiye-0") == ["israel-0"])
        #expect(found.isComplete && !partial.isComplete)
        #expect(partial.text.contains("Records that are not in this bundle may say more about the order."))
    }

    @Test("time is bracketed by the last head that lacks a record and the first that covers it")
    func bracket() throws {
        var sample = two()
        let start = sample.now
        sample.write("israel", said(false))
        sample.exchange(["israel", "turkiye"])
        sample.pass(100)
        sample.write("israel", said(true))
        sample.write("israel", said(false))
        sample.pass(7)
        sample.receipt("turkiye", of: "israel")
        sample.pass(50)
        sample.write("turkiye", said(true))
        sample.receipt("israel", of: "turkiye")
        let found = report(bundle(sample, sample.contents(by: "israel")), of: sample)
        let middle = try #require(found.entries.first { $0.place.description == "israel-1" })
        #expect(middle.bracket.notBefore?.time == start && middle.bracket.notBefore?.size == 1)
        #expect(middle.bracket.notAfter?.time == start.advanced(by: .seconds(107)))
        #expect(middle.bracket.notAfter?.holder.name == "turkiye" && middle.bracket.notAfter?.size == 3)
        // It cites Israel's three records, of which Türkiye lacked two when it cosigned the first head.
        let answer = try #require(found.entries.first { $0.place.description == "turkiye-0" })
        #expect(answer.bracket.cited.map(\.size) == [1] && answer.bracket.lacked.isEmpty)
    }

    @Test("a false citation is named and cannot stop the audit", .timeLimit(.minutes(1)))
    func circle() {
        var sample = two()
        let root = MerkleHash.empty
        let (israel, turkiye) = (sample.party("israel").id, sample.party("turkiye").id)
        sample.write("israel", said(false), seen: [.init(party: turkiye, size: 2, root: root)])
        sample.write("turkiye", said(false), seen: [.init(party: israel, size: 1, root: root)])
        sample.write("turkiye", said(true), seen: [])
        sample.exchange(["israel", "turkiye"])
        let found = report(bundle(sample, sample.contents(by: "israel")), of: sample)
        #expect(found.timeline.count == 3)
        let names = found.contradictions.map(\.sentence)
        #expect(names.contains { $0.hasPrefix("these cite each other in a circle") && $0.hasSuffix("israel-0, turkiye-0") })
        #expect(names.contains("israel-0 cites turkiye at size 2 with another root than turkiye signed"))
        #expect(names.contains("turkiye-0 cites israel at size 1 with another root than israel signed"))
    }

    @Test("a record that says it was made after somebody held it is named")
    func clocks() {
        var sample = two()
        sample.write("israel", said(false), at: sample.now.advanced(by: .minutes(5)))
        sample.exchange(["israel", "turkiye"])
        let found = report(bundle(sample, sample.contents(by: "israel")), of: sample)
        #expect(found.contradictions.count == 1)
        #expect(found.contradictions.first?.sentence.contains("says it was made at") == true)
    }

    @Test("a notice shows filed, receipted, evaluated and read back as facts of their own")
    func notice() throws {
        let found = report(foundingBundle)
        let history = try #require(found.notices.first { $0.notice.description == "turkiye-1" })
        let version = try #require(history.versions.first)
        #expect(version.filed.officer == "Yılmaz" && version.filed.attestedBy.name == "turkiye")
        #expect(version.receipts.map(\.holder.name) == ["azerbaijan", "israel"])
        #expect(version.evaluated.map(\.by.attestedBy.name) == ["israel"])
        #expect(version.acknowledged.map(\.by.officer) == ["Levi"])
        #expect(history.findings.map(\.by.attestedBy.name) == ["israel", "turkiye"])
        let strike = try #require(found.notices.first { $0.notice.description == "israel-1" })
        #expect(strike.ends.map(\.reason) == [.cancelled] && strike.versions[0].acknowledged.isEmpty)
    }

    @Test("withheld bodies still prove order, time and receipt")
    func redaction() {
        let open = report(foundingBundle)
        let redacted = report(bundle(founding, SampleBundle.redacted(founding.contents(by: "turkiye"))))
        #expect(redacted.entries.allSatisfy { $0.body == .withheld && $0.claimed == nil })
        #expect(redacted.entries.map(\.bracket) == open.entries.map(\.bracket))
        #expect(redacted.timeline.map(\.concurrent).count == open.timeline.count)
        for row in open.timeline { #expect(spans(redacted, row.place.description) == row.concurrent.map(\.description)) }
        #expect(redacted.notices.isEmpty && redacted.isComplete)
        for word in ["Yılmaz", "Levi", "strike"] {
            #expect(open.text.contains(word) && !redacted.text.contains(word))
        }
    }

    @Test("a key for one record opens that one only")
    func disclosure() {
        let found = report(bundle(founding, SampleBundle.disclosed(founding)))
        let open = found.entries.filter { $0.claimed != nil }.map(\.place.description)
        #expect(open == ["israel-1", "turkiye-1"])
    }

    @Test("texts of a party cannot steer the terminal of whoever reads")
    func controlCharacters() throws {
        var sample = two()
        sample.write("israel", said(true), officer: "\u{1B}[2JLe\u{202E}vi\n")
        sample.receipt("turkiye", of: "israel")
        let text = report(bundle(sample, sample.contents(by: "israel")), of: sample).text
        #expect(text.contains("\\u{1b}[2JLe\\u{202e}vi\\u{a}"))
        #expect(!text.unicodeScalars.contains("\u{1B}") && !text.unicodeScalars.contains("\u{202E}"))
    }

    @Test("without a fingerprint the report says that somebody has to compare it")
    func fingerprint() throws {
        let asked = try AuditReport.checking(foundingBundle, mechanism: nil)
        #expect(!asked.isMechanismGiven && asked.text.contains("compare it with the fingerprint"))
        #expect(!report(foundingBundle).text.contains("compare it with the fingerprint"))
    }

    @Test("the JSON holds what the text says")
    func json() throws {
        let found = report(foundingBundle)
        let json = try StrictJSON.read(found.json.bytes, limit: 1 << 24)
        #expect(json["mechanism"] == .string(founding.terms.mechanism.hex))
        guard case .array(let records)? = json["records"], case .array(let rows)? = json["timeline"] else {
            Issue.record("records and timeline are lists")
            return
        }
        #expect(records.count == 12 && rows.count == 12)
        #expect(records[2]["record"] == "israel-1" && records[2]["body"] == "open")
        #expect(records[2]["notAfter"]?["holder"] == "azerbaijan")
    }
}
