import JointLog
import Kernel
import Mechanism
import Records

/// One conflict as a node shows it.
public struct ConflictLine: Sendable, Hashable {
    public var id: ConflictID
    public let first: NoticeID
    public let second: NoticeID
    public let state: ConflictState
    /// Whether a principal has signed that it found it; else it is this node's own memory of versions that crossed.
    public let isFound: Bool
    /// By party: what it states about it, in words and by the record that states it.
    public let positions: [PartyID: String]

    init(_ conflict: Conflict) {
        id = conflict.id
        first = conflict.first
        second = conflict.second
        state = conflict.state
        isFound = !conflict.findings.isEmpty
        var positions: [PartyID: String] = [:]
        for (party, position) in conflict.positions { positions[party] = "\(position.stance.rawValue) in \(position.record)" }
        self.positions = positions
    }

    /// The id by which every node has to call it, worked out from the protocol's own words.
    static func id(_ terms: Terms, _ mode: Mode, _ a: NoticeID, _ b: NoticeID) -> ConflictID {
        let lines = ["parley conflict v1", terms.mechanism.hex, mode.rawValue, "\(min(a, b))", "\(max(a, b))"]
        return MerkleHash.sha256(Array(lines.map { $0 + "\n" }.joined().utf8))
    }
}
