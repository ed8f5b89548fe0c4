import Kernel
import Mechanism
import PrivateCheck
import Records
import Simulation
import Testing

/// What nodes make of a private check's records. What the messages hold is for `PrivateCheck`.
@Suite("Private checks on record")
struct PrivateCheckRecordTests {
    @Test("a proposal as the terms have it waits at the other desk, and rings there")
    func proposal() throws {
        var bench = try CheckBench()
        let check = try bench.propose()
        let held = try #require(bench.at("turkiye").checks.checks[check])
        #expect(held.isProposed)
        #expect(held.parameters == bench.at("israel").checks.checks[check]?.parameters)
        #expect(held.parameters?.sizeClass == 10)
        #expect(bench.rings("turkiye", .privateCheck, check))
        #expect(!bench.rings("israel", .privateCheck, check))
        // The mediator was not told.
        #expect(bench.at("azerbaijan").checks.checks.isEmpty)
        try bench.say(check, .accept, [1], by: "turkiye")
        bench.simulation.run(for: .seconds(5))
        #expect(!bench.rings("turkiye", .privateCheck, check))
        #expect(bench.at("israel").checks.checks[check]?.whole(.accept, of: bench.party("turkiye")) != nil)
    }

    @Test("what is not as the terms have it cannot be accepted: finer, later, of another pair, or of another time")
    func otherProposals() throws {
        let bench = try CheckBench()
        let (israel, turkiye) = (bench.party("israel"), bench.party("turkiye"))
        let now = bench.simulation.utc
        let agreed = try #require(bench.simulation.terms.privateCheck(between: israel, turkiye, at: now))
        let grid = try CheckGrid(level: 12, bands: agreed.grid.bands, slots: agreed.grid.slots)
        let shifted = try CheckGrid(
            level: 10, bands: agreed.grid.bands, slots: agreed.grid.slots.lowerBound + 1...agreed.grid.slots.upperBound + 1)
        func with(
            _ grid: CheckGrid? = nil, context: Hash32? = nil, cap: Int? = nil, deadline: UTCInstant? = nil
        ) throws -> CheckParameters {
            try CheckParameters(
                context: context ?? agreed.context, grid: grid ?? agreed.grid, sizeClass: 10, cap: cap ?? agreed.cap,
                output: agreed.output, deadline: deadline ?? agreed.deadline)
        }
        for parameters in [
            try with(grid), try with(shifted), try with(context: .empty), try with(cap: 901),
            try with(deadline: agreed.deadline.advanced(by: .seconds(120))),
            try with(deadline: agreed.deadline.advanced(by: .seconds(-120))),
        ] {
            var bench = bench
            let check = try bench.propose(parameters)
            let held = try #require(bench.at("turkiye").checks.checks[check])
            #expect(held.parameters == nil)
            #expect(bench.rings("turkiye", .privateCheck, check))
        }
        var same = bench
        let check = try same.propose(try with())
        #expect(same.at("turkiye").checks.checks[check]?.parameters == agreed)
    }

    @Test("as many a day as the terms allow, whoever proposes them; a further one is not taken")
    func budget() throws {
        var bench = try CheckBench()
        for _ in 0..<3 {
            let check = try bench.propose()
            try bench.end(check, at: "israel")
            try bench.end(check, at: "turkiye")
        }
        #expect(throws: Refusal.tooManyChecks) { try bench.propose() }
        #expect(throws: Refusal.tooManyChecks) { try bench.propose(by: "turkiye", to: "israel") }
    }

    @Test("a peer that proposes more than the terms allow is shown, and cannot be accepted")
    func overBudget() throws {
        var bench = try CheckBench()
        bench.simulation.crash(bench.party("israel"))
        var israel = ScriptedPeer(stealing: bench.simulation["israel"])
        var checks: [Hash32] = []
        for _ in 0..<4 {
            let (id, part) = try bench.proposal(nil)
            israel.write(.privateCheck(part), at: bench.simulation.utc, officer: "Maj. X", audience: [bench.party("turkiye")])
            checks.append(id)
        }
        let from = bench.at("turkiye").logs[israel.party]?.size ?? 0
        try bench.simulation.handle(israel.push(from: from), at: bench.party("turkiye"))
        let held = checks.map { bench.at("turkiye").checks.checks[$0]?.parameters != nil }
        #expect(held == [true, true, true, false])
    }

    @Test("parts come together in order; what skips, repeats or mixes is left to no one")
    func parts() throws {
        var bench = try CheckBench()
        let check = try bench.propose()
        let bytes = [UInt8](repeating: 7, count: Limits.privateCheckPartBytes * 2 + 1)
        let parts = try #require(PrivateCheckPart.cutting(bytes, as: .mask, of: check))
        #expect(parts.map(\.bytes).flatMap { $0 } == bytes)
        let turkiye = bench.party("turkiye")
        for part in [parts[1], parts[0], parts[2], parts[1], parts[1], parts[2], parts[0]] {
            try bench.simulation.handle(
                .check(.say(part, to: bench.party("israel"), officer: nil)), at: turkiye)
        }
        bench.simulation.run(for: .seconds(5))
        for name in ["turkiye", "israel"] {
            let messages = try #require(bench.at(name).checks.checks[check]?.messages[turkiye])
            #expect(messages.map(\.records.count) == [3, 1])
            #expect(messages.map(\.isWhole) == [true, false])
        }
    }

