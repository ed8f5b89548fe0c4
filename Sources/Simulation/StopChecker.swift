import Kernel
import Mechanism
import Records

/// How often what a promise presumes was so, and how often the promise was then kept.
public struct StopShare: Sendable, Equatable {
    public internal(set) var held = 0
    public internal(set) var met = 0

    public init() {}

    public mutating func add(_ other: StopShare) {
        held += other.held
        met += other.met
    }

    /// Such as `1993 of 1993`.
    public var text: String { "\(met) of \(held)" }
}

/// Watches a ``StopWorld`` from outside: from what officers did, what was rung and when links stood, not from what boards
/// say of themselves.
public struct StopChecker: Sendable {
    /// Where some path stood for ten seconds: the press came to the other principal.
    public private(set) var delivered = StopShare()
    /// Where nobody heard a STOP for 90 s at a desk that knew of it and was up: its ladder was rung at the top.
    public private(set) var climbed = StopShare()
    /// Starts of a node with an unheard STOP in its file, and how many of them rang it.
    public private(set) var restored = StopShare()
    public private(set) var violations: [String] = []

    static let windowNs: Int64 = 10_000_000_000
    static let topNs: Int64 = 60_000_000_000
    static let patienceNs: Int64 = 90_000_000_000

    /// One press.
    struct Press: Sendable {
        let id: Hash32
        let author: Int
        let atNs: Int64
        let isFirst: Bool
        var presumed = false
        var deliveredNs: Int64?
        /// Its author's node has lost it, or it is lifted: nothing more is owed.
        var isDone = false
        /// By node: since when it knows of it without a break, and whether that is written down.
        var knownNs: [Int64?] = [nil, nil]
        var isWritten = [false, false]
        var isJudged = [false, false]
    }

    struct Heard: Sendable {
        let ring: StopRing
        let atNs: Int64
        let isWritten: Bool
    }

    private var presses: [Press] = []
    /// By node.
    private var rings: [[Heard]] = [[], [], []]
    private var answers: [(place: Int, stop: StopID)] = []
    private var lifted = SortedSet<StopID>()
    /// Since when a path stands: directly, by the relay.
    private var pathNs: [Int64?] = [nil, nil]
    /// By node: when it last came up, and the last moment of its life before.
    private var upNs: [Int64?] = [nil, nil, nil]
    private var lives: [[ClosedRange<Int64>]] = [[], [], []]

    // MARK: What happens

    mutating func pathsChanged(_ world: StopWorld) {
        judgeDeliveries(world)
        let up = world.nodes.map(\.isUp)
        let link = world.isLinkUp
        let stands = [up[0] && up[1] && link[0], up[0] && up[1] && up[2] && link[1] && link[2]]
        for i in 0..<2 { pathNs[i] = stands[i] ? pathNs[i] ?? world.timeNs : nil }
        for i in 0..<3 {
            if up[i] {
                upNs[i] = upNs[i] ?? world.timeNs
            } else if let since = upNs[i] {
                lives[i].append(since...world.timeNs)
                upNs[i] = nil
                // What never reached its file, the other side will tell it again.
                guard i < 2 else { continue }
                for p in presses.indices where !presses[p].isWritten[i] { presses[p].knownNs[i] = nil }
            }
        }
    }

    mutating func made(_ content: StopContent, _ id: Hash32, at i: Int, _ world: StopWorld) {
        switch content {
        case .stop(let press):
            presses.append(Press(id: id, author: i, atNs: world.timeNs, isFirst: press.repeats == nil))
        case .answer(let answer): answers.append((i, answer.stop))
        case .lift(let lift): lifted.insert(lift.stop)
        case .effect, .received, .escalation: break
        }
    }

    mutating func saw(_ event: StopEvent, at i: Int, _ world: StopWorld) {
        guard i < 2 else { return }
        switch event {
        case .own, .received:
            for p in presses.indices where presses[p].knownNs[i] == nil && knows(presses[p], i, world) {
                presses[p].knownNs[i] = world.timeNs
                if presses[p].author != i, presses[p].deliveredNs == nil { presses[p].deliveredNs = world.timeNs }
            }
        case .started, .tick, .handed, .rung, .logged: break
        }
        noteWritten(i, world)
    }

