import ArgumentParser
import Foundation
import Kernel
import Records

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Watch a desk in a terminal: it rings.",
        discussion: """
            Prints every change and sounds the terminal's bell for each alarm that rings, those that ring already \
            included. When the node cannot be heard it says so and tries again. With --json, one object a line.
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(help: "End, with exit code 5, when an alarm rings that did not ring when the watch began.")
    var untilRing = false

    func run() async throws {
        var last: String?
        while true {
            do {
                try await desk.withDesk { client in
                    try await client.events(after: last) { event in
                        last = event.id ?? last
                        return try show(event)
                    }
                }
                complain("The node has ended the stream.")
            } catch let failure as CommandFailure where failure.status == .unreachable && last != nil {
                // Seen before, so it may come back; never seen, and the address may be wrong.
                complain("NOT WATCHING: \(failure.sentence)")
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func show(_ event: DeskEvent) throws -> Bool {
        if desk.json {
            Terminal.line(JSONValue.members([
                ("event", .string(event.name)), ("id", event.id.map(JSONValue.string)), ("data", event.data),
            ]).text)
        } else {
            for line in WatchText.lines(event) { Terminal.line(line) }
        }
        let isRing = event.name == "alarm" && event.data.string("state") == "ringing"
        if isRing || event.name == "stop-ring" {
            if !desk.json { Terminal.say("\u{07}") }
            if untilRing { throw ExitStatus.found }
        }
        return true
    }

    private func complain(_ text: String) { Terminal.complain("parley: \(text)\n") }
}

/// Events as lines of a watch.
enum WatchText {
    static func lines(_ event: DeskEvent) -> [String] {
        let data = event.data
        switch event.name {
        case "reset":
            let status = data["status"]
            return [
                "Watching \(status?["party"]?.string("name") ?? "") at \(TimeText.shown(status?["utc"])): \(data.array("notices").count) notices, \(data.array("conflicts").count) conflicts. \(status?["assurance"]?.string("shown") ?? "UNKNOWN")"
            ] + data.array("stops").filter { $0.bool("isOpen") == true }.map(stop) + data.array("alarms").map(alarm)
        case "stop": return [stop(data)]
        case "stop-ring":
            let roles = data.strings("roles").joined(separator: ", ")
            let isNew = data.bool("isNew") != false
            return [
                "RING       STOP by \(data.string("author") ?? "")\(data.string("mode") == "drill" ? " (drill)" : "") rings \(roles)\(isNew ? "" : ", as before") [\(data.string("stop")?.prefix(16) ?? "")…]"
            ]
        case "call":
            let facts = data.array("facts").map { fact in
                "\(fact.string("party") ?? "") \(fact.string("acknowledgedBy").map { "acknowledged by \($0)" } ?? (fact.bool("noOneThere") == true ? "no one there" : "not acknowledged"))"
            }
            return ["call       \(data.string("id") ?? "") from \(data.string("from") ?? ""): \(facts.joined(separator: ", "))"]
        case "presence":
            let answers = data.array("answers").map { "\($0.string("party") ?? "") \($0.string("answer") ?? "")" }
            return ["presence   \(data.string("id") ?? ""): \(answers.isEmpty ? "not answered" : answers.joined(separator: ", "))"]
        case "alarm": return [alarm(data)]
        case "notice":
            return [
                "notice     \(data.string("id") ?? "") v\(data.integer("version") ?? 0) \(data.string("kind") ?? "") \(data.string("status") ?? "")\(data.string("mode") == "drill" ? " (drill)" : ""): \(Words.shown(answer: data.string("assurance")))"
            ]
        case "conflict":
            return [
                "conflict   \(data.string("id")?.prefix(16) ?? "")… \(data.string("state") ?? ""): \(data["first"]?.string("notice") ?? "") and \(data["second"]?.string("notice") ?? "")"
            ]
        case "link": return ["link       \(data.string("party") ?? "") is \(data.string("state") ?? "")"]
        case "assurance", "notice-assurance":
            let whose = data.string("notice").map { " of \($0)" } ?? ""
            return ["assurance  \(data.string("shown") ?? "UNKNOWN")\(whose)"]
        default: return []
        }
    }

    private static func stop(_ stop: JSONValue) -> String {
        let states = stop.array("addressees").map { "\($0.string("party") ?? "") \($0.string("state") ?? "")" }
        return
            "STOP       by \(stop.string("author") ?? "")\(stop.string("mode") == "drill" ? " (drill)" : ""), \(stop.bool("isOpen") == true ? "open" : "lifted"): \(states.joined(separator: ", ")) [\(stop.string("id")?.prefix(16) ?? "")…]"
    }

    private static func alarm(_ alarm: JSONValue) -> String {
        let precedence = (alarm.string("precedence") ?? "").uppercased()
        let sentence = alarm.string("sentence") ?? ""
        switch alarm.string("state") {
        case "ringing": return "RING       \(precedence) \(sentence) [\(alarm.string("id") ?? "")]"
        case "acknowledged": return "heard      \(sentence) by \(alarm.string("acknowledgedBy") ?? "")"
        default: return "over       \(sentence)"
        }
    }
}
