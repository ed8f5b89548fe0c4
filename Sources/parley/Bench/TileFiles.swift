import Foundation
import JointLog
import Kernel

/// Full tiles in one file for each level, one behind the other.
final class TileFiles: TileSource {
    private let folder: URL
    private var descriptors: [Int32] = []

    init(in folder: URL) { self.folder = folder }

    deinit { for descriptor in descriptors { close(descriptor) } }

    func keep(_ tile: CompletedTile) throws {
        while descriptors.count <= tile.level {
            let path = folder.appendingPathComponent("tiles-\(descriptors.count)").path
            let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw TileFiles.failure(path) }
            descriptors.append(descriptor)
        }
        let bytes = Tile.encode(tile.hashes)
        let written = bytes.withUnsafeBytes {
            pwrite(descriptors[tile.level], $0.baseAddress, $0.count, off_t(tile.index) * off_t(bytes.count))
        }
        guard written == bytes.count else { throw TileFiles.failure("level \(tile.level)") }
    }

    func tile(level: Int, index: UInt64) throws -> [Hash32] {
        let size = 32 * Tile.fullWidth
        var bytes = [UInt8](repeating: 0, count: size)
        guard descriptors.indices.contains(level) else { throw TileFiles.failure("level \(level)") }
        let count = bytes.withUnsafeMutableBytes {
            pread(descriptors[level], $0.baseAddress, size, off_t(index) * off_t(size))
        }
        guard count == size, let hashes = Tile.decode(bytes) else { throw TileFiles.failure("level \(level)") }
        return hashes
    }

    func sync() throws {
        for descriptor in descriptors where fdatasync(descriptor) != 0 { throw TileFiles.failure("fdatasync") }
    }

    private static func failure(_ what: String) -> CommandFailure {
        CommandFailure(.unusableFile, "cannotWrite", "\(what): \(String(cString: strerror(errno)))")
    }
}
