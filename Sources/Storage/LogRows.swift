import Kernel

/// Rows up to the first that is missing or damaged.
package struct SoundRun<Element: Sendable>: Sendable {
    package var elements: [Element] = []
    /// The number of the first row that should be there and is not, or whose bytes are not what was written.
    package var firstBad: UInt64?

    package init(elements: [Element] = [], firstBad: UInt64? = nil) {
        self.elements = elements
        self.firstBad = firstBad
    }
}

/// A note as its row was found.
package enum NoteRow: Sendable {
    case sound(NoteWrite)
    /// Its bytes are not what was written; the size may be wrong too.
    case damaged(size: UInt64)
}

/// One log's rows as a backend finds them, for ``LogVerifier``. It throws only what stops all reading.
package protocol LogRows {
    func entries(from index: LogIndex, limit: Int) throws(StoreError) -> SoundRun<MirrorEntry>
    /// `nil` when the tile is missing or damaged.
    func tile(level: Int, index: UInt64) throws(StoreError) -> [UInt8]?
    /// Every note once, by rising size; `nil` at the end.
    mutating func nextNote() throws(StoreError) -> NoteRow?
}
