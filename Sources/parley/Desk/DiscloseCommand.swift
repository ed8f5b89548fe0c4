import ArgumentParser
import Foundation
import Records

struct DiscloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclose", abstract: "Open one record that we may read to a party that may not, such as the mediator.",
        discussion: """
            Whoever holds the record checks what is disclosed against what its author signed. The disclosure is itself on \
            record, and cannot be taken back.
            """)

    @OptionGroup var desk: DeskOptions
    @Argument(help: "The record, such as turkiye-12.") var record: String
    @Option(help: ArgumentHelp("Who shall read it.", valueName: "party")) var to: String

    func run() async throws {
        let body: JSONValue = ["record": .string(record), "to": .string(to)]
        let answer = try await desk.withDesk { try await $0.post("/api/v1/disclosures", body) }
        Terminal.answer(
            json: answer, asJSON: desk.json,
            text: "Disclosed \(record) to \(to), by record \(answer.string("record") ?? "").")
    }
}

struct DisclosuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclosures", abstract: "List what has been disclosed, by us and to us.")

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        let answer = try await desk.withDesk { try await $0.get("/api/v1/disclosures") }
        var table = TextTable("record", "kind", "by", "to", "at", "")
        for each in answer.array("disclosures") {
            let officer = each.string("officer").map { " (\($0))" } ?? ""
            table.add(
                each.string("record") ?? "", each["body"]?.string("kind") ?? "-", (each.string("by") ?? "") + officer,
                each.string("to") ?? "", TimeText.shown(each["at"]),
                each.bool("isGenuine") == true ? "what its author signed" : "NOT what its author signed, or not held here")
        }
        Terminal.answer(json: answer, asJSON: desk.json, text: table.isEmpty ? "Nothing is disclosed." : table.text)
    }
}
