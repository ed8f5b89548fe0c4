import ArgumentParser
import Foundation
import Records

struct ConflictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflict", abstract: "Conflicts: two parties' notices closer than their minima.",
        subcommands: [List.self, Show.self, Settle.self, Dispute.self, Withdraw.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List conflicts that are not cleared.")

        @OptionGroup var desk: DeskOptions

        @Flag(help: "Cleared ones too.") var all = false

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/conflicts" + (all ? "?state=all" : "")) }
            var table = TextTable("conflict", "state", "first", "second", "found by", "apart", "needed")
            for conflict in answer.array("conflicts") {
                let closest = conflict["closest"]
                table.add(
                    conflict.string("id") ?? "", conflict.string("state") ?? "", ConflictCommand.side(conflict["first"]),
                    ConflictCommand.side(conflict["second"]), conflict.strings("foundBy").joined(separator: " "),
                    closest?.number("distanceM").map { "\(Int64($0.rounded())) m" } ?? "-",
                    closest?.number("requiredM").map { "\(Int64($0.rounded())) m" } ?? "-")
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: table.isEmpty ? "No conflicts." : table.text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a conflict, why it is one, and what each side says; or draw it.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The conflict, or as much of its id as tells it from others.") var id: String
        @Flag(help: "Draw it as SVG: plan, altitudes and times.") var svg = false
        @Option(help: ArgumentHelp("With --svg: where to write it; standard output without.", valueName: "file"))
        var output: String?
        @Option(help: "With --svg: light, for paper, or dark.") var ground = Ground.light

        enum Ground: String, ExpressibleByArgument, CaseIterable { case light, dark }

        func validate() throws {
            if output != nil, !svg { throw ValidationError("--output goes with --svg") }
        }

        func run() async throws {
            if svg { return try await draw() }
            let conflict = try await desk.withDesk { client in
                try await client.get("/api/v1/conflicts/\(ConflictCommand.whole(id, client))")
            }
            Terminal.answer(json: conflict, asJSON: desk.json, text: ConflictCommand.text(conflict))
        }

        private func draw() async throws {
            let bytes = try await desk.withDesk { client in
                try await client.bytes(
                    "/api/v1/conflicts/\(ConflictCommand.whole(id, client))/picture?ground=\(ground.rawValue)")
            }
            guard let output else { return Terminal.say(String(decoding: bytes, as: UTF8.self)) }
            do {
                try Data(bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
            } catch {
                throw CommandFailure(.unusableFile, "cannotWrite", "cannot write \(output)", field: "--output")
            }
            Terminal.answer(
                json: ["file": .string(output), "bytes": .integer(Int64(bytes.count))], asJSON: desk.json,
                text: "Written to \(output).")
        }
    }

    struct Settle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign conditions. It is settled when the other side signs the same ones.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The conflict.") var id: String
        @Option(name: .customLong("condition"), help: "A condition, word for word. May be given again.")
        var conditions: [String]
        @Option(help: "Anything else.") var remarks: String?

        func run() async throws {
            try await ConflictCommand.take("settle", desk, id, conditions: conditions, remarks: remarks)
        }
    }

    struct Dispute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say that you do not agree.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The conflict.") var id: String
        @Option(help: "Why.") var remarks: String?

        func run() async throws { try await ConflictCommand.take("dispute", desk, id, remarks: remarks) }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take back what you signed.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The conflict.") var id: String
        @Option(help: "Why.") var remarks: String?

        func run() async throws { try await ConflictCommand.take("withdraw", desk, id, remarks: remarks) }
    }

    private static func take(
        _ stance: String, _ desk: DeskOptions, _ id: String, conditions: [String] = [], remarks: String?
    ) async throws {
        let answer = try await desk.withDesk { client in
            try await client.post(
                "/api/v1/conflicts/\(whole(id, client))/positions",
                .members([
                    ("stance", .string(stance)), ("conditions", .array(conditions.map(JSONValue.string))),
                    ("remarks", remarks.map(JSONValue.string)),
                ]))
        }
        Terminal.answer(json: answer, asJSON: desk.json, text: text(answer["conflict"] ?? .null))
    }

    /// Completes an abbreviated id, so that nobody has to type 64 digits.
    static func whole(_ id: String, _ client: DeskClient) async throws -> String {
        guard id.count < 64 else { return id.asPathSegment }
        let ids = try await client.get("/api/v1/conflicts?state=all").array("conflicts").compactMap { $0.string("id") }
        let matching = ids.filter { $0.hasPrefix(id.lowercased()) }
        guard matching.count < 2 else {
            throw CommandFailure(.usage, "ambiguous", "several conflicts begin with \(id)")
        }
        return matching.first ?? id.asPathSegment
    }

    private static func side(_ side: JSONValue?) -> String {
        "\(side?.string("notice") ?? "") v\(side?.integer("version") ?? 0) \(side?.string("kind") ?? "")"
    }

    private static func text(_ conflict: JSONValue) -> String {
        var lines = [
            "\(conflict.string("id") ?? "")", "\(conflict.string("state") ?? "")\(conflict.string("mode") == "drill" ? " (drill)" : "")",
            "first   \(side(conflict["first"]))", "second  \(side(conflict["second"]))",
            "found by \(conflict.strings("foundBy").joined(separator: " ")), \(conflict.bool("proven") == true ? "proven" : "within the error bound or by the other side only")",
        ]
        if let sentence = conflict["explanation"]?.string("sentence") {
            lines.append(sentence)
        } else if let closest = conflict["closest"], closest != .null {
            lines.append(
                "\(Int64((closest.number("distanceM") ?? 0).rounded())) m apart, \(Int64((closest.number("requiredM") ?? 0).rounded())) m needed; windows \(closest.integer("timeGapS") ?? 0) s apart")
        }
        for position in conflict.array("positions") {
            let conditions = position.strings("conditions").map { "\n    \($0)" }.joined()
            lines.append(
                "\(position.string("party") ?? ""): \(position.string("stance") ?? "")\(position.bool("current") == false ? " (of an older version)" : "")\(conditions)")
        }
        return lines.joined(separator: "\n")
    }
}
