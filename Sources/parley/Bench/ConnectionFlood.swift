import Foundation
import Kernel
import NodeRuntime
import Records
import Synchronization

/// Thousands of strangers' connections to nodes on this machine: half say nothing, half make requests. Each that a node
/// closes is made again five seconds later. One thread of its own does it all.
final class ConnectionFlood: Sendable {
    struct Target: Sendable {
        let port: Int
        /// What those send that do not keep silent.
        let words: [UInt8]
        /// Whether they say it again and again, or wait after the first time.
        let repeats: Bool
    }

    struct Counts: Sendable {
        var open = 0
        var opened = 0
        var requests = 0
        var answers = 0
        /// HTTP answers 429 and 503.
        var refused = 0
        var closedByNode = 0
        var failed = 0

        var json: JSONValue {
            [
                "open": .integer(Int64(open)), "opened": .integer(Int64(opened)), "requests": .integer(Int64(requests)),
                "answers": .integer(Int64(answers)), "refused": .integer(Int64(refused)),
                "closedByNode": .integer(Int64(closedByNode)), "notConnected": .integer(Int64(failed)),
            ]
        }
    }

    private struct Connection {
        let target: Int
        let talks: Bool
        var isOpen = false
        /// When it is made again, or says its words again.
        var dueAt: ContinuousClock.Instant?
    }

    /// What the one thread has; a descriptor of -1 is none.
    private struct Work {
        var connections: [Connection]
        var polled: [pollfd]
        var buffer = [UInt8](repeating: 0, count: 16_384)
    }

    private let targets: [Target]
    private let count: Int
    private let counts = Mutex(Counts())
    private let isEnding = Mutex(false)

    init(_ targets: [Target], count: Int) {
        self.targets = targets
        self.count = count
    }

    var now: Counts { counts.withLock { $0 } }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "connections"
        thread.start()
    }

    func end() { isEnding.withLock { $0 = true } }

    private func run() {
        let begin = ContinuousClock.now
        var work = Work(
            connections: (0..<count).map { i in
                // Not all in the same instant: no machine could make them so.
                Connection(
                    target: i % targets.count, talks: (i / targets.count) % 2 == 1, dueAt: begin + .microseconds(i * 400))
            }, polled: Array(repeating: pollfd(fd: -1, events: 0, revents: 0), count: count))
        while !isEnding.withLock({ $0 }) {
            let found = poll(&work.polled, nfds_t(count), 20)
            let now = ContinuousClock.now
            for i in work.polled.indices {
                if found > 0, work.polled[i].fd >= 0, work.polled[i].revents != 0 { react(i, &work) }
                guard let dueAt = work.connections[i].dueAt, dueAt <= now else { continue }
                work.connections[i].dueAt = nil
                if work.polled[i].fd < 0 { open(i, &work) } else { say(i, &work) }
            }
        }
        for polled in work.polled where polled.fd >= 0 { close(polled.fd) }
    }

    private func open(_ i: Int, _ work: inout Work) {
        guard let descriptor = ConnectionFlood.connecting(to: targets[work.connections[i].target].port) else {
            counts.withLock { $0.failed += 1 }
            work.connections[i].dueAt = .now + .seconds(1)
            return
        }
        work.polled[i] = pollfd(fd: descriptor, events: Int16(POLLIN | POLLOUT), revents: 0)
    }

    /// - Returns: a descriptor that is being connected and blocks nobody; `nil` when there is none.
    private static func connecting(to port: Int) -> Int32? {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno == EINPROGRESS else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private func react(_ i: Int, _ work: inout Work) {
        if work.connections[i].isOpen { return read(i, &work) }
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(work.polled[i].fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error == 0 else {
            return lost(i, &work) { $0.failed += 1 }
        }
        counts.withLock {
            $0.opened += 1
            $0.open += 1
        }
        work.connections[i].isOpen = true
        work.polled[i].events = Int16(POLLIN)
        if work.connections[i].talks { say(i, &work) }
    }

    private func say(_ i: Int, _ work: inout Work) {
        let words = targets[work.connections[i].target].words
        guard send(work.polled[i].fd, words, words.count, Int32(MSG_NOSIGNAL)) == words.count else { return }
        counts.withLock { $0.requests += 1 }
    }

    private func read(_ i: Int, _ work: inout Work) {
        let size = recv(work.polled[i].fd, &work.buffer, work.buffer.count, 0)
        guard size > 0 else {
            if size < 0, errno == EAGAIN { return }
            return lost(i, &work) {
                $0.closedByNode += 1
                $0.open -= 1
            }
        }
        let status = String(decoding: work.buffer.prefix(min(size, 12)), as: UTF8.self)
        counts.withLock {
            $0.answers += 1
            if status.hasSuffix(" 429") || status.hasSuffix(" 503") { $0.refused += 1 }
        }
        if work.connections[i].talks, targets[work.connections[i].target].repeats {
            work.connections[i].dueAt = .now + .milliseconds(100)
        }
    }

    private func lost(_ i: Int, _ work: inout Work, _ note: (inout Counts) -> Void) {
        close(work.polled[i].fd)
        work.polled[i].fd = -1
        work.connections[i].isOpen = false
        work.connections[i].dueAt = .now + .seconds(5)
        counts.withLock { note(&$0) }
    }
}

extension ConnectionFlood.Target {
    /// A read that needs a session, by one who has none.
    static func desk(_ port: Int) -> Self {
        Self(
            port: port, words: Array("GET /api/v1/notices HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".utf8), repeats: true)
    }

    /// The beginning of a TLS 1.3 handshake, which makes the node agree on a key and sign, and is never ended (RFC 8446,
    /// 4.1.2).
    static func peers(_ port: Int) -> Self {
        func sized(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
            (0..<width).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
        }
        func ext(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [0, number] + sized(bytes, 2) }
        var random = SystemRandom()
        func some(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
        let schemes: [UInt8] = [8, 7, 4, 3, 5, 3, 8, 4, 8, 5, 8, 6]
        let extensions =
            ext(43, sized([3, 4], 1)) + ext(10, sized([0, 0x1D], 2)) + ext(13, sized(schemes, 2))
            + ext(51, sized([0, 0x1D] + sized(some(32), 2), 2)) + ext(16, sized(sized(Array("http/1.1".utf8), 1), 2))
        let hello = [3, 3] + some(32) + sized(some(32), 1) + sized([0x13, 1], 2) + [1, 0] + sized(extensions, 2)
        return Self(port: port, words: [0x16, 3, 1] + sized([1] + sized(hello, 3), 2), repeats: false)
    }
}
