import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// HOT-7, and what Kunduz and World Central Kitchen lacked: that headquarters has it is not that the crew has it.
@Suite("Passing on")
struct PassingTests {
    private static let first = "1st Battery"
    private static let second = "2nd Battery"

    private func bench() throws -> Bench {
        var bench = try Bench.ready(.strikesPassedOn)
        for unit in [Self.first, Self.second] { try bench.act(.registerUnit(unit)) }
        return bench
    }

    private func subject(_ id: NoticeID, _ version: UInt64 = 1) -> PassedOn.Subject {
        .notice(NoticeVersion(notice: id, version: version))
    }

    private func israelSays(
        _ reached: UInt64, of: UInt64, _ id: NoticeID, version: UInt64 = 1, leaf: Hash32? = nil,
        units: [String] = [], _ bench: inout Bench
    ) throws {
        bench.israel.write(
            .passedOn(
                PassedOn(
                    subject: subject(id, version), leaf: leaf ?? bench.mechanism.notices[id]?.leaf, reached: reached,
                    of: of, units: units)), at: bench.utc,
            officer: "Maj. Scripted", audience: [bench.turkiye])
        try bench.deliver()
    }

    /// Our strike, far from everything, received, judged and read back over there.
    private func strike(_ bench: inout Bench) throws -> NoticeID {
        let fields = Founding.elsewhere(bench.utc)
        let id = try bench.file(fields)
        try bench.exchange()
        try bench.israelReadsBack(id, SampleNotices.rightReadBack(of: fields))
        try bench.exchange()
        return id
    }

    @Test("units are registered and removed here, and no record tells of them")
    func units() throws {
        var bench = try Bench.ready()
        let size = bench.mechanism.ownLog.size
        try bench.act(.registerUnit(Self.first))
        try bench.expect(.unitExists(Self.first), of: .registerUnit(Self.first))
        try bench.expect(.noSuchUnit(Self.second), of: .removeUnit(Self.second))
        for name in ["", "two\nlines", String(repeating: "x", count: 121)] {
            try bench.expect(
                .field(FieldRejection(path: "unit", problem: .notAllowed(rule: "a name that shows, on one line"))),
                of: .registerUnit(name))
        }
        #expect(bench.mechanism.passing.units.elements == [Self.first])
        try bench.act(.removeUnit(Self.first))
        #expect(bench.mechanism.passing.units.isEmpty)
        #expect(bench.mechanism.ownLog.size == size)
    }

    @Test("one more unit than the limit is refused")
    func manyUnits() throws {
        var bench = try Bench.ready()
        for i in 0..<Limits.units { try bench.act(.registerUnit("unit \(i)")) }
        try bench.expect(.tooManyUnits, of: .registerUnit("one more"))
    }

