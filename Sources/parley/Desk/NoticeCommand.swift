import ArgumentParser
import Foundation
import Records

struct NoticeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice", abstract: "File, amend, end, list and show notices.",
        subcommands: [FileNotice.self, Amend.self, End.self, List.self, Show.self])

    struct FileNotice: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "file", abstract: "File a notice: signed, stored, and sent to the other principals.")

        @OptionGroup var desk: DeskOptions
        @OptionGroup var notice: NoticeOptions

        @Flag(help: "A drill of desks and software. Forces that move are real, also on exercise.")
        var drill = false

        @Option(
            name: .customLong("audience"),
            help: ArgumentHelp("Only this principal, instead of all. May be given again.", valueName: "party"))
        var audience: [String] = []

        func run() async throws {
            var members = try notice.request()
            if !members.contains(where: { $0.name == "mode" }) {
                members.append(JSONMember("mode", drill ? "drill" : "real"))
            }
            if !audience.isEmpty { members.append(JSONMember("audience", .array(audience.map(JSONValue.string)))) }
            let body = JSONValue.object(members)
            let answer = try await desk.withDesk { try await $0.post("/api/v1/notices", body) }
            Terminal.answer(json: answer, asJSON: desk.json, text: NoticeCommand.filed(answer, "Filed"))
        }
    }

    struct Amend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "File a new version of a notice. What no option changes stays as it is.")

        @OptionGroup var desk: DeskOptions

        @Argument(help: "The notice, such as turkiye-3.") var id: String

        @OptionGroup var notice: NoticeOptions

        @Option(help: ArgumentHelp("The version that you are changing; the newest when not given.", valueName: "n"))
        var version: Int64?

        func run() async throws {
            let answer = try await desk.withDesk { client in
                let path = "/api/v1/notices/\(id.asPathSegment)"
                let present = try await client.get(path)
                var members = try notice.request(base: present)
                let expected = JSONValue.integer(version ?? present.integer("version") ?? 1)
                members.append(JSONMember("expectedVersion", expected))
                return try await client.post(path + "/versions", .object(members))
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: NoticeCommand.filed(answer, "Amended"))
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say that a notice no longer holds.")

        enum Reason: String, ExpressibleByArgument, CaseIterable { case over, cancelled }

        @OptionGroup var desk: DeskOptions

        @Argument(help: "The notice.") var id: String

        @Option(help: "over (it took place, or has left) or cancelled (it will not take place).")
        var reason: Reason

        @Option(help: "Why.")
        var remarks: String?

        func run() async throws {
            let body = JSONValue.members([
                ("reason", .string(reason.rawValue)), ("remarks", remarks.map(JSONValue.string)),
            ])
            let answer = try await desk.withDesk {
                try await $0.post("/api/v1/notices/\(id.asPathSegment)/end", body)
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: NoticeText.whole(answer["notice"] ?? .null))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List notices, ours and theirs.")

        enum State: String, ExpressibleByArgument, CaseIterable { case current, ended, all }

        @OptionGroup var desk: DeskOptions

        @Option(help: "Only this party's.") var party: String?

        @Option(help: "current (all that have not ended), ended, all.") var state: State = .current

        func run() async throws {
            let notices = try await desk.withDesk { client in
                var notices: [JSONValue] = []
                var after: String?
                repeat {
                    var path = "/api/v1/notices?state=\(state.rawValue)"
                    if let party { path += "&party=\(party.asPathSegment)" }
                    if let after { path += "&after=\(after.asPathSegment)" }
                    let page = try await client.get(path)
                    notices += page.array("notices")
                    after = page.string("next")
                } while after != nil
                return notices
            }
            Terminal.answer(json: ["notices": .array(notices)], asJSON: desk.json, text: NoticeText.list(notices))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a notice and every fact about it.")

        @OptionGroup var desk: DeskOptions

        @Argument(help: "The notice.") var id: String

        func run() async throws {
            let notice = try await desk.withDesk { try await $0.get("/api/v1/notices/\(id.asPathSegment)") }
            Terminal.answer(json: notice, asJSON: desk.json, text: NoticeText.whole(notice))
        }
    }

    private static func filed(_ answer: JSONValue, _ verb: String) -> String {
        let notice = answer["notice"] ?? .null
        return """
            \(verb) \(notice.string("id") ?? ""), version \(notice.integer("version") ?? 0).
            \(NoticeText.collisions(answer.array("collisions")))
            Sent is not received, and received is not read back: parley notice show \(notice.string("id") ?? "")
            A notice is neither permission nor immunity.
            """
    }
}

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "See what a notice would collide with. Nothing leaves the node.",
        discussion: "Exits with 5 when it collides with a notice that this node holds.")

    @OptionGroup var desk: DeskOptions
    @OptionGroup var notice: NoticeOptions

    @Option(help: ArgumentHelp("The notice that this would be a new version of.", valueName: "notice"))
    var amending: String?

    @Flag(help: "Check against drills instead of what is real.")
    var drill = false

    func run() async throws {
        let answer = try await desk.withDesk { client in
            var base: JSONValue?
            if let amending { base = try await client.get("/api/v1/notices/\(amending.asPathSegment)") }
            var members = try notice.request(base: base).filter { $0.name != "statedPlace" }
            if !members.contains(where: { $0.name == "mode" }) {
                members.append(JSONMember("mode", .string(base?.string("mode") ?? (drill ? "drill" : "real"))))
            }
            if let amending { members.append(JSONMember("notice", .string(amending))) }
            return try await client.post("/api/v1/check", .object(members))
        }
        Terminal.answer(json: answer, asJSON: desk.json, text: text(answer))
        if !answer.array("collisions").isEmpty { throw ExitStatus.found }
    }

    private func text(_ answer: JSONValue) -> String {
        var lines: [String] = []
        for (i, place) in answer.array("nearest").enumerated() where place != .null {
            let area = answer.array("areasM2").dropFirst(i).first?.asNumber ?? 0
            lines.append(
                "volume \(i): \(Int64(((place.number("distanceM") ?? 0) / 1_000).rounded())) km from \(place.string("name") ?? ""), bearing \(Int64((place.number("bearingDeg") ?? 0).rounded()))°, \(Int64((area / 1e6).rounded())) km²")
        }
        let flags = answer.strings("flags")
        if !flags.isEmpty { lines.append("irregular: " + flags.map(Words.flag).joined(separator: ", ")) }
        lines.append(NoticeText.collisions(answer.array("collisions")))
        return lines.joined(separator: "\n")
    }
}
