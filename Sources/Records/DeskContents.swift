import Geodesy
import Kernel
import Separation

/// An officer's read-back of one version of a notice: right or wrong, it is recorded, and every node compares
/// it anew.
public struct Acknowledgement: Hashable, Sendable {
    public let notice: NoticeID
    public let version: UInt64
    /// Of the record that states this version, in its author's log: an author that shows others another record under
    /// the same name was not read back by this.
    public let leaf: Hash32
    public let readBack: ReadBack

    public init(notice: NoticeID, version: UInt64, leaf: Hash32, readBack: ReadBack) {
        self.notice = notice
        self.version = version
        self.leaf = leaf
        self.readBack = readBack
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        notice = try reader.recordID("notice")
        version = UInt64(try reader.integer("version", in: 1...1_000_000))
        leaf = try reader.hash("leaf")
        readBack = try ReadBack(json: try reader.value("readBack"), path: reader.path(of: "readBack"))
    }

    var json: JSONValue {
        [
            "notice": .string(notice.description), "version": .integer(Int64(version)), "leaf": .string(leaf.hex),
            "readBack": readBack.json,
        ]
    }
}

/// The facts that, got wrong, kill: where, how low, from when; of the volume that begins first.
public struct ReadBack: Hashable, Sendable, Codable {
    public let position: Position
    public let lower: Altitude
    public let start: UTCInstant
    /// The position as it was typed.
    public let original: String?

    public init(position: Position, lower: Altitude, start: UTCInstant, original: String?) {
        self.position = position
        self.lower = lower
        self.start = start
        self.original = original
    }

    public init(json: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(json, path: path)
        position = try Position(json: try reader.value("position"), path: reader.path(of: "position"))
        lower = try Altitude(json: try reader.value("lower"), path: reader.path(of: "lower"))
        start = try reader.instant("start")
        original = try reader.optionalString("original", limit: 200)
        try reader.finish()
    }

    public var json: JSONValue {
        var members = [
            JSONMember("position", position.json), JSONMember("lower", lower.json),
            JSONMember("start", .string(start.rfc3339)),
        ]
        if let original { members.append(JSONMember("original", .string(original))) }
        return .object(members)
    }
}

/// A notice in one of its versions: what a finding or a position is bound to.
public struct NoticeVersion: Hashable, Comparable, Sendable, Codable {
    public let notice: NoticeID
    public let version: UInt64

    public init(notice: NoticeID, version: UInt64) {
        self.notice = notice
        self.version = version
    }

    public static func < (a: Self, b: Self) -> Bool { (a.notice, a.version) < (b.notice, b.version) }

    init(json: JSONValue, path: String) throws(FieldRejection) {
        var reader = try FieldReader(json, path: path)
        notice = try reader.recordID("notice")
        version = UInt64(try reader.integer("version", in: 1...1_000_000))
        try reader.finish()
    }

    public var json: JSONValue { ["notice": .string(notice.description), "version": .integer(Int64(version))] }
}

/// A node's signed statement that two versions of two notices collide.
public struct Finding: Hashable, Sendable {
    public let conflict: ConflictID
    /// In order of notice.
    public let first: NoticeVersion
    public let second: NoticeVersion
    /// `false` when the distance lies within the error bound and is therefore taken as a conflict.
    public let proven: Bool

    public init(conflict: ConflictID, first: NoticeVersion, second: NoticeVersion, proven: Bool) {
        self.conflict = conflict
        self.first = first
        self.second = second
        self.proven = proven
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        conflict = try reader.hash("conflict")
        first = try NoticeVersion(json: try reader.value("first"), path: reader.path(of: "first"))
        second = try NoticeVersion(json: try reader.value("second"), path: reader.path(of: "second"))
        guard first.notice < second.notice else {
            throw reader.rejection("second", .notAllowed(rule: "the two notices in order"))
        }
        proven = try reader.bool("proven")
    }

    var json: JSONValue {
        [
            "conflict": .string(conflict.hex), "first": first.json, "second": second.json, "proven": .bool(proven),
        ]
    }
}

/// What a party's desk says to a conflict, bound to both versions.
public struct ConflictPosition: Hashable, Sendable {
    public enum Stance: String, Hashable, Sendable, Codable, CaseIterable {
        /// Accepts the conditions; settled once both sides have signed the same ones.
        case settle
        /// Stays disputed and climbs.
        case dispute
        /// Takes an earlier position back.
        case withdraw
    }

    public let conflict: ConflictID
    public let first: NoticeVersion
    public let second: NoticeVersion
    public let stance: Stance
    /// For `settle`: at least one; the same texts in the same order on both sides.
    public let conditions: [String]
    public let remarks: String?

    public init(
        conflict: ConflictID, first: NoticeVersion, second: NoticeVersion, stance: Stance, conditions: [String],
        remarks: String?
    ) {
        self.conflict = conflict
        self.first = first
        self.second = second
        self.stance = stance
        self.conditions = conditions
        self.remarks = remarks
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        conflict = try reader.hash("conflict")
        first = try NoticeVersion(json: try reader.value("first"), path: reader.path(of: "first"))
        second = try NoticeVersion(json: try reader.value("second"), path: reader.path(of: "second"))
        (stance, conditions, remarks) = try ConflictPosition.stance(&reader)
    }

    /// The officer's part, which the desk API shares.
    public static func stance(
        _ reader: inout FieldReader
    ) throws(FieldRejection) -> (Stance, [String], remarks: String?) {
        let stance = try reader.word("stance", Stance.self)
        var conditions: [String] = []
        if reader.optional("conditions") != nil {
            for element in try reader.array("conditions", count: 0...Limits.conditionsPerSettlement) {
                guard case .string(let text) = element, !text.isEmpty, text.utf8.count <= Limits.textBytes else {
                    throw reader.rejection("conditions", .notAllowed(rule: "texts that are neither empty nor too long"))
                }
                conditions.append(text)
            }
        }
        guard (stance == .settle) == !conditions.isEmpty else {
            throw reader.rejection("conditions", .notAllowed(rule: "at least one to settle, none otherwise"))
        }
        return (stance, conditions, try reader.optionalString("remarks"))
    }

    var json: JSONValue {
        [
            "conflict": .string(conflict.hex), "first": first.json, "second": second.json,
            "stance": .string(stance.rawValue), "conditions": .array(conditions.map(JSONValue.string)),
            "remarks": remarks.map(JSONValue.string) ?? .null,
        ]
    }
}
