import JointLog
import Kernel

/// A STOP is named by its first press: the SHA-256 of that message's signed text.
public typealias StopID = Hash32

/// One message of the STOP path. It is signed with the party's own key for STOP, sent before anything is written, and
/// put into the joint record afterwards.
public struct StopMessage: Hashable, Sendable {
    public let mechanism: MechanismID
    public let author: PartyID
    /// The author's clock; whole microseconds within the years 1 to 9999.
    public let createdAt: UTCInstant
    /// 16 bytes that make each message another one.
    public let nonce: Bytes
    public let content: StopContent

    /// Of the note in UTF-8, its signature line included.
    public static let largestBytes = 8 * 1024
    public static let nonceBytes = 16

    /// - Parameters:
    ///   - createdAt: beyond the years 1 to 9999 it is brought to the nearer end: a wrong clock stops no STOP.
    ///   - nonce: from the shell's source of randomness.
    /// - Returns: `nil` when the nonce has not ``nonceBytes`` bytes, or a field of the content is over its limit or
    ///   holds what ``StopText`` does not allow. ``StopContent/fitted`` always passes.
    public init?(mechanism: MechanismID, author: PartyID, createdAt: UTCInstant, nonce: Bytes, content: StopContent) {
        self.mechanism = mechanism
        self.author = author
        self.createdAt = min(max(createdAt, StopMessage.earliest), StopMessage.latest)
        self.nonce = nonce
        self.content = content
        guard nonce.array.count == StopMessage.nonceBytes, StopMessage(text: text) != nil else { return nil }
    }

    init(
        read mechanism: MechanismID, _ author: PartyID, _ createdAt: UTCInstant, _ nonce: Bytes, _ content: StopContent
    ) {
        self.mechanism = mechanism
        self.author = author
        self.createdAt = createdAt
        self.nonce = nonce
        self.content = content
    }

    /// SHA-256 of ``text``: the same however often and by whatever way the message comes.
    public var id: Hash32 { MerkleHash.sha256(Array(text.utf8)) }

    /// 0001-01-01T00:00:00Z.
    private static let earliest = UTCInstant(microseconds: -62_135_596_800_000_000)
    /// The last microsecond of the year 9999.
    private static let latest = UTCInstant(microseconds: 253_402_300_799_999_999)
}

/// Kept as its signed text, so that there is one form of a message.
extension StopMessage: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let message = StopMessage(text: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "STOP message"))
        }
        self = message
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
