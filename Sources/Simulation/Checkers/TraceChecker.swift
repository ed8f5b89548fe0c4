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
        var bytes = digest.bytes
        add(simulation.timeNs, to: &bytes)
        bytes += (step.party?.name ?? "").utf8
        switch step.kind {
        case .handled(_, let handled):
            bytes.append(1)
            for write in handled.writes {
                bytes += write.record.party.name.utf8
                bytes += write.envelope
            }
            for screen in step.sight?.screens ?? [] {
                bytes += screen.answer.rawValue.utf8
                add(screen.validUntil?.nanoseconds ?? 0, to: &bytes)
            }
        case .sent(let message, let peer):
            bytes.append(2)
            bytes += peer.name.utf8
            bytes += message.name.utf8
        case .beat: bytes.append(3)
        case .crashed: bytes.append(4)
        case .diskPutBack: bytes.append(5)
        case .world: bytes.append(6)
        }
        digest = MerkleHash.sha256(bytes)
    }

    private func add(_ number: Int64, to bytes: inout [UInt8]) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * Int64(place)))) }
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
    /// All that the receiver sees of it but records, which are in their author's steps.
    var name: String {
        switch self {
        case .push(let push, _): "push \(push.log) \(push.first) \(push.envelopes.count)"
        case .receipt(let note, _): "receipt \(note)"
        case .expected(let party, let size): "expected \(party) \(size)"
        case .challenge(let challenge, _): "challenge \(challenge.hex)"
        case .answer(let text, let heads, _): "answer \(text) \(heads.count)"
        }
    }
}
