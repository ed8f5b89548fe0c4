import Kernel

/// The head of one log: what its author signs and others cosign. C2SP `tlog-checkpoint`.
public struct Checkpoint: Hashable, Sendable, Codable {
    /// `parley/<mechanism>/<party>`, or `parley/<mechanism>/<party>/<epoch>` from epoch 1 on.
    public let origin: String
    public let size: UInt64
    public let root: Hash32

    public init(origin: String, size: UInt64, root: Hash32) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    public init(mechanism: MechanismID, log: LogID, size: UInt64, root: Hash32) {
        self.init(origin: Checkpoint.origin(mechanism: mechanism, log: log), size: size, root: root)
    }

    /// Of the party's log of epoch 0.
    public init(mechanism: MechanismID, party: PartyID, size: UInt64, root: Hash32) {
        self.init(mechanism: mechanism, log: LogID(party: party), size: size, root: root)
    }

    public static func origin(mechanism: MechanismID, log: LogID) -> String {
        "parley/\(mechanism.hex)/\(log.description)"
    }

    /// Of the party's log of epoch 0.
    public static func origin(mechanism: MechanismID, party: PartyID) -> String {
        origin(mechanism: mechanism, log: LogID(party: party))
    }

    /// - Returns: `nil` when `origin` names no log of this mechanism.
    public static func log(origin: String, mechanism: MechanismID) -> LogID? {
        let prefix = "parley/\(mechanism.hex)/"
        guard origin.utf8.starts(with: prefix.utf8) else { return nil }
        return LogID(String(decoding: origin.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))
    }

    /// The note body: three lines, each ended by a newline.
    public var text: String { "\(origin)\n\(size)\n\(root.bytes.base64)\n" }

    /// Reads exactly what ``text`` writes: parties of a mechanism use no extension lines, which nobody could audit,
    /// and sizes stay within 2⁵³. ``reading(_:)`` takes both.
    public init?(text: String) {
        guard let (checkpoint, extensions) = Checkpoint.reading(text), extensions.isEmpty,
            checkpoint.size <= Limits.largestInteger
        else { return nil }
        self = checkpoint
    }

    /// Reads any checkpoint of the specification, which may carry extension lines: not empty, opaque.
    ///
    /// - Returns: `nil` for any other text. The extension lines are without their newlines.
    public static func reading(_ text: String) -> (checkpoint: Checkpoint, extensions: [String])? {
        let lines = text.byteLines
        guard lines.count >= 4, lines.last?.isEmpty == true, !lines.dropLast().contains(where: \.isEmpty),
            text.allBytes(satisfy: { $0 >= 0x20 || $0 == 0x0A }),
            let size = lines[1].canonicalDecimal,
            let rootBytes = [UInt8](base64: lines[2]), let root = Hash32(rootBytes)
        else { return nil }
        return (Checkpoint(origin: lines[0], size: size, root: root), Array(lines[3..<(lines.count - 1)]))
    }
}
