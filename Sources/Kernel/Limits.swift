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
    /// Events of one class of work that wait for the driver before it refuses, and of those from one officer or peer.
    public static let inboxEvents = 4_096
    public static let inboxEventsPerSource = 1_024
    /// Bytes of such events.
    public static let inboxBytes = 32 * 1024 * 1024
    public static let inboxBytesPerSource = 8 * 1024 * 1024
    /// Of what a turn may do, calls leave so much to receipts and records, and receipts so much to records.
    public static let turnLeftToEvidence = 64
    public static let turnLeftToRecords = 32
    /// Work of one turn of the driver, and how long it goes on taking more: whatever comes meanwhile waits for the end
    /// of one turn at most. An event counts as one, and as many more as it brings records.
    public static let turnWork = 256
    public static let turnLongest: Duration = .milliseconds(100)
    /// Events a desk stream can resume over.
    public static let streamBacklog = 4_096
    public static let streamBacklogBytes = 16 * 1024 * 1024
    public static let streamSubscribers = 64
    /// Streams of one officer: a further one ends the oldest, which resumes if anybody still reads it.
    public static let streamsPerOfficer = 8
    /// Bytes of a stream that are made at once; the next are made when these have gone.
    public static let streamChunkBytes = 256 * 1024
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
    /// Requests of one address at the desk before anybody has signed in, and addresses that are told apart.
    public static let strangerRequestsPerSecond = 200
    public static let strangerAddresses = 1_024
    /// Whoever asks too often is answered only after this, so that asking again at once gains nothing.
    public static let refusalPause: Duration = .milliseconds(250)
    /// Requests under way in all, by class: each class may use what stands here less what is under way, whatever that
    /// is. STOP is not counted.
    public static let readsUnderWay = 32
    public static let recordsUnderWay = 64
    public static let evidenceUnderWay = 96
    public static let urgentUnderWay = 128
    /// Of those, of one officer and of one peer.
    public static let requestsPerOfficer = 24
    public static let requestsPerPeer = 8
    /// Bytes of requests under way, in all, beyond that for calls, and of one officer or peer.
    public static let requestBytesUnderWay = 32 * 1024 * 1024
    public static let requestBytesForCalls = 8 * 1024 * 1024
    public static let requestBytesPerSource = 8 * 1024 * 1024
    /// Bytes of one request of somebody who has not signed in.
    public static let strangerRequestBytes = 16 * 1024
    /// Requests about STOP that one peer has answered at once; further ones wait for these.
    public static let stopRequestsPerPeer = 4
    /// Connections to one port whose other end is not known yet: a further one closes the oldest.
    public static let unknownConnections = 256
    /// Connections of one officer, console or peer: a further one closes the oldest that has brought no STOP.
    public static let connectionsPerOfficer = 64
    public static let connectionsPerPeer = 16
    /// Those that have brought a STOP are counted apart, of one officer, console or peer.
    public static let stopConnections = 4
    /// Known connections to one port.
    public static let knownConnections = 512
    /// From the first byte of a connection or of a request until its end is known, or it is closed.
    public static let handshakeLongest: Duration = .seconds(5)
    public static let requestHeadLongest: Duration = .seconds(10)
    public static let requestBodyLongest: Duration = .seconds(30)
    /// Without a request, a connection is closed after this.
    public static let connectionIdle: Duration = .minutes(2)
    /// A reader that has not taken what waits for it after this long is cut off; a desk's stream resumes where it was.
    public static let readerStalled: Duration = .seconds(15)
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
    /// Records of one log that could not be understood and are named one by one, newest first; also the most that one
    /// statement of what was judged names.
    public static let unreadableRecords = 1_000
    /// Changes of keys in one log.
    public static let keyChanges = 1_000
    /// Presses that join one open STOP.
    public static let stopRepeats = 64
    /// Messages about one STOP.
    public static let stopMessages = 256
    /// Closed STOPs that a node remembers; the record has all.
    public static let closedStops = 100
    /// Messages that a mediator holds for a party, in each direction, to hand them on.
    public static let relayedMessages = 64
    /// Coarsest and finest cells that a private check may use: about 160 km and 160 m wide.
    public static let privateCheckLevels = 6...16
    /// Size classes of a private check, as powers of two: what a set is padded to.
    public static let privateCheckClasses = 10...20
    /// Points that the terms may let a pair put into all private checks of a UTC day, on each side.
    public static let privateCheckPointsPerDay = 1 << 24
    /// Elements of a private check that both sides put in, known to both and to nobody else.
    public static let privateCheckCanaries = 64
    /// Cells that the region of a private check consists of.
    public static let privateCheckRegionCells = 64
    /// Longest window of a private check.
    public static let privateCheckWindow: Duration = .hours(30 * 24)
    /// Cells that one footprint's cover looks at before it is refused as too large for the level.
    public static let privateCheckCellsVisited = 4_000_000
    /// Bytes of a private check's message in one record.
    public static let privateCheckPartBytes = 36_000
    /// Records of one message: enough for the largest size class.
    public static let privateCheckParts = 1_024
    /// Private checks that a node remembers; the record has all. Those that are over go first.
    public static let privateChecks = 200
    /// Private checks that may be under way with one party, proposals that wait among them.
    public static let privateChecksOpen = 4
    /// Plans that stay on their own node.
    public static let sealedPlans = 1_000
    /// Cells that one request about protected sites has, dummies included.
    public static let oprfBatch = 1_024
    /// Cells that one client may ask of one list of protected sites, dummies included: 16 requests.
    public static let siteCellsPerEpoch = 16 * 1_024
    /// Entries of a list of protected sites, as powers of two: what it is padded to.
    public static let siteListClasses = 10...20
    /// Clients of one list that are told apart.
    public static let siteClients = 256
}
