import Kernel
import Mechanism
import Records
import Synchronization
import Testing

@testable import NodeRuntime

@Suite("the inbox")
struct InboxTests {
    private let peer = PartyID("bravo")!
    private let other = PartyID("charlie")!

    private func call(_ officer: String = "anna") -> Event {
        .command(.call(.acknowledge(MessageAcknowledgement(message: RecordID(party: peer, index: 1), readBack: []))), officer: officer)
    }

    private func receipt(_ i: Int = 0) -> Event { .receipt(from: peer, note: "\(i)", root: nil) }

    private func push(_ records: Int, from party: PartyID, bytes: Int = 100) -> Event {
        .pushed(
            Push(
                from: party, log: LogID(party: party), first: 0,
                envelopes: Array(repeating: Bytes(Array(repeating: 0, count: bytes)), count: records), checkpoint: ""))
    }

    private func offer(_ event: Event, to inbox: Inbox) throws {
        try inbox.offer(Inbox.Waiting(event: event, answer: { _ in }))
    }

    private func turn(of inbox: Inbox, isOver: (Int) -> Bool = { _ in false }) -> [Event] {
        var turn = Inbox.Turn()
        var events: [Event] = []
        while let next = inbox.next(&turn, isOver: isOver(events.count)) { events.append(next.event) }
        return events
    }

    @Test("what a STOP and a call need comes first, then receipts and acknowledgements, then notices")
    func order() throws {
        let inbox = Inbox()
        let events: [Event] = [
            push(1, from: peer), .command(.end(RecordID(party: peer, index: 1), reason: .over, remarks: nil), officer: "anna"),
            .command(.acknowledgeAlarm("a"), officer: "anna"), receipt(), call(), .stop(note: "n"),
        ]
        for event in events { try offer(event, to: inbox) }
        let classes = turn(of: inbox).map(\.work)
        #expect(classes == classes.sorted())
        #expect(classes == [.urgent, .urgent, .evidence, .evidence, .records, .records])
    }

    @Test("a call that comes while a turn is under way is the next that it takes")
    func overtaking() throws {
        let inbox = Inbox()
        for _ in 0..<100 { try offer(push(1, from: peer), to: inbox) }
        var turn = Inbox.Turn()
        let first = inbox.next(&turn, isOver: false)?.event.work
        try offer(call(), to: inbox)
        let second = inbox.next(&turn, isOver: false)?.event.work
        #expect([first, second] == [.records, .urgent])
    }

    @Test("a turn is bounded: by its work, and by its time but for one event of each class")
    func boundedTurn() throws {
        let inbox = Inbox()
        for _ in 0..<20 { try offer(push(255, from: peer), to: inbox) }
        #expect(turn(of: inbox).count == 1)
        for _ in 0..<600 { try offer(receipt(), to: inbox) }
        let work = turn(of: inbox).reduce(0) { $0 + $1.cost }
        #expect(work <= Limits.turnWork + 256)
        let late = turn(of: inbox) { _ in true }
        #expect(late.map(\.work) == [.evidence, .records])
    }

    @Test("a flood of calls starves neither receipts nor notices, and a flood of receipts no notice", arguments: [false, true])
    func noStarvation(isSlow: Bool) throws {
        let inbox = Inbox()
        for i in 0..<Limits.inboxEventsPerSource { try offer(call("caller \(i % 3)"), to: inbox) }
        for i in 0..<900 { try offer(receipt(i), to: inbox) }
        for _ in 0..<40 { try offer(push(1, from: other), to: inbox) }
        let events = turn(of: inbox) { isSlow && $0 > 3 }
        #expect(events.contains { $0.work == .evidence })
        #expect(events.contains { $0.work == .records })
        if !isSlow {
            #expect(events.count { $0.work == .evidence } >= Limits.turnLeftToEvidence)
            #expect(events.reduce(0) { $0 + ($1.work == .records ? $1.cost : 0) } >= Limits.turnLeftToRecords)
        }
    }

    @Test("one peer's pushes hold up neither another's nor what an officer files")
    func fairness() throws {
        let inbox = Inbox()
        for _ in 0..<30 { try offer(push(200, from: peer), to: inbox) }
        try offer(push(1, from: other), to: inbox)
        try offer(.command(.end(RecordID(party: peer, index: 1), reason: .over, remarks: nil), officer: "anna"), to: inbox)
        var sources: [WorkSource] = []
        for _ in 0..<2 { sources += turn(of: inbox).map(\.source) }
        #expect(sources.contains(.peer(other)))
        #expect(sources.contains(.officer("anna")))
    }

    @Test("a source that has too much waiting is refused by its own name, and nobody else is")
    func sourceIsFull() throws {
        let inbox = Inbox()
        var taken = 0
        do {
            while true {
                try offer(push(1, from: peer, bytes: 60_000), to: inbox)
                taken += 1
            }
        } catch NodeError.tooManyAtOnce {
        }
        #expect(taken == Limits.inboxBytesPerSource / 60_000)
        try offer(push(1, from: other, bytes: 60_000), to: inbox)
        // Another class has a queue of its own.
        try offer(receipt(), to: inbox)
        for _ in 0..<Limits.inboxEventsPerSource { try offer(call(), to: inbox) }
        #expect(throws: NodeError.self) { try offer(call(), to: inbox) }
        try offer(call("boris"), to: inbox)
    }

    @Test("a full class refuses, and says so, while the others take")
    func classIsFull() throws {
        let inbox = Inbox()
        for i in 0..<Limits.inboxEvents { try offer(call("officer \(i % 16)"), to: inbox) }
        do {
            try offer(call("late"), to: inbox)
            Issue.record("a full inbox took more")
        } catch NodeError.overloaded {
        }
        try offer(receipt(), to: inbox)
        try offer(push(1, from: peer), to: inbox)
    }

    @Test("what waits when it closes is given back, each once, and nothing is taken after that")
    func closing() throws {
        let inbox = Inbox()
        for i in 0..<10 { try offer(i % 2 == 0 ? call() : receipt(i), to: inbox) }
        inbox.finish()
        do {
            try offer(call(), to: inbox)
            Issue.record("a closed inbox took more")
        } catch NodeError.stopped {
        }
        #expect(inbox.close().count == 10)
        #expect(inbox.isEmpty)
    }
}
