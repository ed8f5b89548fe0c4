import Kernel
import Synchronization
import Testing

@testable import NodeRuntime

/// Connections that note when they are closed.
private final class Rig: Sendable {
    private final class Connection: Sendable {}

    let table: ConnectionTable
    private let connections = Mutex<[Connection]>([])
    private let closedOnes = Mutex<[Int]>([])

    init(unknown: Int = 4, known: Int = 20, perSource: Int = 3, needsName: Bool = false) {
        table = ConnectionTable(.init(unknown: unknown, known: known, perSource: perSource, needsName: needsName))
    }

    var closed: [Int] { closedOnes.withLock { $0 } }

    static func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: 0).advanced(by: .seconds(seconds)) }

    /// - Returns: its number, from 0.
    @discardableResult
    func open(from address: String = "192.0.2.1", at seconds: Int64 = 0, as source: WorkSource? = nil) -> Int {
        let connection = Connection()
        let number = connections.withLock { connections in
            connections.append(connection)
            return connections.count - 1
        }
        table.open(ObjectIdentifier(connection), from: address, at: Rig.at(seconds)) { [weak self] in
            self?.closedOnes.withLock { $0.append(number) }
        }
        if let source { table.know(ObjectIdentifier(connection), as: source) }
        return number
    }

    func id(_ number: Int) -> ObjectIdentifier { connections.withLock { ObjectIdentifier($0[number]) } }
}

@Suite("the connections to a port")
struct ConnectionTableTests {
    private let anna = WorkSource.officer("anna")
    private let boris = WorkSource.officer("boris")

    @Test("nobody is turned away: of too many unknown ones the oldest goes")
    func tooManyUnknown() {
        let rig = Rig()
        for _ in 0..<10 { rig.open() }
        #expect(rig.closed == [0, 1, 2, 3, 4, 5])
        #expect(rig.table.counts == .init(unknown: 4, known: 0, evicted: 6, expired: 0))
    }

    @Test("a flood from one address drives out none from another, and none that has signed in")
    func oneAddress() {
        let rig = Rig()
        let calm = rig.open(from: "198.51.100.7")
        let officer = rig.open(as: anna)
        for _ in 0..<1_000 { rig.open(from: "203.0.113.9") }
        #expect(!rig.closed.contains(calm))
        #expect(!rig.closed.contains(officer))
        #expect(rig.table.counts.unknown == 4)
    }

    @Test("an officer's connection more costs the oldest of the same officer that does nothing just now")
    func tooManyOfOne() {
        let rig = Rig()
        let busy = rig.open(as: anna)
        rig.table.begins(rig.id(busy))
        let idle = rig.open(as: anna)
        let other = rig.open(as: boris)
        rig.open(as: anna)
        rig.open(as: anna)
        #expect(rig.closed == [idle])
        rig.open(as: anna)
        #expect(!rig.closed.contains(other))
        #expect(!rig.closed.contains(busy))
    }

    @Test("a connection that has brought a STOP is not driven out by any number of others of the same peer")
    func stop() {
        let rig = Rig()
        let stop = rig.open(as: anna)
        rig.table.bringsStop(rig.id(stop))
        for _ in 0..<100 { rig.open(as: anna) }
        #expect(!rig.closed.contains(stop))
        // STOP's own share is bounded as well: a further one costs the oldest of these.
        for _ in 0..<Limits.stopConnections {
            let more = rig.open(as: anna)
            rig.table.bringsStop(rig.id(more))
        }
        #expect(rig.closed.last == stop)
    }

    @Test("known ones are bounded in all: whoever has most loses one")
    func tooManyKnown() {
        let rig = Rig(known: 5)
        let calm = rig.open(as: boris)
        for i in 0..<3 { rig.open(as: .officer("other \(i / 2)")) }
        for _ in 0..<3 { rig.open(as: anna) }
        #expect(rig.table.counts.known == 5)
        #expect(!rig.closed.contains(calm))
    }

