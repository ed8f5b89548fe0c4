import Kernel
import Testing

@testable import PrivateCheck

/// What a side that cheats sends, and what becomes of it at the honest side, A.
@Suite("a private check with a side that cheats")
struct CheatTests {
    private func pairing(_ output: CheckParameters.Output = .cells) throws -> Pairing {
        var random = SeededGenerator(seed: 30)
        let set = try elements(90, &random)
        return try Pairing(try parameters(output: output), Array(set[..<60]), Array(set[30...]))
    }

    /// Runs until B's message of a kind is on its way, spoils it, and lets A take it.
    private func spoiled(
        _ kind: MessageKind, _ spoil: (inout [UInt8], Pairing) throws -> Void
    ) throws -> (outcome: CheckOutcome?, last: [UInt8]?) {
        var pairing = try pairing()
        pairing.run(untilToA: kind)
        try #require(pairing.toA.first?[1] == kind.rawValue)
        try spoil(&pairing.toA[0], pairing)
        let reaction = pairing.a.receive(pairing.toA[0], now: started)
        return (reaction.outcome, reaction.outbound.last)
    }

    private func expect(
        _ refusal: CheckRefusal, _ kind: MessageKind, _ spoil: (inout [UInt8], Pairing) throws -> Void,
        line: SourceLocation = #_sourceLocation
    ) throws {
        let (outcome, last) = try spoiled(kind, spoil)
        #expect(outcome == .unknown(.refused(refusal)), sourceLocation: line)
        // The reason goes to the other side, to be signed: version, END, session, number.
        #expect(last?[1] == MessageKind.end.rawValue && last?.last == refusal.number, sourceLocation: line)
    }

    /// B's MASK with points of its choice, to which it has committed.
    private func masked(_ spoil: ([UInt8], Pairing) -> [UInt8]) throws -> CheckOutcome? {
        var pairing = try pairing()
        let session = try #require(pairing.b.session)
        let honest = try #require(pairing.b.mask).array
        let mask = spoil(honest, pairing)
        pairing.toA[1] = CheckSession.commit(mask, .responder, session)
        pairing.step()
        pairing.step()
        return pairing.a.receive(mask, now: started).outcome
    }

    @Test("messages of the wrong length, version, session or proposal are refused by name")
    func shapes() throws {
        try expect(.malformed, .accept) { message, _ in message = [] }
        try expect(.malformed, .accept) { message, _ in message[0] = 2 }
        try expect(.malformed, .accept) { message, _ in message[1] = 99 }
        try expect(.malformed, .accept) { message, _ in message.append(0) }
        try expect(.otherProposal, .accept) { message, _ in message[2] ^= 1 }
        try expect(.otherSession, .commit) { message, _ in message[2] ^= 1 }
        try expect(.length(.commit, found: 67, expected: 66), .commit) { message, _ in message.append(0) }
        try expect(.length(.mask, found: 32_802, expected: 32_834), .mask) { message, _ in message.removeLast(32) }
        try expect(.length(.mask, found: 32_866, expected: 32_834), .mask) { m, _ in m += m.suffix(32) }
        try expect(.length(.remask, found: 16_402, expected: 16_418), .remask) { m, _ in m.removeLast(16) }
        try expect(.malformed, .mask) { message, _ in message = Array(message.prefix(20)) }
    }

    @Test("messages out of turn and second versions of a message are refused by name")
    func turns() throws {
        try expect(.outOfOrder(expected: .accept, found: .commit), .accept) { m, pairing in m = pairing.toA[1] }
        try expect(.outOfOrder(expected: .mask, found: .seal), .mask) { message, _ in message[1] = 5 }
        try expect(.outOfOrder(expected: .commit, found: .propose), .commit) { message, _ in message[1] = 1 }
        try expect(.changed(.commit), .mask) { message, pairing in
            message = pairing.b.sent[1].array
            message[40] ^= 1
        }
    }

