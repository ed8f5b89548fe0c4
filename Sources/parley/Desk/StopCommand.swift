import ArgumentParser
import Foundation
import Kernel
import Notation
import Records

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "STOP: rings the other side's desk until a person has heard it.",
        discussion: """
            `parley stop` alone presses it, for whatever is happening now. It needs no form: everything else can be \
            said afterwards. It goes out on every way, climbs by itself, and ends only when whoever pressed it lifts it.
            """,
        subcommands: [Press.self, List.self, Answer.self, Effect.self, Lift.self], defaultSubcommand: Press.self)

    struct Press: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Press STOP. Again: joins the one that is open.")

        @OptionGroup var desk: DeskOptions
        @Option(help: ArgumentHelp("Where, in any notation.", valueName: "position")) var at: String?
        @Option(help: ArgumentHelp("Around it.", valueName: "m")) var radiusM: Double = 1_000
        @Option(help: "The notice that it is about.") var notice: String?
        @Option(help: "In your own words.") var text: String?
        @Option(help: "The language of those words, such as en, tr, he.") var language: String = "en"
        @Flag(help: "A drill of desks and software.") var drill = false

        func run() async throws {
            let area = try at.map { text -> JSONValue in
                do throws(CoordinateRejection) {
                    let position = try CoordinateText.parse(text).position
                    return ["type": "Point", "coordinates": position.json, "radiusM": .number(radiusM)]
                } catch {
                    throw CommandFailure.value("--at", error, error.explanation)
                }
            }
            let body = JSONValue.members([
                ("mode", drill ? "drill" : nil), ("area", area), ("notice", notice.map(JSONValue.string)),
                ("text", text.map(JSONValue.string)), ("language", text == nil ? nil : .string(language)),
            ])
            let answer = try await desk.withDesk { try await $0.post("/api/v1/stop", body) }
            Terminal.answer(json: answer, asJSON: desk.json, text: StopLines.lines(answer["stop"] ?? .null))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List STOPs, open ones first.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/stops") }
            let stops = answer.array("stops").map(StopLines.lines)
            Terminal.answer(
                json: answer, asJSON: desk.json, text: stops.isEmpty ? "No STOP." : stops.joined(separator: "\n\n"))
        }
    }

    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer a STOP of the other side: heard, ordered, cease-reported, not-ours or cannot.")

        enum Word: String, ExpressibleByArgument, CaseIterable {
            case heard, ordered
            case ceaseReported = "cease-reported"
            case notOurs = "not-ours"
            case cannot

            var onTheWire: StopAnswer.Word {
                switch self {
                case .heard: .heard
                case .ordered: .ordered
                case .ceaseReported: .ceaseReported
                case .notOurs: .notOurs
                case .cannot: .cannot
                }
            }
        }

        @OptionGroup var desk: DeskOptions
        @Argument(help: "What you answer.") var word: Word
        @Argument(help: "The STOP; the newest open one of the other side when not given.") var id: String?
        @Option(name: .customLong("unit"), help: "A unit that was ordered or reports. May be given again.")
        var units: [String] = []
        @Option(help: "Anything else.") var remarks: String?

        func run() async throws {
            let answer = try await desk.withDesk { client in
                let id = try await StopLines.find(id, isOurs: false, client)
                return try await client.post(
                    "/api/v1/stops/\(id)/answer",
                    .members([
                        ("answer", .string(word.onTheWire.rawValue)), ("units", .array(units.map(JSONValue.string))),
                        ("remarks", remarks.map(JSONValue.string)),
                    ]))
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: StopLines.lines(answer["stop"] ?? .null))
        }
    }

    struct Effect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether you see the effect of your STOP. --none rings the other desk anew.")

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The STOP; the newest open one of ours when not given.") var id: String?
        @Flag(help: "It goes on, whatever was answered.") var none = false
        @Option(help: "Anything else.") var remarks: String?

        func run() async throws {
            let answer = try await desk.withDesk { client in
                let id = try await StopLines.find(id, isOurs: true, client)
                return try await client.post(
                    "/api/v1/stops/\(id)/effect",
                    .members([("observed", .bool(!none)), ("remarks", remarks.map(JSONValue.string))]))
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: StopLines.lines(answer["stop"] ?? .null))
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End your STOP: its effect is seen, it was pressed in error, or it was nobody's here.")

        enum Outcome: String, ExpressibleByArgument, CaseIterable {
            case effectObserved = "effect-observed"
            case withdrawn
            case notOurs = "not-ours"

            var onTheWire: StopLift.Outcome {
                switch self {
                case .effectObserved: .effectObserved
                case .withdrawn: .withdrawn
                case .notOurs: .notOurs
                }
            }
        }

        @OptionGroup var desk: DeskOptions
        @Argument(help: "Why it ends.") var outcome: Outcome
        @Argument(help: "The STOP; the newest open one of ours when not given.") var id: String?
        @Option(help: "Anything else.") var remarks: String?

        func run() async throws {
            let answer = try await desk.withDesk { client in
                let id = try await StopLines.find(id, isOurs: true, client)
                return try await client.post(
                    "/api/v1/stops/\(id)/lift",
                    .members([
                        ("outcome", .string(outcome.onTheWire.rawValue)), ("remarks", remarks.map(JSONValue.string)),
                    ]))
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: StopLines.lines(answer["stop"] ?? .null))
        }
    }
}

