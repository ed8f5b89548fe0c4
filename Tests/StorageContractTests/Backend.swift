import FaultyDisk
import Foundation
import Kernel
import Storage
import StorageSQLite
import Testing

/// Every backend that the contract suite runs over. A new one is a new case.
enum Backend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case sqlite
    /// SQLite on the layer that loses what was not synced.
    case sqliteOnFaultyDisk

    var testDescription: String { rawValue }

    func medium() throws -> Medium {
        switch self {
        case .memory: .memory(MemoryDisk())
        case .sqlite: .file(try TemporaryFolder())
        case .sqliteOnFaultyDisk: .faulty(FaultyDisk())
        }
    }
}

/// What outlives a store: opened again and again by one test.
enum Medium: Sendable {
    case memory(MemoryDisk)
    case file(TemporaryFolder)
    case faulty(FaultyDisk)

    func open() throws(StoreError) -> any NodeStore {
        switch self {
        case .memory(let disk): try MemoryStore(disk: disk)
        case .file(let folder): try SQLiteStore(path: folder.path + "/node.sqlite")
        case .faulty(let disk):
            try SQLiteStore(path: "/node.sqlite", options: SQLiteOptions(fileSystem: disk.fileSystem))
        }
    }

    /// The node's process ends without closing; on a faulty disk the power goes too.
    func cutPower(_ store: any NodeStore) {
        switch self {
        case .memory(let disk): disk.cutPower()
        case .file: store.close()
        case .faulty(let disk): disk.crash(seed: 7)
        }
    }
}

final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "parley-storage-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
