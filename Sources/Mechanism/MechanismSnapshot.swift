import Geodesy
import Kernel
import Records
import Separation

/// The state of a ``Mechanism`` at one point of its journal: a cache of the fold, never the truth.
public struct MechanismSnapshot: Sendable, Codable {
    var party: PartyID
    var termsBytes: Bytes
    var mechanism: MechanismID
    var logs: SortedMap<PartyID, HeldLog>
    var notices: SortedMap<NoticeID, Notice>
    var conflicts: SortedMap<ConflictID, Conflict>
    var links: SortedMap<PartyID, Link>
    var alarms: SortedMap<AlarmID, Alarm>
    var suspendedBy: SortedSet<PartyID>
    var clock: ClockWatch
    var humanActAt: MonotonicInstant?
    var storageDegraded: Bool
    var proposedTerms: SortedMap<PartyID, String>
    var ownCollisions: SortedMap<NoticeID, SortedSet<NoticeID>>
    var deferred: [DeferredRecord]
    var signing: SigningState
    var signingKey: Hash32?
    var lackedKey: Hash32?
    var disownedAt: UInt64?
    var formerLogs: [HeldLog]
    var unstatedEvaluations: SortedSet<PartyID>
    var unstatedLinks: SortedSet<PartyID>
    var lodgings: SortedMap<LodgingID, Lodging>
    var sealing: SealingEpochs
    var opened: OpenedEpochs
    var calls: CallBook
    var passing: PassingBook
    var watch: WatchBook
    var stops: StopFacts
    var checks: PrivateCheckBook
}

extension MechanismSnapshot {
    /// All but the notices, which are most of a large state: to be written and read in small pieces.
    public var withoutNotices: MechanismSnapshot {
        var rest = self
        rest.notices = SortedMap()
        return rest
    }

    /// In order of their ids.
    public var heldNotices: [Notice] { notices.values }

    /// The notices in order of their ids, `size` of them at a time, packed.
    public func packedNotices(inPiecesOf size: Int, _ piece: ([UInt8]) throws -> Void) rethrows {
        var writer = PackedWriter()
        var waiting = 0
        for (_, notice) in notices {
            notice.pack(into: &writer)
            waiting += 1
            guard waiting == size else { continue }
            try piece(writer.bytes)
            writer = PackedWriter()
            waiting = 0
        }
        if waiting > 0 { try piece(writer.bytes) }
    }

    /// The notices of one piece. Pieces stand by themselves, so several can be read at once.
    public static func notices(packed bytes: [UInt8]) throws(PackedRejection) -> [Notice] {
        var reader = PackedReader(bytes)
        var notices: [Notice] = []
        while !reader.isAtEnd { notices.append(try Notice(from: &reader)) }
        return notices
    }

    public mutating func add(_ piece: [Notice]) {
        for notice in piece { notices[notice.id] = notice }
    }
}

extension Mechanism {
    public var snapshot: MechanismSnapshot {
        MechanismSnapshot(
            party: party, termsBytes: Bytes(terms.bytes), mechanism: terms.mechanism, logs: logs, notices: notices,
            conflicts: conflicts, links: links, alarms: alarms, suspendedBy: suspendedBy, clock: clock,
            humanActAt: humanActAt, storageDegraded: storageDegraded, proposedTerms: proposedTerms,
            ownCollisions: ownCollisions, deferred: deferred, signing: signing,
            signingKey: signingKey, lackedKey: lackedKey, disownedAt: disownedAt, formerLogs: formerLogs,
            unstatedEvaluations: unstatedEvaluations, unstatedLinks: unstatedLinks, lodgings: lodgings,
            sealing: sealing, opened: opened, calls: calls, passing: passing, watch: watch, stops: stops, checks: checks)
    }

    /// - Returns: `nil` when the snapshot is another party's or rests on other terms.
    public init?(_ snapshot: MechanismSnapshot, party: PartyID, terms: Terms, reference: VerticalReference) {
        guard snapshot.party == party, snapshot.termsBytes.array == terms.bytes else { return nil }
        self.init(party: party, terms: terms, reference: reference)
        logs = snapshot.logs
        notices = snapshot.notices
        conflicts = snapshot.conflicts
        links = snapshot.links
        alarms = snapshot.alarms
        suspendedBy = snapshot.suspendedBy
        clock = snapshot.clock
        humanActAt = snapshot.humanActAt
        storageDegraded = snapshot.storageDegraded
        proposedTerms = snapshot.proposedTerms
        ownCollisions = snapshot.ownCollisions
        deferred = snapshot.deferred
        signing = snapshot.signing
        signingKey = snapshot.signingKey
        lackedKey = snapshot.lackedKey
        disownedAt = snapshot.disownedAt
        formerLogs = snapshot.formerLogs
        unstatedEvaluations = snapshot.unstatedEvaluations
        unstatedLinks = snapshot.unstatedLinks
        lodgings = snapshot.lodgings
        sealing = snapshot.sealing
        opened = snapshot.opened
        calls = snapshot.calls
        passing = snapshot.passing
        watch = snapshot.watch
        stops = snapshot.stops
        checks = snapshot.checks
        for (_, notice) in notices { hold(notice) }
        for (id, alarm) in alarms {
            if let dueAt = alarm.dueAt { dueAlarms.insert(DueAlarm(at: dueAt, alarm: id)) }
        }
    }
}
