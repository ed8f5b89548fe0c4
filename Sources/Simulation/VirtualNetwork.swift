import Kernel
import Mechanism
import Records

/// Carries messages late, twice, out of order or not at all, as its seed has it.
public struct VirtualNetwork: Sendable {
    /// 0 … 100.
    public var lossPercent: UInt64 = 0
    /// 0 … 100.
    public var duplicatePercent: UInt64 = 0
    /// Every message takes at least the first and at most the second.
    public var delay: ClosedRange<Duration> = .milliseconds(5)...(.milliseconds(40))
    private var cut = SortedSet<Pair>()
    private(set) var parcels = SortedMap<Moment, Parcel>()
    private var sequence: UInt64 = 0
    private var random: SeededGenerator

    public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

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

    /// From now on nothing passes between the two; what is under way still arrives.
    public mutating func part(_ a: PartyID, _ b: PartyID) { cut.insert(Pair(a, b)) }
    public mutating func join(_ a: PartyID, _ b: PartyID) { cut.remove(Pair(a, b)) }

    /// No loss, no copies, nothing cut.
    public mutating func heal() {
        lossPercent = 0
        duplicatePercent = 0
        cut = SortedSet()
    }

    /// What a party has sent and nobody has received is lost.
    mutating func drop(from party: PartyID) {
        for (moment, parcel) in parcels where parcel.from == party { parcels[moment] = nil }
    }

    mutating func send(_ message: Message, from: PartyID, to: PartyID, at timeNs: Int64) {
        guard !cut.contains(Pair(from, to)) else { return }
        let copies = random.below(100) < duplicatePercent ? 2 : 1
        for _ in 0..<copies where random.below(100) >= lossPercent {
            let low = delay.lowerBound.wholeNanoseconds
            let spread = UInt64(max(0, delay.upperBound.wholeNanoseconds - low)) + 1
            sequence += 1
            let arrival = Moment(timeNs: timeNs + low + Int64(random.below(spread)), sequence: sequence)
            parcels[arrival] = Parcel(from: from, to: to, message: message)
        }
    }

    mutating func take() -> Parcel? {
        guard let first = parcels.first else { return nil }
        return parcels.removeValue(forKey: first.key)
    }
}
