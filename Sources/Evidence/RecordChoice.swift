import Kernel
import Records

/// Which records a bundle is about. What says by which terms and keys the rest stands belongs to every choice.
public enum RecordChoice: Hashable, Sendable {
    case all
    /// What was said of these notices.
    case notices([NoticeID])
    /// What was said of these conflicts and of the notices in them.
    case conflicts([ConflictID])
    /// Made within these times by their authors' clocks, ends included.
    case time(from: UTCInstant, to: UTCInstant)
}

/// Picks the chosen records among those whose bodies the exporting node can read. What it cannot read, and what is not
/// chosen, may go into the bundle withheld all the same: it fills the order.
public struct RecordChooser: Sendable {
    private let choice: RecordChoice
    private let notices: SortedSet<NoticeID>
    private let conflicts: SortedSet<ConflictID>
    /// For each judging log and judged party, up to which size a statement was taken already.
    private var judged = SortedMap<PartyID, SortedMap<PartyID, UInt64>>()

    /// - Parameter noticesOf: the notices in a conflict; none when it is not known.
    public init(_ choice: RecordChoice, noticesOf: (ConflictID) -> [NoticeID]) {
        self.choice = choice
        switch choice {
        case .all, .time:
            notices = SortedSet()
            conflicts = SortedSet()
        case .notices(let chosen):
            notices = SortedSet(chosen)
            conflicts = SortedSet()
        case .conflicts(let chosen):
            conflicts = SortedSet(chosen)
            notices = SortedSet(chosen.flatMap(noticesOf))
        }
    }

    /// Called for the records of each log in order.
    public mutating func takes(_ id: RecordID, _ body: RecordBody) -> Bool {
        switch body.content {
        case .terms, .termsAcceptance, .keyChange: return true
        default: break
        }
        switch choice {
        case .all: return true
        case .time(let from, let to): return from <= body.createdAt && body.createdAt <= to
        case .notices, .conflicts: break
        }
        switch body.content {
        case .evaluated(let content): return reaches(id.party, content)
        case .lodged(let content): return notices.contains { $0.party == content.party && $0.index < content.size }
        default: break
        }
        // Of a chosen conflict, not of every other one that its notices are in.
        if let conflict = body.content.conflict, !conflicts.isEmpty { return conflicts.contains(conflict) }
        return body.content.notices(statedIn: id).contains(where: notices.contains)
    }

    /// The first statement of its author that reaches a chosen notice not reached before.
    private mutating func reaches(_ author: PartyID, _ statement: Evaluated) -> Bool {
        let before = judged[author]?[statement.party] ?? 0
        guard statement.size > before else { return false }
        judged[author, default: SortedMap()][statement.party] = statement.size
        return notices.contains {
            $0.party == statement.party && before <= $0.index && $0.index < statement.size
        }
    }
}
