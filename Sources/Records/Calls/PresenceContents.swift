import Geodesy
import Kernel

/// Asks the other principals whether they have forces in an area during a window.
public struct PresenceQuery: Hashable, Sendable, WireCodable {
    /// Area, altitude band and window: at most ``Limits/verticesPerNotice`` vertices and ``Limits/windowLongest``.
    public let volume: StatedVolume
    public let precedence: Precedence
    /// By when the asker needs to know, when that is earlier than the terms have it.
    public let due: UTCInstant?
    public let remarks: String?

    public init(volume: StatedVolume, precedence: Precedence, due: UTCInstant?, remarks: String?) {
        self.volume = volume
        self.precedence = precedence
        self.due = due
        self.remarks = remarks
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        volume = try StatedVolume(try reader.value("volume"), path: reader.path(of: "volume"))
        let window = volume.volume.window
        guard window.end.duration(since: window.start) <= Limits.windowLongest else {
            throw reader.rejection("volume.end", .outOfRange(rule: "a window of at most 30 days"))
        }
        guard volume.volume.footprint.vertices.count <= Limits.verticesPerNotice else {
            throw reader.rejection(
                "volume.footprint", .outOfRange(rule: "at most \(Limits.verticesPerNotice) vertices in all"))
        }
        precedence = try reader.word("precedence", Precedence.self, default: .immediate)
        due = reader.optional("due") == nil ? nil : try reader.instant("due")
        remarks = try PlainText.optional("remarks", &reader)
    }

    public var json: JSONValue {
        var members = [
            JSONMember("volume", volume.json), JSONMember("precedence", .string(precedence.rawValue)),
        ]
        if let due { members.append(JSONMember("due", .string(due.rfc3339))) }
        if let remarks { members.append(JSONMember("remarks", .string(remarks))) }
        return .object(members)
    }
}

/// A party's signed word on a presence query.
public struct PresenceAnswer: Hashable, Sendable, WireCodable {
    public enum Answer: String, Hashable, Sendable, Codable, CaseIterable {
        /// No forces of the party in the area during the window.
        case none
        /// Some; where, it need not say.
        case some
        /// The party does not say.
        case decline
    }

    /// Whether the answer speaks for forces that are with the party and not of it.
    public enum Affiliated: String, Hashable, Sendable, Codable, CaseIterable {
        case covered, notCovered
    }

    public let query: RecordID
    public let answer: Answer
    /// There exactly when the answer is not `decline`: Khasham was asked and answered without it.
    public let affiliated: Affiliated?
    /// The answer holds until then, exclusive; there exactly when it is not `decline`.
    public let validUntil: UTCInstant?
    public let remarks: String?

    public init(
        query: RecordID, answer: Answer, affiliated: Affiliated?, validUntil: UTCInstant?, remarks: String?
    ) {
        self.query = query
        self.answer = answer
        self.affiliated = affiliated
        self.validUntil = validUntil
        self.remarks = remarks
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        query = try reader.recordID("query")
        answer = try reader.word("answer", Answer.self)
        if answer == .decline {
            for name in ["affiliated", "validUntil"] where reader.optional(name) != nil {
                throw reader.rejection(name, .notAllowed(rule: "absent, because nothing is said"))
            }
            affiliated = nil
            validUntil = nil
        } else {
            affiliated = try reader.word("affiliated", Affiliated.self)
            validUntil = try reader.instant("validUntil")
        }
        remarks = try PlainText.optional("remarks", &reader)
    }

    public var json: JSONValue {
        var members = [
            JSONMember("query", .string(query.description)), JSONMember("answer", .string(answer.rawValue)),
        ]
        if let affiliated { members.append(JSONMember("affiliated", .string(affiliated.rawValue))) }
        if let validUntil { members.append(JSONMember("validUntil", .string(validUntil.rfc3339))) }
        if let remarks { members.append(JSONMember("remarks", .string(remarks))) }
        return .object(members)
    }
}
