import Evidence
import EvidenceSamples
import JointLog
import Kernel
import Records
import Testing

@Suite("What goes into a bundle")
struct ChoiceTests {
    private func chosen(_ choice: RecordChoice) -> [String] {
        let entries = report(foundingBundle).entries
        let bodies = entries.compactMap { entry -> (RecordID, RecordBody)? in
            guard case .open(let body) = entry.body else { return nil }
            return (RecordID(party: entry.place.log.party, index: entry.place.index), body)
        }
        let findings = bodies.compactMap { _, body -> Finding? in
            if case .finding(let finding) = body.content { finding } else { nil }
        }
        var chooser = RecordChooser(choice) { id in
            findings.filter { $0.conflict == id }.flatMap { [$0.first.notice, $0.second.notice] }
        }
        return bodies.filter { chooser.takes($0.0, $0.1) }.map(\.0.description)
    }

    private func notice(_ text: String) throws -> NoticeID { try #require(NoticeID(text)) }

    @Test("a notice brings what was said of it, and by which terms and keys")
    func byNotice() throws {
        let accepted = ["azerbaijan-0", "israel-0", "turkiye-0", "israel-5"]
        let presence = chosen(.notices([try notice("turkiye-1")]))
        #expect(Set(presence) == Set(accepted + ["israel-2", "israel-3", "israel-4", "turkiye-1", "turkiye-2"]))
        let strike = chosen(.notices([try notice("israel-1")]))
        #expect(Set(strike) == Set(accepted + ["israel-1", "israel-2", "israel-6", "turkiye-2", "turkiye-3"]))
    }

    @Test("a conflict brings both its notices; another conflict brings nothing")
    func byConflict() {
        let conflict = MerkleHash.sha256(Array("a sample conflict".utf8))
        #expect(chosen(.conflicts([conflict])).count == 12)
        #expect(chosen(.conflicts([MerkleHash.empty])) == ["azerbaijan-0", "israel-0", "israel-5", "turkiye-0"])
    }

    @Test("times are those of the authors' clocks, ends included; terms and keys are of all times")
    func byTime() {
        let start = SampleMechanism.start
        let accepted = ["azerbaijan-0", "israel-0", "israel-5", "turkiye-0"]
        #expect(chosen(.time(from: start, to: start)) == accepted)
        let minute = start.advanced(by: .seconds(60))
        #expect(Set(chosen(.time(from: minute, to: minute))) == Set(accepted + ["israel-1", "turkiye-1"]))
        #expect(chosen(.time(from: minute, to: start)) == accepted)
        #expect(chosen(.all).count == 12)
    }

    @Test("the heads chosen bracket each record as tightly as all heads do")
    func heads() throws {
        var cosigned = SortedMap<PartyID, [UInt64]>()
        cosigned[try #require(PartyID("turkiye"))] = [9, 4, 2, 12, 30]
        cosigned[try #require(PartyID("azerbaijan"))] = [7, 15]
        #expect(HeadChoice.sizes(for: [5], cosigned: cosigned, newest: 20) == [4, 7, 9, 20])
        #expect(HeadChoice.sizes(for: [0, 12], cosigned: cosigned, newest: 12) == [2, 7, 12])
        #expect(HeadChoice.sizes(for: [], cosigned: cosigned, newest: 20) == [20])
        #expect(HeadChoice.sizes(for: [], cosigned: cosigned, newest: 0) == [])
    }
}
