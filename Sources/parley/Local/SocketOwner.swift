import Foundation

/// Whose process holds one end of a connection of this machine, by Linux's /proc.
enum SocketOwner {
    struct Connection: Sendable {
        /// Ports of the end that is asked for, and of the other.
        let local: Int
        let remote: Int
    }

    /// - Returns: the first of these processes that holds it; `nil` when none does, or when that cannot be told.
    static func process(of connection: Connection, among processes: [Int32]) -> Int32? {
        guard let inode = inode(of: connection) else { return nil }
        let link = "socket:[\(inode)]"
        return processes.first { holds(link, $0) }
    }

    private static func inode(of connection: Connection) -> Substring? {
        let ends = [connection.local, connection.remote].map { ":" + String(format: "%04X", $0) }
        // To its end: a file of /proc gives a part with each read, and has no size.
        guard let file = FileHandle(forReadingAtPath: "/proc/net/tcp"), let table = try? file.readToEnd() else {
            return nil
        }
        for line in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count > 9, fields[1].hasSuffix(ends[0]), fields[2].hasSuffix(ends[1]) else { continue }
            return fields[9]
        }
        return nil
    }

    private static func holds(_ link: String, _ process: Int32) -> Bool {
        let folder = "/proc/\(process)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == link }
    }
}
