import JointLog
import Kernel
import Mechanism

/// One seed, one history.
public struct TraceChecker: InvariantChecker {
    public static let name = "same-seed-same-bytes"
    public static let sentence =
        "Two runs of one seed write the same bytes, hand the same messages to the network and show the same screens, step by step; and every node's journal leads to its state."
    private var list = ViolationList(name)
    /// Grows with every step; the same in two runs exactly when everything was the same in both.
    public private(set) var digest = MerkleHash.sha256([])
    public private(set) var steps = 0

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        steps += 1
        var text = "\(simulation.timeNs) \(step.party?.name ?? "")"
        switch step.kind {
        case .handled(_, let handled):
            text += " handled"
            for write in handled.writes { text += " \(write.record) \(MerkleHash.sha256(write.envelope).hex)" }
            for screen in step.sight?.screens ?? [] {
                text += " \(screen.answer.rawValue) \(screen.validUntil?.nanoseconds ?? 0)"
            }
        case .sent(let message, let peer): text += " sent \(peer) \(message.name)"
        case .beat: text += " beat"
        case .crashed: text += " crashed"
        case .diskPutBack: text += " put back"
        case .world: text += " world"
        }
        digest = MerkleHash.sha256(digest.bytes + Array(text.utf8))
    }

    public mutating func end(_ simulation: inout Simulation) {
        // One of them, in turn by the seed: folding costs as much as having lived.
        for node in [simulation.nodes[steps % simulation.nodes.count]] where node.isUp {
            guard let folded = node.folded() else {
                list.report(node.party, "its journal does not lead to the signatures that it holds", simulation)
                continue
            }
            let (now, before) = (folded, node.mechanism)
            if now.logs != before.logs || now.notices != before.notices || now.conflicts != before.conflicts
                || now.suspendedBy != before.suspendedBy || now.signing != before.signing
            {
                list.report(node.party, "its journal leads to another state", simulation)
            }
        }
    }

    /// What two runs of one seed differ in.
    public static func compare(_ first: TraceChecker, _ second: TraceChecker) -> Violation? {
        guard first.digest != second.digest else { return nil }
        return Violation(
            checker: name, party: nil, timeNs: 0,
            sentence: "two runs differ, after \(first.steps) and \(second.steps) steps")
    }
}

extension VirtualNetwork.Message {
    var name: String {
        switch self {
        case .push(let push, _): "push \(push.log) \(push.first) \(push.envelopes.count)"
        case .receipt(let note, _): "receipt \(MerkleHash.sha256(Array(note.utf8)).hex)"
        case .expected(let party, let size): "expected \(party) \(size)"
        case .challenge(let challenge, _): "challenge \(challenge.hex)"
        case .answer(let text, let heads, _): "answer \(MerkleHash.sha256(Array(text.utf8)).hex) \(heads.count)"
        }
    }
}
