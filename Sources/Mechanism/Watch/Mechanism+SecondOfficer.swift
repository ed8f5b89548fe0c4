import Kernel
import Records

/// Acts for which the terms want a second officer: what removes a warning, and notices of the kinds that they name.
extension Mechanism {
    /// Longest that a second officer's name can be in a body, escapes and member name included.
    static let secondOfficerBytes = 6 * Limits.officerNameBytes + 32

    func needsSecondOfficer(_ command: Command) -> Bool {
        let rule = terms.twoOfficers
        switch command {
        case .file(let fields, _, _): return rule.kinds.contains(fields.kind)
        case .amend(let id, _, let fields):
            guard let notice = notices[id] else { return false }
            if rule.kinds.contains(fields.kind) || rule.kinds.contains(notice.fields.kind) { return true }
            return rule.removals && !fields.covers(notice.fields, reference)
        case .end: return rule.removals
        case .position(_, let stance, _, _): return rule.removals && stance == .settle
        case .present, .acknowledge, .suspend, .proposeTerms, .acknowledgeAlarm, .signUnconfirmed, .call, .watch, .plan:
            return false
        }
    }

    /// - Throws: `tooManyPendingActs`.
    func mustHaveRoomToPend() throws(Refusal) {
        guard watch.pending.count < Limits.pendingActs else { throw .tooManyPendingActs }
    }

    mutating func pend(_ command: Command, by officer: String, _ turn: inout Turn) -> Reply {
        watch.lastPending += 1
        let id = watch.lastPending
        let act = PendingAct(command: command, by: officer, at: turn.now.utc)
        watch.pending[id] = act
        raiseClimbing(.secondOfficer, subject: "\(id)", party: nil, .priority, act.sentence, &turn)
        turn.show(.watch)
        return .pending(id)
    }

    /// What was asked for is judged anew, as things stand now.
    func prepareApproval(_ id: PendingID, officer: String, now: Now) throws(Refusal) -> PreparedWatch {
        guard let act = watch.pending[id] else { throw .noSuchPendingAct(id) }
        guard act.by != officer else { throw .sameOfficer }
        do throws(Refusal) {
            return .release(
                id, try prepare(act.command, officer: act.by, now: now, isApproved: true), by: officer)
        } catch {
            return .lapse(id, error)
        }
    }

    mutating func remove(_ id: PendingID, _ turn: inout Turn) {
        watch.pending[id] = nil
        clear(.secondOfficer, subject: "\(id)", &turn)
        turn.show(.watch)
    }
}

extension TwoOfficers {
    var asksForAny: Bool { removals || !kinds.isEmpty }
}

extension PendingAct {
    /// For the officer who is asked.
    public var sentence: String {
        let what =
            switch command {
            case .file(let fields, _, _): "file a notice of \(fields.kind)"
            case .amend(let id, _, _): "amend notice \(id)"
            case .end(let id, let reason, _): "end notice \(id) (\(reason.rawValue))"
            case .position(let id, let stance, _, _): "\(stance.rawValue) conflict \(id.hex.prefix(12))"
            case .present, .acknowledge, .suspend, .proposeTerms, .acknowledgeAlarm, .signUnconfirmed, .call, .watch,
                .plan:
                "act"
            }
        return "\(by) wants to \(what): a second officer has to approve it."
    }
}
