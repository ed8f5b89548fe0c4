import ArgumentParser
import Foundation
import Records

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Replay what happened once, and see what Parley rings.",
        discussion: """
            Plays a scenario file against nodes of its own on this machine, on a clock that runs faster, and holds what \
            the desks are shown against what the file expects. `Scenarios` has some; docs/scenarios.md has the format. \
            Exits with 1 when an expectation is not met. Nothing is left behind.
            """)

    @Argument(help: "The scenario.")
    var file: String

    @Flag(help: "Read the file, say what is wrong with it, and play nothing.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "Desks listen on this port + 1 and so on. Without it 7400, or what is free.", valueName: "port"))
    var portBase: Int?

    @Option(help: ArgumentHelp("Keep the nodes' folders here; it must be empty.", valueName: "dir"))
    var dir: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    func run() async throws {
        let scenario = try Scenario(file: file)
        guard !check else {
            let count = Int64(scenario.expectations.count)
            return Terminal.answer(
                json: ["scenario": .string(scenario.name), "expectations": .integer(count)], asJSON: json,
                text: "\(scenario.name): \(scenario.steps.count) steps, \(count) expectations; nothing is wrong with the file.")
        }
        let interruption = Interruption()
        let folder = try RunFolder(dir, prefix: "parley-replay")
        defer { folder.remove() }
        let report = ScenarioReport(scenario, isSilent: json)
        report.say(report.introduction)
        let stage: ScenarioStage
        do {
            stage = try ScenarioStage.build(scenario, in: folder.url, portBase: portBase)
        } catch let failure as ScenarioFailure {
            throw CommandFailure(.stepFailed, "cannotPlay", failure.sentence)
        }
        do {
            try await interruption.during { try await ScenarioPlayer(scenario, stage, report).play() }
            await stage.stop()
        } catch {
            await stage.stop()
            if let failure = error as? ScenarioFailure {
                throw CommandFailure(.stepFailed, "cannotPlay", failure.sentence)
            }
            throw error
        }
        if json { Terminal.line(report.json.text) } else { Terminal.line("\n\(report.table)\n\n\(report.conclusion)") }
        guard report.isPassed else {
            throw CommandFailure(.refused, "expectationNotMet", report.conclusion)
        }
    }
}