    @Test("who has shown a certificate counts as unknown until bytes come under its key")
    func claims() {
        let rig = Rig(needsName: true)
        let shown = rig.open()
        rig.table.claims(rig.id(shown), as: anna)
        #expect(rig.table.counts.known == 0)
        rig.table.received(rig.id(shown), at: Rig.at(1))
        #expect(rig.table.counts.known == 1)
        let silent = rig.open()
        rig.table.claims(rig.id(silent), as: anna)
        rig.table.sweep(at: Rig.at(6))
        #expect(rig.closed == [silent])
    }

    @Test("a handshake that never ends, a request that never ends and an answer that nobody takes are cut off, each in its time")
    func deadlines() {
        let handshake = Limits.handshakeLongest, head = Limits.requestHeadLongest
        let body = Limits.requestBodyLongest, stalled = Limits.readerStalled
        func survives(_ rig: Rig, _ longest: Duration) -> (just: Bool, over: Bool) {
            rig.table.sweep(at: Rig.at(0).advanced(by: longest))
            let just = rig.closed.isEmpty
            rig.table.sweep(at: Rig.at(0).advanced(by: longest + .milliseconds(1)))
            return (just, rig.closed.isEmpty)
        }
        let first = Rig(needsName: true)
        first.open()
        #expect(survives(first, handshake) == (true, false))
        let second = Rig()
        let slow = second.open()
        second.table.received(second.id(slow), at: Rig.at(0))
        // Dribbling on gains nothing.
        second.table.received(second.id(slow), at: Rig.at(9))
        #expect(survives(second, head) == (true, false))
        let third = Rig()
        let bodyless = third.open(as: anna)
        third.table.begins(third.id(bodyless))
        third.table.waitsForBody(third.id(bodyless), since: Rig.at(0))
        third.table.received(third.id(bodyless), at: Rig.at(29))
        #expect(survives(third, body) == (true, false))
        let fourth = Rig()
        let deaf = fourth.open(as: anna)
        fourth.table.begins(fourth.id(deaf))
        fourth.table.stalls(fourth.id(deaf), since: Rig.at(0))
        #expect(survives(fourth, stalled) == (true, false))
    }

    @Test("an idle connection is closed in its time, one with a request under way is not, however long that takes")
    func idle() {
        let rig = Rig()
        let idle = rig.open(as: anna)
        let stream = rig.open(as: anna)
        rig.table.received(rig.id(stream), at: Rig.at(0))
        rig.table.begins(rig.id(stream))
        rig.table.sweep(at: Rig.at(120))
        #expect(rig.closed.isEmpty)
        rig.table.sweep(at: Rig.at(121))
        #expect(rig.closed == [idle])
        rig.table.sweep(at: Rig.at(100_000))
        #expect(rig.closed == [idle])
        rig.table.ends(rig.id(stream), at: Rig.at(100_000))
        rig.table.sweep(at: Rig.at(100_121))
        #expect(rig.closed == [idle, stream])
    }

    @Test("a reader that takes again in time, and a request whose end comes in time, stay")
    func recovery() {
        let rig = Rig()
        let slow = rig.open(as: anna)
        rig.table.stalls(rig.id(slow), since: Rig.at(0))
        rig.table.stalls(rig.id(slow), since: nil)
        rig.table.received(rig.id(slow), at: Rig.at(0))
        rig.table.begins(rig.id(slow))
        rig.table.waitsForBody(rig.id(slow), since: Rig.at(1))
        rig.table.waitsForBody(rig.id(slow), since: nil)
        rig.table.ends(rig.id(slow), at: Rig.at(5))
        rig.table.sweep(at: Rig.at(100))
        #expect(rig.closed.isEmpty)
    }

    @Test("one that is gone is forgotten")
    func gone() {
        let rig = Rig()
        for _ in 0..<3 { rig.open() }
        rig.table.gone(rig.id(0))
        rig.open()
        rig.open()
        #expect(rig.closed == [])
        rig.open()
        #expect(rig.closed == [1])
    }
}