/// A STOP as text.
private enum StopLines {
    static func lines(_ stop: JSONValue) -> String {
        let isOpen = stop.bool("isOpen") == true
        let drill = stop.string("mode") == "drill" ? " (drill)" : ""
        var lines = [
            "STOP\(drill) by \(stop.string("author") ?? "") \(TimeText.shown(stop["openedAt"])), \(isOpen ? "open" : "lifted")",
            "  \(stop.string("id") ?? "")",
        ]
        if let text = stop.string("text") { lines.append("  “\(text)”") }
        if isOpen, stop.string("state") == "ringing" {
            lines.append("  rings \(stop.strings("roles").joined(separator: ", "))")
        }
        for addressee in stop.array("addressees") {
            let relays = addressee.strings("relays")
            lines.append(
                "  \(addressee.string("party") ?? "")  \(shown(addressee.string("state")))\(relays.isEmpty ? "" : ", by \(relays.joined(separator: ", "))")")
        }
        for message in stop.array("messages") where message.string("kind") != "stop" {
            let who = "\(message.string("officer") ?? "") of \(message.string("author") ?? "")"
            let what = message.string("answer") ?? message.string("outcome") ?? message.string("kind") ?? ""
            let seen = message.bool("observed").map { $0 ? "effect observed" : "it goes on" }
            lines.append("  \(TimeText.shown(message["at"]))  \(seen ?? shown(what))  \(who)")
        }
        if stop.bool("durable") == false { lines.append("  not on disk yet") }
        return lines.joined(separator: "\n")
    }

    private static func shown(_ word: String?) -> String {
        switch word {
        case "handedToRelay": "handed to relay"
        case "ceaseReported": "cease reported"
        case "notOurs": "not ours"
        case "effectObserved": "effect observed"
        default: word ?? ""
        }
    }

    /// - Returns: a path segment.
    static func find(_ id: String?, isOurs: Bool, _ client: DeskClient) async throws -> String {
        if let id, id.count == 64 { return id.asPathSegment }
        let party = try await client.get("/api/v1/status")["party"]?.string("id")
        let open = try await client.get("/api/v1/stops").array("stops").filter { stop in
            stop.bool("isOpen") == true && (stop.string("author") == party) == isOurs
                && (id.map { stop.string("id")?.hasPrefix($0.lowercased()) == true } ?? true)
        }
        guard let found = open.first?.string("id") else {
            throw CommandFailure(.refused, "noSuchStop", "no such STOP is open")
        }
        return found
    }
}
