import ArgumentParser
import Foundation
import Kernel
import Records

struct PassCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pass", abstract: "Pass notices and STOPs on to our own units, and say which of them have it.",
        discussion: """
            The others see how many units are concerned and how many have it; names only with --disclose. A subject is \
            a notice with the version that the unit has, such as turkiye-3@2, or a STOP, such as stop:4f0c….
            """,
        subcommands: [Concerns.self, On.self, List.self], defaultSubcommand: List.self)

    struct Concerns: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which of our units it concerns: those, and no others.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The notice with its version, or the STOP.") var subject: String
        @Argument(help: "The units.") var units: [String] = []
        @Flag(help: "It concerns none of ours.") var none = false

        func run() async throws {
            guard units.isEmpty == none else {
                throw CommandFailure(.usage, "missing", "give the units, or --none when it concerns none", field: "--none")
            }
            try await PassCommand.post("/api/v1/passing/concerns", subject, units, [], desk)
        }
    }

    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that units have it: not before they have confirmed that they do.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The notice with its version, or the STOP.") var subject: String
        @Argument(help: "The units.") var units: [String]
        @Flag(help: "Tell the other principals the names of these units.") var disclose = false

        func run() async throws {
            try await PassCommand.post(
                "/api/v1/passing", subject, units, [JSONMember("disclose", .bool(disclose))], desk)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what has been passed on, and to whom not yet.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/units") }
            Terminal.answer(json: answer, asJSON: desk.json, text: PassText.whole(answer))
        }
    }

    private static func post(
        _ path: String, _ subject: String, _ units: [String], _ more: [JSONMember], _ desk: DeskOptions
    ) async throws {
        let answer = try await desk.withDesk { client in
            let body = try await members(subject, client) + [JSONMember("units", .array(units.map(JSONValue.string)))]
            return try await client.post(path, .object(body + more))
        }
        Terminal.answer(json: answer, asJSON: desk.json, text: PassText.whole(answer))
    }

    /// The version is never filled in: what a unit has is the version that was read to it, not the newest.
    private static func members(_ subject: String, _ client: DeskClient) async throws -> [JSONMember] {
        if subject.hasPrefix("stop:") {
            return [JSONMember("stop", .string(try await stop(String(subject.dropFirst(5)), client)))]
        }
        let parts = subject.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let notice = NoticeID(parts[0]), let version = Int64(parts[1]), version > 0 else {
            throw CommandFailure(
                .usage, "malformedSubject", "write turkiye-3@2, or stop: and the STOP's id", field: "subject")
        }
        return [JSONMember("notice", .string(notice.description)), JSONMember("version", .integer(version))]
    }

    /// Completes an abbreviated id, so that nobody has to type 64 digits.
    private static func stop(_ id: String, _ client: DeskClient) async throws -> String {
        guard id.utf8.count < 64 else { return id }
        let stops = try await client.get("/api/v1/stops").array("stops").compactMap { $0.string("id") }
        let matching = stops.filter { !id.isEmpty && $0.hasPrefix(id.lowercased()) }
        guard matching.count < 2 else {
            throw CommandFailure(.usage, "ambiguous", "several STOPs begin with \(id)", field: "subject")
        }
        guard let found = matching.first else {
            throw CommandFailure(.refused, "noSuchStop", "there is no STOP \(id) here", field: "subject")
        }
        return found
    }
}

/// What was passed on, as text.
private enum PassText {
    static func whole(_ passing: JSONValue) -> String {
        var lines = passing.array("own").flatMap(own)
        for stop in passing.array("stops") {
            for party in stop.array("parties") {
                lines.append(
                    "stop:\(stop.string("stop") ?? "")  \(party.string("party") ?? "") says \(party.integer("reached") ?? 0) of \(party.integer("of") ?? 0) units have it\(list(": ", party.strings("units"))) \(TimeText.shown(party["at"]))")
            }
        }
        return lines.isEmpty ? "Nothing has been passed on." : lines.joined(separator: "\n")
    }

    private static func own(_ own: JSONValue) -> [String] {
        let subject =
            own["notice"].map { "\($0.string("notice") ?? "")@\($0.integer("version") ?? 0)" }
            ?? "stop:\(own.string("stop") ?? "")"
        var lines: [String]
        if own["concerned"].map({ $0 == .null }) ?? true {
            lines = ["\(subject)  not said which units it concerns"]
        } else if own.strings("concerned").isEmpty {
            lines = ["\(subject)  concerns none of ours"]
        } else {
            let missing = own.strings("notYetReached")
            lines = [
                "\(subject)  concerns \(own.strings("concerned").joined(separator: ", "))\(missing.isEmpty ? ": all have it" : list("; NOT YET: ", missing))"
            ]
        }
        for fact in own.array("reached") {
            lines.append(
                "  \(fact.string("unit") ?? "") has it, \(fact.string("by") ?? "") \(TimeText.shown(fact["at"]))\(fact.bool("isDisclosed") == true ? ", name disclosed" : "")")
        }
        return lines
    }

    private static func list(_ before: String, _ names: [String]) -> String {
        names.isEmpty ? "" : before + names.joined(separator: ", ")
    }
}
