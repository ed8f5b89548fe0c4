import Foundation
import Kernel
import Testing

@testable import PrivateCheck

/// Whole checks, each from its seed: about half of them honest, the others with one side that cheats, over links and
/// nodes that fail. Judged by what both put in, which no side knows.
struct RunCampaign {
    /// A judge that believes the second side to lack one common element has to find fault with honest runs.
    var isMisinformed = false

    struct Tally {
        var runs = 0
        /// By name of what was run, then of what came of it.
        var table = SortedMap<String, SortedMap<String, Int>>()
        var happened = CheckRun.Happened()
        var failures: [String] = []

        mutating func count(_ name: String, _ result: String) {
            runs += 1
            var row = table[name] ?? SortedMap()
            row[result] = (row[result] ?? 0) + 1
            table[name] = row
        }

        mutating func add(_ other: Tally) {
            runs += other.runs
            for (name, row) in other.table {
                var sum = table[name] ?? SortedMap()
                for (result, count) in row { sum[result] = (sum[result] ?? 0) + count }
                table[name] = sum
            }
            happened.lost += other.happened.lost
            happened.copied += other.happened.copied
            happened.overtaken += other.happened.overtaken
            happened.repeatsIgnored += other.happened.repeatsIgnored
            for kind in 0..<9 {
                happened.crashesBefore[kind] += other.happened.crashesBefore[kind]
                happened.crashesAfter[kind] += other.happened.crashesAfter[kind]
            }
            failures = Array((failures + other.failures).prefix(20))
        }

        func total(_ name: String, _ result: String) -> Int { table[name]?[result] ?? 0 }

        var text: String {
            var lines = ["private checks: \(runs) runs, \(failures.count) failures"]
            for (name, row) in table {
                let counts = row.map { "\($0) \($1)" }.joined(separator: ", ")
                lines.append("  " + name.padding(toLength: 20, withPad: " ", startingAt: 0) + counts)
            }
            lines.append("  on the way: \(happened.lost) lost, \(happened.copied) copied, \(happened.overtaken) overtaken; "
                + "\(happened.repeatsIgnored) taken before and ignored")
            let kinds = ["", "PROPOSE", "ACCEPT", "COMMIT", "MASK", "SEAL", "REMASK", "RESULT", "END"]
            let crashes = (1..<9).map { "\(kinds[$0]) \(happened.crashesBefore[$0])+\(happened.crashesAfter[$0])" }
            lines.append("  crashes before + after storing what came of: " + crashes.joined(separator: ", "))
            return lines.joined(separator: "\n")
        }
    }

    /// What sides put in, masked ahead: masks are most of a run's work.
    struct Pool: Sendable {
        let sides: [(input: CheckInput, prepared: PreparedMask)]

        init(_ count: Int, seed: UInt64) throws {
            var random = SeededGenerator(seed: seed)
            let all = try elements(700, &random)
            var sides: [(CheckInput, PreparedMask)] = []
            let parameters = try parameters()
            for i in 0..<count {
                // None, all that is allowed, and anything between.
                let size = i == 0 ? 0 : i == 1 ? 500 : Int(random.below(501))
                let set = Array(all.shuffled(using: &random)[..<size]).sorted()
                let seed = try #require(SecretSeed((0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }))
                let input = try CheckInput(
                    elements: set, planRoot: parameters.context, volumeHours: 12, seed: seed)
                sides.append((input, PreparedMask(input, parameters: parameters)))
            }
            self.sides = sides
        }
    }

