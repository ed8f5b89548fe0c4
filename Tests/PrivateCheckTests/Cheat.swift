import Kernel

@testable import PrivateCheck

/// What one side does that the protocol does not say. `docs/private-check.md` has what becomes of each.
enum Cheat: String, CaseIterable {
    case repeatedPoint, identityPoint, noPoint, fewerPoints, morePoints
    case reflectedPoint, reflectedCommit, swappedSet
    case fewerAnswers, repeatedAnswer, otherAnswers, otherKeyInAnswers
    case droppedHalf, droppedSome, shuffledAll, shuffledTwo
    case twoKeys, noElements
    case outOfTurn, secondVersion, otherSession, otherProposal, wrongResult
    case changedBit, cut, noise, saysEnd, leaves

    /// Whether only the side that proposes can do it, or only the one that accepts.
    var role: CheckSession.Role? {
        switch self {
        // Whoever accepts has committed before it sees anything.
        case .reflectedPoint, .reflectedCommit: .initiator
        case .otherProposal: .responder
        default: nil
        }
    }

    /// What the other side calls it, by the number of its END; none where it sees nothing.
    var refusals: [UInt8] {
        switch self {
        case .repeatedPoint: [10]
        case .identityPoint: [9]
        case .noPoint: [8]
        case .fewerPoints, .morePoints, .fewerAnswers: [7]
        case .reflectedPoint, .reflectedCommit: [6]
        case .swappedSet: [11]
        case .repeatedAnswer: [12]
        case .otherAnswers: [13]
        case .otherKeyInAnswers, .droppedHalf, .droppedSome, .shuffledAll, .shuffledTwo: [14]
        case .outOfTurn: [3]
        case .secondVersion: [4]
        case .otherSession: [2]
        case .otherProposal: [5]
        case .wrongResult: [15]
        // By what the bit stood for: everything but what takes two points or two answers.
        case .changedBit: [1, 2, 3, 4, 5, 7, 11, 13, 15]
        case .cut: [1, 7]
        case .noise: [1]
        case .twoKeys, .noElements, .saysEnd, .leaves: []
        }
    }

    /// Whether a session may end in agreement all the same.
    func mayAgree(_ output: CheckParameters.Output) -> Bool {
        switch self {
        case .droppedHalf, .droppedSome, .shuffledTwo, .twoKeys, .noElements: true
        // A count stands in no order.
        case .shuffledAll: output == .count
        default: false
        }
    }

    /// Whether a finding may name other elements of the honest side than those that both have.
    var mayMisname: Bool { self == .shuffledAll || self == .shuffledTwo }

    /// Which kind of message it is done with, where there is a choice.
    static func choice(_ random: inout SeededGenerator) -> MessageKind {
        let kinds: [MessageKind] = [.commit, .mask, .seal, .remask, .result]
        return kinds[Int(random.below(UInt64(kinds.count)))]
    }

