import ArgumentParser
import Foundation
import NodeRuntime
import Records

struct PrintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Write the picture, the phone list and the action cards for the hour in which Parley is down.",
        discussion: """
            One HTML file that needs nothing else and prints on A4. Print it at every shift: it is true at the time that \
            stands on each page, and not afterwards. Numbers come from phones.json in the node's folder.
            """)

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("Where to write it. An older one there is replaced.", valueName: "file"))
    var out: String = "parley-picture.html"

    @Option(help: "Of the action cards: en, tr, he, ar, az or ru.") var language: String = "en"

    func run() async throws {
        let bytes = try await desk.withDesk { try await $0.bytes("/api/v1/print?language=\(language.asPathSegment)") }
        // It holds what the notices hold: for its owner only.
        try usingFiles { try NodeFolder(path: ".").write(bytes, to: URL(fileURLWithPath: out), secret: true) }
        Terminal.answer(
            json: ["file": .string(out), "bytes": .integer(Int64(bytes.count))], asJSON: desk.json,
            text: "\(bytes.count) bytes in \(out). Print it now: it ages.")
    }
}
