import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite("The STOP path on a bad network")
struct StopPathTests {
    /// Two shares over seeds, and what went wrong.
    struct Result: Sendable {
        var delivered = StopShare()
        var climbed = StopShare()
        var restored = StopShare()
        var violations: [String] = []
        var handled = 0

        mutating func add(_ other: Result) {
            delivered.add(other.delivered)
            climbed.add(other.climbed)
            restored.add(other.restored)
            violations += other.violations
            handled += other.handled
        }

        init() {}

        init(_ settings: StopSettings, untilS: Int64 = 120) {
            var world = StopWorld(settings)
            world.run(untilS: untilS)
            delivered = world.checker.delivered
            climbed = world.checker.climbed
            restored = world.checker.restored
            violations = world.checker.violations.map { "seed \(settings.seed): \($0)" }
            handled = world.handled.reduce(0, +)
        }
    }

    static func play(_ seeds: Range<UInt64>, _ change: @escaping @Sendable (inout StopSettings) -> Void) async -> Result {
        await withTaskGroup(of: Result.self) { group in
            for lane in UInt64(0)..<4 {
                group.addTask {
                    var sum = Result()
                    for seed in seeds where seed % 4 == lane {
                        var settings = StopSettings(seed: seed)
                        change(&settings)
                        sum.add(Result(settings))
                    }
                    return sum
                }
            }
            var sum = Result()
            for await part in group { sum.add(part) }
            return sum
        }
    }

    @Test("1,000 seeds at 50 % loss: every STOP is delivered when a path stands for 10 s, and climbs to the top unheard")
    func thousandSeeds() async {
        let result = await StopPathTests.play(0..<1_000) { _ in }
        print("STOP at 50 % loss, 1,000 seeds: delivered \(result.delivered.text) where some path stood for 10 s; at the top")
        print("within 90 s \(result.climbed.text) that nobody heard; rung again \(result.restored.text) starts; \(result.handled) events")
        #expect(result.violations.isEmpty, "\(result.violations.prefix(10))")
        #expect(result.delivered.met == result.delivered.held)
        #expect(result.climbed.met == result.climbed.held)
        // The promises were put to the test, and often.
        #expect(result.delivered.held > 900)
        #expect(result.climbed.held > 300)
        #expect(result.restored.held > 200)
    }

    @Test("a message that is sent only once is found out")
    func withoutRepeats() async {
        let result = await StopPathTests.play(0..<24) { $0.mutation = .noRepeats }
        #expect(result.delivered.met < result.delivered.held)
    }

    @Test("a restart that forgets its ladders is found out")
    func forgottenLadders() async {
        let result = await StopPathTests.play(0..<24) { $0.mutation = .ladderNotRestored }
        #expect(result.restored.met < result.restored.held)
        #expect(result.violations.contains { $0.contains("fell silent") })
    }

    @Test("a ring that is not written down before it rings is found out")
    func forgottenRings() async {
        let result = await StopPathTests.play(0..<24) { $0.mutation = .ringsForgotten }
        #expect(result.violations.contains { $0.contains("twice as new") })
    }

    @Test(
        "a node that crashes at any event goes on with its ladder, rings nothing twice as new and nothing less",
        arguments: [StopOfficer.absent, .slow])
    func crashAtEveryEvent(officer: StopOfficer) async {
        let quiet = StopPathTests.quiet(officer)
        var whole = StopWorld(quiet)
        whole.run(untilS: 100)
        #expect(whole.checker.violations.isEmpty)
        var rungAgain = 0
        for place in 0..<2 {
            let count = whole.handled[place]
            // Every event of the first forty, then every ninth.
            for event in 1...max(1, count) where event <= 40 || event % 9 == 0 {
                for point in [StopCrash.Point.beforeEffects, .afterEffects] where event <= 12 || event % 2 == place {
                    var settings = quiet
                    settings.crash = StopCrash(place: place, event: event, point: point)
                    let result = Result(settings, untilS: 100)
                    #expect(
                        result.violations.isEmpty, "crash of \(place) at event \(event), \(point): \(result.violations)")
                    #expect(result.climbed.met == result.climbed.held)
                    rungAgain += result.restored.met
                }
            }
        }
        #expect(rungAgain > 10)
    }

    /// A world without faults of its own but for the loss.
    static func quiet(_ officer: StopOfficer) -> StopSettings {
        var settings = StopSettings(seed: 11)
        settings.hasFaults = false
        settings.officer = officer
        settings.longestOutageMs = 4_000
        return settings
    }

    @Test("two worlds of one seed ring alike")
    func replay() {
        func rings(_ seed: UInt64) -> ([Int], String) {
            var world = StopWorld(StopSettings(seed: seed))
            world.run(untilS: 90)
            return (world.handled, world.nodes.map { "\($0.board.calls.values.map(\.ladder))" }.joined())
        }
        #expect(rings(5) == rings(5))
        #expect(rings(5) != rings(6))
    }
}
