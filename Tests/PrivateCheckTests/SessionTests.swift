import Foundation
import Kernel
import Testing

@testable import PrivateCheck

@Suite("a private check between two honest sides")
struct SessionTests {
    @Test("both find exactly what both have, for sets of every size up to the cap")
    func intersection() throws {
        var random = SeededGenerator(seed: 11)
        for (mine, theirs, both) in [(0, 0, 0), (0, 40, 0), (1, 1, 1), (30, 50, 0), (200, 300, 77), (500, 500, 500)] {
            let all = try elements(mine + theirs - both, &random).shuffled(using: &random)
            let first = Array(all[..<mine])
            let second = Array(all[(mine - both)...])
            var pairing = try Pairing(try parameters(), first, second)
            pairing.run()
            let common = Set(first).intersection(second).sorted()
            #expect(common.count == both)
            #expect(pairing.a.outcome == .agreed(.elements(common)))
            #expect(pairing.b.outcome == .agreed(.elements(common)))
        }
    }

    @Test("a count says how many, and its answers stand in an order of their own")
    func count() throws {
        var random = SeededGenerator(seed: 12)
        let all = try elements(150, &random)
        var pairing = try Pairing(try parameters(output: .count), Array(all[..<100]), Array(all[63...]))
        pairing.run()
        #expect(pairing.a.outcome == .agreed(.count(37)))
        #expect(pairing.b.outcome == .agreed(.count(37)))
        let answers = pairing.seen.filter { $0.message[1] == MessageKind.remask.rawValue }
        #expect(answers.count == 2)
        for (_, message) in answers {
            let tags = stride(from: 34, to: message.count, by: 16).map { Array(message[$0..<$0 + 16]) }
            #expect(zip(tags, tags.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test("coarse output shows the coarser cell, once")
    func coarse() throws {
        let one = try #require(Cell(face: 2, level: 8, i: 8, j: 8))
        let two = try #require(Cell(face: 2, level: 8, i: 9, j: 9))
        let set = [one, two].map { CheckElement(cell: $0, band: 3, slot: 5_000_000) }
        var pairing = try Pairing(try parameters(output: .coarse(level: 6)), set, set)
        pairing.run()
        let cell = try #require(Cell(face: 2, level: 6, i: 2, j: 2))
        #expect(pairing.a.outcome == .agreed(.elements([CheckElement(cell: cell, band: 3, slot: 5_000_000)])))
    }

    @Test("whoever carries the messages sees the same kinds and lengths in the same order, whatever was put in")
    func view() throws {
        var random = SeededGenerator(seed: 13)
        func view(_ mine: [CheckElement], _ theirs: [CheckElement]) throws -> [String] {
            var pairing = try Pairing(try parameters(), mine, theirs)
            pairing.run()
            return pairing.seen.map { "\($0.fromA) \($0.message[1]) \($0.message.count)" }
        }
        let many = try elements(500, &random)
        let views = [try view([], []), try view(many, many), try view([many[0]], many)]
        #expect(views[0] == views[1] && views[1] == views[2])
        // 1 024 points of 32 bytes behind a head of 66, 1 024 tags of 16 behind 34.
        #expect(views[0].filter { $0.hasSuffix(" 4 32834") }.count == 2)
        #expect(views[0].filter { $0.hasSuffix(" 6 16418") }.count == 2)
    }

    @Test("two sides that put in the same have no point in common on the way, and their bytes are spread evenly")
    func spread() throws {
        var random = SeededGenerator(seed: 14)
        let set = try elements(400, &random)
        var other = try Pairing(try parameters(), set, set)
        other.run()
        let masks = other.seen.filter { $0.message[1] == MessageKind.mask.rawValue }.map { Array($0.message[66...]) }
        let points = masks.flatMap { mask in stride(from: 0, to: mask.count, by: 32).map { Array(mask[$0..<$0 + 32]) } }
        #expect(Set(points).count == 2_048)
        // An encoding is even, so seven bits of its first byte are uniform: 128 values, and a chi-square with 127
        // degrees of freedom stays below 250 but once in some hundred million times.
        var counts = [Int](repeating: 0, count: 128)
        for point in points { counts[Int(point[0] >> 1)] += 1 }
        let expected = 2_048.0 / 128
        let chi = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(chi < 250)
    }

    @Test("sides that are stored and read again after every message, and told everything twice, come to the same")
    func restarts() throws {
        var random = SeededGenerator(seed: 15)
        let all = try elements(60, &random)
        var straight = try Pairing(try parameters(), Array(all[..<40]), Array(all[20...]))
        straight.run()
        var pairing = try Pairing(try parameters(), Array(all[..<40]), Array(all[20...]))
        while !pairing.isQuiet {
            try pairing.restart()
            // What was sent before is sent again, oldest first.
            pairing.toA = pairing.b.sent.map(\.array).filter { !pairing.toA.contains($0) } + pairing.toA
            pairing.toB = pairing.a.sent.map(\.array).dropFirst().filter { !pairing.toB.contains($0) } + pairing.toB
            let (a, b) = (pairing.toA.count, pairing.toB.count)
            for _ in 0..<a + b { pairing.step() }
            if pairing.a.outcome != nil, pairing.b.outcome != nil { break }
        }
        #expect(pairing.a.outcome == .agreed(.elements(Array(all[20..<40]))))
        #expect(pairing.b.outcome == straight.b.outcome)
        #expect(pairing.a.sent == straight.a.sent && pairing.b.sent == straight.b.sent)
    }

    @Test("a mask made ahead gives the same messages")
    func prepared() throws {
        var random = SeededGenerator(seed: 16)
        let set = try elements(20, &random)
        let parameters = try parameters()
        let input = try checkInput(set, 2)
        let a = try CheckSession(proposing: parameters, input: try checkInput(set, 1), now: started)
        let proposal = try CheckProposal(a.sent[0].array)
        let ahead = PreparedMask(input, parameters: parameters)
        let one = try CheckSession(accepting: proposal, input: input, prepared: ahead, now: started)
        let other = try CheckSession(accepting: proposal, input: input, now: started)
        #expect(one.sent == other.sent && one.mask == other.mask)
    }

    @Test("after the result seed, elements and points are gone, unless they are kept for an audit")
    func erased() throws {
        var random = SeededGenerator(seed: 17)
        let set = try elements(20, &random)
        var pairing = try Pairing(try parameters(), set, set)
        weak let seed = pairing.a.input?.seed
        #expect(seed != nil)
        pairing.run()
        #expect(pairing.a.input == nil && pairing.a.mask == nil && pairing.a.remask == nil)
        #expect(seed == nil)
        let text = String(decoding: try JSONEncoder().encode(pairing.a), as: UTF8.self)
        #expect(!text.contains(Bytes([UInt8](repeating: 1, count: 32)).array.base64))
        var kept = try CheckSession(
            proposing: try parameters(), input: try checkInput(set, 3), keepsInput: true, now: started)
        _ = kept.tick(now: .distantFuture)
        #expect(kept.outcome == .unknown(.deadlinePassed) && kept.input != nil)
    }

    @Test("a deadline that passes means unknown, at every message, and a clock that steps back does not undo it")
    func deadline() throws {
        var random = SeededGenerator(seed: 18)
        let set = try elements(5, &random)
        let late = started.advanced(by: .minutes(10) + .microseconds(1))
        for steps in 0..<9 {
            var pairing = try Pairing(try parameters(), set, set)
            for _ in 0..<steps { pairing.step() }
            #expect(pairing.a.tick(now: started.advanced(by: .minutes(10))).outcome == nil)
            let isHit = pairing.a.finding?.isHit == true
            #expect(pairing.a.tick(now: late).outcome == .unknown(.deadlinePassed))
            pairing.run()
            #expect(pairing.a.outcome == .unknown(.deadlinePassed))
            #expect((pairing.a.finding?.isHit == true) == isHit, "a hit stands, and none comes after the end")
            #expect(pairing.b.tick(now: late).outcome != nil || pairing.b.outcome != nil)
        }
        let parameters = try parameters()
        #expect(throws: CheckSession.Rejection.deadlinePassed) {
            try CheckSession(proposing: parameters, input: try checkInput(set, 1), now: late)
        }
    }

    @Test("inputs over the cap or outside the grid are refused before anything is sent")
    func inputs() throws {
        var random = SeededGenerator(seed: 19)
        let set = try elements(11, &random)
        let small = try parameters(cap: 10)
        #expect(throws: CheckSession.Rejection.tooManyElements(found: 11, allowed: 10)) {
            try CheckSession(proposing: small, input: try checkInput(set, 1), now: started)
        }
        #expect(throws: Never.self) {
            try CheckSession(proposing: small, input: try checkInput(Array(set.dropLast()), 1), now: started)
        }
        let cell = try #require(Cell(face: 0, level: 9, i: 0, j: 0))
        for wrong in [
            CheckElement(cell: cell, band: 0, slot: 5_000_000),
            CheckElement(cell: set[0].cell, band: 10, slot: 5_000_000),
            CheckElement(cell: set[0].cell, band: 0, slot: 5_000_100),
        ] {
            #expect(throws: CheckSession.Rejection.elementOutsideGrid) {
                try CheckSession(proposing: small, input: try checkInput([wrong], 1), now: started)
            }
        }
        #expect(throws: CheckInput.Rejection.order) {
            _ = try CheckInput(
                elements: [set[0], set[0]], planRoot: small.context, volumeHours: 0,
                seed: try checkInput([], 1).seed)
        }
        #expect(throws: CheckParameters.Rejection.sizeClass(9)) { try parameters(sizeClass: 9) }
        #expect(throws: CheckParameters.Rejection.sizeClass(21)) { try parameters(sizeClass: 21) }
        #expect(throws: CheckParameters.Rejection.cap(961, allowed: 960)) { try parameters(cap: 961) }
        #expect(throws: Never.self) { try parameters(cap: 960) }
        #expect(throws: CheckParameters.Rejection.coarseLevel(8)) { try parameters(output: .coarse(level: 8)) }
    }

    @Test("an opened session shows its messages to be its input's, and any other input's not to be")
    func audit() throws {
        var random = SeededGenerator(seed: 20)
        let set = try elements(30, &random)
        var pairing = try Pairing(try parameters(), set, Array(set[..<10]))
        let proposal = try CheckProposal(pairing.a.sent[0].array)
        pairing.run()
        let (ofA, ofB) = (pairing.a.sent.map(\.array), pairing.b.sent.map(\.array))
        func deviation(_ input: CheckInput, _ role: CheckSession.Role) -> Int? {
            CheckAudit.firstDeviation(
                of: role, proposal: proposal, input: input, logged: role == .initiator ? ofA : ofB,
                received: role == .initiator ? ofB : ofA)
        }
        #expect(deviation(try checkInput(set, 1), .initiator) == nil)
        #expect(deviation(try checkInput(Array(set[..<10]), 2), .responder) == nil)
        // One element fewer: COMMIT is another.
        #expect(deviation(try checkInput(Array(set.dropLast()), 1), .initiator) == 1)
        #expect(deviation(try checkInput(Array(set[..<9]), 2), .responder) == 1)
        #expect(deviation(try checkInput(set, 4), .initiator) == 0)
    }
}
