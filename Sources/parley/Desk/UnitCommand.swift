import ArgumentParser
import Foundation
import Records

struct UnitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unit", abstract: "Our units, to whom notices and STOPs are passed on. No peer sees the list.",
        subcommands: [Add.self, Remove.self, List.self], defaultSubcommand: List.self)

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register a unit.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "Its name.") var unit: String

        func run() async throws { try await UnitCommand.change("/api/v1/units", unit, desk) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Strike a unit off.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "Its name.") var unit: String

        func run() async throws { try await UnitCommand.change("/api/v1/units/remove", unit, desk) }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List our units.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/units") }
            Terminal.answer(json: answer, asJSON: desk.json, text: UnitCommand.text(answer))
        }
    }

    private static func change(_ path: String, _ unit: String, _ desk: DeskOptions) async throws {
        let answer = try await desk.withDesk { try await $0.post(path, ["unit": .string(unit)]) }
        Terminal.answer(json: answer, asJSON: desk.json, text: text(answer))
    }

    private static func text(_ answer: JSONValue) -> String {
        let units = answer.strings("units")
        return units.isEmpty ? "No units." : units.joined(separator: "\n")
    }
}
