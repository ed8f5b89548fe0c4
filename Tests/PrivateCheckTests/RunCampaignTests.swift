import Kernel
import Testing

@testable import PrivateCheck

/// `PARLEY_PRIVATE_RUNS` and `PARLEY_PRIVATE_SEED` make it longer; `make soak` plays 10⁴.
@Suite("whole private checks over bad links, with crashes and cheats")
struct RunCampaignTests {
    @Test("never a wrong finding; honest sides agree; a cheat is refused by name, or does what the document says")
    func runs() async throws {
        let count = number("PARLEY_PRIVATE_RUNS") ?? cases(60)
        let tally = try await RunCampaign().run(count, seed: UInt64(number("PARLEY_PRIVATE_SEED") ?? 1))
        print(tally.text)
        #expect(tally.failures.isEmpty, "\(tally.failures)")
        #expect(tally.runs == count && tally.total("honest", "both agreed") > count / 10)
        guard count >= 2_000 else { return }
        // Everything has happened, or the rest says little.
        for cheat in Cheat.allCases {
            let row = try #require(tally.table[cheat.rawValue])
            if cheat.refusals.isEmpty { continue }
            #expect(row["refused by name"] ?? 0 > 0 || row["refused by name, hit misnamed"] ?? 0 > 0, "\(cheat)")
        }
        for kind in 1...7 {
            #expect(tally.happened.crashesBefore[kind] > 0 && tally.happened.crashesAfter[kind] > 0, "\(kind)")
        }
        #expect(tally.total("honest", "unknown: deadline") > 0 && tally.total("leaves", "unknown, hit stands") > 0)
        #expect(tally.happened.overtaken > 0 && tally.happened.repeatsIgnored > 0)
    }

    @Test("a judge that is told wrong what both have put in finds fault")
    func misinformed() async throws {
        let tally = try await RunCampaign(isMisinformed: true).run(12, seed: 5)
        #expect(!tally.failures.isEmpty)
    }

    @Test("who leaves when its answers are due has learned nothing by way of a mediator, and everything without one")
    func joint() throws {
        var random = SeededGenerator(seed: 8)
        let set = try elements(40, &random)
        for isJoint in [true, false] {
            let parameters = try parameters()
            let sides = try [UInt8(1), 2].map { seed in
                let input = try checkInput(set, seed)
                return (input: input, prepared: PreparedMask(input, parameters: parameters))
            }
            var run = CheckRun(
                parameters, sides, trouble: .init(), cheat: .leaves, cheater: 1, random: random, choice: .remask)
            run.isJoint = isJoint
            try run.run()
            #expect(run.nodes[0].session?.outcome == .unknown(.deadlinePassed) && run.nodes[0].session?.finding == nil)
            #expect((run.nodes[1].session?.finding?.isHit == true) == !isJoint)
        }
    }
}
