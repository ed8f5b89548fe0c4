import Kernel
import Records

extension PassedOn.Subject {
    var phrase: String {
        switch self {
        case .notice(let version): "notice \(version.notice) version \(version.version)"
        case .stop(let id): "STOP \(id.hex.prefix(16))…"
        }
    }
}

extension RecordContent {
    /// What a record says, in a few words for a timeline.
    var phrase: String {
        switch self {
        case .terms: "proposed other terms"
        case .termsAcceptance(let content): "accepted the terms \(content.fingerprint.hex.prefix(16))…"
        case .notice(let content):
            content.notice.map { "filed version \(content.version) of notice \($0), \(content.kind.name)" }
                ?? "filed a notice, \(content.kind.name)"
        case .noticeEnd(let content): "ended notice \(content.notice) (\(content.reason.rawValue))"
        case .evaluated(let content):
            "evaluated \(content.party) up to \(content.size)"
                + (content.unreadable.isEmpty ? "" : ", \(content.unreadable.count) of them unreadable")
        case .acknowledgement(let content): "read back notice \(content.notice) version \(content.version)"
        case .finding(let content):
            "found \(content.first.notice) and \(content.second.notice) in conflict"
        case .conflictPosition(let content):
            "\(content.stance.rawValue): the conflict of \(content.first.notice) and \(content.second.notice)"
        case .linkChange(let content): "saw its link to \(content.party): \(content.state.rawValue)"
        case .suspension(let content): content.suspended ? "suspended the mechanism" : "resumed the mechanism"
        case .keyChange: "took new keys into use"
        case .lodged(let content):
            "holds \(content.party) up to \(content.size) for \(content.silent), who keeps silent"
        case .cover: "said nothing (cover)"
        case .message(let content): "called \(content.role.rawValue): \(content.template?.rawValue ?? "free text")"
        case .messageAcknowledgement(let content): "acknowledged message \(content.message)"
        case .presenceQuery: "asked whether there are forces"
        case .presenceAnswer(let content):
            "answered \(content.query): \(content.answer.rawValue)"
                + (content.affiliated == .notCovered ? ", not for affiliated forces" : "")
        case .passedOn(let content): "passed on to \(content.reached) of \(content.of) units: \(content.subject.phrase)"
        case .commCheck(let content):
            "checked the line to \(content.party): "
                + (content.answeredAfterMs.map { "answered after \($0) ms" } ?? "nobody answered")
        case .handover(let content): "\(content.from) handed the watch to \(content.to), \(content.items) items open"
        case .disclosure(let content): "disclosed \(content.record)"
        case .stop: "STOP"
        case .stopAnswer: "answered a STOP"
        case .stopEffect: "stated a STOP's effect"
        case .privateCheck(let content):
            "private check \(content.check.hex.prefix(8)): \(content.message.rawValue)"
                + (content.parts == 1 ? "" : ", part \(content.part + 1) of \(content.parts)")
        case .privateCheckDeposit(let content):
            "gave the mediator its key of private check \(content.check.hex.prefix(8)) with \(content.with)"
        case .privateCheckRelease(let content): "gave out both keys of private check \(content.check.hex.prefix(8))"
        }
    }
}