    @Test("nobody has it until somebody says so: the strike is unknown for both sides' sake")
    func notYetReached() throws {
        var bench = try bench()
        let id = try strike(&bench)
        #expect(bench.mechanism.notices[id]?.passedOn.isEmpty == true)
        #expect(bench.mechanism.passing.own.isEmpty)
        let assurance = try bench.assurance(of: id)
        #expect(assurance.answer == .unknown)
        #expect(
            assurance.reasons
                == [.needsPassingOn(bench.turkiye, id), .needsPassingOn(bench.israel.party, id)])
        #expect(assurance.reasons.map(\.party) == [bench.turkiye, bench.israel.party])
        #expect(assurance.reasons.map(\.record) == [id, id])
        #expect(assurance.reasons.map(\.name) == ["needsPassingOn", "needsPassingOn"])
    }

    @Test("a kind that does not ask for it is clear without")
    func otherKinds() throws {
        var bench = try bench()
        let id = try bench.clearNotice()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("it is clear once every unit concerned has it on both sides, and not a unit earlier")
    func complete() throws {
        var bench = try bench()
        let id = try strike(&bench)
        let reply = try bench.act(.concerns(subject(id), units: [Self.second, Self.first, Self.second]))
        #expect(try bench.ownBodies(.passedOn).count == 1)
        #expect(reply == .recorded(RecordID(party: bench.turkiye, index: bench.mechanism.ownLog.size - 1)))
        #expect(bench.mechanism.passing.own[subject(id)]?.missing == [Self.first, Self.second])
        try bench.act(.passOn(subject(id), units: [Self.first], disclose: false))
        #expect(bench.mechanism.passing.own[subject(id)]?.missing == [Self.second])
        try israelSays(1, of: 2, id, &bench)
        try bench.exchange()
        #expect(try bench.reasons(of: id) == ["needsPassingOn", "needsPassingOn"])
        try bench.act(.passOn(subject(id), units: [Self.second], disclose: false))
        try bench.exchange()
        #expect(try bench.assurance(of: id).reasons == [.needsPassingOn(bench.israel.party, id)])
        try israelSays(2, of: 2, id, &bench)
        #expect(try bench.assurance(of: id).answer == .clear)
        let stated = try bench.ownBodies(.passedOn).map { body -> [UInt64] in
            guard case .passedOn(let content) = body.content else { return [] }
            return [content.reached, content.of]
        }
        #expect(stated == [[0, 2], [1, 2], [2, 2]])
    }

    @Test("passing on another record that stands under the same name says nothing of this one")
    func anotherRecord() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try bench.act(.concerns(subject(id), units: []))
        try israelSays(1, of: 1, id, leaf: MerkleHash.sha256(Array("what they were shown instead".utf8)), &bench)
        try bench.exchange()
        #expect(try bench.assurance(of: id).reasons == [.needsPassingOn(bench.israel.party, id)])
        #expect(bench.mechanism.notices[id]?.passedOn[bench.israel.party] == nil)
        try israelSays(1, of: 1, id, &bench)
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a side that says that it concerns none of its own has passed it on")
    func none() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try israelSays(0, of: 0, id, &bench)
        #expect(try bench.assurance(of: id).reasons == [.needsPassingOn(bench.turkiye, id)])
        try bench.act(.concerns(subject(id), units: []))
        try bench.exchange()
        #expect(try bench.assurance(of: id).answer == .clear)
        #expect(bench.mechanism.notices[id]?.passedOn[bench.israel.party]?.isComplete == true)
    }

    @Test("a new version has reached nobody, and what is said of the old one counts no more")
    func amendment() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try bench.act(.concerns(subject(id), units: [Self.first]))
        try bench.act(.passOn(subject(id), units: [Self.first], disclose: false))
        try israelSays(0, of: 0, id, &bench)
        try bench.exchange()
        try #require(try bench.assurance(of: id).answer == .clear)
        let fields = SampleNotices.strike(at: .hama, radiusM: 5_000, from: bench.utc.advanced(by: .hours(1)))
        try bench.command(.amend(id, expectedVersion: 1, fields))
        #expect(bench.mechanism.notices[id]?.passedOn.isEmpty == true)
        #expect(bench.mechanism.passing.own.isEmpty)
        // Theirs of before crosses with the amendment.
        try israelSays(3, of: 3, id, version: 1, &bench)
        try bench.exchange()
        try bench.israelReadsBack(id, version: 2, SampleNotices.rightReadBack(of: fields))
        try bench.exchange()
        #expect(try bench.reasons(of: id) == ["needsPassingOn", "needsPassingOn"])
        try bench.expect(
            .staleVersion(id, expected: 1, current: 2), of: .passOn(subject(id), units: [Self.first], disclose: false))
        try bench.act(.concerns(subject(id, 2), units: []))
        try israelSays(0, of: 0, id, version: 2, &bench)
        try bench.exchange()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a unit that turns out to be concerned as well makes it incomplete again, by a new record")
    func addedUnit() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try israelSays(0, of: 0, id, &bench)
        try bench.act(.concerns(subject(id), units: [Self.first]))
        try bench.act(.passOn(subject(id), units: [Self.first], disclose: false))
        try bench.exchange()
        try #require(try bench.assurance(of: id).answer == .clear)
        let before = try bench.ownBodies(.passedOn).count
        try bench.act(.concerns(subject(id), units: [Self.first, Self.second]))
        try bench.exchange()
        #expect(try bench.ownBodies(.passedOn).count == before + 1)
        #expect(try bench.assurance(of: id).reasons == [.needsPassingOn(bench.turkiye, id)])
        let fact = try #require(bench.mechanism.notices[id]?.passedOn[bench.turkiye])
        #expect(fact.reached == 1 && fact.of == 2 && !fact.isComplete)
    }

    @Test("the other side hears numbers, and no name that was not disclosed, not even of who said it")
    func names() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try bench.act(.concerns(subject(id), units: [Self.first, Self.second]))
        try bench.act(.passOn(subject(id), units: [Self.first], disclose: false), by: "system of the 1st Battery")
        let hidden = try #require(try bench.ownBodies(.passedOn).last)
        #expect(hidden.officer == nil)
        #expect(!String(decoding: hidden.json.bytes, as: UTF8.self).contains("Battery"))
        try bench.act(.passOn(subject(id), units: [Self.second], disclose: true))
        let shown = try #require(try bench.ownBodies(.passedOn).last)
        #expect(shown.officer == "Cpt. Sample")
        guard case .passedOn(let content) = shown.content else { return }
        #expect(content.units == [Self.second])
        let own = try #require(bench.mechanism.passing.own[subject(id)])
        #expect(own.reached[Self.first]?.by == "system of the 1st Battery")
        #expect(own.reached[Self.first]?.at == hidden.createdAt)
        #expect(own.reached[Self.second]?.by == "Cpt. Sample")
        // Disclosed afterwards.
        try bench.act(.passOn(subject(id), units: [Self.first], disclose: true))
        guard case .passedOn(let both)? = try bench.ownBodies(.passedOn).last?.content else { return }
        #expect(both.units == [Self.first, Self.second])
    }

    @Test("saying the same again writes nothing")
    func repeated() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try bench.act(.concerns(subject(id), units: [Self.first]))
        let size = bench.mechanism.ownLog.size
        #expect(try bench.act(.concerns(subject(id), units: [Self.first])) == .done)
        #expect(bench.mechanism.ownLog.size == size)
    }

    @Test("a unit that has it says nothing of the others while no officer has said whom it concerns")
    func nobodySaidWhom() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try israelSays(0, of: 0, id, &bench)
        #expect(try bench.act(.passOn(subject(id), units: [Self.first], disclose: false)) == .done)
        #expect(try bench.ownBodies(.passedOn).isEmpty)
        #expect(bench.mechanism.passing.own[subject(id)]?.missing == nil)
        #expect(try bench.assurance(of: id).reasons == [.needsPassingOn(bench.turkiye, id)])
        try bench.act(.concerns(subject(id), units: [Self.first]))
        try bench.exchange()
        #expect(try bench.assurance(of: id).answer == .clear)
    }

    @Test("a unit that is struck off the register stays concerned until an officer says otherwise")
    func removedUnit() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try bench.act(.concerns(subject(id), units: [Self.first, Self.second]))
        try bench.act(.removeUnit(Self.second))
        #expect(bench.mechanism.passing.own[subject(id)]?.missing == [Self.first, Self.second])
        try bench.expect(.noSuchUnit(Self.second), of: .concerns(subject(id), units: [Self.second]))
        try bench.act(.passOn(subject(id), units: [Self.second], disclose: false))
        #expect(bench.mechanism.passing.own[subject(id)]?.missing == [Self.first])
    }

    @Test("a thousand disclosed names of the longest kind still make a record that every node reads")
    func longNames() throws {
        var bench = try Bench.ready(.strikesPassedOn)
        let id = try strike(&bench)
        let names = (0..<Limits.units).map { "\(1_000 + $0)" + String(repeating: "\u{5D0}", count: 58) }
        for name in names { try bench.act(.registerUnit(name)) }
        try bench.act(.concerns(subject(id), units: names))
        try bench.act(.passOn(subject(id), units: names, disclose: true))
        let body = try #require(try bench.ownBodies(.passedOn).last)
        guard case .passedOn(let content) = body.content else { return }
        #expect(content.reached == 1_000 && content.of == 1_000)
        #expect(!content.units.isEmpty && content.units.count < 1_000)
        #expect(try RecordBody.read(body.json.bytes) == body)
    }

    @Test("names what is wrong")
    func refusals() throws {
        var bench = try bench()
        let id = try strike(&bench)
        let nothing = RecordID(party: bench.turkiye, index: 4_000)
        try bench.expect(.noSuchNotice(nothing), of: .concerns(subject(nothing), units: []))
        try bench.expect(.staleVersion(id, expected: 2, current: 1), of: .concerns(subject(id, 2), units: []))
        try bench.expect(.noSuchUnit("3rd"), of: .concerns(subject(id), units: [Self.first, "3rd"]))
        try bench.expect(.noSuchUnit("3rd"), of: .passOn(subject(id), units: ["3rd"], disclose: true))
        let stop = MerkleHash.sha256([1])
        try bench.expect(.noSuchItem(stop.hex), of: .concerns(.stop(stop), units: []))
        try bench.command(.end(id, reason: .over, remarks: nil))
        try bench.expect(.alreadyEnded(id), of: .passOn(subject(id), units: [Self.first], disclose: false))
        let long = String(repeating: "x", count: Limits.officerNameBytes + 1)
        try bench.expect(
            .field(FieldRejection(path: "officer", problem: .tooLong(limit: Limits.officerNameBytes))),
            of: .registerUnit("3rd"), by: long)
    }

    @Test("the mediator's desk has no units and passes nothing on")
    func mediator() throws {
        var simulation = Simulation(seed: 3, mediator: "azerbaijan")
        simulation.start()
        let azerbaijan = simulation["azerbaijan"].party
        #expect(throws: Refusal.mediatorCannotFile) {
            try simulation.command(.watch(.registerUnit("x")), at: azerbaijan)
        }
    }

    @Test("a peer that passes on a version that does not exist is held to account for it")
    func nonsense() throws {
        var bench = try bench()
        let id = try strike(&bench)
        try israelSays(1, of: 1, id, version: 7, &bench)
        let record = RecordID(party: bench.israel.party, index: bench.israel.size - 1)
        #expect(bench.alarm(.unreadable, record.description)?.state == .ringing)
    }
}
