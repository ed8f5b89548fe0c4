import JointLog
import Kernel
import Mechanism
import Records

/// What happened in a simulation, as running hashes: equal for equal runs, to the last byte.
public struct Trace: Sendable {
    /// SHA-256, chained, over everything that nodes accepted, what they drew and wrote for it, when they refused something,
    /// and what their screens said.
    public private(set) var bytes = MerkleHash.empty
    /// Over what happened where and when and the answers alone, without the contents of records. A fault that only
    /// changes a time in a record does not change it.
    public private(set) var shape: UInt64 = 0
    /// Accepted events.
    public private(set) var events = 0
    /// One line for each thing that happened; `nil` when nobody wants to read them.
    public var lines: [String]?

    public init(keepingLines: Bool = false) { lines = keepingLines ? [] : nil }

    mutating func add(_ event: Event, _ handled: Handled, given: ArraySlice<Bytes>, at node: SimulatedNode, _ timeNs: Int64) {
        events += 1
        var line = Array("\(timeNs) \(node.party) \(event.tag) ".utf8)
        for number in [UInt64(bitPattern: timeNs), UInt64(event.tag)] { mix(number) }
        mix(node.party)
        for (_, log) in node.mechanism.logs {
            mix(log.size)
            line += log.tree.root.bytes
        }
        for drawn in given { line += drawn.array }
        for write in handled.writes { line += write.envelope }
        line += event.text.utf8
        bytes = MerkleHash.sha256(bytes.bytes + line)
        guard lines != nil else { return }
        let wrote = handled.writes.filter { $0.record.party == node.party }.count
        say(event.summary + (wrote > 0 ? "; writes \(wrote)" : ""), at: node.party, timeNs)
    }

    /// Something that came from a peer was refused.
    mutating func addRefusal(at party: PartyID, _ timeNs: Int64) {
        for number in [UInt64(bitPattern: timeNs), 99] { mix(number) }
        mix(party)
        bytes = MerkleHash.sha256(bytes.bytes + Array("\(timeNs) \(party) refuses".utf8))
    }

    mutating func add(_ screens: [Screen], of party: PartyID) {
        mix(party)
        var line: [UInt8] = []
        for screen in screens {
            let answer = Array(screen.answer.rawValue.utf8)
            mix(UInt64(answer[0]) << 8 | UInt64(answer[2]))
            mix(screen.notice?.index ?? 0)
            line += answer
        }
        bytes = MerkleHash.sha256(bytes.bytes + line)
    }

    /// A line for whoever steps through; no part of the hashes.
    mutating func say(_ what: String, at party: PartyID?, _ timeNs: Int64) {
        guard lines != nil else { return }
        let milliseconds = timeNs / 1_000_000
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        lines?.append("\(milliseconds / 1_000).\(fraction) \(party?.name ?? "-") \(what)")
    }

    private mutating func mix(_ party: PartyID) { for byte in party.name.utf8 { mix(UInt64(byte)) } }

    private mutating func mix(_ number: UInt64) {
        var generator = SeededGenerator(seed: shape ^ number)
        shape = generator.next()
    }
}

extension Event {
    var tag: Int {
        switch self {
        case .started: 0
        case .tick: 1
        case .command: 2
        case .pushed: 3
        case .receipt: 4
        case .heads: 5
        case .statement: 6
        case .attempts: 7
        case .stop: 8
        case .cover: 9
        case .heartbeat: 10
        case .check: 11
        }
    }

    /// What of it is in no record and in no draw.
    fileprivate var text: String {
        switch self {
        case .started, .tick: ""
        case .command(let command, let officer): "\(command) \(officer)"
        case .pushed(let push): "\(push.from) \(push.first) \(push.checkpoint)"
        case .receipt(let from, let note, _): "\(from) \(note)"
        case .heads(let from, let heads): "\(from) \(heads.map(\.note).joined())"
        case .statement(let note), .stop(let note): note
        case .attempts(let attempts): "\(attempts)"
        case .cover(let noise): "\(noise.array.count)"
        case .check(let act): "\(act)"
        case .heartbeat(let answer, let sentAt): "\(answer.text) \(sentAt.nanoseconds)"
        }
    }

    var summary: String {
        switch self {
        case .started: "starts"
        case .tick: "a deadline"
        case .command(let command, let officer): "\(officer) \(command.summary)"
        case .pushed(let push):
            "takes \(push.log.party)/\(push.first)…\(push.first + UInt64(push.envelopes.count)) from \(push.from)"
        case .receipt(let from, let note, _): "receipt of \(from) over \(Checkpoint(note: note)?.size ?? 0)"
        case .heads(let from, let heads):
            "heads from \(from): "
                + heads.map { "\($0.log.party) \(Checkpoint(note: $0.note)?.size ?? 0)" }.joined(separator: ", ")
        case .statement: "a statement of root keys"
        case .attempts(let attempts): "\(attempts.attempts) pushes to \(attempts.to) in vain"
        case .stop: "a STOP message"
        case .cover: "a cover record"
        case .check: "a step of a private check"
        case .heartbeat(let answer, _): "answer of \(answer.party): size \(answer.logSize), holds \(answer.holds)"
        }
    }
}

extension Command {
    var summary: String {
        switch self {
        case .present: "is present"
        case .file(let fields, _, _): "files \(fields.kind)"
        case .amend(let id, _, let fields): "amends \(id) to \(fields.kind)"
        case .end(let id, _, _): "ends \(id)"
        case .acknowledge(let id, let version, _): "reads back \(id) version \(version)"
        case .position(let id, let stance, _, _): "states \(stance.rawValue) of conflict \(id.hex.prefix(8))"
        case .suspend(let suspended, _): suspended ? "suspends" : "resumes"
        case .acknowledgeAlarm(let id): "acknowledges \(id)"
        case .proposeTerms: "proposes terms"
        case .signUnconfirmed: "signs unconfirmed"
        case .call: "calls"
        case .watch: "sees to units or the watch"
        case .plan: "seals a plan, or ends one"
        }
    }
}
