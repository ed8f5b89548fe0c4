import Foundation

/// Ports of loopback for nodes on this machine.
///
/// A port that was chosen stays this process's own until it ends, also before its node listens and while its node is
/// down: other processes of this program would otherwise take it meanwhile, and answer in its node's place. The claim
/// is a name among the abstract Unix sockets, which are as wide as the ports are (a network namespace) and end with
/// the process, however it ends.
enum LocalPorts {
    /// - Parameter base: desks are `base + 1…`, peers `base + 11…`; all must be free. Without one, 7400 is tried,
    ///   then whatever is free is taken.
    static func choose(nodes count: Int, base: Int?) throws -> [(desk: Int, peers: Int)] {
        if let base {
            guard (1...65_000).contains(base) else {
                throw CommandFailure(.usage, "badPort", "a port base is 1 to 65000", field: "--port-base")
            }
            let ports = row(count, base)
            for port in ports.flatMap({ [$0.desk, $0.peers] }) where !claim(port) {
                throw CommandFailure(.unusableFile, "portTaken", "port \(port) is taken", field: "--port-base")
            }
            return ports
        }
        let usual = row(count, 7_400)
        if usual.allSatisfy({ claim($0.desk) && claim($0.peers) }) { return usual }
        let free = try more(2 * count)
        return (0..<count).map { (free[2 * $0], free[2 * $0 + 1]) }
    }

    /// - Returns: ports that nobody listens on, each once, and none that the system gives to outgoing connections,
    ///   which could have it while its node is down.
    static func more(_ count: Int) throws -> [Int] {
        let lowest = 10_000
        let range = lowest..<max(lowest + 1, firstOfOutgoing())
        let first = Int.random(in: range)
        var found: [Int] = []
        for step in 0..<range.count where found.count < count {
            let port = range.lowerBound + (first - range.lowerBound + step) % range.count
            if claim(port) { found.append(port) }
        }
        guard found.count == count else {
            throw CommandFailure(.unusableFile, "noPort", "no port of loopback is free")
        }
        return found
    }

    private static func row(_ count: Int, _ base: Int) -> [(desk: Int, peers: Int)] {
        (1...count).map { (base + $0, base + 10 + $0) }
    }

    private static func firstOfOutgoing() -> Int {
        let usual = 32_768
        guard let file = FileHandle(forReadingAtPath: "/proc/sys/net/ipv4/ip_local_port_range"),
            let text = try? file.readToEnd(),
            let first = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
        else { return usual }
        return Int(first) ?? usual
    }

    /// - Returns: whether nobody listens on it and no other process has claimed it. A claim is not given back.
    private static func claim(_ port: Int) -> Bool {
        let name = "parley-port-\(port)"
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            // A first byte of zero makes the name abstract.
            for (i, byte) in name.utf8.enumerated() { path[i + 1] = byte }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let isOurs = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
        }
        guard isOurs, let socket = bound(port) else {
            close(descriptor)
            return false
        }
        close(socket)
        return true
    }

    private static func bound(_ port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
        }
        guard isBound else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