    @Test("another set than the one committed to is refused")
    func swapped() throws {
        try expect(.wrongCommitment, .mask) { message, _ in message[100] ^= 1 }
        try expect(.wrongCommitment, .mask) { message, _ in message[40] ^= 1 }
        try expect(.wrongCommitment, .mask) { message, pairing in
            // A whole set of its own making, valid in itself.
            var random = SeededGenerator(seed: 31)
            let other = try checkInput(try elements(9, &random), 7)
            message = CheckSession.mask(other, pairing.b.parameters, try #require(pairing.b.session), nil)
        }
    }

    @Test("points that are none, the identity, repeated, or our own sent back are refused although committed to")
    func points() throws {
        let head = CheckSession.maskHeadBytes
        #expect(try masked { honest, _ in
            var mask = honest
            mask.replaceSubrange(head + 32 * 5..<head + 32 * 6, with: [UInt8](repeating: 255, count: 32))
            return mask
        } == .unknown(.refused(.notCanonical(index: 5))))
        #expect(try masked { honest, _ in
            var mask = honest
            mask.replaceSubrange(head..<head + 32, with: [UInt8](repeating: 0, count: 32))
            return mask
        } == .unknown(.refused(.identity(index: 0))))
        #expect(try masked { honest, _ in
            var mask = honest
            mask.replaceSubrange(head..<head + 32, with: honest[(head + 32)..<(head + 64)])
            return mask
        } == .unknown(.refused(.repeatedPoint)))
        // Somehow B knows a point of A's: B cannot, before it has committed.
        #expect(try masked { honest, pairing in
            var a = pairing.a
            _ = a.receive(pairing.b.sent[0].array, now: started)
            var mask = honest
            mask.replaceSubrange(head..<head + 32, with: (a.mask?.array ?? [])[head..<head + 32])
            return mask
        } == .unknown(.refused(.reflected)))
        #expect(try masked { honest, _ in honest } == .none)
    }

    @Test("our own commitment sent back is refused, and its role would not open it either")
    func reflected() throws {
        try expect(.reflected, .commit) { message, pairing in message = pairing.a.sent[1].array + [] }
    }

    /// B answers as `spoil` says, and seals that.
    private func answered(
        _ output: CheckParameters.Output, _ spoil: (inout [CheckTag]) -> Void
    ) throws -> CheckSession {
        var pairing = try pairing(output)
        pairing.run(untilToA: .seal)
        let session = try #require(pairing.b.session)
        var tags = CheckTag.list(try #require(pairing.b.remask).array.dropFirst(CheckSession.headBytes))
        spoil(&tags)
        var remask = MessageWriter(.remask, session: session)
        remask.put(CheckTag.bytes(tags))
        var seal = MessageWriter(.seal, session: session)
        seal.put(CheckSession.sealHash(remask.bytes, .responder, session).bytes)
        _ = pairing.a.receive(seal.bytes, now: started)
        _ = pairing.a.receive(remask.bytes, now: started)
        return pairing.a
    }

    @Test("dropped answers show in the canaries, and what was found all the same stands")
    func dropped() throws {
        var random = SeededGenerator(seed: 32)
        let half = try answered(.cells) { tags in
            for i in stride(from: 0, to: tags.count, by: 2) {
                tags[i] = CheckTag((0..<16).map { _ in UInt8(random.below(256)) }[...])
            }
        }
        guard case .unknown(.refused(.canariesMissing(let found, let expected))) = half.outcome else {
            Issue.record("half of the answers dropped: \(String(describing: half.outcome))")
            return
        }
        #expect(expected == 64 && (10..<54).contains(found))
        #expect(half.finding?.isHit == true)
        func drop(_ tags: inout [CheckTag]) {
            for i in tags.indices {
                tags[i] = CheckTag(([UInt8](repeating: 0, count: 14) + [UInt8(i >> 8), UInt8(i & 255)])[...])
            }
        }
        let all = try answered(.cells, drop)
        #expect(all.outcome == .unknown(.refused(.canariesMissing(found: 0, expected: 64))))
        let none = try answered(.count, drop)
        #expect(none.outcome == .unknown(.refused(.canariesMissing(found: 0, expected: 64))))
    }

    @Test("a dropped answer is seen where it answers a canary, 64 places in 1 024, and nowhere else")
    func droppedOne() throws {
        var pairing = try pairing()
        pairing.run(untilToA: .remask)
        let answers = CheckTag.list(try #require(pairing.b.remask).array.dropFirst(CheckSession.headBytes))
        var seen = 0
        for place in answers.indices {
            var a = pairing.a
            var tags = answers
            tags[place] = CheckTag([UInt8](repeating: 0, count: 16)[...])
            do { try a.find(tags) } catch {
                #expect(error == .canariesMissing(found: 63, expected: 64))
                seen += 1
            }
        }
        #expect(seen == 64)
    }

    @Test("repeated answers, and answers other than those sealed, are refused")
    func answers() throws {
        #expect(try answered(.cells) { $0[1] = $0[0] }.outcome == .unknown(.refused(.repeatedTag)))
        try expect(.wrongSeal, .remask) { message, _ in message[50] ^= 1 }
        try expect(.resultsDiffer, .result) { message, _ in message[50] ^= 1 }
        #expect(try answered(.cells) { _ in }.outcome == nil)
    }

    @Test("a MASK under another key than the answers shows nothing to the honest side, and is found by an audit")
    func twoKeys() throws {
        var pairing = try pairing()
        let session = try #require(pairing.b.session)
        let input = try #require(pairing.b.input)
        // Canaries under the key of the answers, elements under another one.
        let other = PreparedMask(try checkInput(input.elements, 55), parameters: pairing.b.parameters)
        let mask = CheckSession.mask(input, pairing.b.parameters, session, other)
        let honest = pairing.b.sent.map(\.array)
        pairing.b.mask = Bytes(mask)
        pairing.b.sent[1] = Bytes(CheckSession.commit(mask, .responder, session))
        pairing.toA[1] = pairing.b.sent[1].array
        pairing.run()
        #expect(pairing.a.outcome == .agreed(.elements([])))
        let proposal = try CheckProposal(pairing.a.sent[0].array)
        #expect(
            CheckAudit.firstDeviation(
                of: .responder, proposal: proposal, input: input, logged: pairing.b.sent.map(\.array),
                received: pairing.a.sent.map(\.array)) == 1)
        #expect(honest[1] != pairing.b.sent[1].array)
    }

    @Test("a MASK under several keys tells a count apart without consent, unseen in the session; an audit finds it")
    func manyKeys() throws {
        var pairing = try pairing(.countThenCells)
        let session = try #require(pairing.b.session)
        let input = try #require(pairing.b.input)
        let order = MaskOrder(seed: input.seed, count: 1_024)
        // Of the 30 elements that both have, B has the first ten under three times its key.
        let common = Set(input.elements).intersection(try #require(pairing.a.input).elements).sorted()
        let marked = Array(common[..<10])
        var mask = try #require(pairing.b.mask).array
        for place in 0..<1_024 {
            guard let element = order.element(at: place, of: input.elements), marked.contains(element) else { continue }
            let at = CheckSession.maskHeadBytes + 32 * place
            let point = try #require(times(GroupPoint(unchecked: mask[at..<at + 32]), 3))
            mask.replaceSubrange(at..<at + 32, with: point.bytes)
        }
        pairing.b.mask = Bytes(mask)
        pairing.b.sent[1] = Bytes(CheckSession.commit(mask, .responder, session))
        pairing.toA[1] = pairing.b.sent[1].array
        pairing.run()
        // A counts too few and sees nothing amiss.
        #expect(common.count == 30 && pairing.a.outcome == .agreed(.count(20)))
        // B knows that of the ten all are A's, which nobody has opened.
        let answers = Set(CheckTag.list(pairing.a.sent[4].array.dropFirst(CheckSession.headBytes)))
        let key = input.seed.key()
        let found = CheckSession.points(pairing.a.sent[2].array.dropFirst(CheckSession.maskHeadBytes)).filter {
            guard let once = $0.multiplied(by: key), let thrice = times(once, 3) else { return false }
            return answers.contains(CheckTag(thrice, session: session))
        }
        #expect(found.count == 10)
        let proposal = try CheckProposal(pairing.a.sent[0].array)
        #expect(
            CheckAudit.firstDeviation(
                of: .responder, proposal: proposal, input: input, logged: pairing.b.sent.map(\.array),
                received: pairing.a.sent.map(\.array)) == 1)
    }

    @Test("END says a number, ends the session as unknown, and that of another session is refused")
    func end() throws {
        var pairing = try pairing()
        pairing.step()
        var message = MessageWriter(.end, session: pairing.a.session)
        message.put(7 as UInt8)
        #expect(pairing.a.receive(message.bytes, now: started).outcome == .unknown(.endedByPeer(reason: 7)))
        #expect(pairing.a.receive(message.bytes, now: started) == CheckReaction())
        try expect(.otherSession, .commit) { bytes, _ in
            bytes = [1, 8] + [UInt8](repeating: 3, count: 32) + [1]
        }
    }

    @Test("no bytes stop a session: every message cut, extended or with one bit flipped, and noise")
    func noise() throws {
        var random = SeededGenerator(seed: 33)
        for kind in [MessageKind.accept, .commit, .mask, .seal, .remask, .result] {
            var pairing = try pairing()
            pairing.run(untilToA: kind)
            let honest = try #require(pairing.toA.first)
            for round in 0..<30 {
                var message = honest
                switch round % 3 {
                case 0: message[Int(random.below(UInt64(min(message.count, 120))))] ^= 1 << UInt8(random.below(8))
                case 1: message = Array(message.prefix(Int(random.below(UInt64(message.count)))))
                default: message = (0..<Int(random.below(200))).map { _ in UInt8(random.below(256)) }
                }
                // ACCEPT's nonce is B's own; every other bit counts, that of a commitment or a seal when it is opened.
                if kind == .accept, message.count == honest.count, message[..<34] == honest[..<34] { continue }
                var run = pairing
                run.toA[0] = message
                run.run()
                guard case .unknown = run.a.outcome else {
                    Issue.record("\(kind), round \(round): \(String(describing: run.a.outcome))")
                    continue
                }
            }
        }
        let proposal = try pairing().a.sent[0].array
        var read = 0
        for _ in 0..<2_000 {
            var bytes = proposal
            bytes[Int(random.below(UInt64(bytes.count)))] ^= 1 << UInt8(random.below(8))
            // Read or refused: whatever is read writes the same bytes again.
            guard let other = try? CheckProposal(bytes) else { continue }
            read += 1
            #expect(other.parameters.bytes == Array(bytes[2..<bytes.count - 32]))
        }
        #expect((200..<1_900).contains(read))
    }
}
