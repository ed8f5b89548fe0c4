import Kernel
import Records
import Separation

/// A notice as this node holds it: its newest version and the separate facts about it.
public struct Notice: Sendable, Codable, Equatable {
    public let id: NoticeID
    public let mode: Mode
    public let audience: [PartyID]
    /// The record of the newest version.
    public var record: RecordID
    /// Its leaf in its author's log: what statements about this version name besides.
    public var leaf: Hash32
    public var officer: String?
    public var createdAt: UTCInstant
    /// When this node first held the first version.
    public let filedAt: UTCInstant
    public var version: UInt64
    public var fields: NoticeFields
    public var flags: [IrregularFlag]
    public var precedence: Precedence
    public var status: NoticeStatus
    public var ended: EndFact?
    /// Facts about the newest version, by principal other than the owner.
    public var facts: SortedMap<PartyID, DeliveryFacts>
    /// What each principal it concerns, its owner included, has stated of the newest version within its own forces;
    /// who is missing has not said that it reached anybody.
    public var passedOn: SortedMap<PartyID, PassedOnFact>
    public var readBacks: [ReadBackFact]
    /// Conflicts that it has ever taken part in.
    public var conflicts: SortedSet<ConflictID>

    public var owner: PartyID { id.party }

    public var content: NoticeContent {
        NoticeContent(
            notice: version == 1 ? nil : id, version: version, kind: fields.kind, onBehalfOf: fields.onBehalfOf,
            volumes: fields.volumes, contact: fields.contact, remarks: fields.remarks, reviewBy: fields.reviewBy)
    }

    /// When the owner's word is due: the end of the last window, or the review date if that is earlier.
    var expiry: UTCInstant {
        let end = content.span.end
        return fields.reviewBy.map { min($0, end) } ?? end
    }

    /// Whether it is the review date that comes first.
    var isDueForReview: Bool { fields.reviewBy.map { $0 <= content.span.end } ?? false }

    /// Volumes as the conflict test sees them: open-ended once the owner's word is missing.
    public var volumes: [Volume4D] {
        fields.volumes.map { stated in
            switch status {
            case .current, .ended: stated.volume
            case .overdue, .unconfirmed:
                Volume4D(
                    footprint: stated.volume.footprint, band: stated.volume.band,
                    window: stated.volume.window.openEnded)
            }
        }
    }
}

extension Notice {
    /// As its first version that is known here states it; what its new version replaces is still to be filled in.
    init(
        _ id: NoticeID, _ content: NoticeContent, _ body: RecordBody, audience: [PartyID], record: RecordID,
        leaf: Hash32, filedAt: UTCInstant
    ) {
        self.id = id
        mode = body.mode
        self.audience = audience
        self.record = record
        self.leaf = leaf
        officer = body.officer
        createdAt = body.createdAt
        self.filedAt = filedAt
        version = content.version
        fields = content.fields
        flags = []
        precedence = .routine
        status = .current
        ended = nil
        facts = SortedMap()
        passedOn = SortedMap()
        readBacks = []
        conflicts = SortedSet()
    }
}

/// | state | becomes | when |
/// |---|---|---|
/// | current | overdue | its last window has passed without its owner's end |
/// | current | unconfirmed | a standing kind's review date has passed |
/// | overdue, unconfirmed | current | a new version |
/// | any | ended | its owner's `noticeEnd` |
public enum NoticeStatus: String, Sendable, Codable, Hashable, CaseIterable {
    case current, overdue, unconfirmed, ended
}

/// Irregular but real: accepted, flagged, and raised by one precedence.
public enum IrregularFlag: String, Sendable, Codable, Hashable, CaseIterable {
    case shortLead, alreadyBegun, beyondArea
}

public struct EndFact: Sendable, Codable, Equatable {
    public let reason: NoticeEnd.Reason
    public let at: UTCInstant
    public let record: RecordID
}

/// Separate facts, each stated by the one who can know it.
public struct DeliveryFacts: Sendable, Codable, Equatable {
    /// By the holder's clock, from its receipt.
    public var receiptedAt: UTCInstant?
    /// When a mediator said that it holds the record for this party, which keeps silent: no receipt.
    public var lodgedAt: UTCInstant?
    public var lodgedWith: PartyID?
    public var evaluatedAt: UTCInstant?
    public var acknowledgedAt: UTCInstant?
    public var acknowledgedBy: String?

    public init() {}
}

public struct ReadBackFact: Sendable, Codable, Equatable {
    public let party: PartyID
    public let officer: String?
    public let at: UTCInstant
    public let version: UInt64
    /// Empty when it was right.
    public let mismatches: [ReadBackMismatch]
}
