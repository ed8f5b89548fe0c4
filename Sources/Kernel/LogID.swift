/// One log of one party: a party begins a new one, of the next epoch, only after its log was frozen by a fork.
/// Written `turkiye` for epoch 0, else `turkiye/1`.
public struct LogID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let party: PartyID
    /// From 0, at most ``Limits/epochs``.
    public let epoch: UInt64

    public init(party: PartyID, epoch: UInt64 = 0) {
        self.party = party
        self.epoch = epoch
    }

    /// - Returns: `nil` when the text is not exactly what ``description`` writes, or the epoch is beyond its limit.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let party = parts.first.flatMap({ PartyID(String($0)) }) else { return nil }
        guard let epoch = parts.count == 1 ? 0 : UInt64(parts[1]), epoch <= Limits.epochs else { return nil }
        self.init(party: party, epoch: epoch)
        guard description == text else { return nil }
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = LogID(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "log id"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (a: Self, b: Self) -> Bool { (a.party, a.epoch) < (b.party, b.epoch) }

    public var description: String { epoch == 0 ? party.name : "\(party.name)/\(epoch)" }
}
