/// What a ``StopWorld`` is made of.
public struct StopSettings: Sendable {
    public var seed: UInt64
    /// 0 … 100, of every parcel.
    public var lossPercent: UInt64 = 50
    public var duplicatePercent: UInt64 = 20
    /// Of every parcel, milliseconds.
    public var delayMs: ClosedRange<Int64> = 5...600
    /// Links are cut, nodes crash, disks fill up.
    public var hasFaults = true
    public var longestOutageMs: Int64 = 25_000
    /// Of `bravo`; `nil`: as the seed has it.
    public var officer: StopOfficer?
    public var mutation: StopMutation?
    /// One crash at an exact event.
    public var crash: StopCrash?

    public init(seed: UInt64) { self.seed = seed }
}

public struct StopCrash: Sendable {
    public enum Point: Sendable {
        /// The event is written, nothing else is done.
        case beforeEffects
        case afterEffects
    }

    /// 0 or 1 for the principals, 2 for the mediator.
    public var place: Int
    /// Counted from 1.
    public var event: Int
    public var point: Point

    public init(place: Int, event: Int, point: Point) {
        self.place = place
        self.event = event
        self.point = point
    }
}

/// A planted defect, to show that the checker can fail.
public enum StopMutation: Sendable, CaseIterable {
    /// A message is sent once.
    case noRepeats
    /// A restart begins with an empty board.
    case ladderNotRestored
    /// What was rung is not written down before it rings.
    case ringsForgotten
}

/// How the officers of a desk are.
public enum StopOfficer: Sendable, CaseIterable {
    case fast, slow, absent
    /// Reports that the fire has ceased when it has not.
    case wrong
}
