import Foundation
import Kernel
import Testing

@testable import PrivateCheck

@Suite("consent between a count and its cells")
struct ConsentTests {
    private func counted(
        _ output: CheckParameters.Output = .countThenCells
    ) throws -> (pairing: Pairing, all: [CheckElement]) {
        var random = SeededGenerator(seed: 140)
        let all = try elements(150, &random)
        var pairing = try Pairing(try parameters(output: output), Array(all[..<100]), Array(all[63...]))
        pairing.run()
        return (pairing, all)
    }

    @Test("both agree on a count, and each learns its cells when the other consents, not when it does itself")
    func consents() throws {
        var (pairing, all) = try counted()
        #expect(pairing.a.outcome == .agreed(.count(37)) && pairing.b.outcome == .agreed(.count(37)))
        let opening = try pairing.a.consentToCells(now: started)
        #expect(opening.count == 66 + 1_024 * 16)
        #expect(pairing.a.finding == .count(37))
        #expect(pairing.b.receive(opening, now: started).outbound.isEmpty)
        #expect(pairing.b.finding == .elements(Array(all[63..<100])))
        #expect(pairing.a.finding == .count(37), "A has shown, and been shown nothing")
        _ = pairing.a.receive(try pairing.b.consentToCells(now: started), now: started)
        #expect(pairing.a.finding == .elements(Array(all[63..<100])))
        // What was agreed stays what was agreed, and nothing is left to open.
        #expect(pairing.a.outcome == .agreed(.count(37)))
        #expect(pairing.a.consent == nil && pairing.b.consent == nil)
        // Told again, and asked again.
        #expect(pairing.b.receive(opening, now: started) == CheckReaction())
        #expect(try pairing.a.consentToCells(now: started) == opening)
    }

    @Test("without consent nothing tells which: the answers are the same in whatever order the points were")
    func hidden() throws {
        var random = SeededGenerator(seed: 141)
        let (pairing, _) = try counted()
        let points = CheckSession.points(pairing.b.sent[2].array.dropFirst(CheckSession.maskHeadBytes))
        #expect(points.count == 1_024)
        let seed = try checkInput([], 1).seed
        let session = try #require(pairing.b.session)
        func answers(_ points: [GroupPoint]) throws -> Remask {
            try Remask(theirs: points, ours: [], seed: seed, session: session, output: .countThenCells)
        }
        let first = try answers(points)
        #expect(CheckTag.bytes(first.tags) == Array(pairing.a.sent[4].array.dropFirst(CheckSession.headBytes)))
        for _ in 0..<3 {
            let other = try answers(points.shuffled(using: &random))
            #expect(other.tags == first.tags && other.inOrder != first.inOrder)
        }
    }

    @Test("a run that wants no consent keeps nothing to open, and one that does forgets it when declined or too late")
    func forgotten() throws {
        for output in [CheckParameters.Output.count, .cells] {
            var (pairing, _) = try counted(output)
            #expect(pairing.a.consent == nil)
            #expect(throws: CheckConsent.Rejection.nothingToOpen) { try pairing.a.consentToCells(now: started) }
        }
        var (pairing, _) = try counted()
        weak let seed = pairing.a.input?.seed
        #expect(seed == nil && pairing.a.consent != nil)
        pairing.a.declineCells()
        let opening = try pairing.b.consentToCells(now: started)
        _ = pairing.a.receive(opening, now: started)
        #expect(pairing.a.finding == .count(37))
        #expect(throws: CheckConsent.Rejection.nothingToOpen) { try pairing.a.consentToCells(now: started) }

        (pairing, _) = try counted()
        let late = started.advanced(by: .minutes(10) + .microseconds(1))
        let other = try pairing.b.consentToCells(now: started)
        _ = pairing.a.receive(other, now: late)
        #expect(pairing.a.finding == .count(37) && pairing.a.consent == nil)
        #expect(throws: CheckConsent.Rejection.deadlinePassed) { try pairing.a.consentToCells(now: late) }
        // A clock that steps back brings nothing back.
        #expect(throws: CheckConsent.Rejection.nothingToOpen) { try pairing.a.consentToCells(now: started) }
    }

    @Test("no opening is taken before the result")
    func early() throws {
        var random = SeededGenerator(seed: 142)
        let set = try elements(9, &random)
        let (over, _) = try counted()
        var pairing = try Pairing(try parameters(output: .countThenCells), set, set)
        #expect(throws: CheckConsent.Rejection.nothingToOpen) { try pairing.a.consentToCells(now: started) }
        pairing.run(untilToA: .result)
        let opening = try #require(over.a.consent).opening
        let reaction = pairing.a.receive(opening, now: started)
        #expect(reaction.outcome == .unknown(.refused(.outOfOrder(expected: .result, found: .open))))
    }

    /// What A makes of an opening of B's that is not what it has to be.
    private func refused(_ spoil: (inout [UInt8], Pairing) throws -> Void) throws -> CheckRefusal? {
        var (pairing, _) = try counted()
        var opening = try pairing.b.consentToCells(now: started)
        try spoil(&opening, pairing)
        let reaction = pairing.a.receive(opening, now: started)
        #expect(pairing.a.outcome == .agreed(.count(37)))
        if let refusal = pairing.a.openingRefused {
            #expect(pairing.a.finding == .count(37) && pairing.a.consent == nil)
            #expect(reaction.outbound.last?[1] == MessageKind.end.rawValue)
            #expect(reaction.outbound.last?.last == refusal.number)
        }
        return pairing.a.openingRefused
    }