    /// Spoils a message that the cheating side's session has just made.
    ///
    /// - Parameters:
    ///   - index: of the message in `sent`.
    ///   - other: the honest side's session, for what the cheating side has from it.
    func spoil(
        _ session: inout CheckSession, _ index: Int, choice: MessageKind, other: CheckSession?,
        _ random: inout SeededGenerator
    ) {
        guard let kind = MessageKind(rawValue: session.sent[index].array[1]) else { return }
        switch self {
        case .repeatedPoint, .identityPoint, .noPoint, .fewerPoints, .morePoints, .reflectedPoint, .twoKeys:
            if kind == .commit { remask(&session, index, other, &random) }
        case .fewerAnswers, .repeatedAnswer, .otherKeyInAnswers, .droppedHalf, .droppedSome, .shuffledAll, .shuffledTwo:
            if kind == .seal { answer(&session, index, other, &random) }
        case .reflectedCommit:
            if kind == .commit, let other, other.sent.count > 1 { session.sent[index] = other.sent[1] }
        case .swappedSet:
            if kind == .mask { change(&session, index) { $0[70 + Int(random.below(30_000))] ^= 4 } }
        case .otherAnswers: if kind == .remask { change(&session, index) { $0[40] ^= 1 } }
        case .outOfTurn:
            // A SEAL where MASK is due.
            if kind == .mask { change(&session, index) { $0 = [1, 5] + $0[2..<34] + [UInt8](repeating: 7, count: 32) } }
        case .secondVersion:
            guard kind == .mask else { return }
            var second = session.sent[index - 1].array
            second[40] ^= 1
            session.sent.insert(Bytes(second), at: index)
        case .otherSession: if kind == choice { change(&session, index) { $0[5] ^= 8 } }
        case .otherProposal: if kind == .accept { change(&session, index) { $0[5] ^= 8 } }
        case .wrongResult: if kind == .result { change(&session, index) { $0[50] ^= 8 } }
        case .changedBit:
            guard kind == choice else { return }
            change(&session, index) { $0[Int(random.below(UInt64($0.count)))] ^= 1 << UInt8(random.below(8)) }
        case .cut:
            guard kind == choice else { return }
            change(&session, index) { $0 = Array($0.prefix(Int(random.below(UInt64($0.count))))) }
        case .noise:
            guard kind == choice else { return }
            change(&session, index) { message in
                // Never a head that may be read.
                message = [9] + (0..<random.below(200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
        case .saysEnd:
            guard kind == choice else { return }
            change(&session, index) { $0 = [1, 8] + $0[2..<34] + [7] }
        case .noElements, .leaves: break
        }
    }

    private func change(_ session: inout CheckSession, _ index: Int, _ body: (inout [UInt8]) -> Void) {
        var message = session.sent[index].array
        body(&message)
        session.sent[index] = Bytes(message)
    }

    /// Another MASK, to which COMMIT then commits.
    private func remask(
        _ session: inout CheckSession, _ index: Int, _ other: CheckSession?, _ random: inout SeededGenerator
    ) {
        guard let name = session.session, let input = session.input, var mask = session.mask?.array else { return }
        let head = CheckSession.maskHeadBytes
        let place = head + 32 * Int(random.below(1_023))
        switch self {
        case .repeatedPoint: mask.replaceSubrange(place..<place + 32, with: mask[(place + 32)..<(place + 64)])
        case .identityPoint: mask.replaceSubrange(place..<place + 32, with: [UInt8](repeating: 0, count: 32))
        case .noPoint: mask.replaceSubrange(place..<place + 32, with: [UInt8](repeating: 255, count: 32))
        case .fewerPoints: mask.removeLast(32)
        case .morePoints: mask += GroupPoint(hashing: [1], tag: PreparedMask.tag).bytes
        case .reflectedPoint:
            guard let theirs = other?.mask?.array else { return }
            mask.replaceSubrange(place..<place + 32, with: theirs[place..<place + 32])
        case .twoKeys:
            // Canaries under the key of the answers, elements under another one.
            guard let seed = SecretSeed((0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }),
                let twin = try? CheckInput(elements: input.elements, planRoot: input.planRoot, volumeHours: 0, seed: seed)
            else { return }
            mask = CheckSession.mask(
                input, session.parameters, name, PreparedMask(twin, parameters: session.parameters))
        default: return
        }
        session.mask = Bytes(mask)
        session.sent[index] = Bytes(CheckSession.commit(mask, session.role, name))
    }

    /// Other answers, which SEAL then seals.
    private func answer(
        _ session: inout CheckSession, _ index: Int, _ other: CheckSession?, _ random: inout SeededGenerator
    ) {
        guard let name = session.session, let honest = session.remask?.array else { return }
        var tags = CheckTag.list(honest.dropFirst(CheckSession.headBytes))
        func made() -> CheckTag { CheckTag((0..<16).map { _ in UInt8(truncatingIfNeeded: random.next()) }[...]) }
        switch self {
        case .fewerAnswers: tags.removeLast()
        case .repeatedAnswer: tags[Int(random.below(1_023))] = tags[1_023]
        case .otherKeyInAnswers:
            guard let points = other?.ownPoints else { return }
            tags = points.map { CheckTag(times($0, 99) ?? $0, session: name) }
        case .droppedHalf: for i in tags.indices where random.below(2) == 0 { tags[i] = made() }
        case .droppedSome: for _ in 0..<8 { tags[Int(random.below(1_024))] = made() }
        case .shuffledAll: tags.shuffle(using: &random)
        case .shuffledTwo: tags.swapAt(Int(random.below(512)), 512 + Int(random.below(512)))
        default: return
        }
        if case .count = session.parameters.output, self != .shuffledAll, self != .shuffledTwo { tags.sort() }
        var message = MessageWriter(.remask, session: name)
        message.put(CheckTag.bytes(tags))
        session.remask = Bytes(message.bytes)
        var seal = MessageWriter(.seal, session: name)
        seal.put(CheckSession.sealHash(message.bytes, session.role, name).bytes)
        session.sent[index] = Bytes(seal.bytes)
    }
}
