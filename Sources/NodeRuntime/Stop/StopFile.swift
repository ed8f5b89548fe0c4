import Dispatch
import Foundation
import Kernel
import Mechanism
import Records
import Synchronization

/// Which writes a sync has covered, for whoever asks meanwhile.
private final class SyncProgress: Sendable {
    private struct State {
        var written = 0
        var synced = 0
        var hasFailed = false
        var behindSince = ContinuousClock.now
    }

    private let state = Mutex(State())

    /// A sync that takes longer is shown as what it is: a disk that may not have it.
    static let patience: Duration = .seconds(1)

    func wrote() -> Int {
        state.withLock { state in
            if state.written == state.synced { state.behindSince = .now }
            state.written += 1
            return state.written
        }
    }

    func synced(upTo write: Int, _ succeeded: Bool) {
        state.withLock { state in
            if succeeded { state.synced = max(state.synced, write) }
            state.hasFailed = !succeeded
        }
    }

    var isCurrent: Bool {
        state.withLock { state in
            guard !state.hasFailed else { return false }
            return state.written == state.synced || ContinuousClock.now - state.behindSince < SyncProgress.patience
        }
    }
}

/// `stops.jsonl`: what has happened on the STOP path, one event a line, each written after it has taken effect.
///
/// A disk that takes nothing delays no STOP: lines wait in memory and are written with the next one that can be.
struct StopFile {
    private struct Line: Codable {
        var now: Now
        var event: StopEvent?
        /// What all lines before it came to.
        var memory: StopMemory?
    }

    private let url: URL
    private var waiting: [String] = []
    private let syncing = DispatchQueue(label: "parley.stops")
    private let progress = SyncProgress()

    /// Lines that wait for the disk at most; the peers remind this node of what it loses beyond.
    static let waitingMost = 4_096
    /// A larger file is begun anew with one line for all.
    static let largestBytes = 4 * 1024 * 1024
    static let readableBytes = 64 * 1024 * 1024

    init(_ url: URL) { self.url = url }

    /// Whether everything is on disk.
    var isDurable: Bool { waiting.isEmpty && progress.isCurrent }

    /// Folds the file. A torn last line, as a power cut leaves it, is dropped; any other that cannot be read is skipped
    /// and counted: a damaged file must not keep STOP from working.
    ///
    /// - Returns: how many lines could not be read.
    mutating func load(into board: inout StopBoard) throws -> Int {
        guard FileManager.default.fileExists(atPath: url.path) else { return 0 }
        let bytes = try NodeFolder.read(url, limit: StopFile.readableBytes)
        var unread = 0
        var last: Now?
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true)
        for (i, line) in lines.enumerated() {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)) else {
                let isTorn = i == lines.count - 1 && bytes.last != 0x0A
                if !isTorn { unread += 1 }
                continue
            }
            last = line.now
            if let memory = line.memory { board = StopBoard(party: board.party, terms: board.terms, memory: memory) }
            if let event = line.event { board.fold(event, now: line.now) }
        }
        let isTorn = bytes.last.map { $0 != 0x0A } ?? false
        if let last, unread == 0, isTorn || bytes.count > StopFile.largestBytes { try? compact(board, at: last) }
        return unread
    }

    private func compact(_ board: StopBoard, at last: Now) throws {
        let line = try JSONEncoder().encode(Line(now: last, event: nil, memory: board.memory))
        try NodeFolder.write(Array(line) + [0x0A], to: url, secret: true)
    }

    /// Appends an event, with whatever waited before it.
    mutating func append(_ event: StopEvent, now: Now) {
        if let line = try? JSONEncoder().encode(Line(now: now, event: event, memory: nil)) {
            waiting.append(String(decoding: line, as: UTF8.self) + "\n")
            if waiting.count > StopFile.waitingMost { waiting.removeFirst() }
        }
        flush()
    }

    /// Writes what waits, so that it outlives this process, and has it synced beside: a disk that hangs in a sync must
    /// not hold up a STOP.
    mutating func flush() {
        guard !waiting.isEmpty else { return }
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let before = lseek(descriptor, 0, SEEK_END)
        guard before >= 0, StopFile.write(Array(waiting.joined().utf8), to: descriptor) else {
            // Half a line would hide the next one.
            if before >= 0 { ftruncate(descriptor, before) }
            close(descriptor)
            return
        }
        waiting = []
        let write = progress.wrote()
        syncing.async { [progress] in
            // What cannot be synced is shown as such, and is in the file for the next start all the same.
            progress.synced(upTo: write, fdatasync(descriptor) == 0)
            close(descriptor)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
