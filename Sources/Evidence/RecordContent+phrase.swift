import Kernel
import Records

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
        }
    }
}
