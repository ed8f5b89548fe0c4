import JointLog
import Kernel
import Mechanism
import Records

/// One node of a ``StopWorld``: board, file, clock, desk.
public struct StopStation: Sendable {
    public let party: PartyID
    let place: Int
    public internal(set) var clock: VirtualClock
    public private(set) var board: StopBoard
    public private(set) var isUp = false
    /// How often it has been started.
    public private(set) var lives = 0
    var officer = StopOfficer.fast
    /// How often this desk has answered.
    var answers = 0
    /// Survives a crash.
    public private(set) var file: [Written] = []
    /// Waits in memory for room on the disk.
    private var unwritten: [Written] = []
    var isDiskFull = false
    /// The simulation's time at which the board wants a tick.
    private(set) var deadlineNs: Int64?
    /// What was refused, by name.
    public private(set) var refusals: [String] = []
    /// The receipts made in this life, which are the same for each copy of a message.
    var receipts = SortedMap<Hash32, String>()
    /// A mediator's, in memory only.
    var relayed = SortedMap<Int, RelayedParcel>()

    public struct Written: Sendable {
        public let event: StopEvent
        public let now: Now
    }

    struct RelayedParcel: Sendable {
        let from: Int
        let to: Int
        let notes: [StopNote]
        let untilNs: Int64
    }

    init(party: PartyID, place: Int, clock: VirtualClock) {
        self.party = party
        self.place = place
        self.clock = clock
        board = StopBoard(party: party, terms: StopWorld.terms)
    }

    /// Whether everything this node knows would survive a crash now.
    public var isDurable: Bool { unwritten.isEmpty }

    mutating func wake(forgets: Bool) {
        isUp = true
        lives += 1
        board = StopBoard(party: party, terms: StopWorld.terms)
        if !forgets { for written in file { board.fold(written.event, now: written.now) } }
    }

    mutating func fall() {
        isUp = false
        unwritten = []
        receipts = SortedMap()
        relayed = SortedMap()
        deadlineNs = nil
    }

    /// - Returns: what is to be done, `nil` when the event was refused.
    mutating func decide(_ event: StopEvent, at timeNs: Int64) -> [StopEffect]? {
        let now = clock.now(at: timeNs)
        defer { deadlineNs = board.nextDeadline.map { max(timeNs, clock.timeNs(of: $0)) } }
        do {
            let handled = try board.handle(event, now: now)
            if handled.isNews { write(event, now) }
            return handled.effects
        } catch {
            refusals.append(error.name)
            return nil
        }
    }

    private mutating func write(_ event: StopEvent, _ now: Now) {
        unwritten.append(Written(event: event, now: now))
        flush()
    }

    mutating func flush() {
        guard !isDiskFull else { return }
        file += unwritten
        unwritten = []
    }

    func sign(_ content: StopContent, nonce: [UInt8], at timeNs: Int64) -> String? {
        let message = StopMessage(
            mechanism: board.terms.mechanism, author: party, createdAt: clock.now(at: timeNs).utc, nonce: Bytes(nonce),
            content: content)
        let key = StopWorld.keys[place]
        return message?.signed(publicKey: key.publicKey, sign: key.sign)
    }
}
