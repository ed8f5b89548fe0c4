import Foundation
import Kernel
import Records

/// How fast a disk makes small appends durable by itself: what every durable figure is to be read against.
struct DiskRate: Sendable {
    /// Of one write of 4 KiB and its `fdatasync`.
    let durations: [Duration]

    /// Appends for about a second to a file of its own, which it removes.
    static func measure(in folder: URL, for limit: Duration = .seconds(1)) throws -> DiskRate {
        let file = folder.appendingPathComponent("fdatasync.tmp")
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.unusableFile, "cannotWrite", "\(file.path): \(String(cString: strerror(errno)))")
        }
        defer {
            close(descriptor)
            unlink(file.path)
        }
        let block = [UInt8](repeating: 0x5A, count: 4_096)
        let clock = ContinuousClock()
        let begin = clock.now
        var durations: [Duration] = []
        while clock.now - begin < limit, durations.count < 20_000 {
            let start = clock.now
            let written = block.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written == block.count, fdatasync(descriptor) == 0 else {
                throw CommandFailure(.unusableFile, "cannotWrite", "\(file.path): \(String(cString: strerror(errno)))")
            }
            durations.append(clock.now - start)
        }
        return DiskRate(durations: durations)
    }

    var perSecond: Double {
        let total = durations.reduce(Duration.zero, +)
        return total > .zero ? Double(durations.count) / total.inSeconds : 0
    }

    var json: JSONValue { RingBench.percentiles(durations).with("perSecond", .number(perSecond.rounded())) }
}
