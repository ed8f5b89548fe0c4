import Foundation
import Kernel
import Mechanism
import Records
import Testing

@testable import NodeRuntime

@Suite("bells: who is rung, when, and how often", .timeLimit(.minutes(1)))
struct BellsDeliveryTests {
    @Test("a ring is given once, however often it is offered")
    func once() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell()], folder: folder.url)
        rig.bells.ring(alarmRing("bravo-4"))
        let first = try await rig.next()
        rig.bells.ring(alarmRing("bravo-4"))
        first.succeed()
        rig.bells.ring(alarmRing("bravo-4"))
        rig.bells.ring(alarmRing("bravo-5"))
        let second = try await rig.next()
        #expect(first.ring.contains("bravo-4") && !first.isRepeat)
        #expect(second.ring.contains("bravo-5"))
        second.succeed()
        await rig.end()
    }

    @Test("a climb, and another ring at the top, ring anew")
    func climbs() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell()], folder: folder.url)
        var rings: [String] = []
        for ring in [alarmRing(rung: 0), alarmRing(rung: 1, at: 300), alarmRing(rung: 2, at: 600), alarmRing(rung: 2, at: 900)] {
            rig.bells.ring(ring)
            let delivery = try await rig.next()
            rings.append(delivery.ring)
            #expect(!delivery.isRepeat)
            delivery.succeed()
        }
        #expect(Set(rings).count == 4)
        await rig.end()
    }

    @Test("after a restart a ring is given once more, marked as a repeat, and after the next restart never again")
    func restarts() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let first = try BellRig([bell()], folder: folder.url)
        first.bells.ring(alarmRing())
        // Killed in the middle of ringing: it may have rung.
        #expect(try await !first.next().isRepeat)
        await first.end()

        let second = try BellRig([bell()], folder: folder.url)
        second.bells.ring(alarmRing(isNew: false))
        let again = try await second.next()
        #expect(again.isRepeat)
        again.succeed()
        await second.end()

        let third = try BellRig([bell()], folder: folder.url)
        third.bells.ring(alarmRing(isNew: false))
        third.bells.ring(alarmRing("bravo-5"))
        let other = try await third.next()
        #expect(other.ring.contains("bravo-5") && !other.isRepeat)
        await third.end()
    }

    @Test("what another bell has rung is new to a bell that has not")
    func perBell() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let first = try BellRig([bell("siren")], folder: folder.url)
        first.bells.ring(alarmRing())
        try await first.next().succeed()
        await first.end()

        let second = try BellRig([bell("pager")], folder: folder.url)
        second.bells.ring(alarmRing(isNew: false))
        #expect(try await !second.next().isRepeat)
        await second.end()
    }

    @Test("without its file a bell calls a ring of before the restart a repeat, and with a torn one goes on")
    func lostFile() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let lost = try BellRig([bell()], folder: folder.url)
        lost.bells.ring(try stopRing(isNew: false))
        #expect(try await lost.next().isRepeat)
        await lost.end()

        try folder.write("bells.state", folder.text("bells.state") + #"{"bell":"siren","ri"#)
        let torn = try BellRig([bell()], folder: folder.url)
        torn.bells.ring(alarmRing("bravo-9"))
        #expect(try await !torn.next().isRepeat)
        await torn.end()
        for line in folder.text("bells.state").split(separator: "\n") {
            #expect((try? StrictJSON.read(Array(line.utf8), limit: 1_000)) != nil)
        }
    }

    @Test("a file that cannot be written keeps no bell from ringing")
    func unwritable() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell()], folder: folder.url.appendingPathComponent("not-there"))
        rig.bells.ring(try stopRing())
        let delivery = try await rig.next()
        #expect(delivery.words("kind") == "stop")
        delivery.succeed()
        await rig.end()
    }

    @Test("a failed ring is tried again with growing pauses, and given up after the last")
    func retries() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell()], folder: folder.url)
        rig.bells.ring(alarmRing("bravo-4"))
        for attempt in 1...Bells.triesMost {
            let delivery = try await rig.next()
            #expect(delivery.attempt == .integer(Int64(attempt)))
            delivery.fail("busy")
        }
        // A further ring shows that the first is gone.
        rig.bells.ring(alarmRing("bravo-5"))
        let next = try await rig.next()
        #expect(next.attempt == 1)
        #expect(rig.seen.all == [1, 2, 4, 8, 16].map { .seconds($0) })
        let status = try #require(rig.bells.status.first)
        #expect(status.isFailing && status.failure == "busy" && status.lost == 1 && status.waiting == 1)
        next.succeed()
        await rig.end()
    }

    @Test("once it rings again the bell is no longer shown as failing, and the failure stays to be read")
    func recovers() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell()], folder: folder.url)
        rig.bells.ring(alarmRing())
        try await rig.next().fail("busy")
        let second = try await rig.next()
        #expect(rig.bells.status[0].isFailing)
        second.succeed()
        rig.bells.ring(alarmRing("bravo-5"))
        _ = try await rig.next()
        #expect(!rig.bells.status[0].isFailing)
        #expect(rig.bells.status[0].failure == "busy")
        #expect(rig.bells.status[0].rangAt == bellTime)
        await rig.end()
    }

    @Test("what is heard meanwhile is not tried again")
    func settled() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell()], folder: folder.url)
        let ring = alarmRing("bravo-4")
        rig.bells.ring(ring)
        let delivery = try await rig.next()
        rig.bells.settle(ring.cause)
        delivery.fail()
        rig.bells.ring(alarmRing("bravo-5"))
        #expect(try await rig.next().ring.contains("bravo-5"))
        #expect(rig.seen.all.isEmpty)
        await rig.end()
    }

    @Test("a routine ring that hangs holds up no STOP, and four hanging STOPs leave a fifth waiting")
    func hanging() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell()], folder: folder.url)
        rig.bells.ring(alarmRing(precedence: .routine))
        _ = try await rig.next()
        for byte in UInt8(1)...5 { rig.bells.ring(try stopRing(byte)) }
        var stops: [BellRig.Delivery] = []
        for _ in 0..<4 { stops.append(try await rig.next()) }
        #expect(stops.allSatisfy { $0.words("kind") == "stop" })
        #expect(rig.bells.status[0].waiting == 6)
        stops[0].succeed()
        #expect(try await rig.next().words("kind") == "stop")
        await rig.end()
    }

    @Test("a bell rings for its precedence, its roles and, only when told so, for drills", arguments: [
        (Precedence.flash, [DeskRole.watch], false, ["stop"]),
        (.immediate, [.watch], false, ["immediate", "stop"]),
        (.routine, [.command], false, ["command"]),
        (.routine, [.watch], true, ["command", "drill", "immediate", "routine", "stop"]),
    ])
    func filters(from: Precedence, roles: [DeskRole], drills: Bool, expected: [String]) throws {
        let bell = bell(from: from, roles: roles, drills: drills)
        let offered = [
            ("stop", try stopRing()), ("immediate", alarmRing()), ("routine", alarmRing(precedence: .routine)),
            ("drill", alarmRing(precedence: .priority, mode: .drill)),
            ("command", alarmRing(precedence: .priority, rung: 2)),
        ]
        #expect(offered.filter { bell.takes($0.1) }.map(\.0).sorted() == expected)
    }

    @Test("an officer can try one bell or all, also those that take nothing else")
    func trial() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let rig = try BellRig([bell("siren", from: .flash, roles: [.command]), bell("pager")], folder: folder.url)
        #expect(!rig.bells.tryOut("horn", by: "Kaya"))
        #expect(rig.bells.tryOut("siren", by: "Kaya"))
        let delivery = try await rig.next()
        #expect(delivery.bell == "siren" && delivery.words("kind") == "trial")
        #expect(delivery.words("sentence").contains("Kaya"))
        delivery.succeed()
        await rig.end()
    }
}