    @Test("a false opening is refused by name, and the count stands")
    func falseOpenings() throws {
        let head = CheckSession.headBytes + 32
        #expect(try refused { m, _ in m[head + 5] ^= 1 } == .wrongOpening)
        #expect(try refused { m, _ in m[40] ^= 1 } == .wrongOpening)
        #expect(try refused { m, _ in m[2] ^= 1 } == .otherSession)
        #expect(try refused { m, _ in m.removeLast(16) }
            == .length(.open, found: 66 + 1_023 * 16, expected: 66 + 1_024 * 16))
        // Another order of the same answers, which sorts to what was sealed.
        #expect(try refused { m, _ in
            let tags = CheckTag.list(m[head...])
            m.replaceSubrange(head..., with: CheckTag.bytes(Array(tags.reversed())))
        } == .wrongOpening)
        #expect(try refused { m, _ in
            let tags = CheckTag.list(m[head...])
            m.replaceSubrange(head..., with: CheckTag.bytes(tags.sorted()))
        } == .wrongOpening)
        // Our own sent back.
        #expect(try refused { m, pairing in
            var a = pairing.a
            m = try a.consentToCells(now: started)
        } == .wrongOpening)
        #expect(try refused { _, _ in } == nil)
    }

    /// B seals an order of its own choosing and opens that.
    private func sealed(_ order: (inout [CheckTag], Pairing) throws -> Void) throws -> CheckSession {
        var random = SeededGenerator(seed: 143)
        let all = try elements(150, &random)
        var pairing = try Pairing(
            try parameters(output: .countThenCells), Array(all[..<100]), Array(all[63...]))
        pairing.run(untilToA: .seal)
        let session = try #require(pairing.b.session)
        var tags = CheckTag.list(try #require(pairing.b.answers).array[...])
        try order(&tags, pairing)
        pairing.b.answers = Bytes(CheckTag.bytes(tags))
        let salt = CheckConsent.salt(try #require(pairing.b.input).seed)
        let hash = CheckSession.orderHash(CheckTag.bytes(tags), salt: salt, .responder, session)
        pairing.toA[0].replaceSubrange(66..<98, with: hash.bytes)
        pairing.b.sent[3] = Bytes(pairing.toA[0])
        pairing.run()
        #expect(pairing.a.outcome == .agreed(.count(37)))
        _ = pairing.a.receive(try pairing.b.consentToCells(now: started), now: started)
        #expect(pairing.a.finding == .count(37))
        return pairing.a
    }

    @Test("a false order that was sealed, blindly as it has to be, shows in the canaries or in the number of elements")
    func sealedFalsely() throws {
        guard case .canariesMissing = try sealed({ tags, _ in tags.reverse() }).openingRefused else {
            Issue.record("a reversed order was taken")
            return
        }
        var random = SeededGenerator(seed: 144)
        guard case .canariesMissing = try sealed({ tags, _ in tags.shuffle(using: &random) }).openingRefused else {
            Issue.record("a shuffled order was taken")
            return
        }
        // Sealed truly but for one answer, which does not sort to what was sealed.
        #expect(
            try sealed { tags, _ in tags[7] = CheckTag([UInt8](repeating: 3, count: 16)[...]) }.openingRefused
                == .wrongOpening)
        // As if it had known the places: a match and a dummy change theirs.
        let lucky = try sealed { tags, pairing in
            let input = try #require(pairing.a.input)
            let order = MaskOrder(seed: input.seed, count: 1_024)
            let places = tags.indices.filter { !order.isCanary($0) }
            let last = try #require(places.first { order.element(at: $0, of: input.elements) == input.elements[99] })
            let dummy = try #require(places.first { order.element(at: $0, of: input.elements) == nil })
            tags.swapAt(last, dummy)
        }
        #expect(lucky.openingRefused == .openingDiffers(found: 36, counted: 37))
    }

    @Test("a session stored between result and opening opens the same")
    func restarts() throws {
        var (pairing, all) = try counted()
        let opening = try pairing.a.consentToCells(now: started)
        try pairing.restart()
        #expect(try pairing.a.consentToCells(now: started) == opening)
        _ = pairing.b.receive(opening, now: started)
        try pairing.restart()
        #expect(pairing.b.finding == .elements(Array(all[63..<100])))
        _ = pairing.a.receive(try pairing.b.consentToCells(now: started), now: started)
        #expect(pairing.a.finding == .elements(Array(all[63..<100])))
    }

    @Test("an audit recomputes the opening with the rest")
    func audited() throws {
        var (pairing, all) = try counted()
        let proposal = try CheckProposal(pairing.a.sent[0].array)
        _ = try pairing.b.consentToCells(now: started)
        var logged = pairing.b.sent.map(\.array)
        func deviation() throws -> Int? {
            CheckAudit.firstDeviation(
                of: .responder, proposal: proposal, input: try checkInput(Array(all[63...]), 2), logged: logged,
                received: pairing.a.sent.map(\.array))
        }
        #expect(try deviation() == nil)
        logged[6][99] ^= 1
        #expect(try deviation() == 6)
    }
}
