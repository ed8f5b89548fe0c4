import Foundation
import Kernel
import Records
import Synchronization

/// Reads one desk's event stream and keeps nothing of it but when each STOP rang: under a flood a watch that read
/// everything would measure itself.
final class RingWatch: Sendable {
    fileprivate struct State {
        var rings: [String: ContinuousClock.Instant] = [:]
        var events = 0
        var resumptions = 0
        var lastID: String?
    }

    private let port: Int
    private let token: String
    private let state = Mutex(State())
    private let isEnding = Mutex(false)

    init(port: Int, token: String) {
        self.port = port
        self.token = token
    }

    /// When it rang for a STOP, by this process's clock.
    func ring(of stop: String) -> ContinuousClock.Instant? { state.withLock { $0.rings[stop] } }
    var events: Int { state.withLock { $0.events } }
    var resumptions: Int { state.withLock { $0.resumptions } }

    func start() {
        let thread = Thread { [self] in
            while !isEnding.withLock({ $0 }) {
                follow()
                state.withLock { $0.resumptions += 1 }
            }
        }
        thread.name = "ring"
        thread.start()
    }

    func end() { isEnding.withLock { $0 = true } }

    private func follow() {
        guard let descriptor = Loopback.connect(port) else { return }
        defer { close(descriptor) }
        let last = state.withLock { $0.lastID }.map { "last-event-id: \($0)\r\n" } ?? ""
        let request = Array(
            "GET /api/v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(token)\r\n\(last)\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return }
        var wait = timeval(tv_sec: 10, tv_usec: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var lines = RingLines()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isEnding.withLock({ $0 }) {
            let size = recv(descriptor, &buffer, buffer.count, 0)
            guard size > 0 else { return }
            let now = ContinuousClock.now
            buffer.withUnsafeBytes { bytes in
                lines.take(UnsafeRawBufferPointer(rebasing: bytes[..<size])) { line in
                    state.withLock { $0.note(line, at: now) }
                }
            }
        }
    }
}

extension RingWatch.State {
    mutating func note(_ line: RingLines.Line, at now: ContinuousClock.Instant) {
        switch line {
        case .id(let id):
            lastID = id
            events += 1
        case .ring(let stop): rings[stop] = rings[stop] ?? now
        }
    }
}

/// Lines of an event stream, of which all but ids and rings are thrown away unread, however long they are.
private struct RingLines {
    enum Line {
        case id(String)
        /// Of this STOP.
        case ring(String)
    }

    private var line: [UInt8] = []
    private var isRing = false
    /// No line that matters is longer.
    private static let longest = 2_048

    mutating func take(_ bytes: UnsafeRawBufferPointer, _ found: (Line) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line += rest[..<end].prefix(RingLines.longest - line.count)
            rest = rest[(end + 1)...]
            read(found)
            line.removeAll(keepingCapacity: true)
        }
        line += rest.prefix(RingLines.longest - line.count)
    }

    private mutating func read(_ found: (Line) -> Void) {
        if line.starts(with: "id: ".utf8) {
            found(.id(String(decoding: line.dropFirst(4), as: UTF8.self)))
        } else if line.starts(with: "event: ".utf8) {
            isRing = line == Array("event: stop-ring".utf8)
        } else if isRing, line.starts(with: "data: ".utf8) {
            guard let data = try? StrictJSON.read(Array(line.dropFirst(6)), limit: RingLines.longest),
                let stop = data.string("stop")
            else { return }
            found(.ring(stop))
        }
    }
}
