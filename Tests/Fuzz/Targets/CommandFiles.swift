import Foundation

/// What the command's readers of files use.
enum File {
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard data.count <= limit else { throw CocoaError(.fileReadTooLarge) }
        return Array(data)
    }
}
