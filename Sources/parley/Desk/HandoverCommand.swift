import ArgumentParser
import Foundation
import Records

struct HandoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handover", abstract: "Who has the watch, and handing it over item by item.",
        discussion: """
            Whoever has the watch offers it; the incoming officer accepts every open item, then completes. Until then \
            the watch stays where it is.
            """,
        subcommands: [Show.self, Take.self, Offer.self, Accept.self, Complete.self, Cancel.self],
        defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who has the watch, what a handover still lacks, and what waits for a second officer.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/watch") }
            Terminal.answer(json: answer, asJSON: desk.json, text: HandoverText.whole(answer))
        }
    }

    struct Take: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the watch that nobody has, or whose officer has not acted for long.")

        @OptionGroup var desk: DeskOptions

        func run() async throws { try await HandoverText.act("take", [:], desk) }
    }

    struct Offer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Offer the watch that you have.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The incoming officer.") var officer: String
        @Option(help: "Anything else.") var remarks: String?

        func run() async throws {
            let body = JSONValue.members([("to", .string(officer)), ("remarks", remarks.map(JSONValue.string))])
            try await HandoverText.act("handover", body, desk)
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Accept one open item, as the incoming officer.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The item, or as much of its id as tells it from others.") var item: String

        func run() async throws {
            let answer = try await desk.withDesk { client in
                let items = try await client.get("/api/v1/watch")["handover"]?.array("items") ?? []
                let ids = items.compactMap { $0.string("id") }
                let matching = ids.contains(item) ? [item] : ids.filter { $0.hasPrefix(item) }
                guard matching.count < 2 else {
                    throw CommandFailure(.usage, "ambiguous", "several items begin with \(item)", field: "item")
                }
                return try await client.post(
                    "/api/v1/watch/handover/accept", ["item": .string(matching.first ?? item)])
            }
            HandoverText.show(answer, desk)
        }
    }

    struct Complete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the watch over, with every item accepted, as the incoming officer.")

        @OptionGroup var desk: DeskOptions

        func run() async throws { try await HandoverText.act("handover/complete", [:], desk) }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Call the handover off. The watch stays where it is.")

        @OptionGroup var desk: DeskOptions

        func run() async throws { try await HandoverText.act("handover/cancel", [:], desk) }
    }
}

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Release, as a second officer, an act that waits for one.",
        discussion: "`parley handover show` lists what waits. The act is judged anew, as things stand now.")

    @OptionGroup var desk: DeskOptions
    @Argument(help: "The act's number.") var id: String

    func run() async throws { try await HandoverText.act("pending/\(id.asPathSegment)/approve", [:], desk) }
}

struct WithdrawActCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw-act", abstract: "Take back an act of yours that waits for a second officer.")

    @OptionGroup var desk: DeskOptions
    @Argument(help: "The act's number.") var id: String

    func run() async throws { try await HandoverText.act("pending/\(id.asPathSegment)/withdraw", [:], desk) }
}

/// The watch as text.
private enum HandoverText {
    static func act(_ path: String, _ body: JSONValue, _ desk: DeskOptions) async throws {
        show(try await desk.withDesk { try await $0.post("/api/v1/watch/\(path)", body) }, desk)
    }

    static func show(_ answer: JSONValue, _ desk: DeskOptions) {
        Terminal.answer(json: answer, asJSON: desk.json, text: whole(answer["watch"] ?? .null))
    }

    static func whole(_ watch: JSONValue) -> String {
        let duty = watch["onDuty"]
        var lines = [
            duty?.string("officer").map { "\($0) has the watch since \(TimeText.shown(duty?["since"]))." }
                ?? "Nobody has the watch."
        ]
        if let handover = watch["handover"], let to = handover.string("to") {
            let items = handover.array("items")
            let accepted = items.count { $0.bool("isAccepted") == true }
            lines.append(
                "\(handover.string("from") ?? "") hands over to \(to) since \(TimeText.shown(handover["offeredAt"])): \(accepted) of \(items.count) items accepted.")
            if let remarks = handover.string("remarks") { lines.append("“\(remarks)”") }
            var table = TextTable("item", "accepted", "since", "")
            for item in items {
                table.add(
                    item.string("id") ?? "", item.bool("isAccepted") == true ? "yes" : "NO",
                    TimeText.shown(item["since"]), item.string("sentence") ?? "")
            }
            if !table.isEmpty { lines.append(table.text) }
        }
        let pending = watch.array("pending")
        if !pending.isEmpty { lines.append("For a second officer (parley approve):") }
        for act in pending {
            lines.append(
                "  \(act.integer("id") ?? 0)  \(TimeText.shown(act["at"]))  \(act.string("sentence") ?? "")")
        }
        return lines.joined(separator: "\n")
    }
}
