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
    public static let termsBytes = 32 * 1024
    /// Entries in one push to a peer.
    public static let pushEntries = 64
    /// Events that wait for the driver before it refuses.
    public static let inboxEvents = 4_096
    /// Events a desk stream can resume over.
    public static let streamBacklog = 4_096
    public static let streamSubscribers = 64
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
}
