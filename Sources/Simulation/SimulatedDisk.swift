import Kernel
import Storage

/// The medium under a simulated node's journal and records, with the promises that a node's store keeps and the faults
/// that it has to survive.
///
/// One commit is one frame: its journal entry and the records that it wrote. What was reported as stored survives a
/// power cut; a frame whose sync the cut interrupted is there whole or not at all, because a torn one fails its checksum
/// when the store is opened, and is dropped as its tail. Bytes that are not what was written are named and stop a start.
public struct SimulatedDisk: Sendable {
    /// What a power cut in the middle of a commit leaves.
    public enum PowerCut: Sendable {
        /// Nothing had reached the medium.
        case beforeSync
        /// A part of the frame.
        case torn
        /// All of it, and nobody was told.
        case unreported
    }

    /// Refuses every commit, and stores nothing of it.
    public var isFull = false
    /// Refuses every read.
    public var hasReadErrors = false
    /// The power fails in the next commit.
    public var powerCut: PowerCut?
    /// Frames, counted from 0, whose bytes are not what was written.
    public private(set) var damagedFrames = SortedSet<Int>()
    /// A half-written frame lies behind the last whole one.
    public private(set) var hasTornTail = false
    /// Torn tails that an opening dropped.
    public private(set) var droppedTails = 0

    public init() {}

    /// Whether a commit may end otherwise than stored.
    var isTroubled: Bool { isFull || powerCut != nil }

    mutating func damage(frame: Int) { damagedFrames.insert(frame) }

    /// Another medium, with sound copies on it.
    mutating func replace() {
        self = SimulatedDisk()
    }

    mutating func tear() { hasTornTail = true }

    /// Reads all of it, as a start does.
    ///
    /// - Throws: `io` and `corrupt`, as a store names them.
    mutating func open() throws(StoreError) {
        if hasReadErrors { throw .io(code: 5, detail: "the medium does not read") }
        if let first = damagedFrames.first {
            throw .corrupt(detail: "journal entry \(first + 1): its bytes are not what was written")
        }
        if hasTornTail {
            hasTornTail = false
            droppedTails += 1
        }
    }

    /// Whether the records that frames hold can be read.
    func isReadable(_ frames: some Sequence<Int>) -> Bool {
        guard !hasReadErrors else { return false }
        return damagedFrames.isEmpty || !frames.contains { damagedFrames.contains($0) }
    }
}
