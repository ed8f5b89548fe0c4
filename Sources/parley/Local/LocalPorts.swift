import Foundation

/// Ports of loopback for nodes on this machine.
enum LocalPorts {
    /// - Parameter base: desks are `base + 1…`, peers `base + 11…`; all must be free. Without one, 7400 is tried,
    ///   then whatever is free is taken.
    static func choose(nodes count: Int, base: Int?) throws -> [(desk: Int, peers: Int)] {
        if let base {
            guard (1...65_000).contains(base) else {
                throw CommandFailure(.usage, "badPort", "a port base is 1 to 65000", field: "--port-base")
            }
            let ports = row(count, base)
            for port in ports.flatMap({ [$0.desk, $0.peers] }) where !isFree(port) {
                throw CommandFailure(.unusableFile, "portTaken", "port \(port) is taken", field: "--port-base")
            }
            return ports
        }
        let usual = row(count, 7_400)
        if usual.allSatisfy({ isFree($0.desk) && isFree($0.peers) }) { return usual }
        let free = try freePorts(2 * count)
        return (0..<count).map { (free[2 * $0], free[2 * $0 + 1]) }
    }

    /// - Returns: ports that nobody listens on, each once.
    static func more(_ count: Int) throws -> [Int] { try freePorts(count) }

    private static func row(_ count: Int, _ base: Int) -> [(desk: Int, peers: Int)] {
        (1...count).map { (base + $0, base + 10 + $0) }
    }

    private static func isFree(_ port: Int) -> Bool {
        guard let socket = bound(port) else { return false }
        close(socket.descriptor)
        return true
    }

    /// Held all at once, so that no port is given twice.
    private static func freePorts(_ count: Int) throws -> [Int] {
        var sockets: [(descriptor: Int32, port: Int)] = []
        defer { for socket in sockets { close(socket.descriptor) } }
        for _ in 0..<count {
            guard let socket = bound(0) else {
                throw CommandFailure(.unusableFile, "noPort", "no port of loopback is free")
            }
            sockets.append(socket)
        }
        return sockets.map(\.port)
    }

    private static func bound(_ port: Int) -> (descriptor: Int32, port: Int)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            return nil
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
