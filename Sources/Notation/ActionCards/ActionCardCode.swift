/// The action cards: one for each kind of alarm, and two for STOP.
public enum ActionCardCode: String, Hashable, Sendable, Codable, CaseIterable {
    /// STOP was pressed at this desk.
    case stopPressed
    /// STOP rings at this desk.
    case stopRings

    case notice, conflict, overdue, unconfirmed, ended, readBackMismatch, link, unreadable, suspension, frozen,
        ownCollision, clock, acknowledgementOverdue, terms, behind, unconfirmedSize, keys, withheld, message,
        unanswered, presenceQuery, presenceContradicted, passingOn, commCheck, handover, secondOfficer, disclosed,
        privateCheck, privateCheckFound
}