    func run(_ count: Int, seed: UInt64) async throws -> Tally {
        let pool = try Pool(min(80, max(8, count / 12)), seed: seed)
        return try await withThrowingTaskGroup(of: Tally.self) { group in
            var next = 0
            func add() {
                let i = UInt64(next)
                next += 1
                group.addTask {
                    var tally = Tally()
                    try play(seed &+ i, pool, &tally)
                    return tally
                }
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount where next < count { add() }
            var tally = Tally()
            while let done = try await group.next() {
                tally.add(done)
                if tally.runs % 500 == 0 { print("\(tally.runs) runs, \(tally.failures.count) failures") }
                if next < count { add() }
            }
            return tally
        }
    }

    private func play(_ seed: UInt64, _ pool: Pool, _ tally: inout Tally) throws {
        var random = SeededGenerator(seed: seed)
        let outputs: [CheckParameters.Output] = [.cells, .cells, .count, .coarse(level: 5)]
        let parameters = try parameters(output: outputs[Int(random.below(4))])
        let cheats = Cheat.allCases
        let cheat = random.below(5) < 2 ? nil : cheats[Int(random.below(UInt64(cheats.count)))]
        let cheater = cheat?.role.map { $0 == .initiator ? 0 : 1 } ?? Int(random.below(2))
        var sides = [pool.sides[Int(random.below(UInt64(pool.sides.count)))]]
        repeat { sides = [sides[0], pool.sides[Int(random.below(UInt64(pool.sides.count)))]] }
            while sides[1].input.seed === sides[0].input.seed
        if cheat == .noElements { sides[cheater] = pool.sides[0] }
        if cheat == .noElements, sides[1 - cheater].input.seed === pool.sides[0].input.seed {
            sides[1 - cheater] = pool.sides[1]
        }
        var run = CheckRun(
            parameters, sides, trouble: CheckRun.Trouble(&random), cheat: cheat, cheater: cheater, random: random)
        try run.run()
        tally.happened = run.happened
        let truth = truth(sides, parameters)
        var failures = run.happened.broken
        let released = (0..<2).map { side in
            run.held[side].prefix(run.released[side]).contains { CheckRun.kind($0) == .remask }
        }
        if released[0] != released[1] { failures.append("one side's answers were handed over alone") }
        if let cheat {
            let result = judge(run, cheat, honest: 1 - cheater, truth, &failures)
            tally.count(cheat.rawValue, result)
            if [.twoKeys, .droppedHalf, .otherKeyInAnswers].contains(cheat), seed % 4 == 0 {
                audit(run, cheater, finds: true, &failures)
            }
        } else {
            tally.count("honest", judgeHonest(run, truth, &failures))
            if seed % 32 == 0 { for side in 0..<2 { audit(run, side, finds: false, &failures) } }
        }
        let name = "seed \(seed), \(cheat?.rawValue ?? "honest"): "
        tally.failures = failures.map { name + $0 }
    }

    private func truth(
        _ sides: [(input: CheckInput, prepared: PreparedMask)], _ parameters: CheckParameters
    ) -> CheckFinding {
        let theirs = SortedSet(sides[1].input.elements)
        var both = sides[0].input.elements.filter { theirs.contains($0) }
        if isMisinformed { both = Array(both.dropLast()) }
        switch parameters.output {
        case .cells: return .elements(both)
        case .count, .countThenCells: return .count(both.count)
        case .coarse(let level): return .elements(SortedSet(both.compactMap { $0.coarsened(toLevel: level) }).elements)
        }
    }

    // MARK: Judging

    /// Both find the same, the right thing, or nothing; nobody is accused but for order.
    private func judgeHonest(_ run: CheckRun, _ truth: CheckFinding, _ failures: inout [String]) -> String {
        var agreed = 0
        var refused = 0
        for node in run.nodes {
            guard let session = node.session else { continue }
            if let finding = session.finding, finding != truth { failures.append("a wrong finding") }
            switch session.outcome {
            case .agreed(let finding):
                if finding != truth { failures.append("agreed on something wrong") }
                agreed += 1
            case .unknown(.refused(let refusal)):
                refused += 1
                if !run.trouble.asItComes { failures.append("an honest side was refused: \(refusal)") }
            case .unknown(.endedByPeer): if !run.trouble.asItComes { failures.append("an honest side ended it") }
            case .unknown(.deadlinePassed): break
            case nil: failures.append("no end")
            }
        }
        let isCut = run.trouble.cut != nil
        if agreed < 2, !run.trouble.asItComes, !isCut, run.trouble.crashPercent == 0, run.trouble.lossPercent == 0 {
            failures.append("nothing failed, and no agreement")
        }
        if refused > 0 { return "unknown: out of order" }
        return ["unknown: deadline", "one agreed, one unknown", "both agreed"][agreed]
    }

    private func judge(
        _ run: CheckRun, _ cheat: Cheat, honest: Int, _ truth: CheckFinding, _ failures: inout [String]
    ) -> String {
        guard let session = run.nodes[honest].session else { return "unknown: never began" }
        if let finding = session.finding, !cheat.mayMisname, !Self.isPart(finding, of: truth) {
            failures.append("a finding that is not there: \(finding)")
        }
        switch session.outcome {
        case .agreed(let finding):
            guard cheat.mayAgree(run.parameters.output) else {
                failures.append("agreed")
                return "agreed"
            }
            return finding == truth ? "agreed, right" : cheat.mayMisname ? "agreed, misnamed" : "agreed, too little"
        case .unknown(.refused(let refusal)):
            let isOrder = run.trouble.asItComes && [3, 4].contains(refusal.number)
            if !isOrder, !cheat.refusals.contains(refusal.number) { failures.append("refused as \(refusal)") }
            if isOrder { return "unknown: out of order" }
            let isRight = session.finding.map { Self.isPart($0, of: truth) } ?? true
            return isRight ? "refused by name" : "refused by name, hit misnamed"
        case .unknown(.endedByPeer):
            let isItsOwn = run.nodes[1 - honest].session?.outcome.map { if case .unknown(.refused) = $0 { true } else { false } }
            if cheat != .saysEnd, isItsOwn != true { failures.append("ended, and nobody ended it") }
            return "unknown: ended by it"
        case .unknown(.deadlinePassed): return session.finding?.isHit == true ? "unknown, hit stands" : "unknown: deadline"
        case nil:
            failures.append("no end")
            return "no end"
        }
    }

    private static func isPart(_ finding: CheckFinding, of truth: CheckFinding) -> Bool {
        switch (finding, truth) {
        case (.elements(let some), .elements(let all)): some.allSatisfy { all.contains($0) }
        case (.count(let some), .count(let all)): some <= all
        default: false
        }
    }

    /// Recomputes a side's messages from its input: of a cheat the first that is another, of an honest side none.
    private func audit(_ run: CheckRun, _ side: Int, finds: Bool, _ failures: inout [String]) {
        guard let session = run.nodes[side].session, let proposal = try? CheckProposal(run.held[0].first ?? []),
            session.sent.contains(where: { CheckRun.kind($0.array) == .seal })
        else { return }
        let sent = session.sent.map(\.array).filter { CheckRun.kind($0) != .end }
        let deviation = CheckAudit.firstDeviation(
            of: side == 0 ? .initiator : .responder, proposal: proposal, input: run.nodes[side].input, logged: sent,
            received: run.held[1 - side])
        if (deviation != nil) != finds { failures.append("an audit \(finds ? "finds nothing" : "finds \(deviation ?? 0)")") }
    }
}
