/// How far ``NodeStore/verify(progress:)`` has come.
public struct VerifyProgress: Hashable, Sendable {
    /// Rows read and hashed: journal entries, log entries, tiles and notes.
    public let done: UInt64
    /// Rows in all.
    public let total: UInt64

    public init(done: UInt64, total: UInt64) {
        self.done = done
        self.total = total
    }
}