@Suite("a bell's queue")
struct BellsQueueTests {
    private func task(_ ring: BellRing, _ serial: UInt64) -> BellTask {
        BellTask(ring: ring, serial: serial, isRepeat: false)
    }

    @Test("over its capacity the least urgent goes, the oldest of them first, and never a STOP")
    func overflow() throws {
        var queue = BellQueue(capacity: 3)
        var serial: UInt64 = 0
        func offer(_ ring: BellRing) -> String? {
            serial += 1
            return queue.offer(task(ring, serial))?.ring.subject
        }
        #expect(offer(alarmRing("bravo-1", precedence: .flash)) == nil)
        #expect(offer(alarmRing("bravo-2", precedence: .routine)) == nil)
        #expect(offer(alarmRing("bravo-3", precedence: .routine)) == nil)
        #expect(offer(alarmRing("bravo-4", precedence: .priority)) == "bravo-2")
        #expect(offer(alarmRing("bravo-5", precedence: .flash)) == "bravo-3")
        // Less urgent than all that wait: dropped itself.
        #expect(offer(alarmRing("bravo-6", precedence: .routine)) == "bravo-6")
        for byte in UInt8(1)...20 {
            let stop = try stopRing(byte)
            #expect(offer(stop) == nil)
        }
        #expect(queue.waiting.count { $0.ring.isStop } == 20)
        #expect(queue.waiting.prefix(20).allSatisfy { $0.ring.isStop })
        #expect(queue.waiting.suffix(3).map(\.ring.subject) == ["bravo-1", "bravo-5", "bravo-4"])
        #expect(queue.dropped == 3)
    }

    @Test("a later ring of a cause takes the place of one that waits, and of one that has failed")
    func supersedes() throws {
        var queue = BellQueue(capacity: 8)
        _ = queue.offer(task(alarmRing(rung: 0), 1))
        _ = queue.offer(task(alarmRing(rung: 1, at: 60), 2))
        #expect(queue.waiting.map(\.serial) == [2])
        let taken = queue.take()
        let running = try #require(taken)
        _ = queue.offer(task(alarmRing(rung: 2, at: 120), 3))
        let again = queue.putBack(running)
        #expect(!again)
        #expect(queue.waiting.map(\.serial) == [3])
        #expect(queue.count == 1)
    }

    @Test("what waits for its next try is not handed out before, and does not hold up another")
    func pauses() throws {
        var queue = BellQueue(capacity: 8)
        _ = queue.offer(task(alarmRing("bravo-1", precedence: .flash), 1))
        let taken = queue.take()
        let failed = try #require(taken)
        let isKept = queue.putBack(failed)
        #expect(isKept)
        _ = queue.offer(task(alarmRing("bravo-2", precedence: .routine), 2))
        let handedOut = [queue.take()?.serial, queue.take()?.serial]
        #expect(handedOut == [2, nil])
        queue.makeReady(1)
        let again = queue.take()
        #expect(again?.serial == 1 && again?.attempt == 2)
    }
}
