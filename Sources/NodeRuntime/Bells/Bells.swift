import Foundation
import Kernel
import Logging
import NIOCore
import NIOPosix
import Records
import Synchronization

/// The bells outside the browser: each ring runs the commands and posts to the webhooks of `bells.json`.
///
/// Every bell has a queue of its own and two ways out of it, so that neither a bell that hangs nor a routine ring
/// holds up a STOP. A try that fails is made again, ``triesMost`` times in all, with growing pauses; the ladder's
/// next ring of the same cause takes its place.
public final class Bells: Sendable {
    /// Gives one ring: `nil` when that went well.
    typealias Ringer = @Sendable (BellConfiguration.Bell, _ body: JSONValue, BellRing.ID, UTCInstant) async -> BellFailure?

    public static let triesMost = 6
    /// Before the second try; doubled before each further one.
    static let pauseFirst = Duration.seconds(1)
    static let pauseLongest = Duration.seconds(16)
    /// Rings other than STOPs that wait at one bell.
    static let waitingMost = 64
    /// At one bell; others go one after another.
    static let stopsAtOnce = 4

    private let party: PartyID
    private let lines: [BellLine]
    private let shared: BellsShared

    /// - Parameters:
    ///   - folder: the node's, for `bells.state`.
    ///   - utc: this node's clock.
    ///   - sleep: returns once that clock has gone on by so much, or throws when cancelled.
    public convenience init(
        _ configuration: BellConfiguration, folder: URL, party: PartyID, utc: @escaping @Sendable () -> UTCInstant,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) {
        self.init(configuration, folder: folder, party: party, utc: utc, sleep: sleep, logger: logger) {
            bell, body, id, at in
            switch bell.means {
            case .command(let words):
                await BellCommand(words: words).run(body)
            case .webhook(let webhook):
                await BellWebhook(webhook, group: group).post(body, id: id.text, at: at)
            }
        }
    }

    /// On the node's own clock.
    public convenience init(
        _ configuration: BellConfiguration, folder: NodeFolder, party: PartyID, clock: SystemClock, logger: Logger
    ) {
        self.init(
            configuration, folder: folder.url, party: party, utc: { clock.now.utc },
            sleep: { try await clock.sleep(for: $0) }, logger: logger)
    }

    init(
        _ configuration: BellConfiguration, folder: URL, party: PartyID, utc: @escaping @Sendable () -> UTCInstant,
        sleep: @escaping @Sendable (Duration) async throws -> Void, logger: Logger, ringer: @escaping Ringer
    ) {
        self.party = party
        shared = BellsShared(
            ledger: BellLedger(folder.appendingPathComponent("bells.state")), party: party, utc: utc, sleep: sleep,
            logger: logger, ringer: ringer)
        lines = configuration.bells.flatMap { bell in
            let status = BellStanding(bell)
            return [true, false].map { BellLine(bell, forStops: $0, standing: status) }
        }
    }

    /// Rings every bell that takes it. Returns at once, whatever the bells do. A ring that has been given already is
    /// not given again; one that was given before this process began is given once more, marked as a repeat.
    public func ring(_ ring: BellRing) {
        for line in lines where line.takes(ring) { line.offer(ring, shared) }
    }

    /// Nobody need be rung for it any more: what still waits for it is withdrawn.
    public func settle(_ cause: BellRing.Cause) {
        for line in lines { line.withdraw(cause) }
    }

    /// Rings one bell, or every one, to see whether it works, whatever it is set to take.
    ///
    /// - Returns: `false` when there is no such bell.
    public func tryOut(_ name: String? = nil, by officer: String) -> Bool {
        let tried = lines.filter { !$0.isForStops && (name == nil || $0.bell.name == name) }
        let ring = BellRing.trial(by: officer, at: shared.utc())
        for line in tried { line.offer(ring, shared) }
        return !tried.isEmpty
    }

    /// In the order of the configuration.
    public var status: [BellStatus] {
        lines.filter(\.isForStops).map { line in
            var status = line.standing.status
            for other in lines where other.bell.name == line.bell.name { other.count(into: &status) }
            return status
        }
    }

    /// Rings until the task is cancelled. What was rung for before waits for it.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for line in lines {
                if line.isForStops, let problem = line.bell.problem { line.standing.failed(problem, shared) }
                group.addTask { [shared] in await line.run(shared) }
            }
        }
    }
}

extension BellConfiguration.Bell {
    /// What would keep it from ringing, as far as that can be seen without ringing it.
    var problem: BellFailure? {
        switch means {
        case .command(let words): BellCommand(words: words).problem
        case .webhook(let webhook): BellWebhook(webhook).problem
        }
    }
}

/// What all bells of a node use.
final class BellsShared: Sendable {
    let party: PartyID
    let utc: @Sendable () -> UTCInstant
    let sleep: @Sendable (Duration) async throws -> Void
    let logger: Logger
    let ringer: Bells.Ringer
    private let ledger: Mutex<BellLedger>
    private let serials = Mutex<UInt64>(0)

    init(
        ledger: BellLedger, party: PartyID, utc: @escaping @Sendable () -> UTCInstant,
        sleep: @escaping @Sendable (Duration) async throws -> Void, logger: Logger, ringer: @escaping Bells.Ringer
    ) {
        self.party = party
        self.utc = utc
        self.sleep = sleep
        self.logger = logger
        self.ringer = ringer
        self.ledger = Mutex(ledger)
    }

    var nextSerial: UInt64 {
        serials.withLock { serial in
            serial += 1
            return serial
        }
    }

    func verdict(_ ring: BellRing, bell: String) -> BellLedger.Verdict {
        ledger.withLock { $0.verdict(ring, bell: bell) }
    }

    func begin(_ ring: BellRing, bell: String) {
        let failure = ledger.withLock { ledger in
            ledger.begin(ring, bell: bell)
            return ledger.writeFailure
        }
        if let failure { logger.error("bells.state cannot be written", metadata: ["why": "\(failure)"]) }
    }
}
