import Foundation
import Kernel

@testable import PrivateCheck

/// One whole check from one seed: two nodes, and between them a mediator that holds what it is sent, by each author's
/// count, and hands it on. Links lose, copy and delay; nodes crash at any message and come back with what they stored.
struct CheckRun {
    struct Trouble {
        var lossPercent: UInt64 = 0
        var copyPercent: UInt64 = 0
        var crashPercent: UInt64 = 0
        /// Microseconds after the start during which no link works.
        var cut: Range<Int64>?
        /// Messages reach the session as they arrive, and not in their author's order.
        var asItComes = false

        init() {}

        init(_ random: inout SeededGenerator) {
            lossPercent = [0, 10, 40][Int(random.below(3))]
            copyPercent = [0, 20][Int(random.below(2))]
            crashPercent = [0, 10, 30][Int(random.below(3))]
            if random.below(10) == 0 {
                let start = Int64(random.below(60_000_000))
                cut = start..<start + Int64(random.below(1_200_000_000))
            }
            asItComes = random.below(10) == 0
        }
    }

    struct Happened {
        var lost = 0, copied = 0, overtaken = 0
        var repeatsIgnored = 0
        /// By what was being taken, before the new state was stored and after.
        var crashesBefore = [Int](repeating: 0, count: 9)
        var crashesAfter = [Int](repeating: 0, count: 9)
        var broken: [String] = []
    }

    struct Node {
        var session: CheckSession?
        let input: CheckInput
        let prepared: PreparedMask
        /// How many of the other's messages it has taken, stored with the session.
        var taken = 0
        var takenAsItCame: [Int] = []
        var waiting: [Int: [UInt8]] = [:]
        var isDown = false
        var hasLeft = false
    }

    enum Event {
        case up(Int, Int)
        case down(Int, Int)
        case restart(Int)
    }

    /// 0 proposes, 1 accepts.
    private(set) var nodes: [Node]
    private(set) var happened = Happened()
    let parameters: CheckParameters
    let trouble: Trouble
    let cheat: Cheat?
    let cheater: Int
    /// What the mediator has of each, in order, and how many of these it has handed on.
    private(set) var held: [[[UInt8]]] = [[], []]
    private(set) var released = [0, 0]
    /// Both REMASK at once, or each when it comes.
    var isJoint = true

    private let choice: MessageKind
    private var random: SeededGenerator
    private var now: Int64 = 0
    private var queue: [(at: Int64, event: Event)] = []

    init(
        _ parameters: CheckParameters, _ sides: [(input: CheckInput, prepared: PreparedMask)], trouble: Trouble,
        cheat: Cheat?, cheater: Int, random: SeededGenerator, choice: MessageKind? = nil
    ) {
        self.parameters = parameters
        self.trouble = trouble
        self.cheat = cheat
        self.cheater = cheater
        self.random = random
        self.choice = choice ?? Cheat.choice(&self.random)
        nodes = sides.map { Node(input: $0.input, prepared: $0.prepared) }
    }

    private var instant: UTCInstant { started.advanced(by: .microseconds(now)) }

    mutating func run() throws {
        nodes[0].session = try CheckSession(proposing: parameters, input: nodes[0].input, now: instant)
        say(0, from: 0)
        let end: Int64 = 660_000_000
        var steps = 0
        while let next = queue.indices.min(by: { queue[$0].at < queue[$1].at }), steps < 50_000 {
            steps += 1
            let (at, event) = queue.remove(at: next)
            guard at < end else { break }
            now = at
            switch event {
            case .up(let author, let index): up(author, index)
            case .down(let to, let index): try down(to, index)
            case .restart(let side): try restart(side)
            }
            if nodes.allSatisfy({ $0.session?.outcome != nil }), queue.allSatisfy({ $0.at > now + 5_000_000 }) { break }
        }
        now = end
        for side in 0..<2 {
            if nodes[side].isDown { try restart(side) }
            let before = nodes[side].session
            var after = before
            _ = after?.tick(now: instant)
            nodes[side].session = after
            watch(side, before)
        }
    }

    // MARK: On the way

    private mutating func later(_ event: Event, _ microseconds: ClosedRange<Double>) {
        queue.append((now + Int64(random.uniform(microseconds)), event))
    }

    private mutating func isLost() -> Bool {
        if trouble.cut?.contains(now) == true { return true }
        guard random.below(100) < trouble.lossPercent else { return false }
        happened.lost += 1
        return true
    }

    /// Everything that a node has said from one message on.
    private mutating func say(_ side: Int, from first: Int) {
        guard let session = nodes[side].session, !nodes[side].hasLeft else { return }
        for index in session.sent.indices.dropFirst(first) {
            if side == cheater, cheat == .leaves, session.sent[index].array[1] == choice.rawValue {
                nodes[side].hasLeft = true
                return
            }
            later(.up(side, index), 1_000...2_000_000)
        }
    }

