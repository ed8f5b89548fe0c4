import ArgumentParser
import Foundation
import Records

struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "The enrolled consoles, where STOP can be pressed before anyone signs in.",
        discussion: """
            A console is enrolled in its own browser, by an administrator who is signed in there: the browser keeps what \
            proves it.
            """,
        subcommands: [List.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the enrolled consoles, for an administrator.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/consoles") }
            let names = answer.strings("consoles")
            Terminal.answer(
                json: answer, asJSON: desk.json,
                text: names.isEmpty ? "No enrolled consoles." : names.joined(separator: "\n"))
        }
    }
}
