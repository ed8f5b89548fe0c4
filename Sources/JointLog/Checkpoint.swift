import Kernel

/// The head of one log: what its author signs and others cosign. C2SP `tlog-checkpoint`.
public struct Checkpoint: Hashable, Sendable, Codable {
    /// `parley/<mechanism>/<party>`.
    public let origin: String
    public let size: UInt64
    public let root: Hash32

    public init(origin: String, size: UInt64, root: Hash32) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    public init(mechanism: MechanismID, party: PartyID, size: UInt64, root: Hash32) {
        self.init(origin: Checkpoint.origin(mechanism: mechanism, party: party), size: size, root: root)
    }

    public static func origin(mechanism: MechanismID, party: PartyID) -> String {
        "parley/\(mechanism.hex)/\(party.name)"
    }

    /// The note body: three lines, each ended by a newline.
    public var text: String { "\(origin)\n\(size)\n\(root.bytes.base64)\n" }

    /// Reads exactly what ``text`` writes; extension lines are not used here.
    public init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, !lines[0].isEmpty,
            let size = UInt64(lines[1]), size <= Limits.largestInteger,
            let rootBytes = [UInt8](base64: String(lines[2])), let root = Hash32(rootBytes)
        else { return nil }
        self.init(origin: String(lines[0]), size: size, root: root)
        guard self.text == text else { return nil }
    }
}
