import Kernel

/// The sealed part of a record: everything that only its audience may read.
public struct RecordBody: Hashable, Sendable, Codable {
    public let mode: Mode
    /// By the author's clock.
    public let createdAt: UTCInstant
    /// The officer for whom the node attests; `nil` when the node speaks by itself.
    public let officer: String?
    public let content: RecordContent

    public init(mode: Mode, createdAt: UTCInstant, officer: String?, content: RecordContent) {
        self.mode = mode
        self.createdAt = createdAt
        self.officer = officer
        self.content = content
    }

    public var json: JSONValue {
        [
            "kind": .string(content.kind.rawValue), "mode": .string(mode.rawValue),
            "createdAt": .string(createdAt.rfc3339), "officer": officer.map(JSONValue.string) ?? .null,
            "content": content.json,
        ]
    }

    /// Reads the bytes of a body; unknown kinds and unknown fields are refused.
    public static func read(_ bytes: [UInt8]) throws(BodyRejection) -> RecordBody {
        let value: JSONValue
        do { value = try StrictJSON.read(bytes, limit: Limits.recordBytes) } catch { throw .notJSON(error) }
        do throws(FieldRejection) {
            var reader = try FieldReader(value)
            let kind = try reader.word("kind", RecordKind.self)
            let mode = try reader.word("mode", Mode.self)
            let createdAt = try reader.instant("createdAt")
            let officer = try reader.optionalString("officer", limit: Limits.officerNameBytes)
            let content = try RecordContent(kind: kind, json: try reader.value("content"))
            try reader.finish()
            return RecordBody(mode: mode, createdAt: createdAt, officer: officer, content: content)
        } catch {
            throw .field(error)
        }
    }
}

/// Why a body that was opened could not be understood.
public enum BodyRejection: Error, Hashable, Sendable {
    case notJSON(JSONRejection)
    case field(FieldRejection)

    public var sentence: String {
        switch self {
        case .notJSON(let rejection): "not strict JSON at byte \(rejection.offset): \(rejection.reason.rawValue)"
        case .field(let rejection): rejection.sentence
        }
    }
}

/// Fixed by the terms; the names are those of the wire.
public enum RecordKind: String, Hashable, Sendable, Codable, CaseIterable {
    case terms, termsAcceptance, notice, noticeEnd, evaluated, acknowledgement, finding, conflictPosition,
        linkChange, suspension, keyChange, lodged, cover
}

public enum RecordContent: Hashable, Sendable {
    case terms(TermsProposal)
    case termsAcceptance(TermsAcceptance)
    case notice(NoticeContent)
    case noticeEnd(NoticeEnd)
    case evaluated(Evaluated)
    case acknowledgement(Acknowledgement)
    case finding(Finding)
    case conflictPosition(ConflictPosition)
    case linkChange(LinkChange)
    case suspension(Suspension)
    case keyChange(KeyChange)
    case lodged(Lodged)
    case cover(Cover)

    public var kind: RecordKind {
        switch self {
        case .terms: .terms
        case .termsAcceptance: .termsAcceptance
        case .notice: .notice
        case .noticeEnd: .noticeEnd
        case .evaluated: .evaluated
        case .acknowledgement: .acknowledgement
        case .finding: .finding
        case .conflictPosition: .conflictPosition
        case .linkChange: .linkChange
        case .suspension: .suspension
        case .keyChange: .keyChange
        case .lodged: .lodged
        case .cover: .cover
        }
    }

    init(kind: RecordKind, json: JSONValue) throws(FieldRejection) {
        var reader = try FieldReader(json, path: "content")
        self =
            switch kind {
            case .terms: .terms(try TermsProposal(&reader))
            case .termsAcceptance: .termsAcceptance(try TermsAcceptance(&reader))
            case .notice: .notice(try NoticeContent(&reader))
            case .noticeEnd: .noticeEnd(try NoticeEnd(&reader))
            case .evaluated: .evaluated(try Evaluated(&reader))
            case .acknowledgement: .acknowledgement(try Acknowledgement(&reader))
            case .finding: .finding(try Finding(&reader))
            case .conflictPosition: .conflictPosition(try ConflictPosition(&reader))
            case .linkChange: .linkChange(try LinkChange(&reader))
            case .suspension: .suspension(try Suspension(&reader))
            case .keyChange: .keyChange(try KeyChange(&reader))
            case .lodged: .lodged(try Lodged(&reader))
            case .cover: .cover(try Cover(&reader))
            }
        try reader.finish()
    }

    public var json: JSONValue {
        switch self {
        case .terms(let content): content.json
        case .termsAcceptance(let content): content.json
        case .notice(let content): content.json
        case .noticeEnd(let content): content.json
        case .evaluated(let content): content.json
        case .acknowledgement(let content): content.json
        case .finding(let content): content.json
        case .conflictPosition(let content): content.json
        case .linkChange(let content): content.json
        case .suspension(let content): content.json
        case .keyChange(let content): content.json
        case .lodged(let content): content.json
        case .cover(let content): content.json
        }
    }
}

/// Kept in snapshots as the wire's JSON text, so that there is one form of a content.
extension RecordContent: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let value = try StrictJSON.read(Array(text.utf8), limit: Limits.recordBytes + 100)
        var reader = try FieldReader(value)
        let kind = try reader.word("kind", RecordKind.self)
        try self.init(kind: kind, json: try reader.value("content"))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode((["kind": .string(kind.rawValue), "content": json] as JSONValue).text)
    }
}
