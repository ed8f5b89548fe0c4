import ArgumentParser
import Foundation
import Records
import Simulation

/// For tests of determinism: two processes that fold the same file must print the same bytes.
struct FoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fold", abstract: "Fold a file of events and print what comes of it.", shouldDisplay: false)

    @Option(help: ArgumentHelp("One event a line, as the simulator writes them.", valueName: "file"))
    var events: String?

    @Option(help: ArgumentHelp("Write a sample file for this seed instead.", valueName: "seed"))
    var sample: UInt64?

    @Flag(help: "Answer in JSON.")
    var json = false

    func run() async throws {
        if let sample {
            Terminal.say(try EventFile.sample(seed: sample))
            return
        }
        guard let events else { throw CommandFailure(.usage, "missing", "--events is needed", field: "--events") }
        let bytes = try usingFiles { try File.read(events, limit: 1 << 30) }
        let result: String
        do {
            result = try EventFile.replay(lines: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw CommandFailure(.refused, "cannotFold", "\(error)")
        }
        if json { Terminal.line(JSONValue.members([("result", .string(result))]).text) } else { Terminal.say(result) }
    }
}
