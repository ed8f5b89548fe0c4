import ArgumentParser
import Foundation
import Records

struct PrivateCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "private-check", abstract: "Check plans that nobody was told of against another principal's.",
        discussion: """
            A check shows where a plan of ours and one of theirs collide, as far as the terms let it, and nothing else. \
            Without a match it shows nothing: the other side may have put in nothing.
            """,
        subcommands: [List.self, Propose.self, Accept.self, Decline.self, Show.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List checks, newest first.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/private-checks") }
            let checks = answer.array("checks").map(PrivateCheckText.line)
            let text = checks.isEmpty ? "No private checks." : checks.joined(separator: "\n")
            Terminal.answer(json: answer, asJSON: desk.json, text: text)
        }
    }

    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Propose a check of all sealed plans to a principal.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The other principal.") var party: String

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.post("/api/v1/private-checks", ["with": .string(party)]) }
            PrivateCheckText.show(answer, desk)
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take part, with all sealed plans.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The check, or as much of its name as tells it from others.") var check: String

        func run() async throws { try await PrivateCheckText.act("accept", check, desk) }
    }

    struct Decline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take no part.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The check, or as much of its name as tells it from others.") var check: String

        func run() async throws { try await PrivateCheckText.act("decline", check, desk) }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a check, its messages and what it found.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The check, or as much of its name as tells it from others.") var check: String

        func run() async throws {
            let answer = try await desk.withDesk { client in
                let id = try await PrivateCheckText.whole(check, client)
                return try await client.get("/api/v1/private-checks/\(id.asPathSegment)")
            }
            PrivateCheckText.show(answer, desk)
        }
    }
}

struct SealedPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sealed-plan", abstract: "Keep plans on this node that take part in private checks only.",
        subcommands: [List.self, Seal.self, End.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List sealed plans, and when each was checked.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/sealed-plans") }
            let plans = answer.array("plans").map(PrivateCheckText.plan)
            let text = plans.isEmpty ? "No sealed plans." : plans.joined(separator: "\n")
            Terminal.answer(json: answer, asJSON: desk.json, text: text)
        }
    }

    struct Seal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep a plan here. Nobody is told.")

        @OptionGroup var desk: DeskOptions
        @OptionGroup var notice: NoticeOptions

        func run() async throws {
            let body = JSONValue.object(try notice.request())
            let answer = try await desk.withDesk { try await $0.post("/api/v1/sealed-plans", body) }
            Terminal.answer(json: answer, asJSON: desk.json, text: PrivateCheckText.plan(answer["plan"] ?? .null))
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say that a sealed plan no longer holds.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The plan's number.") var id: String

        func run() async throws {
            let answer = try await desk.withDesk {
                try await $0.post("/api/v1/sealed-plans/\(id.asPathSegment)/end", [:])
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: PrivateCheckText.plan(answer["plan"] ?? .null))
        }
    }
}

/// Checks and plans as text.
private enum PrivateCheckText {
    static func act(_ act: String, _ check: String, _ desk: DeskOptions) async throws {
        let answer = try await desk.withDesk { client in
            let id = try await whole(check, client)
            return try await client.post("/api/v1/private-checks/\(id.asPathSegment)/\(act)", [:])
        }
        show(answer, desk)
    }

    /// The one check whose name begins so.
    static func whole(_ check: String, _ client: DeskClient) async throws -> String {
        let ids = try await client.get("/api/v1/private-checks").array("checks").compactMap { $0.string("id") }
        let matching = ids.filter { $0.hasPrefix(check) }
        guard matching.count < 2 else {
            throw CommandFailure(.usage, "ambiguous", "several checks begin with \(check)", field: "check")
        }
        return matching.first ?? check
    }

    static func show(_ answer: JSONValue, _ desk: DeskOptions) {
        let check = answer["check"] ?? .null
        var lines = [line(check)]
        for side in check.array("messages") {
            let messages = side.array("messages").map { message in
                let (here, parts) = (message.integer("here") ?? 0, message.integer("parts") ?? 0)
                return (message.string("message") ?? "?") + (here == parts ? "" : " (\(here) of \(parts) parts)")
            }
            lines.append("  \(side.string("party") ?? "?"): \(messages.joined(separator: ", "))")
        }
        if let finding = check["finding"] {
            for element in finding.array("elements").prefix(20) {
                let ring = element["polygon"]?.array("coordinates").first
                var place = "?"
                if case .array(let corners)? = ring, case .array(let corner)? = corners.first { place = corner.map(\.text).joined(separator: ", ") }
                lines.append(
                    "  at \(place) (a corner), \(element.integer("lowerFt") ?? 0) to \(element.integer("upperFt") ?? 0) ft, from \(element.string("from") ?? "?")")
            }
        }
        Terminal.answer(json: answer, asJSON: desk.json, text: lines.joined(separator: "\n"))
    }

    static func line(_ check: JSONValue) -> String {
        var text =
            "\(check.string("id")?.prefix(12) ?? "?")  \(check.string("initiator") ?? "?") with \(check.string("responder") ?? "?")  \(check.string("proposedAt") ?? "?")  \(check.string("state") ?? "?")"
        if let finding = check["finding"], let count = finding.integer("count") {
            text += count == 0 ? ": no match, which shows nothing" : ": \(count) in common"
        }
        if let why = check.string("why") { text += ": \(why)" }
        return text
    }

    static func plan(_ plan: JSONValue) -> String {
        "\(plan.integer("id") ?? 0)  \(plan.string("kind") ?? "?")  by \(plan.string("officer") ?? "?")  \(plan.string("says") ?? "")"
    }
}
