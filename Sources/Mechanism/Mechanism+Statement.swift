import Kernel
import Records

extension Mechanism {
    /// What this node may state now, for it to sign, of a notice or (`nil`) of the mechanism as a whole.
    ///
    /// - Returns: `nil` unless the answer is `clear` or `conditions`: doubt and conflict are nothing to carry away.
    public func assuranceStatement(of id: NoticeID?, now: Now) -> AssuranceStatement? {
        guard let assurance = id.map({ self.assurance(of: $0, now: now) }) ?? self.assurance(now: now) else { return nil }
        let answer: AssuranceStatement.Answer
        switch assurance.answer {
        case .clear: answer = .clear
        case .conditions: answer = .conditions
        case .conflict, .unknown: return nil
        }
        guard let until = assurance.validUntil else { return nil }
        let own = AssuranceStatement.Evidence(
            log: ownLog.id, size: ownLog.tree.size, root: ownLog.tree.root, heardAt: nil)
        let others = assurance.evidence.compactMap { evidence -> AssuranceStatement.Evidence? in
            guard let log = logs[evidence.party], let age = evidence.age else { return nil }
            return AssuranceStatement.Evidence(
                log: log.id, size: log.tree.size, root: log.tree.root, heardAt: now.utc.advanced(by: .zero - age))
        }
        guard others.count == assurance.evidence.count else { return nil }
        return AssuranceStatement(
            mechanism: terms.mechanism, party: party,
            subject: id.flatMap { notices[$0] }.map {
                AssuranceStatement.Subject(notice: $0.id, version: $0.version, record: $0.record)
            },
            answer: answer, at: now.utc, validUntil: now.utc.advanced(by: until.duration(since: now.monotonic)),
            conditions: answer == .conditions ? assurance.conditions : [], evidence: [own] + others,
            gaps: assurance.gaps.map(\.sentence))
    }
}
