import Kernel

/// The sealed part of a record: everything that only its audience may read.
public struct RecordBody: Hashable, Sendable, Codable {
    public let mode: Mode
    /// By the author's clock.
    public let createdAt: UTCInstant
    /// The officer for whom the node attests; `nil` when the node speaks by itself.
    public let officer: String?
    /// Who approved it, where the terms ask for two; another one than `officer`.
    public let secondOfficer: String?
    public let content: RecordContent

    public init(
        mode: Mode, createdAt: UTCInstant, officer: String?, secondOfficer: String? = nil, content: RecordContent
    ) {
        self.mode = mode
        self.createdAt = createdAt
        self.officer = officer
        self.secondOfficer = secondOfficer
        self.content = content
    }

    public var json: JSONValue {
        var members = [
            JSONMember("kind", .string(content.kind.rawValue)), JSONMember("mode", .string(mode.rawValue)),
            JSONMember("createdAt", .string(createdAt.rfc3339)),
            JSONMember("officer", officer.map(JSONValue.string) ?? .null),
        ]
        if let secondOfficer { members.append(JSONMember("secondOfficer", .string(secondOfficer))) }
        return .object(members + [JSONMember("content", content.json)])
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
            var second: String?
            if reader.optional("secondOfficer") != nil {
                second = try reader.string("secondOfficer", limit: Limits.officerNameBytes)
                guard let officer, officer != second else {
                    throw reader.rejection("secondOfficer", .notAllowed(rule: "another officer than the first"))
                }
            }
            let content = try RecordContent(kind: kind, json: try reader.value("content"))
            try reader.finish()
            return RecordBody(
                mode: mode, createdAt: createdAt, officer: officer, secondOfficer: second, content: content)
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
        linkChange, suspension, keyChange, lodged, cover, message, presenceQuery, presenceAnswer, passedOn, commCheck,
        handover, disclosure, stop, stopAnswer, stopEffect, privateCheck, privateCheckDeposit, privateCheckRelease
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
    case message(MessageContent)
    /// An `acknowledgement` of a message; the wire has one kind for both.
    case messageAcknowledgement(MessageAcknowledgement)
    case presenceQuery(PresenceQuery)
    case presenceAnswer(PresenceAnswer)
    case passedOn(PassedOn)
    case commCheck(CommCheck)
    case handover(Handover)
    case disclosure(Disclosure)
    case stop(StopRecord)
    case stopAnswer(StopRecord)
    case stopEffect(StopRecord)
    case privateCheck(PrivateCheckPart)
    case privateCheckDeposit(PrivateCheckDeposit)
    case privateCheckRelease(PrivateCheckRelease)

    public var kind: RecordKind {
        switch self {
        case .terms: .terms
        case .termsAcceptance: .termsAcceptance
        case .notice: .notice
        case .noticeEnd: .noticeEnd
        case .evaluated: .evaluated
        case .acknowledgement, .messageAcknowledgement: .acknowledgement
        case .finding: .finding
        case .conflictPosition: .conflictPosition
        case .linkChange: .linkChange
        case .suspension: .suspension
        case .keyChange: .keyChange
        case .lodged: .lodged
        case .cover: .cover
        case .message: .message
        case .presenceQuery: .presenceQuery
        case .presenceAnswer: .presenceAnswer
        case .passedOn: .passedOn
        case .commCheck: .commCheck
        case .handover: .handover
        case .disclosure: .disclosure
        case .stop: .stop
        case .stopAnswer: .stopAnswer
        case .stopEffect: .stopEffect
        case .privateCheck: .privateCheck
        case .privateCheckDeposit: .privateCheckDeposit
        case .privateCheckRelease: .privateCheckRelease
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
            case .acknowledgement:
                reader.optional("message") == nil
                    ? .acknowledgement(try Acknowledgement(&reader))
                    : .messageAcknowledgement(try MessageAcknowledgement(&reader))
            case .finding: .finding(try Finding(&reader))
            case .conflictPosition: .conflictPosition(try ConflictPosition(&reader))
            case .linkChange: .linkChange(try LinkChange(&reader))
            case .suspension: .suspension(try Suspension(&reader))
            case .keyChange: .keyChange(try KeyChange(&reader))
            case .lodged: .lodged(try Lodged(&reader))
            case .cover: .cover(try Cover(&reader))
            case .message: .message(try MessageContent(&reader))
            case .presenceQuery: .presenceQuery(try PresenceQuery(&reader))
            case .presenceAnswer: .presenceAnswer(try PresenceAnswer(&reader))
            case .passedOn: .passedOn(try PassedOn(&reader))
            case .commCheck: .commCheck(try CommCheck(&reader))
            case .handover: .handover(try Handover(&reader))
            case .disclosure: .disclosure(try Disclosure(&reader))
            case .stop: .stop(try StopRecord(&reader))
            case .stopAnswer: .stopAnswer(try StopRecord(&reader))
            case .stopEffect: .stopEffect(try StopRecord(&reader))
            case .privateCheck: .privateCheck(try PrivateCheckPart(&reader))
            case .privateCheckDeposit: .privateCheckDeposit(try PrivateCheckDeposit(&reader))
            case .privateCheckRelease: .privateCheckRelease(try PrivateCheckRelease(&reader))
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
        case .message(let content): content.json
        case .messageAcknowledgement(let content): content.json
        case .presenceQuery(let content): content.json
        case .presenceAnswer(let content): content.json
        case .passedOn(let content): content.json
        case .commCheck(let content): content.json
        case .handover(let content): content.json
        case .disclosure(let content): content.json
        case .stop(let content), .stopAnswer(let content), .stopEffect(let content): content.json
        case .privateCheck(let content): content.json
        case .privateCheckDeposit(let content): content.json
        case .privateCheckRelease(let content): content.json
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
