import Mechanism
import Notation

extension Alarm.Kind {
    /// What the desk does when it rings. A new kind does not compile without a card.
    public var card: ActionCardCode {
        switch self {
        case .notice: .notice
        case .conflict: .conflict
        case .overdue: .overdue
        case .unconfirmed: .unconfirmed
        case .ended: .ended
        case .readBackMismatch: .readBackMismatch
        case .link: .link
        case .unreadable: .unreadable
        case .suspension: .suspension
        case .frozen: .frozen
        case .ownCollision: .ownCollision
        case .clock: .clock
        case .acknowledgementOverdue: .acknowledgementOverdue
        case .terms: .terms
        case .behind: .behind
        case .unconfirmedSize: .unconfirmedSize
        case .keys: .keys
        case .withheld: .withheld
        case .message: .message
        case .unanswered: .unanswered
        case .presenceQuery: .presenceQuery
        case .presenceContradicted: .presenceContradicted
        case .passingOn: .passingOn
        case .commCheck: .commCheck
        case .handover: .handover
        case .secondOfficer: .secondOfficer
        case .disclosed: .disclosed
        case .privateCheck: .privateCheck
        case .privateCheckFound: .privateCheckFound
        }
    }
}
