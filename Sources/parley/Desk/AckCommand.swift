import ArgumentParser
import Foundation
import Records

struct AckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledge the other side's notice by reading it back.",
        discussion: """
            Give what you plotted or heard: the position, the lower limit and the start, of the volume that begins \
            first. What is not given as an option is asked for. The right answers are not shown, here or anywhere. \
            Exits with 5 when the read-back differs; that too is recorded and shown to both sides.
            """)

    @OptionGroup var desk: DeskOptions

    @Argument(help: "The notice.") var id: String

    @Option(help: "In any notation.") var position: String?

    @Option(help: ArgumentHelp("Such as GND or \"3500 ft AMSL\".", valueName: "altitude")) var lower: String?

    @Option(help: ArgumentHelp("Such as 221917ZNOV26.", valueName: "time")) var start: String?

    @Option(help: ArgumentHelp("The version that you read; the newest when not given.", valueName: "n"))
    var version: Int64?

    func run() async throws {
        let answer = try await desk.withDesk { client in
            let path = "/api/v1/notices/\(id.asPathSegment)"
            let asked = try await client.get(path + "/read-back")
            let tolerance = Int64((asked.number("toleranceM") ?? 0).rounded())
            let readBack: JSONValue = [
                "text": .string(position ?? Terminal.prompt("Position, within \(tolerance) m: ")),
                "lower": .string(lower ?? Terminal.prompt("Lower limit: ")),
                "start": .string(start ?? Terminal.prompt("Start: ")),
            ]
            let version = JSONValue.integer(version ?? asked.integer("version") ?? 1)
            return try await client.post(path + "/acknowledgements", ["version": version, "readBack": readBack])
        }
        let isAccepted = answer.bool("accepted") == true
        let wrong = answer.array("mismatches").compactMap { $0.string("field") ?? $0.asText }
        Terminal.answer(
            json: answer, asJSON: desk.json,
            text: isAccepted
                ? "Acknowledged: \(id)."
                : "NOT acknowledged: \(wrong.joined(separator: ", ")) differ. Recorded, and shown to both sides. Ask again.")
        if !isAccepted { throw ExitStatus.found }
    }
}
