import Kernel
import Testing

@testable import NodeRuntime

@Suite("admission of requests")
struct AdmissionGateTests {
    private func source(_ i: Int) -> WorkSource { .officer("\(i)") }

    @Test("one officer or peer is held to its share, which it has again when its requests end")
    func share() throws {
        let gate = AdmissionGate(requestsPerSource: 3)
        for _ in 0..<3 { try gate.enter(.urgent, from: source(0), bytes: 10) }
        #expect(throws: AdmissionGate.Refusal.tooManyAtOnce) { try gate.enter(.urgent, from: source(0), bytes: 10) }
        try gate.enter(.reads, from: source(1), bytes: 0)
        gate.leave(source(0), bytes: 10)
        try gate.enter(.reads, from: source(0), bytes: 10)
    }

    @Test("under load reads are refused first, then notices, then receipts, and calls last")
    func order() throws {
        let gate = AdmissionGate(requestsPerSource: 1)
        var refusedFrom: [WorkClass: Int] = [:]
        for i in 0..<Limits.urgentUnderWay {
            for work in WorkClass.allCases.dropFirst() where refusedFrom[work] == nil {
                do {
                    try gate.enter(work, from: .officer("\(work) \(i)"), bytes: 0)
                    gate.leave(.officer("\(work) \(i)"), bytes: 0)
                } catch {
                    #expect(error == .overloaded)
                    refusedFrom[work] = i
                }
            }
            try gate.enter(.urgent, from: source(i), bytes: 0)
        }
        #expect(refusedFrom == [
            .reads: Limits.readsUnderWay, .records: Limits.recordsUnderWay, .evidence: Limits.evidenceUnderWay,
        ])
        #expect(Limits.readsUnderWay < Limits.recordsUnderWay && Limits.recordsUnderWay < Limits.evidenceUnderWay)
        #expect(throws: AdmissionGate.Refusal.overloaded) { try gate.enter(.urgent, from: source(-1), bytes: 0) }
    }

    @Test("bytes under way are bounded in all and for each, and calls have some that nothing else can take")
    func bytes() throws {
        let gate = AdmissionGate(requestsPerSource: 1_000)
        let sources = Limits.requestBytesUnderWay / Limits.requestBytesPerSource
        for i in 0..<sources {
            for _ in 0..<8 { try gate.enter(.records, from: source(i), bytes: Limits.requestBytesPerSource / 8) }
            #expect(throws: AdmissionGate.Refusal.tooManyAtOnce) { try gate.enter(.records, from: source(i), bytes: 1) }
        }
        let another = WorkSource.officer("another")
        #expect(throws: AdmissionGate.Refusal.overloaded) { try gate.enter(.records, from: another, bytes: 1) }
        #expect(throws: AdmissionGate.Refusal.overloaded) { try gate.enter(.evidence, from: another, bytes: 1) }
        try gate.enter(.urgent, from: another, bytes: Limits.requestBytes)
        gate.leave(source(0), bytes: Limits.requestBytesPerSource / 8)
        gate.leave(source(0), bytes: Limits.requestBytesPerSource / 8)
        try gate.enter(.evidence, from: .officer("third"), bytes: 1_000)
    }

    @Test("a request that fails gives back what it had")
    func failure() async throws {
        struct Failure: Error {}
        let gate = AdmissionGate(requestsPerSource: 1)
        for _ in 0..<3 {
            await #expect(throws: Failure.self) {
                try await gate.during(.reads, from: source(0), bytes: 5) { throw Failure() }
            }
        }
        #expect(try await gate.during(.reads, from: source(0), bytes: Limits.requestBytesPerSource) { 7 } == 7)
    }
}

@Suite("the line of STOP requests")
struct StopLineTests {
    /// Counts how many are under way, lets the first go on only when told, and notes who came through.
    private actor Watch {
        private(set) var underWay = 0
        private(set) var most = 0
        private(set) var done: [Int] = []
        private var gates: [CheckedContinuation<Void, Never>] = []
        private var isOpen = false

        func pass(_ i: Int) async {
            underWay += 1
            most = max(most, underWay)
            if !isOpen { await withCheckedContinuation { gates.append($0) } }
            underWay -= 1
            done.append(i)
        }

        func open() {
            isOpen = true
            for gate in gates { gate.resume() }
            gates = []
        }
    }

    @Test("refuses none; a peer that floods it holds up itself alone")
    func line() async {
        let line = StopLine()
        let watch = Watch()
        let flood = WorkSource.officer("flood")
        await withTaskGroup(of: Void.self) { group in
            for i in 0..<50 { group.addTask { await line.during(flood) { await watch.pass(i) } } }
            while await watch.underWay < Limits.stopRequestsPerPeer { await Task.yield() }
            // All that this peer may have are under way and hang; another's goes through all the same.
            let calm = Watch()
            await calm.open()
            await line.during(.officer("calm")) { await calm.pass(0) }
            #expect(await calm.done == [0])
            #expect(await watch.done.isEmpty)
            await watch.open()
        }
        #expect(await watch.done.sorted() == Array(0..<50))
        #expect(await watch.most == Limits.stopRequestsPerPeer)
    }
}
