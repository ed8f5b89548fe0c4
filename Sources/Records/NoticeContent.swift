import Geodesy
import Kernel
import Separation

/// One version of a notice: an activity or standing presence as volumes in space and time.
public struct NoticeContent: Hashable, Sendable {
    /// The notice of which this is a later version; `nil` for the first, which names the notice by its record.
    public let notice: NoticeID?
    /// Counts from 1.
    public let version: UInt64
    public let kind: ActivityKind
    /// Affiliated forces for whom the party speaks.
    public let onBehalfOf: String?
    /// 1 … ``Limits/volumesPerNotice``.
    public let volumes: [StatedVolume]
    /// How to reach whoever is responsible.
    public let contact: String
    public let remarks: String?
    /// For standing kinds: the time by which the owner confirms it or it is shown as unconfirmed.
    public let reviewBy: UTCInstant?

    public init(
        notice: NoticeID?, version: UInt64, kind: ActivityKind, onBehalfOf: String?, volumes: [StatedVolume],
        contact: String, remarks: String?, reviewBy: UTCInstant?
    ) {
        self.notice = notice
        self.version = version
        self.kind = kind
        self.onBehalfOf = onBehalfOf
        self.volumes = volumes
        self.contact = contact
        self.remarks = remarks
        self.reviewBy = reviewBy
    }

    /// The earliest start and the latest end of all volumes.
    public var span: TimeWindow {
        let starts = volumes.map(\.volume.window.start)
        let ends = volumes.map(\.volume.window.end)
        return TimeWindow(start: starts.min() ?? .distantPast, end: ends.max() ?? .distantFuture)
            ?? volumes[0].volume.window
    }

    /// The volume that begins first: the one that is read back.
    public var firstVolume: StatedVolume {
        volumes.min { $0.volume.window.start < $1.volume.window.start } ?? volumes[0]
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        notice = reader.optional("notice") == nil ? nil : try reader.recordID("notice")
        version = UInt64(try reader.integer("version", in: 1...1_000_000))
        guard (notice == nil) == (version == 1) else {
            throw reader.rejection("version", .notAllowed(rule: "1 for a new notice, more for a later version"))
        }
        let fields = try NoticeFields(&reader)
        kind = fields.kind
        onBehalfOf = fields.onBehalfOf
        volumes = fields.volumes
        contact = fields.contact
        remarks = fields.remarks
        reviewBy = fields.reviewBy
    }

    var json: JSONValue {
        .object(
            [
                JSONMember("notice", notice.map { .string($0.description) } ?? .null),
                JSONMember("version", .integer(Int64(version))),
            ] + fields.members)
    }

    public var fields: NoticeFields {
        NoticeFields(
            kind: kind, onBehalfOf: onBehalfOf, volumes: volumes, contact: contact, remarks: remarks, reviewBy: reviewBy)
    }
}

/// What an officer states in a notice: the part that the desk API, a file and a record share.
public struct NoticeFields: Hashable, Sendable, Codable {
    public let kind: ActivityKind
    public let onBehalfOf: String?
    public let volumes: [StatedVolume]
    public let contact: String
    public let remarks: String?
    public let reviewBy: UTCInstant?

    public init(
        kind: ActivityKind, onBehalfOf: String?, volumes: [StatedVolume], contact: String, remarks: String?,
        reviewBy: UTCInstant?
    ) {
        self.kind = kind
        self.onBehalfOf = onBehalfOf
        self.volumes = volumes
        self.contact = contact
        self.remarks = remarks
        self.reviewBy = reviewBy
    }

    /// Takes its fields from an object that may have others beside them.
    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        guard let kind = ActivityKind(try reader.string("kind", limit: 40)) else {
            throw reader.rejection("kind", .notAllowed(rule: "a kind of activity that the terms name"))
        }
        self.kind = kind
        onBehalfOf = try reader.optionalString("onBehalfOf")
        var volumes: [StatedVolume] = []
        var vertices = 0
        for (i, element) in try reader.array("volumes", count: 1...Limits.volumesPerNotice).enumerated() {
            let volume = try StatedVolume(element, path: reader.path(of: "volumes[\(i)]"))
            guard volume.volume.window.end.duration(since: volume.volume.window.start) <= Limits.windowLongest else {
                throw reader.rejection("volumes[\(i)].end", .outOfRange(rule: "a window of at most 30 days"))
            }
            vertices += volume.volume.footprint.vertices.count
            // Before the next volume is read: checking geometry takes time.
            guard vertices <= Limits.verticesPerNotice else {
                throw reader.rejection(
                    "volumes", .outOfRange(rule: "at most \(Limits.verticesPerNotice) vertices in all"))
            }
            volumes.append(volume)
        }
        self.volumes = volumes
        contact = try reader.string("contact")
        guard !contact.isEmpty else { throw reader.rejection("contact", .notAllowed(rule: "not empty")) }
        remarks = try reader.optionalString("remarks")
        reviewBy = reader.optional("reviewBy") == nil ? nil : try reader.instant("reviewBy")
    }

    public var members: [JSONMember] {
        var members = [JSONMember("kind", .string(kind.name))]
        if let onBehalfOf { members.append(JSONMember("onBehalfOf", .string(onBehalfOf))) }
        members.append(JSONMember("volumes", .array(volumes.map(\.json))))
        members.append(JSONMember("contact", .string(contact)))
        if let remarks { members.append(JSONMember("remarks", .string(remarks))) }
        if let reviewBy { members.append(JSONMember("reviewBy", .string(reviewBy.rfc3339))) }
        return members
    }
}

/// The owner's word that a notice no longer holds.
public struct NoticeEnd: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// The activity took place, or the presence has left.
        case over
        /// It will not take place.
        case cancelled
    }

    public let notice: NoticeID
    /// The version that is ended: the newest one.
    public let version: UInt64
    public let reason: Reason
    public let remarks: String?

    public init(notice: NoticeID, version: UInt64, reason: Reason, remarks: String?) {
        self.notice = notice
        self.version = version
        self.reason = reason
        self.remarks = remarks
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        notice = try reader.recordID("notice")
        version = UInt64(try reader.integer("version", in: 1...1_000_000))
        reason = try reader.word("reason", Reason.self)
        remarks = try reader.optionalString("remarks")
    }

    var json: JSONValue {
        [
            "notice": .string(notice.description), "version": .integer(Int64(version)),
            "reason": .string(reason.rawValue), "remarks": remarks.map(JSONValue.string) ?? .null,
        ]
    }
}
