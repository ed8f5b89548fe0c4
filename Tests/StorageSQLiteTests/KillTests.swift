import Foundation
import Kernel
import Testing

/// A real process that is killed at random moments. The page cache survives a kill, so this says nothing of syncs;
/// the power cuts on the faulty disk do.
@Suite("SQLite store: killed processes")
struct KillTests {
    /// Kills in `make test`; the soak runs 1,000: `PARLEY_KILLS=1000 swift test --filter KillTests`.
    private static let kills = ProcessInfo.processInfo.environment["PARLEY_KILLS"].flatMap(Int.init) ?? 50

    /// `crash-writer`, which the build put beside the tests.
    private let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("crash-writer")

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "parley-killed-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// Starts the writer, lets it acknowledge `lines` commits and kills it a random while later.
    ///
    /// - Returns: what it printed.
    private func writeAndKill(_ folder: String, seed: UInt64, lines: UInt64, laterNs: UInt64) throws -> Data {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = program
        process.arguments = ["write", folder, "\(seed)"]
        process.standardOutput = pipe
        try process.run()
        var output = Data()
        while output.count(where: { $0 == 0x0A }) < lines {
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { break }
            output += more
        }
        // Not a wait for anything: only so that the kill falls anywhere within a commit.
        let until = ContinuousClock.now + .nanoseconds(Int64(laterNs))
        while ContinuousClock.now < until {}
        kill(process.processIdentifier, SIGKILL)
        output += pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
        return output
    }

    /// - Returns: the exit code, and what it said.
    private func check(_ folder: String, _ acknowledged: Data) throws -> (Int32, String) {
        let process = Process()
        let input = Pipe(), output = Pipe()
        process.executableURL = program
        process.arguments = ["check", folder]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: acknowledged)
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }

    @Test("a process killed at a random moment loses nothing that it acknowledged, and its store is sound")
    func killed() throws {
        var random = SeededGenerator(seed: 20)
        var kills = 0
        while kills < KillTests.kills {
            try withFolder { folder in
                var acknowledged = Data()
                // A store is killed several times over, so that recovery works on what recovery left.
                for _ in 0..<min(10, KillTests.kills - kills) {
                    acknowledged += try writeAndKill(
                        folder, seed: random.next(), lines: random.below(12), laterNs: random.below(8_000_000))
                    kills += 1
                    let (code, said) = try check(folder, acknowledged)
                    #expect(code == 0, "kill \(kills): \(said)")
                }
                #expect(acknowledged.count > 0, "nothing was at stake")
            }
        }
    }

    @Test("the check can fail: a store that lost a commit, or holds another history, is not called sound")
    func checkFails() throws {
        try withFolder { folder in
            let acknowledged = try writeAndKill(folder, seed: 1, lines: 12, laterNs: 0)
            var lines = String(decoding: acknowledged, as: UTF8.self).split(separator: "\n")
            let last = try #require(lines.last { $0.hasSuffix(" .") })
            let sequence = try #require(last.split(separator: " ").dropFirst().first.flatMap { UInt64($0) })
            let (code, said) = try check(folder, Data(last.utf8) + Data("\n".utf8))
            #expect(code == 0, "\(said)")
            let beyond = last.replacing("ack \(sequence) ", with: "ack \(sequence + 2) ")
            #expect(try check(folder, Data((beyond + "\n").utf8)).0 == 1)
            // The first head of the log with another last digit.
            let first = try #require(lines.first { $0.contains("=") })
            let digits = try #require(first.split(separator: " ").dropFirst(2).first)
            let other = digits.dropLast() + (digits.last == "0" ? "1" : "0")
            lines[0] = Substring(first.replacing(digits, with: other))
            #expect(try check(folder, Data((lines.joined(separator: "\n") + "\n").utf8)).0 == 1)
        }
    }
}
