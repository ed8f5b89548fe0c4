import JointLog
import Kernel
import Mechanism
import Records

/// Whole STOP paths in memory: two principals and a mediator, each with a board, a file that may be full and a clock of
/// its own, on a network that loses, copies, delays and is cut, with officers of every kind. Driven only by its settings:
/// two worlds of the same settings are equal in every ring.
public struct StopWorld: Sendable {
    public let settings: StopSettings
    public internal(set) var nodes: [StopStation]
    public internal(set) var checker: StopChecker
    /// Nanoseconds since the start.
    public internal(set) var timeNs: Int64 = 0
    /// How many events a node's board has handled, in every life.
    public internal(set) var handled = [0, 0, 0]
    var random: SeededGenerator
    var queue = SortedMap<Moment, Happening>()
    var sequence: UInt64 = 0
    /// Links 0–1, 0–2, 1–2.
    var isLinkUp = [true, true, true]

    struct Moment: Comparable, Sendable {
        let timeNs: Int64
        let sequence: UInt64
        static func < (a: Self, b: Self) -> Bool { (a.timeNs, a.sequence) < (b.timeNs, b.sequence) }
    }

    enum Happening: Sendable {
        case parcel(StopParcel, from: Int, to: Int)
        case act(StopAct, at: Int)
        case crash(Int)
        case restart(Int)
        case link(Int, isUp: Bool)
        case disk(Int, isFull: Bool)
        case exchange(Int)
        case look
        case retryRelay(Int)
        case logged(Int, Hash32)
    }

    /// The principals `alpha` and `bravo`, and the mediator.
    public static let parties: [PartyID] = ["alpha", "bravo", "mediator"].compactMap(PartyID.init)

    static let keys: [Ed25519PrivateKey] = (0..<6).compactMap { i in
        Ed25519PrivateKey(seed: [UInt8](repeating: UInt8(0x51 + i), count: 32))
    }

    /// The key with which a party of such a world signs its STOP messages.
    public static func signingKey(of party: PartyID) -> Ed25519PrivateKey {
        guard let place = parties.firstIndex(of: party) else { preconditionFailure("\(party) is no party here") }
        return keys[place]
    }

    public static let terms: Terms = {
        let members = zip(parties.indices, parties).map { i, party in
            SampleTerms.Member(
                id: party.name, name: party.name, role: i < 2 ? .principal : .mediator, nodeKey: keys[i + 3].publicKey,
                stopKey: keys[i].publicKey, tlsKeyHash: MerkleHash.sha256(keys[i].publicKey.bytes),
                address: "127.0.0.1:\(7000 + i)")
        }
        guard let terms = try? Terms.read(SampleTerms.bytes(members, timing: .short), mechanism: nil) else {
            preconditionFailure("sample terms are valid")
        }
        return terms
    }()

    public init(_ settings: StopSettings) {
        self.settings = settings
        var random = SeededGenerator(seed: settings.seed)
        nodes = StopWorld.parties.indices.map { i in
            StopStation(
                party: StopWorld.parties[i], place: i,
                clock: VirtualClock(monotonicOriginNs: Int64(random.below(1 << 40))))
        }
        checker = StopChecker()
        self.random = random
        for i in nodes.indices { start(i) }
        plan()
    }

    // MARK: Time

    /// Plays everything up to the given time.
    public mutating func run(untilS seconds: Int64) {
        let endNs = seconds * 1_000_000_000
        while let next = nextNs(), next <= endNs {
            timeNs = max(timeNs, next)
            if let first = queue.first, first.key.timeNs <= next {
                queue.removeValue(forKey: first.key)
                happen(first.value)
            } else {
                for i in nodes.indices where nodes[i].isUp && nodes[i].deadlineNs.map({ $0 <= timeNs }) ?? false {
                    handle(.tick, at: i)
                }
            }
        }
        timeNs = endNs
    }

    private func nextNs() -> Int64? {
        var next = queue.first?.key.timeNs
        for node in nodes where node.isUp {
            if let deadline = node.deadlineNs { next = min(next ?? deadline, deadline) }
        }
        return next.map { max($0, timeNs) }
    }

    mutating func schedule(_ happening: Happening, inNs delayNs: Int64) {
        sequence += 1
        queue[Moment(timeNs: timeNs + delayNs, sequence: sequence)] = happening
    }

    mutating func between(_ lowMs: Int64, _ highMs: Int64) -> Int64 {
        (lowMs + Int64(random.below(UInt64(highMs - lowMs + 1)))) * 1_000_000
    }

    mutating func chance(_ percent: UInt64) -> Bool { random.below(100) < percent }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .parcel(let parcel, let from, let to): arrive(parcel, from: from, to: to)
        case .act(let act, let place): perform(act, at: place)
        case .crash(let i): crash(i)
        case .restart(let i): start(i)
        case .link(let link, let isUp):
            isLinkUp[link] = isUp
            checker.pathsChanged(self)
        case .disk(let i, let isFull):
            nodes[i].isDiskFull = isFull
            nodes[i].flush()
        case .exchange(let i): exchange(at: i)
        case .look:
            checker.look(at: self)
            schedule(.look, inNs: 1_000_000_000)
        case .retryRelay(let token): retryRelay(token)
        case .logged(let i, let message): if nodes[i].isUp { handle(.logged(message: message), at: i) }
        }
    }

    // MARK: Lives of a node

    mutating func start(_ i: Int) {
        guard !nodes[i].isUp else { return }
        if nodes[i].lives > 0, chance(50) { nodes[i].clock = rebooted(nodes[i].clock) }
        nodes[i].wake(forgets: settings.mutation == .ladderNotRestored)
        checker.pathsChanged(self)
        handle(.started, at: i)
        checker.started(i, self)
    }

    /// Another origin of the monotonic clock, and a UTC that may have stepped.
    private mutating func rebooted(_ clock: VirtualClock) -> VirtualClock {
        let aheadBy = chance(30) ? Duration.milliseconds(Int64(random.below(20_000)) - 10_000) : clock.aheadBy
        return VirtualClock(aheadBy: aheadBy, monotonicOriginNs: Int64(random.below(1 << 30)) - timeNs)
    }

    mutating func crash(_ i: Int) {
        guard nodes[i].isUp else { return }
        nodes[i].fall()
        checker.pathsChanged(self)
        schedule(.restart(i), inNs: between(500, settings.longestOutageMs))
    }

    /// One event: decided, written, then its effects.
    mutating func handle(_ event: StopEvent, at i: Int) {
        guard nodes[i].isUp else { return }
        handled[i] += 1
        let isFatal = settings.crash.map { $0.place == i && $0.event == handled[i] } ?? false
        guard let effects = nodes[i].decide(event, at: timeNs) else { return }
        if isFatal, settings.crash?.point == .beforeEffects { return crash(i) }
        checker.saw(event, at: i, self)
        for effect in effects where nodes[i].isUp { perform(effect, of: event, at: i) }
        if isFatal { crash(i) }
    }
}
