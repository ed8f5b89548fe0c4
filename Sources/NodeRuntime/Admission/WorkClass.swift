import Kernel
import Mechanism

/// What comes first when not everything can be done at once. STOP stands above all of them: it has a path of its own and
/// is in none of these queues.
public enum WorkClass: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Calls, and putting a STOP on record.
    case urgent
    /// What others wait for: acknowledgements, receipts, heartbeats, heads, changes of keys, the watch.
    case evidence
    /// Notices, and what a peer's log brings: nobody but its reader can tell which of them are calls.
    case records
    case reads

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// On whose account something is done. No source can take what others are owed.
public enum WorkSource: Sendable, Hashable {
    /// The node itself.
    case node
    case officer(String)
    /// A console that an administrator enrolled, before sign-in.
    case console(String)
    case peer(PartyID)
}

extension Event {
    var work: WorkClass {
        switch self {
        case .started, .tick, .stop: .urgent
        case .command(let command, _): command.work
        case .receipt, .heads, .statement, .attempts, .heartbeat: .evidence
        case .pushed, .cover, .check: .records
        }
    }

    var source: WorkSource {
        switch self {
        case .started, .tick, .stop, .statement, .attempts, .cover, .check: .node
        case .command(_, let officer): .officer(officer)
        case .pushed(let push): .peer(push.from)
        case .receipt(let peer, _, _), .heads(let peer, _): .peer(peer)
        case .heartbeat(let answer, _): .peer(answer.party)
        }
    }

    /// What a turn is counted in: itself, and each record that it brings.
    var cost: Int {
        if case .pushed(let push) = self { 1 + push.envelopes.count } else { 1 }
    }

    /// About so many bytes are kept while it waits.
    var bytes: Int {
        switch self {
        case .pushed(let push): push.bytes
        case .heads(_, let heads): heads.map(\.bytes).reduce(0, +)
        case .receipt(_, let note, _), .statement(let note), .stop(let note): note.utf8.count
        case .command: Limits.messageBytes
        case .check: 2 * Limits.privateCheckPartBytes
        case .started, .tick, .attempts, .cover, .heartbeat: 512
        }
    }
}

extension Push {
    fileprivate var bytes: Int {
        envelopes.map(\.array.count).reduce(checkpoint.utf8.count + 32 * consistency.count, +)
    }
}

extension ShownHead {
    fileprivate var bytes: Int { note.utf8.count + 32 * (relation?.consistency.count ?? 0) }
}

extension Command {
    var work: WorkClass {
        switch self {
        case .call: .urgent
        case .present, .acknowledge, .acknowledgeAlarm, .signUnconfirmed, .suspend, .watch: .evidence
        case .file, .amend, .end, .position, .proposeTerms, .plan: .records
        }
    }
}
