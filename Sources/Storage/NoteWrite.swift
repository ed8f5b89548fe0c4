import Kernel

/// One signed checkpoint or cosignature over a log, received or made: evidence, kept for ever as it was.
///
/// A signer may sign one size twice with other bytes (another time, or another root, which is a fork): both are kept.
/// The very same note again is not stored twice.
public struct NoteWrite: Hashable, Sendable {
    public let log: LogID
    /// Entries that the checkpoint covers, at most `Int64.max`. It may exceed the entries held.
    public let size: UInt64
    /// Key name of who signed, for instance the log's origin or `parley/<holder>`.
    public let signer: String
    /// The note, byte for byte.
    public let note: [UInt8]

    public init(log: LogID, size: UInt64, signer: String, note: [UInt8]) {
        self.log = log
        self.size = size
        self.signer = signer
        self.note = note
    }
}

/// How notes are listed.
public enum NoteOrder: Hashable, Sendable {
    /// Rising size, and for one size in the order of arrival.
    case oldestFirst
    /// The exact reverse.
    case newestFirst
}
