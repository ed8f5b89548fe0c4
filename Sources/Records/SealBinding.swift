import Kernel

/// The one place in one log that a seal belongs to. Every key and cipher text is bound to it, so that nothing
/// sealed can be moved to another record.
public struct SealBinding: Hashable, Sendable {
    public let mechanism: MechanismID
    /// The author's log: an author's next log counts from 0 again and must not meet the same keys.
    public let log: LogID
    public let index: LogIndex

    public init(mechanism: MechanismID, log: LogID, index: LogIndex) {
        self.mechanism = mechanism
        self.log = log
        self.index = index
    }

    /// HPKE's `info` for an encapsulation to `reader`; the same for every record of the log.
    public func encapsulationInfo(for reader: PartyID) -> [UInt8] {
        Array("parley/seal/v1\n\(mechanism.hex)\n\(log)\n\(reader.name)".utf8)
    }

    func contentKeyContext(for reader: PartyID) -> [UInt8] {
        Array("parley/content-key/v1\n\(mechanism.hex)\n\(log)\n\(index)\n\(reader.name)".utf8)
    }

    /// 12 bytes: under one key encryption key no index comes twice.
    var contentKeyNonce: [UInt8] { [0, 0, 0, 0] + bigEndian(index) }

    var bodyContext: [UInt8] {
        Array("parley/body/v1\n\(mechanism.hex)\n\(log)\n\(index)".utf8)
    }
}