    @Test("the mediator gives out both keys in one record, to both sides, once both have left theirs")
    func release() throws {
        var bench = try CheckBench()
        let check = try bench.accepted()
        try bench.deposit(check, 1, by: "israel")
        bench.simulation.run(for: .seconds(5))
        #expect(bench.at("israel").checks.checks[check]?.release == nil)
        // The first key stands.
        #expect(throws: Refusal.checkOver(check)) { try bench.deposit(check, 3, by: "israel") }
        try bench.deposit(check, 2, by: "turkiye")
        bench.simulation.run(for: .seconds(5))
        let releases = ["israel", "turkiye"].map { bench.at($0).checks.checks[check]?.release }
        #expect(releases[0] == PrivateCheckRelease(check: check, bench.key(1, "israel"), bench.key(2, "turkiye")))
        #expect(releases[0] == releases[1])
    }

    @Test("after its time the mediator gives out nothing")
    func late() throws {
        var bench = try CheckBench()
        let check = try bench.accepted()
        try bench.deposit(check, 1, by: "israel")
        bench.simulation.run(for: .seconds(700))
        try bench.deposit(check, 2, by: "turkiye")
        bench.simulation.run(for: .seconds(20))
        #expect(bench.at("israel").checks.checks[check]?.release == nil)
        #expect(bench.at("turkiye").checks.checks[check]?.release == nil)
    }

    @Test("only a mediator gives out keys, and to both sides or not at all")
    func badReleases() throws {
        var bench = try CheckBench()
        let check = try bench.accepted()
        let release = PrivateCheckRelease(check: check, bench.key(1, "israel"), bench.key(2, "turkiye"))
        let (israel, turkiye) = (bench.party("israel"), bench.party("turkiye"))
        bench.simulation.crash(israel)
        bench.simulation.crash(bench.party("azerbaijan"))
        for (name, audience) in [("israel", [turkiye]), ("azerbaijan", [turkiye])] {
            var peer = ScriptedPeer(stealing: bench.simulation[name])
            let from = bench.at("turkiye").logs[peer.party]?.size ?? 0
            let record = peer.write(.privateCheckRelease(release), at: bench.simulation.utc, audience: audience)
            try bench.simulation.handle(peer.push(from: from), at: turkiye)
            #expect(bench.at("turkiye").logs[peer.party]?.unreadable[record.index] != nil)
        }
        #expect(bench.at("turkiye").checks.checks[check]?.release == nil)
    }

    @Test("a check that found something rings, and its plans keep that; nothing of it improves an assurance")
    func found() throws {
        var bench = try CheckBench()
        let turkiye = bench.party("turkiye")
        let reply = try bench.simulation.command(.plan(.seal(SampleNotices.airOperation(at: .palmyra, from: bench.simulation.utc))), at: turkiye)
        #expect(reply == .sealed(1))
        let before = bench.at("turkiye").assurance(now: bench.simulation.now(at: turkiye)).answer
        let check = try bench.accepted()
        let element = CheckElement(cell: Cell.faces[0], band: 1, slot: 1)
        let ending = PrivateCheckEnding(
            outcome: .agreed(.elements([element])), finding: .elements([element]), plans: [1], hits: [1])
        try bench.simulation.handle(.check(.ended(check, ending)), at: turkiye)
        #expect(bench.rings("turkiye", .privateCheckFound, check))
        let held = bench.at("turkiye").checks
        #expect(held.plans[1]?.checked[bench.party("israel")]?.isHit == true)
        #expect(held.checks[check]?.ending == ending)
        #expect(bench.at("turkiye").assurance(now: bench.simulation.now(at: turkiye)).answer == before)
        #expect(throws: Refusal.checkOver(check)) {
            try bench.simulation.handle(.check(.ended(check, ending)), at: turkiye)
        }
    }

    @Test("a sealed plan makes no record, and ends once")
    func sealedPlan() throws {
        var bench = try CheckBench()
        let israel = bench.party("israel")
        let size = bench.at("israel").ownLog.size
        try bench.simulation.command(.plan(.seal(SampleNotices.airOperation(at: .palmyra, from: bench.simulation.utc))), at: israel)
        bench.simulation.run(for: .seconds(5))
        #expect(bench.at("israel").checks.plans.count == 1)
        #expect(bench.at("israel").ownLog.size == size)
        #expect(bench.at("israel").notices.isEmpty)
        #expect(bench.at("turkiye").checks.plans.isEmpty)
        try bench.simulation.command(.plan(.end(1)), at: israel)
        #expect(throws: Refusal.noSuchPlan(1)) { try bench.simulation.command(.plan(.end(1)), at: israel) }
    }

    @Test("where the terms have no private checks there are none")
    func none() throws {
        var simulation = try nodesWithMediator(sealing: .none)
        let israel = simulation["israel"].party
        #expect(throws: Refusal.noPrivateChecks) {
            try simulation.command(.plan(.seal(SampleNotices.airOperation(at: .palmyra, from: simulation.utc))), at: israel)
        }
        #expect(simulation.terms.privateCheck(between: israel, simulation["turkiye"].party, at: simulation.utc) == nil)
    }

    @Test("what a node knows of checks and plans comes back from its journal and from its snapshot")
    func replay() throws {
        var bench = try CheckBench()
        try bench.simulation.command(.plan(.seal(SampleNotices.airOperation(at: .palmyra, from: bench.simulation.utc))), at: bench.party("israel"))
        let check = try bench.accepted()
        try bench.deposit(check, 1, by: "israel")
        try bench.deposit(check, 2, by: "turkiye")
        bench.simulation.run(for: .seconds(5))
        let before = bench.at("israel").checks
        let party = bench.party("israel")
        let copy = try #require(
            Mechanism(
                bench.at("israel").snapshot, party: party, terms: bench.simulation.terms,
                reference: bench.at("israel").reference))
        #expect(copy.checks.checks.values == before.checks.values)
        bench.simulation.crash(party)
        bench.simulation.restart(party)
        #expect(bench.at("israel").checks.checks.values == before.checks.values)
        #expect(bench.at("israel").checks.plans.values == before.plans.values)
    }
}

