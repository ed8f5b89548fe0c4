import ArgumentParser
import Foundation
import Logging
import NodeHTTP
import NodeRuntime

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a node until it is asked to end.",
        discussion: """
            Listens where node.json says: officers on the desk's port, peers on theirs. SIGTERM and SIGINT end it \
            in order; whatever else ends it, no record that was confirmed is lost. Encrypted keys are opened with the \
            passphrase in the file that PARLEY_PASSPHRASE_FILE names, or with one that is typed.
            """)

    @Option(help: ArgumentHelp("The node's folder.", valueName: "dir"))
    var dir: String

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String = "info"

    @Flag(
        name: .customLong("until-input-ends"),
        help: "End also when standard input does: whoever started the node and held the other end has gone.")
    var untilInputEnds = false

    @OptionGroup(visibility: .hidden)
    var clock: ClockOptions

    @Flag(help: "Report a failure to start in JSON.")
    var json = false

    func run() async throws {
        let interruption = Interruption()
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw CommandFailure(.usage, "badLogLevel", "no such level", field: "--log-level")
        }
        var logger = Logger(label: "parley") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        if let scale = try clock.apply() {
            logger.warning(
                "this clock is not the machine's: a replay, never for real use",
                metadata: ["scale": "\(scale.factor)", "shows": "\(SystemClock(continuing: nil).now.utc.rfc3339)"])
        }
        let folder = NodeFolder(path: dir, passphrase: KeyPrompt.source)
        let service = try usingKeys { [logger] in try NodeService(folder: folder, logger: logger) }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run() }
                if untilInputEnds { group.addTask { await ServeCommand.inputEnd() } }
                group.addTask {
                    // The servers end in order by themselves, but wait for event streams, which never end.
                    await interruption.wait()
                    try? await Task.sleep(for: .seconds(1))
                }
                defer {
                    ServeCommand.endAnyway(after: 10)
                    group.cancelAll()
                }
                _ = try await group.next()
            }
        } catch is CancellationError {
            return
        } catch {
            throw CommandFailure(.unusableFile, "cannotServe", "\(error)")
        }
    }

    /// A node that cannot end in order ends all the same: nothing that was confirmed is lost by it.
    private static func endAnyway(after seconds: UInt32) {
        Thread.detachNewThread {
            sleep(seconds)
            Terminal.complain("parley: did not end in order within \(seconds) s\n")
            _exit(ExitStatus.done.rawValue)
        }
    }

    /// Returns when nobody holds the other end of standard input any more.
    private static func inputEnd() async {
        let (ends, continuation) = AsyncStream.makeStream(of: Void.self)
        // A thread of its own: a blocking read must not hold one of the few that run tasks.
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            continuation.finish()
        }
        for await _ in ends {}
    }
}