    private mutating func up(_ author: Int, _ index: Int) {
        guard !nodes[author].isDown, let session = nodes[author].session, index < session.sent.count,
            index >= held[author].count
        else { return }
        guard !isLost(), index == held[author].count else { return later(.up(author, index), 500_000...1_500_000) }
        held[author].append(session.sent[index].array)
        for side in 0..<2 {
            while released[side] < held[side].count, mayRelease(held[side][released[side]]) {
                later(.down(1 - side, released[side]), 1_000...3_000_000)
                released[side] += 1
            }
        }
    }

    private func mayRelease(_ message: [UInt8]) -> Bool {
        guard isJoint, Self.kind(message) == .remask else { return true }
        return held.allSatisfy { $0.contains { Self.kind($0) == .remask } }
    }

    static func kind(_ message: [UInt8]) -> MessageKind? { message.count > 1 ? MessageKind(rawValue: message[1]) : nil }

    // MARK: At a node

    private mutating func down(_ side: Int, _ index: Int) throws {
        guard !isLost(), !nodes[side].isDown else { return later(.down(side, index), 500_000...1_500_000) }
        if random.below(100) < trouble.copyPercent {
            happened.copied += 1
            later(.down(side, index), 1_000...9_000_000)
        }
        let message = held[1 - side][index]
        let isTaken = trouble.asItComes ? nodes[side].takenAsItCame.contains(index) : index < nodes[side].taken
        if isTaken { return repeated(side, message) }
        if trouble.asItComes {
            if try take(side, message) {
                nodes[side].takenAsItCame.append(index)
            } else {
                later(.down(side, index), 500_000...1_500_000)
            }
            return
        }
        if index > nodes[side].taken { happened.overtaken += 1 }
        nodes[side].waiting[index] = message
        while let next = nodes[side].waiting.removeValue(forKey: nodes[side].taken) {
            let index = nodes[side].taken
            guard try take(side, next) else {
                // What had arrived is gone with the memory; the mediator brings it again.
                for lost in [index] + nodes[side].waiting.keys.sorted() { later(.down(side, lost), 500_000...1_500_000) }
                nodes[side].waiting = [:]
                return
            }
            nodes[side].taken += 1
            if nodes[side].isDown {
                for lost in nodes[side].waiting.keys.sorted() { later(.down(side, lost), 500_000...1_500_000) }
                nodes[side].waiting = [:]
                return
            }
        }
    }

    /// The session takes what it has taken before: nothing changes.
    private mutating func repeated(_ side: Int, _ message: [UInt8]) {
        guard var session = nodes[side].session, session.outcome == nil, Self.kind(message) != .propose else { return }
        let (sent, finding) = (session.sent, session.finding)
        let reaction = session.receive(message, now: instant)
        happened.repeatsIgnored += 1
        if reaction != CheckReaction() || session.sent != sent || session.finding != finding, instant <= parameters.deadline {
            happened.broken.append("a message taken twice changed something")
        }
    }

    /// - Returns: whether the new state was stored.
    private mutating func take(_ side: Int, _ message: [UInt8]) throws -> Bool {
        let before = nodes[side].session
        var after = before
        if var session = before {
            _ = session.receive(message, prepared: nodes[side].prepared, now: instant)
            after = session
        } else if let proposal = try? CheckProposal(message), instant <= parameters.deadline {
            after = try CheckSession(
                accepting: proposal, input: nodes[side].input, prepared: nodes[side].prepared, now: instant)
        }
        let isCrash = random.below(100) < trouble.crashPercent
        let kind = Int(Self.kind(message)?.rawValue ?? 0)
        if isCrash {
            nodes[side].isDown = true
            later(.restart(side), 1_000_000...60_000_000)
            if random.below(2) == 0 {
                happened.crashesBefore[kind] += 1
                return false
            }
            happened.crashesAfter[kind] += 1
        }
        let first = before?.sent.count ?? 0
        if side == cheater, let cheat, var session = after {
            var index = first
            while index < session.sent.count {
                let count = session.sent.count
                cheat.spoil(&session, index, choice: choice, other: nodes[1 - side].session, &random)
                index += 1 + session.sent.count - count
            }
            after = session
        }
        nodes[side].session = after
        watch(side, before)
        if !isCrash { say(side, from: first) }
        return true
    }

    private mutating func restart(_ side: Int) throws {
        nodes[side].isDown = false
        guard let session = nodes[side].session else { return }
        let read = try JSONDecoder().decode(CheckSession.self, from: try JSONEncoder().encode(session))
        if read.sent != session.sent || read.finding != session.finding || read.outcome != session.outcome {
            happened.broken.append("a stored session is not what it was")
        }
        nodes[side].session = read
        say(side, from: 0)
    }

    /// What is once known or over stays so.
    private mutating func watch(_ side: Int, _ before: CheckSession?) {
        guard let before, let after = nodes[side].session else { return }
        if let outcome = before.outcome, outcome != after.outcome { happened.broken.append("an outcome changed") }
        if let finding = before.finding, finding != after.finding { happened.broken.append("a finding changed") }
        if after.outcome != nil, after.input != nil || after.mask != nil || after.remask != nil {
            happened.broken.append("a session that is over keeps what it was given")
        }
    }
}
