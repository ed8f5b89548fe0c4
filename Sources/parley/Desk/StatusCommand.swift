import ArgumentParser
import Foundation
import NodeRuntime
import Records

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "This node, its links, its alarms and its assurance.")

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        let status = try await desk.withDesk { try await $0.get("/api/v1/status") }
        Terminal.answer(json: status, asJSON: desk.json, text: text(status))
    }

    private func text(_ status: JSONValue) -> String {
        let party = status["party"]
        let mechanism = status["mechanism"]
        var links = TextTable("peer", "link", "heard", "holds of ours", "we hold of theirs", "clock", "not for us")
        for link in status.array("links") {
            links.add(
                link.string("party") ?? "", link.string("state") ?? "",
                link.number("lastHeardS").map { Duration.seconds($0).shown } ?? "never",
                "\(link.integer("holdsOfOurs") ?? 0) of \(link.integer("ourSize") ?? 0)",
                "\(link.integer("holdsOfTheirs") ?? 0) of \(link.integer("theirSize").map(String.init) ?? "?")",
                link.number("clockDifferenceS").map { Duration.seconds($0).shown } ?? "?",
                String(link.integer("withheld") ?? 0))
        }
        return """
            \(party?.string("name") ?? "") (\(party?.string("id") ?? ""), \(party?.string("role") ?? "")) at \(TimeText.shown(status["utc"]))
            \(mechanism?.string("name") ?? ""), terms version \(mechanism?.integer("termsVersion") ?? 0)
            \(links.text)
            \(status["alarms"]?.integer("ringing") ?? 0) alarms ringing
            \(AssuranceCommand.text(status["assurance"] ?? .null))
            """
    }
}

struct AssuranceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assurance", abstract: "What this node can say of a notice, or of the mechanism as a whole.")

    @OptionGroup var desk: DeskOptions

    @Argument(help: "The notice; the whole mechanism when not given.") var id: String?
    @Option(
        help: ArgumentHelp(
            "Write a statement of it here, signed by the node, which parley-audit checks.", valueName: "file"))
    var statement: String?

    func run() async throws {
        let path = id.map { "/api/v1/notices/\($0.asPathSegment)/assurance" } ?? "/api/v1/assurance"
        if let statement { return try await write(path + "/statement", to: statement) }
        let assurance = try await desk.withDesk { try await $0.get(path) }
        Terminal.answer(json: assurance, asJSON: desk.json, text: AssuranceCommand.text(assurance))
    }

    private func write(_ path: String, to out: String) async throws {
        let file = URL(fileURLWithPath: out)
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw CommandFailure(.unusableFile, "exists", "\(out) exists; it is not overwritten", field: "--statement")
        }
        let bytes = try await desk.withDesk { try await $0.bytes(path) }
        try usingFiles { try NodeFolder(path: ".").write(bytes, to: file) }
        Terminal.answer(
            json: ["file": .string(out)], asJSON: desk.json,
            text: "\(String(decoding: bytes, as: UTF8.self))In \(out). Check it: parley-audit BUNDLE --statement \(out)")
    }

    static func text(_ assurance: JSONValue) -> String {
        var lines = [assurance.string("shown") ?? "UNKNOWN"]
        if let seconds = assurance.number("validForS") {
            lines[0] += ", for \(Int64(seconds.rounded(.down))) s unless more is heard"
        }
        for reason in assurance.array("reasons") {
            lines.append("- \(reason.string("sentence") ?? "") \(reason.string("endsBy") ?? "")")
        }
        for condition in assurance.strings("conditions") { lines.append("- condition: \(condition)") }
        for evidence in assurance.array("evidence") {
            lines.append(
                "rests on \(evidence.integer("size") ?? 0) records of \(evidence.string("party") ?? ""), heard \(evidence.number("heardS").map { Duration.seconds($0).shown + " ago" } ?? "never")")
        }
        for gap in assurance.strings("doesNotCover") { lines.append("does not cover: \(gap)") }
        return lines.joined(separator: "\n")
    }
}

struct AlarmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarm", abstract: "What rings at this desk.", subcommands: [List.self, Ack.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List alarms whose cause still stands.")

        @OptionGroup var desk: DeskOptions

        @Flag(help: "Cleared ones too.") var all = false

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/alarms" + (all ? "?all=true" : "")) }
            var table = TextTable("alarm", "precedence", "state", "raised", "due", "")
            for alarm in answer.array("alarms") {
                table.add(
                    alarm.string("id") ?? "", (alarm.string("precedence") ?? "").uppercased(),
                    alarm.string("state") ?? "", TimeText.shown(alarm["raisedAt"]), TimeText.shown(alarm["dueAt"]),
                    alarm.string("sentence") ?? "")
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: table.isEmpty ? "No alarms." : table.text)
        }
    }

    struct Ack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that you have heard an alarm. It stays until its cause is gone.")

        @OptionGroup var desk: DeskOptions

        @Argument(help: "The alarm.") var id: String

        func run() async throws {
            let answer = try await desk.withDesk {
                try await $0.post("/api/v1/alarms/\(id.asPathSegment)/acknowledge", [:])
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: "Heard: \(answer["alarm"]?.string("sentence") ?? id)")
        }
    }
}

struct SuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Suspend the mechanism for our part. Notices and rings go on.")

    @OptionGroup var desk: DeskOptions
    @Option(help: "Why.") var reason: String?

    func run() async throws { try await Suspension.set(true, reason, desk) }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "End our suspension.")

    @OptionGroup var desk: DeskOptions
    @Option(help: "Why.") var reason: String?

    func run() async throws { try await Suspension.set(false, reason, desk) }
}

private enum Suspension {
    static func set(_ suspended: Bool, _ reason: String?, _ desk: DeskOptions) async throws {
        let body = JSONValue.members([("suspended", .bool(suspended)), ("reason", reason.map(JSONValue.string))])
        let answer = try await desk.withDesk { try await $0.post("/api/v1/suspension", body) }
        Terminal.answer(
            json: answer, asJSON: desk.json,
            text: suspended ? "Suspended. Every assurance is UNKNOWN until you resume." : "Resumed.")
    }
}
