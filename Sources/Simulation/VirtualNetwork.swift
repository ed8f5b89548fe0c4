import Kernel
import Mechanism
import Records

/// Carries messages late, twice, out of order or not at all, as its seed has it.
///
/// Each trouble draws from random numbers of its own, so that one more or one less leaves the others as they were.
public struct VirtualNetwork: Sendable {
    /// 0 … 100.
    public var lossPercent: UInt64 = 0
    /// 0 … 100.
    public var duplicatePercent: UInt64 = 0
    /// Every message takes at least the first and at most the second.
    public var delay: ClosedRange<Duration> = .milliseconds(5)...(.milliseconds(40))
    /// Delays come from outside of the seed: a planted defect.
    var isUnseeded = false
    private var cut = SortedSet<Pair>()
    private var troubles: [ActiveTrouble] = []
    /// Until then no trouble but ``part(_:_:)`` counts.
    private var quietUntilNs = Int64.min
    private(set) var parcels = SortedMap<Moment, Parcel>()
    private var sequence: UInt64 = 0
    private var random: SeededGenerator
    private var lossRandom: SeededGenerator
    private var duplicateRandom: SeededGenerator
    private var delayRandom: SeededGenerator
    private var orderRandom: SeededGenerator
    /// When a slow link is free again.
    private var busyUntilNs = SortedMap<Way, Int64>()

