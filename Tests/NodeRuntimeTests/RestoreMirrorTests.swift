import Foundation
import JointLog
import Kernel
import Mechanism
import Records
import Storage
import StorageSQLite
import Testing

@testable import NodeRuntime

@Suite("what a node gives of its logs, and what its check finds")
struct RestoreMirrorTests {
    @Test("a peer gets back what it may hold and nothing more", arguments: [Sealing.xWing, .none])
    func mayHold(sealing: Sealing) throws {
        let rig = try RestoreRig(sealing: sealing)
        defer { rig.remove() }
        let parties = try RestoreRig.names.map(rig.party)
        // Author, audience, index; then who may hold the body when it is sealed, and when it is not.
        let cases: [(Int, [Int], LogIndex, [Int], [Int])] = [
            (0, [1], 5, [0, 1, 2], [0, 1]), (0, [1, 2], 0, [0, 1, 2], [0, 1, 2]), (0, [1, 2], 5, [0, 1, 2], [0, 1]),
            (2, [0], 7, [0, 2], [0, 2]), (1, [2], 3, [1, 2], [1]),
        ]
        for (author, audience, index, sealed, unsealed) in cases {
            let writer = RecordWriter(mechanism: rig.terms.mechanism, author: parties[author])
            let salt = MerkleHash.sha256([1])
            // The rule looks at header and terms; any bytes do for a body.
            let envelope = try #require(
                writer.record(
                    index: index, bodyBytes: [1, 2, 3], audience: audience.map { parties[$0] }, termsVersion: 1, seen: [],
                    relay: .ordinary, salt: salt, sign: { _ in [UInt8](repeating: 0, count: 64) }))
            for (reader, party) in parties.enumerated() {
                let named = try #require(rig.terms.party(party))
                let given = try MirrorReader(named, sealing: sealing).given(envelope)
                let mayHold = (sealing == .xWing ? sealed : unsealed).contains(reader)
                #expect(given == (mayHold ? envelope : envelope.withheld), "record \(index) of \(author) for \(reader)")
            }
        }
    }

    @Test("a log's name in a path is read back exactly, and nothing else is")
    func pathNames() throws {
        let party = try #require(PartyID("turkiye"))
        for (log, name) in [(LogID(party: party), "turkiye"), (LogID(party: party, epoch: 12), "turkiye.12")] {
            #expect(PeerMessages.pathName(of: log) == name)
            #expect(PeerMessages.log(pathName: name) == log)
        }
        for name in ["", ".", "turkiye.", "turkiye.0", "turkiye.01", "turkiye/1", "turkiye.1.1", "Turkiye", "turkiye.99999"] {
            #expect(PeerMessages.log(pathName: name) == nil, "\(name)")
        }
    }

    @Test("an exchanged signature, which no tree shows, is found by the check")
    func signature() async throws {
        let rig = try RestoreRig()
        defer { rig.remove() }
        let nodes = try RestoreRig.names.map(rig.open)
        try await rig.running(nodes) { try await rig.fileAndAcknowledge(nodes, count: 1) }
        let folder = try rig.folder("alpha")
        let clean = try StoreCheck(folder: folder).run { _ in }
        #expect(clean.isClean && clean.findings.isEmpty && clean.notes > 0 && clean.logs.count == 3)

        let former = folder.url.appendingPathComponent("former.sqlite")
        try FileManager.default.moveItem(at: folder.store, to: former)
        let (from, to) = (try SQLiteStore(path: former.path), try SQLiteStore(path: folder.store.path))
        let bravo = LogID(party: try rig.party("bravo"))
        var commit = Commit(journal: try from.journal(after: 0, limit: .max))
        for log in try from.logs {
            commit.entries += try from.entries(of: log, from: 0, limit: .max)
            if let head = try from.head(of: log) { commit.heads.append(HeadChange(expectedSize: nil, head: head)) }
        }
        let place = try #require(commit.entries.firstIndex { $0.log == bravo && $0.index == 1 })
        var envelope = commit.entries[place].envelope
        let record = try #require(Envelope(encoded: envelope))
        envelope[4 + record.signed.count + 10] ^= 1
        commit.entries[place] = MirrorEntry(log: bravo, index: 1, envelope: envelope)
        try to.commit(commit)
        from.close()
        to.close()
        let report = try StoreCheck(folder: folder).run { _ in }
        #expect(report.findings == [.record(bravo, 1, "badSignature")])
    }
}
