import JointLog
import Kernel
import Mechanism
import Records

/// What has not come may say anything.
public struct MissingRecordsChecker: InvariantChecker {
    public static let name = "no-clear-over-missing-records"
    public static let sentence =
        "No node shows clear while it knows of a principal's record that it does not hold or cannot read, while a peer that it has heard holds more of its own log, or over two histories that it was shown."
    private var list = ViolationList(name)
    /// Leaves of what every node holds, by its own disk.
    private var disks = SortedMap<PartyID, DiskView>()
    /// Answers under way whose sender's own log and the receiver's copy of it differ.
    private var underWay: [Hash32: Bool] = [:]
    /// By node: peers whose newest accepted answer was of another history.
    private var contradicted = SortedMap<PartyID, SortedSet<PartyID>>()

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let party = step.party else { return }
        switch step.kind {
        case .sent(.answer(let text, _, _), let peer): note(text, from: party, to: peer, simulation)
        case .sent, .world: return
        case .diskPutBack: disks[party] = nil
        case .crashed: contradicted[party] = nil
        case .handled(.heartbeat(let answer, _), _):
            let isContradicted = underWay.removeValue(forKey: answer.challenge) ?? false
            if isContradicted {
                contradicted[party, default: SortedSet()].insert(answer.party)
            } else {
                contradicted[party]?.remove(answer.party)
            }
            judge(step, simulation)
        case .handled, .beat: judge(step, simulation)
        }
    }

    private mutating func note(_ text: String, from: PartyID, to: PartyID, _ simulation: Simulation) {
        guard let challenge = HeartbeatAnswer(text: text)?.challenge else { return }
        let ours = disk(of: to, simulation)
        let theirs = disk(of: from, simulation)
        let start = simulation.nodes[simulation.place(of: to)].mechanism.logs[from]?.start ?? 0
        if ours.contradicts(theirs, in: from, from: start) { underWay[challenge] = true }
    }

    private mutating func disk(of party: PartyID, _ simulation: Simulation) -> DiskView {
        var disk = disks[party] ?? DiskView()
        disks[party] = nil
        disk.read(simulation.nodes[simulation.place(of: party)].held)
        disks[party] = disk
        return disk
    }

    private mutating func judge(_ step: Step, _ simulation: Simulation) {
        guard let sight = step.sight, let screen = sight.good.first else { return }
        let node = sight.node
        let report = { (list: inout ViolationList, what: String) in
            list.report(node.party, screen.notice, what, simulation)
        }
        for record in sight.view.unread where simulation.terms.party(record.party)?.role == .principal {
            report(&list, "it cannot read \(record)")
        }
        for (author, size) in node.exchange.seen where simulation.terms.party(author)?.role == .principal {
            // A new epoch answers for the heads of the log that was forked.
            guard node.mechanism.logs[author]?.id.epoch == 0, size > Int(sight.size(of: author)) else { continue }
            report(&list, "it was shown \(size) records of \(author)")
        }
        for (member, heard) in node.exchange.heard where !simulation.isDishonest(member) {
            // Whoever was heard in this run has said how much of our log it holds.
            let theirs =
                sight.views[member].map {
                    Sight.size(of: node.party, at: simulation.nodes[simulation.place(of: member)], $0)
                } ?? 0
            if theirs > sight.size(of: node.party) { report(&list, "\(member) holds more of its own log") }
            guard simulation.terms.party(member)?.role == .principal else { continue }
            if heard.logSize > Int(sight.size(of: member)) { report(&list, "records of \(member) are missing") }
        }
        for member in contradicted[node.party]?.elements ?? [] {
            report(&list, "it holds another history of \(member)'s log")
        }
    }
}

/// What a disk holds, by place: only what its author signed of each record.
struct DiskView: Sendable {
    private var leaves: [RecordID: Hash32] = [:]
    private var last = SortedMap<PartyID, LogIndex>()
    private var read = SortedMap<PartyID, Int>()

    mutating func read(_ held: SortedMap<PartyID, [[UInt8]]>) {
        for (author, records) in held {
            let from = read[author] ?? 0
            guard from < records.count else { continue }
            for bytes in records[from...] {
                guard let record = try? UnverifiedRecord(bytes) else { continue }
                leaves[record.header.id] = MerkleHash.sha256(record.envelope.signed)
                last[author] = record.header.index
            }
            read[author] = records.count
        }
    }

    func leaf(_ record: RecordID) -> Hash32? { leaves[record] }

    func size(of author: PartyID) -> LogIndex { last[author].map { $0 + 1 } ?? 0 }

    /// Whether two disks hold different records of a log at one place from `start` on. Records after a place at which
    /// two histories part are never the same again.
    func contradicts(_ other: DiskView, in author: PartyID, from start: LogIndex) -> Bool {
        guard let ours = last[author], let theirs = other.last[author] else { return false }
        let common = min(ours, theirs)
        guard common >= start else { return false }
        let record = RecordID(party: author, index: common)
        guard let a = leaves[record], let b = other.leaves[record] else { return false }
        return a != b
    }
}
