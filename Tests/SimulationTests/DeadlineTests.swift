import Kernel
import Mechanism
import Simulation
import Testing

@Suite("Deadlines")
struct DeadlineTests {
    @Test("a tick at the deadline moves the deadline on, and a quiet node wakes only for what nobody has answered", arguments: UInt64(400)..<404)
    func noBusyLoop(seed: UInt64) throws {
        var simulation = Simulation(seed: seed)
        var history = RandomHistory(seed: seed)
        history.play(&simulation, actions: 30)
        simulation.start()
        for node in simulation.nodes {
            var mechanism = node.mechanism
            var authority = SeededAuthority(seed: seed)
            let start = simulation.now(at: node.party)
            var ticks = 0
            var last = start.monotonic
            let span = Duration.hours(12)
            while let deadline = mechanism.nextDeadline, deadline < start.monotonic.advanced(by: span) {
                let at = max(deadline, start.monotonic)
                #expect(ticks == 0 || deadline > last, "seed \(seed): the deadline stands still")
                last = at
                let later = Now(
                    utc: start.utc.advanced(by: at.duration(since: start.monotonic)), monotonic: at)
                _ = try mechanism.handle(.tick, now: later, authority: &authority)
                ticks += 1
            }
            // With nobody to hear from, every window and every due time passes once; after that only what nobody has
            // answered rings again, and checks of the line are asked for.
            let moments = mechanism.notices.count + mechanism.alarms.count + 8 * mechanism.links.count + 4
            let climbing = mechanism.alarms.values.count { $0.dueAt != nil }
            let rings = climbing * Int(span / mechanism.terms.timing.climb)
            #expect(ticks <= 2 * moments + rings, "seed \(seed): \(ticks) ticks")
            #expect(mechanism.alarms.values.allSatisfy { $0.dueAt == nil || $0.rung == 2 }, "seed \(seed)")
        }
    }

    @Test("a tick that comes a hair early is followed by another, not by a loop")
    func earlyTick() throws {
        var simulation = Simulation(seed: 1)
        simulation.start()
        let turkiye = simulation["turkiye"].party
        simulation.run(for: .seconds(3))
        try simulation.command(
            .file(
                SampleNotices.airOperation(at: .hama, from: simulation.utc, lasting: .seconds(60)), mode: .real,
                audience: nil), at: turkiye)
        var mechanism = simulation["turkiye"].mechanism
        var authority = SeededAuthority(seed: 1)
        let start = simulation.now(at: turkiye)
        // This machine's UTC runs a thousandth slower than its monotonic clock.
        var ticks = 0
        while mechanism.notices.first?.value.status == .current, ticks < 100, let deadline = mechanism.nextDeadline {
            let passed = deadline.duration(since: start.monotonic)
            let utc = start.utc.advanced(by: .nanoseconds(passed.wholeNanoseconds / 1_000 * 999))
            _ = try mechanism.handle(.tick, now: Now(utc: utc, monotonic: deadline), authority: &authority)
            ticks += 1
        }
        #expect(mechanism.notices.first?.value.status == .overdue)
        #expect(ticks < 20)
    }

    @Test(
        "between deadlines nothing changes: whoever reads sees what a tick would have shown",
        arguments: UInt64(410)..<414)
    func readingEqualsTicking(seed: UInt64) throws {
        var simulation = Simulation(seed: seed)
        var history = RandomHistory(seed: seed)
        history.withFaults = false
        history.play(&simulation, actions: 20)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            simulation.run(for: .milliseconds(Int64(generator.below(1_000))))
            for node in simulation.nodes {
                let now = simulation.now(at: node.party)
                guard let deadline = node.mechanism.nextDeadline else { continue }
                // UTC counts whole microseconds: a reading less than that before the deadline may be past it.
                let span = deadline.duration(since: now.monotonic).wholeNanoseconds - 2_000
                guard span > 0 else { continue }
                // Just before the deadline, and somewhere before it.
                for wait in [Duration.nanoseconds(span), .nanoseconds(Int64(generator.below(UInt64(span) + 1)))] {
                    let later = Now(utc: now.utc.advanced(by: wait), monotonic: now.monotonic.advanced(by: wait))
                    var ticked = node.mechanism
                    var authority = SeededAuthority(seed: 1)
                    let handled = try ticked.handle(.tick, now: later, authority: &authority)
                    #expect(handled.writes.isEmpty, "seed \(seed): a tick before its time wrote a record")
                    for id in node.mechanism.notices.keys {
                        #expect(
                            node.mechanism.assurance(of: id, now: later) == ticked.assurance(of: id, now: later),
                            "seed \(seed): \(id)")
                    }
                    #expect(node.mechanism.assurance(now: later) == ticked.assurance(now: later), "seed \(seed)")
                }
            }
        }
    }

    @Test(
        "just after a deadline, before its tick, no answer is better than after the tick", arguments: UInt64(420)..<424)
    func readingIsNeverBetterThanTicking(seed: UInt64) throws {
        var simulation = Simulation(seed: seed)
        var history = RandomHistory(seed: seed)
        history.withFaults = false
        history.play(&simulation, actions: 20)
        for node in simulation.nodes {
            var mechanism = node.mechanism
            var authority = SeededAuthority(seed: 1)
            let start = simulation.now(at: node.party)
            for _ in 0..<40 {
                guard let deadline = mechanism.nextDeadline else { break }
                let later = Now(
                    utc: start.utc.advanced(by: deadline.duration(since: start.monotonic)), monotonic: deadline)
                let before = mechanism
                _ = try mechanism.handle(.tick, now: later, authority: &authority)
                for id in before.notices.keys {
                    let read = before.assurance(of: id, now: later)?.answer
                    let ticked = mechanism.assurance(of: id, now: later)?.answer
                    #expect(
                        read == ticked || !(read == .clear || read == .conditions),
                        "seed \(seed): \(id) reads \(read?.rawValue ?? "") and is \(ticked?.rawValue ?? "")")
                }
            }
        }
    }
}
