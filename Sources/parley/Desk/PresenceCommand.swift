import ArgumentParser
import Foundation
import Geodesy
import Kernel
import Notation
import Records

struct PresenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presence", abstract: "Ask the other principals whether they have forces in an area.",
        subcommands: [Ask.self, List.self, Answer.self], defaultSubcommand: List.self)

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask. Every answer is signed, and holds until the time that it states.",
            discussion: "No answer is no answer: it never means that nobody is there.")

        @OptionGroup var desk: DeskOptions
        @Option(help: ArgumentHelp("The centre, in any notation.", valueName: "position")) var at: String
        @Option(help: ArgumentHelp("Around it.", valueName: "m")) var radiusM: Double
        @Option(help: ArgumentHelp("Lower limit, such as GND, \"3500 ft AMSL\", FL250.", valueName: "altitude"))
        var lower: String
        @Option(help: ArgumentHelp("Upper limit.", valueName: "altitude")) var upper: String
        @Option(name: .customLong("from"), help: ArgumentHelp("Start: 221917ZNOV26, RFC 3339, now or +90m.", valueName: "time"))
        var start: String
        @Option(name: .customLong("to"), help: ArgumentHelp("End, likewise.", valueName: "time")) var end: String
        @Option(
            name: .customLong("party"),
            help: ArgumentHelp("Only this principal, instead of all. May be given again.", valueName: "party"))
        var parties: [String] = []
        @Option(help: "How urgently.") var precedence: Precedence = .immediate
        @Option(help: ArgumentHelp("The answer is needed by then, if earlier than by the terms.", valueName: "time"))
        var due: String?
        @Option(help: "Anything else.") var remarks: String?
        @Flag(help: "A drill of desks and software.") var drill = false

        func run() async throws {
            let due = try due.map { JSONValue.string(try TimeText.parse($0, option: "--due").rfc3339) }
            let body = JSONValue.members([
                ("mode", drill ? "drill" : "real"),
                ("to", parties.isEmpty ? nil : .array(parties.map(JSONValue.string))), ("volume", try volume()),
                ("precedence", .string(precedence.rawValue)), ("due", due), ("remarks", remarks.map(JSONValue.string)),
            ])
            let answer = try await desk.withDesk { try await $0.post("/api/v1/presence", body) }
            Terminal.answer(
                json: answer, asJSON: desk.json, text: PresenceText.whole(answer["presence"] ?? .null))
        }

        private func volume() throws -> JSONValue {
            let position: Position
            do throws(CoordinateRejection) {
                position = try CoordinateText.parse(at).position
            } catch {
                throw CommandFailure.value("--at", error, error.explanation)
            }
            return [
                "footprint": ["type": "Point", "coordinates": position.json, "radiusM": .number(radiusM)],
                "altitude": [
                    "lower": try altitude(lower, option: "--lower"), "upper": try altitude(upper, option: "--upper"),
                ],
                "start": .string(try TimeText.parse(start, option: "--from").rfc3339),
                "end": .string(try TimeText.parse(end, option: "--to").rfc3339), "original": .string(at),
            ]
        }

        private func altitude(_ text: String, option: String) throws -> JSONValue {
            do throws(AltitudeRejection) {
                return try AltitudeText.parse(text).json
            } catch {
                throw CommandFailure.value(option, error, error.explanation)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List queries and their answers, newest first.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/presence") }
            let queries = answer.array("presence").map(PresenceText.whole)
            Terminal.answer(
                json: answer, asJSON: desk.json,
                text: queries.isEmpty ? "No presence queries." : queries.joined(separator: "\n\n"))
        }
    }

    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer a query of the other side: none, some or decline.",
            discussion: """
                none and some are the party's signed word: say with --affiliated whether it covers forces that are with \
                the party and not of it, and with --valid-until until when it holds. decline says nothing.
                """)

        enum Affiliated: String, ExpressibleByArgument, CaseIterable {
            case covered
            case notCovered = "not-covered"

            var onTheWire: PresenceAnswer.Affiliated {
                switch self {
                case .covered: .covered
                case .notCovered: .notCovered
                }
            }
        }

        @OptionGroup var desk: DeskOptions
        @Argument(help: "The query, such as turkiye-12.") var id: String
        @Argument(help: "What you answer.") var answer: PresenceAnswer.Answer
        @Option(help: "Whether it speaks for affiliated forces.") var affiliated: Affiliated?
        @Option(help: ArgumentHelp("It holds until then: 221917ZNOV26, RFC 3339 or +90m.", valueName: "time"))
        var validUntil: String?
        @Option(help: "Anything else.") var remarks: String?

        func run() async throws {
            for (option, isGiven) in [("--affiliated", affiliated != nil), ("--valid-until", validUntil != nil)] {
                guard isGiven != (answer == .decline) else {
                    throw isGiven
                        ? CommandFailure(.usage, "notAllowed", "who declines states nothing", field: option)
                        : CommandFailure(.usage, "missing", "\(option) is needed", field: option)
                }
            }
            let body = JSONValue.members([
                ("answer", .string(answer.rawValue)),
                ("affiliated", affiliated.map { .string($0.onTheWire.rawValue) }),
                ("validUntil", try validUntil.map { .string(try TimeText.parse($0, option: "--valid-until").rfc3339) }),
                ("remarks", remarks.map(JSONValue.string)),
            ])
            let reply = try await desk.withDesk {
                try await $0.post("/api/v1/presence/\(id.asPathSegment)/answer", body)
            }
            Terminal.answer(json: reply, asJSON: desk.json, text: PresenceText.whole(reply["presence"] ?? .null))
        }
    }
}