    mutating func rang(_ ring: StopRing, at i: Int, _ world: StopWorld) {
        let before = rings[i].filter { $0.ring.id.stop == ring.id.stop && $0.isWritten }
        if ring.isNew, before.contains(where: { $0.ring.id == ring.id }) {
            violations.append("\(world.nodes[i].party) rang \(ring.id) twice as new at \(world.timeNs) ns")
        }
        if let last = before.last, ring.id < last.ring.id {
            violations.append("\(world.nodes[i].party) fell back from \(last.ring.id) to \(ring.id) at \(world.timeNs) ns")
        }
        rings[i].append(Heard(ring: ring, atNs: world.timeNs, isWritten: world.nodes[i].isDurable))
    }

    mutating func started(_ i: Int, _ world: StopWorld) {
        guard i < 2 else { return }
        for p in presses.indices where presses[p].knownNs[i] != nil {
            guard isOwed(presses[p], at: i) else { continue }
            restored.held += 1
            if rings[i].contains(where: { $0.ring.id.stop == presses[p].id && $0.atNs == world.timeNs })
                || isRungLater(presses[p], i, world)
            {
                restored.met += 1
            } else {
                violations.append("\(world.nodes[i].party) fell silent on \(presses[p].id) at \(world.timeNs) ns")
            }
        }
    }

    /// The desk that pressed is not rung before the first rung.
    private func isRungLater(_ press: Press, _ i: Int, _ world: StopWorld) -> Bool {
        guard press.author == i, let call = world.nodes[i].board.call(of: press.id) else { return false }
        return call.ladder.state == .ringing && call.ladder.rung == 0
    }

    /// Each second.
    mutating func look(at world: StopWorld) {
        for i in 0..<2 { noteWritten(i, world) }
        judgeDeliveries(world)
        for p in presses.indices {
            let press = presses[p]
            let author = world.nodes[press.author]
            if author.isUp, author.board.call(of: press.id)?.isOpen != true { presses[p].isDone = true }
            for i in 0..<2 { judgeLadder(p, i, world) }
        }
    }

    // MARK: What follows

    private func knows(_ press: Press, _ i: Int, _ world: StopWorld) -> Bool {
        world.nodes[i].isUp && world.nodes[i].board.call(of: press.id) != nil
    }

    private mutating func noteWritten(_ i: Int, _ world: StopWorld) {
        guard world.nodes[i].isUp, world.nodes[i].isDurable else { return }
        for p in presses.indices where presses[p].knownNs[i] != nil { presses[p].isWritten[i] = true }
    }

    private mutating func judgeDeliveries(_ world: StopWorld) {
        for p in presses.indices where !presses[p].presumed && !presses[p].isDone {
            let press = presses[p]
            let hasWindow = pathNs.contains { since in
                since.map { world.timeNs - max($0, press.atNs) >= StopChecker.windowNs } ?? false
            }
            guard hasWindow, knows(press, press.author, world) else { continue }
            presses[p].presumed = true
            delivered.held += 1
            if press.deliveredNs != nil {
                delivered.met += 1
            } else {
                violations.append("\(press.id) was not delivered by \(world.timeNs) ns")
            }
        }
    }

    /// Whether the desk owes it an answer: nobody there has answered, or at the desk that pressed nobody has, and it is
    /// not lifted.
    private func isOwed(_ press: Press, at i: Int) -> Bool {
        guard press.isFirst, !lifted.contains(press.id) else { return false }
        return !answers.contains { $0.stop == press.id && ($0.place == i || press.author == i) && $0.place < 2 }
    }

    private mutating func judgeLadder(_ p: Int, _ i: Int, _ world: StopWorld) {
        let press = presses[p]
        guard press.isFirst, !press.isJudged[i] else { return }
        guard isOwed(press, at: i) else {
            presses[p].isJudged[i] = true
            return
        }
        guard let since = press.knownNs[i], world.timeNs - since >= StopChecker.patienceNs else { return }
        presses[p].isJudged[i] = true
        guard wasUp(i, from: since + StopChecker.topNs, to: world.timeNs) else { return }
        climbed.held += 1
        if rings[i].contains(where: { $0.ring.id.stop == press.id && $0.ring.id.rung == 2 && $0.atNs >= since }) {
            climbed.met += 1
        } else {
            violations.append("\(world.nodes[i].party) had not climbed with \(press.id) by \(world.timeNs) ns")
        }
    }

    /// For a second at least.
    private func wasUp(_ i: Int, from: Int64, to: Int64) -> Bool {
        let all = lives[i] + (upNs[i].map { [$0...to] } ?? [])
        return all.contains { min($0.upperBound, to) - max($0.lowerBound, from) >= 1_000_000_000 }
    }
}