/// Two principals and a mediator whose terms have private checks.
private struct CheckBench {
    var simulation: Simulation
    private var seed: UInt8 = 0

    init() throws {
        simulation = Simulation(
            seed: 11, mediator: "azerbaijan", sealing: .none, demands: .privateChecks(throughMediator: true))
        simulation.start()
        simulation.run(for: .seconds(5))
        for node in simulation.nodes { try simulation.command(.present, at: node.party) }
        simulation.run(for: .seconds(5))
    }

    func party(_ name: String) -> PartyID { simulation[name].party }
    func at(_ name: String) -> Mechanism { simulation[name].mechanism }

    func rings(_ name: String, _ kind: Alarm.Kind, _ check: Hash32) -> Bool {
        at(name).alarms[Alarm.id(kind, check.hex)]?.state == .ringing
    }

    mutating func proposal(_ parameters: CheckParameters?) throws -> (Hash32, PrivateCheckPart) {
        seed += 1
        let parameters =
            try parameters
            ?? #require(simulation.terms.privateCheck(between: party("israel"), party("turkiye"), at: simulation.utc))
        let input = try CheckInput(
            elements: [], planRoot: .empty, volumeHours: 0,
            seed: #require(SecretSeed([UInt8](repeating: seed, count: SecretSeed.byteCount))))
        let session = try CheckSession(proposing: parameters, input: input, now: simulation.utc)
        let bytes = try #require(session.sent.first).array
        let id = try CheckProposal(bytes).id
        return (id, try #require(PrivateCheckPart.cutting(bytes, as: .propose, of: id)?.first))
    }

    @discardableResult
    mutating func propose(
        _ parameters: CheckParameters? = nil, by one: String = "israel", to other: String = "turkiye"
    ) throws -> Hash32 {
        let (id, part) = try proposal(parameters)
        try simulation.handle(.check(.say(part, to: party(other), officer: "Maj. Levi")), at: party(one))
        simulation.run(for: .seconds(5))
        return id
    }

    mutating func accepted() throws -> Hash32 {
        let check = try propose()
        try say(check, .accept, [1], by: "turkiye")
        simulation.run(for: .seconds(5))
        return check
    }

    mutating func say(_ check: Hash32, _ message: PrivateCheckPart.Message, _ bytes: [UInt8], by name: String) throws {
        let other = party(name == "israel" ? "turkiye" : "israel")
        for part in PrivateCheckPart.cutting(bytes, as: message, of: check) ?? [] {
            try simulation.handle(.check(.say(part, to: other, officer: nil)), at: party(name))
        }
    }

    func key(_ number: UInt8, _ name: String) -> PrivateCheckRelease.Key {
        PrivateCheckRelease.Key(party: party(name), key: CheckBench.hash(number))
    }

    static func hash(_ number: UInt8) -> Hash32 { Hash32([UInt8](repeating: number, count: 32)) ?? .empty }

    mutating func deposit(_ check: Hash32, _ number: UInt8, by name: String) throws {
        try simulation.handle(.check(.deposit(check, key: CheckBench.hash(number))), at: party(name))
    }

    mutating func end(_ check: Hash32, at name: String) throws {
        let ending = PrivateCheckEnding(outcome: .unknown(.deadlinePassed), finding: nil, plans: [], hits: [])
        try simulation.handle(.check(.ended(check, ending)), at: party(name))
    }
}

extension Hash32 {
    fileprivate static var empty: Hash32 { Hash32([UInt8](repeating: 0, count: 32))! }
}
