import Kernel

/// The reader's side of sealing epochs: for each log the newest encapsulation to us, and the key it gave.
public struct OpenedEpochs: Equatable, Sendable, Codable {
    private struct Epoch: Equatable, Sendable, Codable {
        let record: LogIndex
        let key: Hash32
    }

    private var epochs = SortedMap<LogID, Epoch>()

    public init() {}

    /// The key encryption key for our entry of a sealed body, remembered when the body brought it.
    /// - Parameter decapsulate: with our own key: the encapsulated bytes and HPKE's `info`.
    /// - Returns: `nil` when the entry refers to a record other than the newest one with an encapsulation to us, or
    ///   the encapsulation is malformed.
    public mutating func key(
        for reader: SealReader, binding: SealBinding, decapsulate: ([UInt8], [UInt8]) -> Hash32?
    ) -> Hash32? {
        switch reader.source {
        case .earlier(let record):
            guard let epoch = epochs[binding.log], epoch.record == record, record < binding.index else { return nil }
            return epoch.key
        case .fresh(let encapsulated):
            guard let key = decapsulate(encapsulated, binding.encapsulationInfo(for: reader.party)) else { return nil }
            epochs[binding.log] = Epoch(record: binding.index, key: key)
            return key
        }
    }

    /// The record that carries the newest encapsulation to us in that log.
    public func newest(in log: LogID) -> LogIndex? { epochs[log]?.record }
}

extension OpenedEpochs: CustomStringConvertible, CustomReflectable {
    public var description: String { "opened sealing epochs of \(epochs.keys)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
