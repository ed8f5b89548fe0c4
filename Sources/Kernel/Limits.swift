/// Every limit, named once. Over a limit is a clear refusal to an officer, and for a peer's record an
/// attributed `unknown`.
public enum Limits {
    /// Largest integer in any record or request: exact in every JSON reader.
    public static let largestInteger: UInt64 = 1 << 53
    public static let partyIDBytes = 32
    public static let volumesPerNotice = 64
    /// Over all footprints of one notice.
    public static let verticesPerNotice = 1_000
    /// Longest window of one volume.
    public static let windowLongest: Duration = .hours(30 * 24)
    /// Standing presence is reviewed within this time of its version.
    public static let reviewWithin: Duration = .hours(90 * 24)
    public static let edgeLongestMetres = 1_000_000.0
    public static let radiusLargestMetres = 1_000_000.0
    public static let messageBytes = 8 * 1024
    public static let recordBytes = 60 * 1024
    public static let notices = 1_000_000
    public static let requestBytes = 1024 * 1024
    public static let peers = 16
    public static let jsonDepth = 24
    /// Characters of a contact, a remark or a reason.
    public static let textBytes = 2_000
    public static let officerNameBytes = 64
    public static let termsBytes = 52 * 1024
    /// New logs of one party after forks.
    public static let epochs: UInt64 = 1_000
    /// Signed heads of one log that are remembered although their records have not come.
    public static let announcedHeads = 8
    /// Signed heads in one answer of a peer.
    public static let shownHeads = 16
    /// Root-signed statements that go along with a push.
    public static let statementsPerPush = 16
    /// Root keys of one party.
    public static let rootKeys = 8
    /// Records that one encapsulation for a reader serves.
    public static let sealingEpochRecords: UInt64 = 1_024
    /// Entries in one push to a peer.
    public static let pushEntries = 256
    /// Events that wait for the driver before it refuses.
    public static let inboxEvents = 4_096
    /// Events a desk stream can resume over.
    public static let streamBacklog = 4_096
    public static let streamSubscribers = 64
    /// After the last desk has left the stream, what happens is kept for its return this long.
    public static let streamAwaits: Duration = .minutes(2)
    public static let sessionsPerNode = 256
    /// Wrong passphrases in a row before an officer is locked out.
    public static let signInAttempts = 5
    public static let signInLockout: Duration = .minutes(5)
    /// Passphrases that wait to be checked before sign-in is refused for the moment.
    public static let signInsWaiting = 32
    public static let sessionLifetime: Duration = .hours(12)
    public static let peerRequestsPerSecond = 200
    public static let deskRequestsPerSecond = 500
    public static let conditionsPerSettlement = 16
    public static let readBackAttempts = 1_000
    /// Units that one party registers.
    public static let units = 1_000
    /// Calls that are kept: the oldest closed ones go first, and stay in the record.
    public static let calls = 10_000
    public static let presenceExchanges = 1_000
    /// Acts that wait for a second officer.
    public static let pendingActs = 100
    public static let disclosures = 1_000
    /// Open STOPs of one party; a further press joins the newest.
    public static let openStops = 8
    /// Presses that join one open STOP.
    public static let stopRepeats = 64
    /// Messages about one STOP.
    public static let stopMessages = 256
    /// Closed STOPs that a node remembers; the record has all.
    public static let closedStops = 100
    /// Messages that a mediator holds for a party, in each direction, to hand them on.
    public static let relayedMessages = 64
}
