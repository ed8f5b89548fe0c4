import Foundation

/// Messages over two pipes, each behind its length in four bytes. What comes is read as it comes, so that two sides
/// that both send much never wait for each other.
final class MessageChannel: Sendable {
    private let output: FileHandle
    private let arrived: AsyncThrowingStream<[UInt8], any Error>

    init(input: FileHandle, output: FileHandle) {
        self.output = output
        arrived = AsyncThrowingStream { arrival in
            Thread.detachNewThread {
                do {
                    while let head = try Self.read(4, from: input) {
                        let count = head.reduce(0) { $0 << 8 | Int($1) }
                        guard count > 0 else {
                            arrival.yield([])
                            continue
                        }
                        guard let message = try Self.read(count, from: input) else { break }
                        arrival.yield(message)
                    }
                    arrival.finish()
                } catch {
                    arrival.finish(throwing: error)
                }
            }
        }
    }

    func send(_ message: [UInt8]) throws {
        let length = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: message.count >> $0) }
        try output.write(contentsOf: Data(length + message))
    }

    /// - Throws: when the other side is gone.
    func next() async throws -> [UInt8] {
        for try await message in arrived { return message }
        throw CommandFailure(.stepFailed, "stepFailed", "the other party is gone")
    }

    /// `nil` at the end.
    private static func read(_ count: Int, from input: FileHandle) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard let more = try input.read(upToCount: count - bytes.count), !more.isEmpty else { return nil }
            bytes += more
        }
        return bytes
    }
}
