import Foundation
import Kernel
import Mechanism
import Records
import Storage
import StorageSQLite
import Testing

@testable import NodeRuntime

@Suite("the driver")
struct DriverTests {
    /// Runs `body` beside the node's driver, then stops it.
    private func running(_ node: Node, _ body: () async throws -> Void) async throws {
        let driver = Task { try await node.run() }
        do {
            // There is no peer that could confirm how much of the log it holds.
            _ = try await node.submit(.command(.signUnconfirmed(reason: "alone in a test"), officer: "anna"))
            try await body()
        } catch {
            node.stop()
            _ = try? await driver.value
            throw error
        }
        node.stop()
        try await driver.value
    }

    @Test("a notice that was answered is there after a restart, and the folded state is the same bytes")
    func restart() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let start = SystemClock(continuing: nil).now.utc.advanced(by: .hours(3))
        var before = ""
        var count = 0
        let first = try pair.node(pair.alpha, store: try SQLiteStore(path: pair.alpha.store.path))
        try await running(first) {
            for step in 0..<5 {
                _ = try await first.file(try pair.fields(from: start, latitudeDeg: 33 + Double(step)))
            }
            before = try await first.digest
            count = await first.read { mechanism, _ in mechanism.notices.count }
        }
        #expect(count == 5)
        let second = try pair.node(pair.alpha, store: try SQLiteStore(path: pair.alpha.store.path))
        #expect(try await second.digest == before)
    }

    @Test("the fold of the journal alone is the fold from a snapshot")
    func snapshotIsACache() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let disk = MemoryDisk()
        let start = SystemClock(continuing: nil).now.utc.advanced(by: .hours(3))
        let node = try pair.node(pair.alpha, store: try MemoryStore(disk: disk))
        var live = ""
        try await running(node) {
            _ = try await node.file(try pair.fields(from: start))
            live = try await node.digest
        }
        // Stopping wrote a snapshot; a store that has only the journal must lead to the same place.
        let whole = try MemoryStore(disk: disk)
        let journal = try whole.journal(after: 0, limit: 10_000)
        let entries = try whole.entries(of: pair.terms.parties[0].id, from: 0, limit: 10_000)
        #expect(try whole.latestSnapshot() != nil)
        let bare = try MemoryStore()
        try bare.commit(Commit(journal: journal, entries: entries, heads: []))
        let folded = try pair.node(pair.alpha, store: bare)
        #expect(try await folded.digest == live)
    }

    @Test("a state of more notices than one piece holds comes back whole from its snapshot")
    func snapshotInPieces() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let node = try pair.node(pair.alpha, store: try MemoryStore())
        let start = node.clock.now.utc.advanced(by: .hours(3))
        let count = SnapshotCodec.noticesInAPiece + 3
        try await running(node) {
            for step in 0..<count { _ = try await node.file(try pair.fields(from: start, latitudeDeg: 31 + Double(step) / 40)) }
            let bytes = try await node.read { mechanism, _ in try SnapshotCodec.encode(mechanism.snapshot) }
            let back = try SnapshotCodec.decode(bytes)
            #expect(try SnapshotCodec.encode(back) == bytes)
            #expect(back.heldNotices.count == count)
            for cut in [0, 7, 8, 1_000, bytes.count - 1] {
                #expect(throws: (any Error).self) { try SnapshotCodec.decode(Array(bytes[..<cut])) }
            }
        }
    }

    @Test("a full disk: the officer is told that nothing was recorded, every answer is unknown, and the next filing works")
    func fullDisk() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let disk = MemoryDisk()
        let node = try pair.node(pair.alpha, store: try MemoryStore(disk: disk))
        let start = node.clock.now.utc.advanced(by: .hours(3))
        try await running(node) {
            _ = try await node.file(try pair.fields(from: start))
            let before = await node.read { mechanism, _ in mechanism.ownLog.size }
            disk.failNextChange(.full, afterEffect: false)
            do {
                _ = try await node.file(try pair.fields(from: start, latitudeDeg: 36))
                Issue.record("a filing that the disk refused was answered as filed")
            } catch NodeError.notStored {
            }
            let (size, reasons) = await node.read { mechanism, now in
                (mechanism.ownLog.size, mechanism.assurance(now: now).reasons)
            }
            #expect(size == before)
            #expect(reasons.contains(.storageDegraded))
            // What is refused is not written, so it cannot show that the disk works again.
            await #expect(throws: NodeError.self) {
                try await node.submit(.command(.acknowledgeAlarm("no:such"), officer: "anna"))
            }
            let still = await node.read { mechanism, now in mechanism.assurance(now: now).reasons }
            #expect(still.contains(.storageDegraded))
            _ = try await node.file(try pair.fields(from: start, latitudeDeg: 36))
            let after = await node.read { mechanism, now in mechanism.assurance(now: now).reasons }
            #expect(!after.contains(.storageDegraded))
            #expect(await node.read { mechanism, _ in mechanism.notices.count } == 2)
        }
    }

    @Test("a disk that gives back other bytes than were stored stays a doubt, whatever it takes afterwards")
    func rottenDisk() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let disk = MemoryDisk()
        let node = try pair.node(pair.alpha, store: try MemoryStore(disk: disk))
        let start = node.clock.now.utc.advanced(by: .hours(3))
        try await running(node) {
            _ = try await node.file(try pair.fields(from: start))
            let log = await node.read { mechanism, _ in mechanism.ownLog.id }
            disk.rot(log, at: 0)
            #expect(await node.readBack(log) == nil)
            _ = try await node.file(try pair.fields(from: start, latitudeDeg: 36))
            let reasons = await node.read { mechanism, now in mechanism.assurance(now: now).reasons }
            #expect(reasons.contains(.storageDegraded))
        }
    }

    @Test("a disk that fails for good ends the driver with its error")
    func brokenDisk() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let disk = MemoryDisk()
        let node = try pair.node(pair.alpha, store: try MemoryStore(disk: disk))
        let start = node.clock.now.utc.advanced(by: .hours(3))
        let driver = Task { try await node.run() }
        _ = try await node.submit(.command(.signUnconfirmed(reason: "alone in a test"), officer: "anna"))
        _ = try await node.file(try pair.fields(from: start))
        disk.failNextChange(.io(code: 10, detail: "test"), afterEffect: true)
        await #expect(throws: NodeError.self) { try await node.file(try pair.fields(from: start, latitudeDeg: 36)) }
        await #expect(throws: (any Error).self) { try await driver.value }
    }

    @Test("refused commands leave the journal as it was")
    func refusals() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let disk = MemoryDisk()
        let store = try MemoryStore(disk: disk)
        let node = try pair.node(pair.alpha, store: store)
        let start = node.clock.now.utc.advanced(by: .hours(3))
        try await running(node) {
            guard case .filed(let id, _, _) = try await node.file(try pair.fields(from: start)) else {
                Issue.record("not filed")
                return
            }
            let before = try store.lastSequence
            let ghost = RecordID(party: id.party, index: 999)
            let commands: [Command] = [
                .amend(ghost, expectedVersion: 1, try pair.fields(from: start)),
                .amend(id, expectedVersion: 7, try pair.fields(from: start)),
                .end(ghost, reason: .over, remarks: nil), .acknowledgeAlarm("no:such"), .suspend(false, reason: nil),
                .position(pair.terms.mechanism, stance: .dispute, conditions: [], remarks: nil),
            ]
            for command in commands {
                await #expect(throws: NodeError.self) {
                    try await node.submit(.command(command, officer: "anna"))
                }
            }
            #expect(try store.lastSequence == before)
            _ = try await node.file(try pair.fields(from: start, latitudeDeg: 36))
            #expect(try store.lastSequence > before)
        }
    }

    @Test("concurrent filings are committed in order, each once")
    func concurrency() async throws {
        let pair = try Pair()
        defer { pair.remove() }
        let store = try MemoryStore()
        let node = try pair.node(pair.alpha, store: store)
        let start = node.clock.now.utc.advanced(by: .hours(3))
        try await running(node) {
            try await withThrowingTaskGroup(of: NoticeID.self) { group in
                for step in 0..<200 {
                    let fields = try pair.fields(from: start, latitudeDeg: 31 + Double(step) / 40)
                    group.addTask {
                        guard case .filed(let id, _, _) = try await node.file(fields) else { throw CancellationError() }
                        return id
                    }
                }
                var ids = SortedSet<NoticeID>()
                for try await id in group { ids.insert(id) }
                #expect(ids.count == 200)
            }
            #expect(try store.size(of: node.party) == 201)
        }
    }
}