    public init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        lossRandom = SeededGenerator(seed: seed ^ 0x1055)
        duplicateRandom = SeededGenerator(seed: seed ^ 0xD0B1)
        delayRandom = SeededGenerator(seed: seed ^ 0xDE1A)
        orderRandom = SeededGenerator(seed: seed ^ 0x0DE2)
    }

    /// What one node sends another.
    enum Message: Sendable {
        /// With what its author's root keys have signed.
        case push(Push, statements: [String])
        case receipt(String, of: LogID)
        /// The receiver holds this much of a party's log: go on from there.
        case expected(PartyID, UInt64)
        /// With how much the asker holds of each log.
        case challenge(Hash32, held: [(log: LogID, size: UInt64)])
        /// The signed text, the heads that the answerer holds, and for the checker how far its clock was ahead.
        case answer(String, heads: [ShownHead], aheadBy: Duration)
    }

    /// What can be wrong with a link.
    public enum Trouble: Sendable, Hashable {
        /// 0 … 100.
        case loss(percent: UInt64)
        case duplication(percent: UInt64)
        /// Every message takes this much longer.
        case delay(ClosedRange<Duration>)
        /// So many are held back for up to that long, and others overtake them.
        case reordering(percent: UInt64, upTo: Duration)
        /// One message at a time, each of which takes this long.
        case slow(Duration)
        case cut
    }

    private struct ActiveTrouble: Sendable {
        let id: Int
        let trouble: Trouble
        /// `nil`: everybody.
        let from: PartyID?
        let to: PartyID?

        func concerns(_ sender: PartyID, _ receiver: PartyID) -> Bool {
            (from ?? sender) == sender && (to ?? receiver) == receiver
        }
    }

    struct Parcel: Sendable {
        let from: PartyID
        let to: PartyID
        let message: Message
    }

    struct Moment: Comparable, Sendable {
        let timeNs: Int64
        let sequence: UInt64
        static func < (a: Self, b: Self) -> Bool { (a.timeNs, a.sequence) < (b.timeNs, b.sequence) }
    }

    private struct Pair: Comparable, Sendable {
        let low: PartyID
        let high: PartyID

        init(_ a: PartyID, _ b: PartyID) {
            low = min(a, b)
            high = max(a, b)
        }

        static func < (a: Self, b: Self) -> Bool { (a.low, a.high) < (b.low, b.high) }
    }

    private struct Way: Comparable, Sendable {
        let from: PartyID
        let to: PartyID
        static func < (a: Self, b: Self) -> Bool { (a.from, a.to) < (b.from, b.to) }
    }

    /// From now on nothing passes between the two; what is under way still arrives.
    public mutating func part(_ a: PartyID, _ b: PartyID) { cut.insert(Pair(a, b)) }
    public mutating func join(_ a: PartyID, _ b: PartyID) { cut.remove(Pair(a, b)) }

    /// A trouble from one party to another, `nil` meaning any, until it is ended by its number.
    public mutating func begin(_ trouble: Trouble, id: Int, from: PartyID? = nil, to: PartyID? = nil) {
        troubles.append(ActiveTrouble(id: id, trouble: trouble, from: from, to: to))
    }

    public mutating func end(_ id: Int) { troubles.removeAll { $0.id == id } }

    /// Troubles that were begun rest until then.
    public mutating func rest(untilNs: Int64) { quietUntilNs = max(quietUntilNs, untilNs) }

    /// No loss, no copies, nothing cut.
    public mutating func heal() {
        lossPercent = 0
        duplicatePercent = 0
        cut = SortedSet()
        troubles = []
        busyUntilNs = SortedMap()
    }

    /// What a party has sent and nobody has received is lost.
    mutating func drop(from party: PartyID) {
        for (moment, parcel) in parcels where parcel.from == party { parcels[moment] = nil }
    }

    mutating func send(_ message: Message, from: PartyID, to: PartyID, at timeNs: Int64) {
        guard !cut.contains(Pair(from, to)) else { return }
        let active = timeNs < quietUntilNs ? [] : troubles.filter { $0.concerns(from, to) }.map(\.trouble)
        guard !active.contains(.cut) else { return }
        let usual = usualDelayNs()
        for copy in 0..<copies(active) where !isLost(active) {
            let wait = copy == 0 ? usual : usual + Int64(duplicateRandom.below(3_000_000_000))
            let arrival = timeNs + wait + extraNs(active, Way(from: from, to: to), at: timeNs)
            sequence += 1
            parcels[Moment(timeNs: arrival, sequence: sequence)] = Parcel(from: from, to: to, message: message)
        }
    }

    private mutating func usualDelayNs() -> Int64 {
        let low = delay.lowerBound.wholeNanoseconds
        let spread = UInt64(max(0, delay.upperBound.wholeNanoseconds - low)) + 1
        return low + Int64(isUnseeded ? UInt64.random(in: 0..<spread) : random.below(spread))
    }

    private mutating func copies(_ active: [Trouble]) -> Int {
        var copies = duplicatePercent > 0 && duplicateRandom.below(100) < duplicatePercent ? 2 : 1
        for case .duplication(let percent) in active where duplicateRandom.below(100) < percent { copies += 1 }
        return copies
    }

    private mutating func isLost(_ active: [Trouble]) -> Bool {
        if lossPercent > 0, lossRandom.below(100) < lossPercent { return true }
        for case .loss(let percent) in active where lossRandom.below(100) < percent { return true }
        return false
    }

    private mutating func extraNs(_ active: [Trouble], _ way: Way, at timeNs: Int64) -> Int64 {
        var extra: Int64 = 0
        for trouble in active {
            switch trouble {
            case .delay(let range):
                let low = range.lowerBound.wholeNanoseconds
                extra += low + Int64(delayRandom.below(UInt64(range.upperBound.wholeNanoseconds - low) + 1))
            case .reordering(let percent, let most):
                if orderRandom.below(100) < percent { extra += Int64(orderRandom.below(UInt64(most.wholeNanoseconds))) }
            case .slow(let each):
                let free = max(timeNs, busyUntilNs[way] ?? timeNs) + each.wholeNanoseconds
                busyUntilNs[way] = free
                extra += free - timeNs
            case .loss, .duplication, .cut: break
            }
        }
        return extra
    }

    mutating func take() -> Parcel? {
        guard let first = parcels.first else { return nil }
        return parcels.removeValue(forKey: first.key)
    }
}
