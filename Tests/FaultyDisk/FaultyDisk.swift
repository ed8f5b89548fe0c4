import CFaultyVFS

/// A disk in memory that forgets what was not synced, as a file system of SQLite's. See `CFaultyVFS.h`.
public final class FaultyDisk: Sendable {
    public enum Fault: Sendable, CaseIterable {
        /// Not carried out, and an I/O error reported; a failed sync drops what waited for it.
        case errorBeforeEffect
        /// Carried out, and an I/O error reported all the same.
        case errorAfterEffect
        /// A write stops half-way for want of space.
        case full
        /// The power goes at this operation.
        case powerCut
    }

    private let number: Int32

    public init() {
        number = faulty_disk_create()
        precondition(number >= 0, "256 disks are live")
    }

    deinit { faulty_disk_destroy(number) }

    /// The name under which SQLite knows it.
    public var fileSystem: String { "faulty-\(number)" }

    /// Operations that change something, so far; faults are placed by this count.
    public var operations: UInt64 { faulty_disk_operations(number) }
    public var syncs: UInt64 { faulty_disk_syncs(number) }
    public var reads: UInt64 { faulty_disk_reads(number) }
    /// Operations that a planned fault has hit.
    public var hits: UInt64 { faulty_disk_hits(number) }

    /// Plans a fault for the `count`-th operation from now, 1 for the next, and for all later ones when it persists.
    public func plan(_ fault: Fault, in count: UInt64, persists: Bool = false) {
        let kind =
            switch fault {
            case .errorBeforeEffect: FAULTY_IO_LOST
            case .errorAfterEffect: FAULTY_IO_DONE
            case .full: FAULTY_FULL
            case .powerCut: FAULTY_POWER_CUT
            }
        faulty_disk_plan(number, operations + count, kind, persists ? 1 : 0)
    }

    public func cancelPlan() { faulty_disk_plan(number, 0, FAULTY_NONE, 0) }

    /// Bytes that all files may hold together; `nil` for no limit.
    public func limit(bytes: UInt64?) { faulty_disk_limit(number, bytes ?? 0) }

    /// Lets every sync report success without making anything durable.
    public func ignoreSync() { faulty_disk_ignore_sync(number, 1) }

    /// The files become what a power cut now might leave; open connections are dead.
    public func crash(seed: UInt64) { faulty_disk_crash(number, seed) }

    /// Size of a file in bytes; `nil` when there is none.
    public func size(of name: String) -> Int64? {
        let size = faulty_disk_size(number, name)
        return size < 0 ? nil : size
    }

    /// The file as a reader sees it; empty when there is none.
    public func bytes(of name: String) -> [UInt8] {
        guard let size = size(of: name), size > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            count = Int(faulty_disk_copy(number, name, buffer.baseAddress, size))
        }
    }

    /// Flips a bit of a file for good. False when there is no such byte.
    public func flip(_ name: String, offset: Int64, bit: Int) -> Bool {
        faulty_disk_flip(number, name, offset, Int32(bit)) == 1
    }

    /// The `count`-th read from now, 1 for the next, returns one bit flipped.
    public func flipRead(in count: UInt64, seed: UInt64) { faulty_disk_flip_read(number, count, seed) }
}
