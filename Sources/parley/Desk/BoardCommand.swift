import ArgumentParser
import Foundation
import Records

struct BoardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board", abstract: "What starts within two hours or is under way, and what it still lacks.")

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        let answer = try await desk.withDesk { try await $0.get("/api/v1/board") }
        var table = TextTable(
            "notice", "v", "of", "kind", "from", "to", "", "assurance", "conflicts", "not read back by",
            "not passed on by")
        for entry in answer.array("board") {
            table.add(
                entry.string("notice") ?? "", String(entry.integer("version") ?? 0), entry.string("owner") ?? "",
                (entry.string("kind") ?? "") + (entry.string("mode") == "drill" ? " (drill)" : ""),
                TimeText.shown(entry["start"]), TimeText.shown(entry["end"]),
                entry.bool("isUnderWay") == true ? "UNDER WAY" : "", entry.string("shown") ?? "UNKNOWN",
                String(entry.array("conflicts").count), entry.strings("notAcknowledged").joined(separator: " "),
                entry.strings("notPassedOn").joined(separator: " "))
        }
        Terminal.answer(
            json: answer, asJSON: desk.json, text: table.isEmpty ? "Nothing within two hours." : table.text)
    }
}
