import Kernel
import Records

/// What this node knows of another party's node, and since when.
///
/// | state | while |
/// |---|---|
/// | down | nothing fresh within `staleAfter`, or never |
/// | suspended | it says that it has suspended the mechanism |
/// | notReceipting | it answers, and for `staleAfter` has not taken what we pushed |
/// | unstaffed | it answers, and no officer has acted there within `unstaffedAfter` |
/// | late | its last answer is older than one and a half heartbeats |
/// | up | otherwise |
///
/// The first that applies is shown. A link that is down because nobody has answered since this node started is rung
/// for after `staleAfter`.
public struct Link: Sendable, Codable, Hashable {
    public let party: PartyID
    /// When we sent the challenge of its newest answer in this run; `nil` before the first.
    public var freshAt: MonotonicInstant?
    public var answer: HeartbeatAnswer?
    /// Its clock less ours, at that answer; within half the round trip.
    public var clockDifference: Duration?
    /// Our two clocks when we took that answer.
    var answeredAt: Now?
    /// On our clock, when an officer last acted there.
    public var humanActAt: MonotonicInstant?
    /// Size of our log that its receipts cover, and when our log first exceeded it.
    public var receipted: UInt64
    /// On our clock, when we took the newest of them.
    public var receiptedAt: MonotonicInstant?
    public var unreceiptedSince: MonotonicInstant?
    /// By its clock, when it gave the newest of them; whole seconds.
    public var receiptTime: UTCInstant?
    /// On our clock, when we last took records of its log.
    public var tookAt: MonotonicInstant?
    /// What it says is the size of its own log, when that is less than we hold of it.
    public var showsLess: UInt64?
    public var state: LinkState
    /// Size of its log just after the newest record by which it resumed. What it said over fewer records is from before.
    var resumedAtSize: UInt64
    /// The last state that we rang for and, as a principal, put on record; never `late`, which comes and goes.
    public var recordedState: LinkState?

    init(party: PartyID) {
        self.party = party
        receipted = 0
        resumedAtSize = 0
        state = .down
    }
}
