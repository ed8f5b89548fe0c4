import Foundation
import Kernel
import Storage
import StorageSQLite

/// The files of a restore: the store in force, the one that is to take its place, and scratch beside them.
struct RestoreFiles {
    let store: URL

    /// Grows until it is renamed into place.
    var new: URL { beside("restoring") }
    /// What was gathered and not yet folded.
    var gathered: URL { beside("gathered") }

    private static let companions = ["", "-wal", "-shm", "-journal"]

    /// Opens what there is, which also keeps the node from starting meanwhile.
    ///
    /// - Returns: `nil` when there is no store, or none that can be opened.
    /// - Throws: `nodeRuns`.
    func openOld() throws -> SQLiteStore? {
        guard FileManager.default.fileExists(atPath: store.path) else { return nil }
        do { return try SQLiteStore(path: store.path) } catch {
            if error == .locked { throw RestoreFailure.nodeRuns }
            return nil
        }
    }

    /// Removes what an interrupted restore has left.
    func begin() throws {
        // Nobody else may be at it.
        if FileManager.default.fileExists(atPath: new.path) {
            do { try SQLiteStore(path: new.path).close() } catch {
                if error == .locked { throw RestoreFailure.nodeRuns }
            }
        }
        removeScratch()
    }

    func removeScratch() {
        for file in [new, gathered] { remove(file) }
    }

    /// Puts the new store, closed, in the place of the old one, which is closed too.
    ///
    /// - Returns: where the old one lies now; `nil` when there was none.
    func replace() throws -> String? {
        // Its node may have been started where the old store could not be opened, or there was none.
        try openOld()?.close()
        remove(gathered)
        var lost: URL?
        let held = RestoreFiles.companions.filter { FileManager.default.fileExists(atPath: store.path + $0) }
        if !held.isEmpty {
            let kept = freeName()
            for suffix in held {
                // A second name first, so that the old store is never without one.
                guard link(store.path + suffix, kept.path + suffix) == 0 else {
                    throw NodeFolderError.cannotWrite(kept.path + suffix, errno: errno)
                }
            }
            NodeFolder.sync(store.deletingLastPathComponent())
            lost = kept
        }
        // A log of the old store beside the new one would be taken for its own.
        for suffix in RestoreFiles.companions.dropFirst() { unlink(store.path + suffix) }
        guard rename(new.path, store.path) == 0 else { throw NodeFolderError.cannotWrite(store.path, errno: errno) }
        NodeFolder.sync(store.deletingLastPathComponent())
        return lost?.path
    }

    private func freeName() -> URL {
        var number = 1
        while RestoreFiles.companions.contains(where: {
            FileManager.default.fileExists(atPath: beside("lost-\(number)").path + $0)
        }) { number += 1 }
        return beside("lost-\(number)")
    }

    private func remove(_ file: URL) {
        for suffix in RestoreFiles.companions { unlink(file.path + suffix) }
    }

    private func beside(_ suffix: String) -> URL {
        store.deletingLastPathComponent().appendingPathComponent("\(store.lastPathComponent).\(suffix)")
    }
}