extension PresenceAnswer.Answer: ExpressibleByArgument {}

/// A presence query and its answers as text.
private enum PresenceText {
    static func whole(_ exchange: JSONValue) -> String {
        let query = exchange["query"]
        let drill = exchange.string("mode") == "drill" ? " (drill)" : ""
        let officer = exchange.string("officer").map { " (\($0))" } ?? ""
        var lines = [
            "\(exchange.string("id") ?? "")  \((query?.string("precedence") ?? "").uppercased())\(drill), asked by \(exchange.string("from") ?? "")\(officer) \(TimeText.shown(exchange["createdAt"])), answer due \(TimeText.shown(exchange["dueAt"]))",
            "  forces within \(area(query?["volume"] ?? .null))?",
        ]
        if let remarks = query?.string("remarks") { lines.append("  “\(remarks)”") }
        let answers = exchange.array("answers")
        lines += answers.map { "  " + answer($0) }
        for party in exchange.strings("to") where !answers.contains(where: { $0.string("party") == party }) {
            let fact = exchange.array("facts").first { $0.string("party") == party }
            // A node signs no receipt to itself: at the addressee's own desk there is only when it was understood.
            let received = fact?.string("receiptedAt") ?? fact?.string("evaluatedAt")
            let state =
                if fact?.bool("noOneThere") == true {
                    "no one there"
                } else if let received {
                    "received \(TimeText.shown(.string(received))), not answered"
                } else {
                    "not received"
                }
            lines.append("  \(party): \(state)")
        }
        return lines.joined(separator: "\n")
    }

    private static func answer(_ answer: JSONValue) -> String {
        let who = "\(answer.string("party") ?? "") (\(answer.string("officer") ?? "?")) \(TimeText.shown(answer["at"]))"
        var words: [String] = []
        switch answer.string("answer") {
        case "none": words.append("NO forces")
        case "some": words.append("forces present")
        case "decline": words.append("does not say")
        case let other: words.append(other ?? "?")
        }
        switch answer.string("affiliated") {
        case "covered": words.append("affiliated forces included")
        case "notCovered": words.append("affiliated forces NOT included")
        default: break
        }
        if answer.string("validUntil") != nil {
            let holds = answer.bool("isValid") == true ? "holds until" : "NO LONGER HOLDS, since"
            words.append("\(holds) \(TimeText.shown(answer["validUntil"]))")
        }
        if let remarks = answer.string("remarks") { words.append("“\(remarks)”") }
        let against = answer.strings("contradictedBy")
        if !against.isEmpty { words.append("CONTRADICTED by \(against.joined(separator: ", "))") }
        return "\(who): \(words.joined(separator: ", "))"
    }

    private static func area(_ volume: JSONValue) -> String {
        let footprint = volume["footprint"]
        let place = volume.string("original") ?? footprint?["coordinates"]?.text ?? ""
        let radius = Int64((footprint?.number("radiusM") ?? 0).rounded())
        let shape = footprint?.string("type") == "Point" ? "\(radius) m of" : "\(footprint?.string("type") ?? "") (+ \(radius) m)"
        return "\(shape) \(place), \(limit(volume["altitude"]?["lower"])) to \(limit(volume["altitude"]?["upper"])), \(TimeText.shown(volume["start"])) to \(TimeText.shown(volume["end"]))"
    }

    private static func limit(_ altitude: JSONValue?) -> String {
        guard let altitude, let read = try? Altitude(json: altitude, path: "") else { return "?" }
        return AltitudeText.format(read)
    }
}
