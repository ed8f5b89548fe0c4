import JointLog
import Kernel

/// A node's answer to a peer's challenge: that it lives, what it holds, and how its desk stands. Signed, so
/// that it can be kept and, later, relayed. It is evidence only because it echoes a challenge that the asker
/// made, and its age counts from when the asker sent that.
public struct HeartbeatAnswer: Hashable, Sendable, Codable {
    public let party: PartyID
    /// Echoed from the request.
    public let challenge: Hash32
    /// The answering node's clock.
    public let utc: UTCInstant
    /// Size of the answering party's own log: everything it has said.
    public let logSize: UInt64
    /// How many of the asker's records it holds durably.
    public let holds: UInt64
    /// Seconds since an officer last acted at its desk, `nil` for never.
    public let humanActAgeS: Int64?
    public let suspended: Bool
    public let termsFingerprint: Hash32

    public init(
        party: PartyID, challenge: Hash32, utc: UTCInstant, logSize: UInt64, holds: UInt64, humanActAgeS: Int64?,
        suspended: Bool, termsFingerprint: Hash32
    ) {
        self.party = party
        self.challenge = challenge
        self.utc = utc
        self.logSize = logSize
        self.holds = holds
        self.humanActAgeS = humanActAgeS
        self.suspended = suspended
        self.termsFingerprint = termsFingerprint
    }

    /// The signed bytes.
    public var text: String {
        """
        parley heartbeat v1
        party \(party.name)
        challenge \(challenge.hex)
        utc \(utc.rfc3339)
        size \(logSize)
        holds \(holds)
        human \(humanActAgeS.map(String.init) ?? "never")
        suspended \(suspended ? "yes" : "no")
        terms \(termsFingerprint.hex)

        """
    }

    /// - Returns: `nil` unless ``text`` would write the same bytes.
    public init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let names = ["party", "challenge", "utc", "size", "holds", "human", "suspended", "terms"]
        guard lines.count == names.count + 2, lines[0] == "parley heartbeat v1" else { return nil }
        var fields: [String] = []
        for (line, name) in zip(lines.dropFirst(), names) {
            guard line.hasPrefix(name + " ") else { return nil }
            fields.append(String(line.dropFirst(name.count + 1)))
        }
        guard let party = PartyID(fields[0]), let challenge = Hash32(hex: fields[1]),
            let utc = UTCInstant(rfc3339: fields[2]), let size = UInt64(fields[3]),
            size <= Limits.largestInteger, let holds = UInt64(fields[4]), holds <= Limits.largestInteger,
            let terms = Hash32(hex: fields[7])
        else { return nil }
        let age = Int64(fields[5])
        guard fields[5] == "never" || (age.map { (0...1_000_000_000).contains($0) } ?? false) else { return nil }
        self.init(
            party: party, challenge: challenge, utc: utc, logSize: size, holds: holds, humanActAgeS: age,
            suspended: fields[6] == "yes", termsFingerprint: terms)
        guard self.text == text else { return nil }
    }
}
