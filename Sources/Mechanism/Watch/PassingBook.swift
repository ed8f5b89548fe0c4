import Kernel
import Records

/// Our units, and how far each party has passed notices and STOPs on.
///
/// Names of units never leave this node but by ``PassedOn/units``, one by one as an officer discloses them.
public struct PassingBook: Sendable, Codable {
    /// Most STOPs about which anything is kept.
    static let stopsMost = 2 * Limits.closedStops

    public internal(set) var units = SortedSet<String>()
    /// What this desk has said of the newest version of a notice, or of a STOP; nothing where nobody has said
    /// anything.
    public internal(set) var own = SortedMap<PassedOn.Subject, OwnPassing>()
    /// What each party has stated of a STOP, ourselves included; of a notice it is kept with the notice.
    public internal(set) var stops = SortedMap<StopID, SortedMap<PartyID, PassedOnFact>>()
    /// When the desk is rung for received notices that are not passed on.
    var due = SortedMap<NoticeID, UTCInstant>()
    var schedule = SortedSet<ScheduledPassing>()

    public init() {}

    mutating func reschedule(_ notice: NoticeID, at moment: UTCInstant?) {
        if let old = due[notice] { schedule.remove(ScheduledPassing(at: old, notice: notice)) }
        due[notice] = moment
        if let moment { schedule.insert(ScheduledPassing(at: moment, notice: notice)) }
    }

    /// Another version, another message: it has to be passed on anew.
    mutating func forget(_ notice: NoticeID) {
        let all = PassedOn.Subject.notice(NoticeVersion(notice: notice, version: 0))
            ... .notice(NoticeVersion(notice: notice, version: .max))
        for (subject, _) in own.elements(in: all) { own[subject] = nil }
        reschedule(notice, at: nil)
    }
}

/// How far one notice or STOP has come within our own forces.
public struct OwnPassing: Sendable, Codable, Equatable {
    /// In order; `nil` while no officer has said whom it concerns, whoever may have it already.
    public internal(set) var concerned: [String]?
    /// Units that have it, whether named as concerned or not.
    public internal(set) var reached = SortedMap<String, UnitReached>()

    public init() {}

    /// Concerned, and not yet reached.
    public var missing: [String]? { concerned?.filter { !reached.contains($0) } }

    /// What the other principals are told; `nil` while nobody has said whom it concerns: a number of unknown meaning
    /// would pass for an answer.
    func statement(about subject: PassedOn.Subject, leaf: Hash32?) -> PassedOn? {
        guard let concerned else { return nil }
        let have = concerned.filter { reached.contains($0) }
        var bytes = 0
        let names = have.filter { unit in
            guard reached[unit]?.isDisclosed == true else { return false }
            bytes += unit.utf8.count
            return bytes <= OwnPassing.disclosedBytes
        }
        return PassedOn(
            subject: subject, leaf: leaf, reached: UInt64(have.count), of: UInt64(concerned.count), units: names)
    }

    /// Names beyond this do not fit into a record beside the rest; the numbers count them all the same.
    static let disclosedBytes = 16 * 1024
}

/// One of our units has it.
public struct UnitReached: Sendable, Codable, Equatable {
    /// The officer who told it, or the account of the unit's own system.
    public let by: String
    public let at: UTCInstant
    public internal(set) var isDisclosed: Bool
}

/// What a party has signed of its own forces, newest statement.
public struct PassedOnFact: Sendable, Codable, Equatable {
    public let reached: UInt64
    public let of: UInt64
    /// As far as disclosed.
    public let units: [String]
    public let officer: String?
    public let at: UTCInstant
    public let record: RecordID

    public var isComplete: Bool { reached == of }
}

/// A moment at which a received notice must have been passed on.
struct ScheduledPassing: Comparable, Hashable, Sendable, Codable {
    let at: UTCInstant
    let notice: NoticeID

    static func < (a: Self, b: Self) -> Bool { (a.at, a.notice) < (b.at, b.notice) }
}
