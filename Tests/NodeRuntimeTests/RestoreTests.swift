import Foundation
import JointLog
import Kernel
import Mechanism
import Records
import Storage
import StorageSQLite
import Testing

@testable import NodeRuntime

@Suite("restoring a store")
struct RestoreTests {
    /// What of a node's state must survive the loss of its disk.
    private struct State: Equatable {
        let logs: [LogID: Hash32]
        let notices: [NoticeID: [UTCInstant?]]
        let unreadable: [LogIndex]
        let evaluated: [UInt64]

        init(_ node: Node) async {
            (logs, notices, unreadable, evaluated) = await node.read { mechanism, _ in
                (
                    Dictionary(uniqueKeysWithValues: mechanism.logs.values.map { ($0.id, $0.tree.root) }),
                    Dictionary(
                        uniqueKeysWithValues: mechanism.notices.values.map { notice in
                            (notice.id, notice.facts.map(\.value.acknowledgedAt) + [notice.createdAt])
                        }),
                    mechanism.logs.values.flatMap { $0.unreadable.keys },
                    mechanism.logs.values.flatMap { $0.evaluatedBy.map(\.value) }
                )
            }
        }
    }

    private func lose(_ rig: RestoreRig, _ name: String) throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: try rig.folder(name).store.path + suffix)
        }
    }

    private func bytes(_ rig: RestoreRig, _ name: String) throws -> Data? {
        FileManager.default.contents(atPath: try rig.folder(name).store.path)
    }

    @Test(
        "a lost store comes back: every log, every body, every acknowledgement, in causal order",
        arguments: [Sealing.xWing, .none])
    func wholeStore(sealing: Sealing) async throws {
        let rig = try RestoreRig(sealing: sealing)
        defer { rig.remove() }
        let nodes = try RestoreRig.names.map(rig.open)
        try await rig.running(nodes) { try await rig.fileAndAcknowledge(nodes, count: 12) }
        let before = await State(nodes[0])
        #expect(before.notices.count == 24)
        #expect(before.notices.values.count { $0.dropLast().contains { $0 != nil } } == 2)
        try lose(rig, "alpha")

        let alpha = try rig.party("alpha")
        let peers = try ["bravo", "carol"].map { NodeSource(node: try rig.open($0), reader: alpha) }
        let report = try await rig.restore("alpha", from: peers)
        #expect(report.bodiesMissing == 0 && report.outOfOrder == 0 && report.lost == nil && report.problems.isEmpty)
        #expect(report.records > 24)
        let restored = try rig.open("alpha")
        #expect(await State(restored) == before)
        #expect(await restored.read { mechanism, _ in mechanism.maySign } == false)
        #expect(try StoreCheck(folder: try rig.folder("alpha")).isLocked)
    }

    @Test("after a restore the node signs on the same history, and its peers take it")
    func continues() async throws {
        let rig = try RestoreRig()
        defer { rig.remove() }
        let nodes = try RestoreRig.names.map(rig.open)
        try await rig.running(nodes) { try await rig.fileAndAcknowledge(nodes, count: 3) }
        try lose(rig, "alpha")
        let alpha = try rig.party("alpha")
        _ = try await rig.restore("alpha", from: [NodeSource(node: nodes[1], reader: alpha)].map { source in
            NodeSource(node: try rig.open("bravo"), reader: source.reader)
        })
        let again = try RestoreRig.names.map(rig.open)
        try await rig.running(again) {
            try await rig.fileAndAcknowledge(again, count: 2)
            for node in again {
                let forks = await node.read { mechanism, _ in mechanism.logs.values.count { $0.fork != nil } }
                #expect(forks == 0)
            }
            let (held, written) = (
                await again[1].read { mechanism, _ in mechanism.logs[alpha]?.size },
                await again[0].read { mechanism, _ in mechanism.ownLog.size }
            )
            #expect(held == written)
        }
    }

    @Test("a body that one source withholds comes from another, and what nobody holds is counted")
    func bodies() async throws {
        let rig = try RestoreRig()
        defer { rig.remove() }
        let nodes = try RestoreRig.names.map(rig.open)
        try await rig.running(nodes) { try await rig.fileAndAcknowledge(nodes, count: 3) }
        try lose(rig, "alpha")
        let alpha = try rig.party("alpha")
        let (bravo, carol) = (try rig.open("bravo"), try rig.open("carol"))
        let withheld = NodeSource(node: bravo, reader: alpha, withholds: true)
        let merged = try await rig.restore("alpha", from: [withheld, NodeSource(node: carol, reader: alpha)])
        #expect(merged.bodiesMissing == 0)
        try lose(rig, "alpha")
        do {
            _ = try await rig.restore("alpha", from: [withheld])
            Issue.record("a store without its bodies was restored without anybody's word")
        } catch {
            guard case RestoreFailure.bodiesMissing(let logs, _)? = error as? RestoreFailure else {
                Issue.record("\(error)")
                return
            }
            #expect(logs.map { $0.key.party } == rig.terms.parties.map(\.id))
        }
        #expect(try bytes(rig, "alpha") == nil)
        let bare = try await rig.restore("alpha", from: [withheld], withoutBodies: true)
        let own = try #require(bare.logs.first { $0.id.party == alpha })
        #expect(own.bodiesMissing == own.size && own.size > 3)
    }

    @Test("records of our own that no peer ever got are kept from the old store")
    func unpushed() async throws {
        let rig = try RestoreRig()
        defer { rig.remove() }
        let nodes = try RestoreRig.names.map(rig.open)
        try await rig.running(nodes) { try await rig.fileAndAcknowledge(nodes, count: 2) }
        let peers = try ["bravo", "carol"].map(rig.open)
        let alone = try rig.open("alpha")
        try await rig.running([alone] + peers) {
            let start = alone.clock.now.utc.advanced(by: .hours(5))
            for step in 0..<3 { _ = try await alone.file(try RestoreRig.fields(from: start, latitudeDeg: 36 + Double(step) / 10)) }
        }
        let before = await State(alone)
        let alpha = try rig.party("alpha")
        let report = try await rig.restore("alpha", from: try ["bravo", "carol"].map { NodeSource(node: try rig.open($0), reader: alpha) })
        #expect(report.sources.contains(alpha) && report.lost?.hasSuffix("parley.sqlite.lost-1") == true)
        #expect(await State(try rig.open("alpha")) == before)
    }

    @Test("a source that breaks off leaves the old store byte for byte as it was, and the next attempt succeeds")
    func interrupted() async throws {
        let rig = try RestoreRig()
        defer { rig.remove() }
        let nodes = try RestoreRig.names.map(rig.open)
        try await rig.running(nodes) { try await rig.fileAndAcknowledge(nodes, count: 10) }
        let folder = try rig.folder("alpha")
        // Damaged so that nothing of it can be read: its first page is gone.
        let handle = try FileHandle(forWritingTo: folder.store)
        try handle.write(contentsOf: Data(repeating: 7, count: 4_096))
        try handle.close()
        let before = try bytes(rig, "alpha")
        let alpha = try rig.party("alpha")
        let bravo = try rig.open("bravo")
        for failsAt in [LogIndex(0), 1, 9] {
            await #expect(throws: RestoreFailure.self) {
                try await rig.restore("alpha", from: [NodeSource(node: bravo, reader: alpha, failsAt: failsAt)])
            }
            #expect(try bytes(rig, "alpha") == before)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("parley.sqlite") }
        #expect(left == ["parley.sqlite"])
        let report = try await rig.restore("alpha", from: [NodeSource(node: bravo, reader: alpha)])
        #expect(report.bodiesMissing == 0)
        #expect(FileManager.default.contents(atPath: try #require(report.lost)) == before)
        #expect(try StoreCheck(folder: folder).run { _ in }.isClean)
    }

    @Test("two peers that hold different histories of one log are told apart, both heads are kept, nothing is restored")
    func fork() async throws {
        let rig = try RestoreRig()
        defer { rig.remove() }
        let nodes = try RestoreRig.names.map(rig.open)
        try await rig.running(nodes) { try await rig.fileAndAcknowledge(nodes, count: 2) }
        // Bravo's copy from here on writes another history, which only carol sees.
        let copy = rig.root.appendingPathComponent("copy.sqlite")
        let bravoStore = try rig.folder("bravo").store
        try FileManager.default.copyItem(at: bravoStore, to: copy)
        let (alphaNode, first, carolNode) = (try rig.open("alpha"), try rig.open("bravo"), try rig.open("carol"))
        let start = alphaNode.clock.now.utc.advanced(by: .hours(5))
        try await rig.running([alphaNode, first, carolNode]) {
            _ = try await first.file(try RestoreRig.fields(from: start, latitudeDeg: 36))
            try await rig.exchange([first, alphaNode])
        }
        let before = await State(alphaNode)
        try FileManager.default.removeItem(at: bravoStore)
        try FileManager.default.moveItem(at: copy, to: bravoStore)
        let (second, carol) = (try rig.open("bravo"), try rig.open("carol"))
        try await rig.running([second, carol]) {
            _ = try await second.submit(.command(.signUnconfirmed(reason: "test"), officer: "anna"))
            _ = try await second.file(try RestoreRig.fields(from: start, latitudeDeg: 32))
            try await rig.exchange([second, carol])
        }
        // Alpha's own store is the one that holds the first history.
        let (alpha, bravo) = (try rig.party("alpha"), try rig.party("bravo"))
        let sources = [NodeSource(node: try rig.open("carol"), reader: alpha)]
        do {
            _ = try await rig.restore("alpha", from: sources)
            Issue.record("two histories were restored as one")
        } catch {
            guard case RestoreFailure.fork(let log, let fork)? = error as? RestoreFailure else {
                Issue.record("\(error)")
                return
            }
            #expect(log.party == bravo)
            let file = try #require(fork.file.flatMap { FileManager.default.contents(atPath: $0) })
            let proof = ForkProof(
                encoded: String(decoding: file, as: UTF8.self),
                origin: Checkpoint.origin(mechanism: rig.terms.mechanism, log: log),
                publicKeys: [try #require(rig.terms.party(bravo)).nodeKey])
            #expect(proof != nil)
        }
        #expect(await State(try rig.open("alpha")) == before)
    }
}

extension StoreCheck {
    /// Whether the store is open elsewhere.
    var isLocked: Bool {
        do {
            _ = try run { _ in }
            return false
        } catch {
            return error as? StoreError == .locked
        }
    }
}
