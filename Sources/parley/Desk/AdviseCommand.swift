import ArgumentParser
import Foundation
import Kernel
import Notation
import Records

/// `parley advise`: ways out of every conflict of a notice at once.
struct AdviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise", abstract: "See how a notice could come clear of every conflict. Nothing leaves the node.",
        discussion: """
            Say what may change: --earlier and --later, --floor and --ceiling, --within. For each, and for each \
            combination, the node looks for the smallest change that clears every conflict and makes no new one; \
            windows keep their length and bands their thickness. Exits with 5 when nothing within the bounds does.

            Examples: parley advise turkiye-3 --later 3h --within 20km
                      parley advise --file draft.json --earlier 1h --later 1h --ceiling "FL300"
            """)

    @OptionGroup var desk: DeskOptions

    @Argument(help: "One of our own notices, such as turkiye-3.") var notice: String?

    @Option(help: ArgumentHelp("A draft instead: all fields as the desk API takes them.", valueName: "draft"))
    var file: String?

    @Option(help: ArgumentHelp("At most so much earlier: 90m, 2h, 1d.", valueName: "time")) var earlier: String?
    @Option(help: ArgumentHelp("At most so much later.", valueName: "time")) var later: String?
    @Option(help: ArgumentHelp("In steps of so much; a minute when not given.", valueName: "time")) var timeStep: String?

    @Option(help: ArgumentHelp("The bands may be lowered down to this, such as \"3500 ft AMSL\", FL250.", valueName: "altitude"))
    var floor: String?

    @Option(help: ArgumentHelp("The bands may be raised up to this.", valueName: "altitude")) var ceiling: String?

    @Option(help: ArgumentHelp("In steps of so much: 100 ft, or 10 m where nothing is in feet.", valueName: "m"))
    var altitudeStepM: Double?

    @Option(help: ArgumentHelp("At most so far from where it is: 800m, 20km.", valueName: "distance")) var within: String?

    @Option(help: ArgumentHelp("In steps of so much east and north; 100 m when not given.", valueName: "distance"))
    var positionStep: String?

    @Option(help: ArgumentHelp("What a minute costs; likewise --per-100m and --per-km. 1 when not given.", valueName: "cost"))
    var perMinute: Double?
    @Option(name: .customLong("per-100m"), help: ArgumentHelp("What 100 m of height cost.", valueName: "cost"))
    var per100M: Double?
    @Option(help: ArgumentHelp("What a kilometre of place costs.", valueName: "cost")) var perKm: Double?

    @Flag(help: "Keep clear of our own other notices, too.") var avoidOwn = false

    @Flag(help: "A draft is a drill.") var drill = false

    func run() async throws {
        let body = try request()
        let answer = try await desk.withDesk { try await $0.post("/api/v1/advice", body) }
        Terminal.answer(json: answer, asJSON: desk.json, text: Self.text(answer))
        if ["none", "undecided"].contains(answer.string("state") ?? "") { throw ExitStatus.found }
    }

    private func request() throws -> JSONValue {
        var members: [JSONMember] = []
        switch (notice, file) {
        case (let notice?, nil): members.append(JSONMember("notice", .string(notice)))
        case (nil, let file?):
            let bytes = try usingFiles { try File.read(file) }
            let value = try usingFiles { try StrictJSON.read(bytes, limit: Limits.requestBytes) }
            guard case .object(let fields) = value else {
                throw CommandFailure(.usage, "wrongType", "\(file) must hold an object", field: "--file")
            }
            members = fields.filter { !["statedPlace", "audience", "bounds", "costs"].contains($0.name) }
            if !members.contains(where: { $0.name == "mode" }) {
                members.append(JSONMember("mode", drill ? "drill" : "real"))
            }
        default:
            throw CommandFailure(.usage, "missing", "give one of a notice and --file", field: "notice")
        }
        members.append(JSONMember("bounds", try bounds()))
        if perMinute != nil || per100M != nil || perKm != nil {
            members.append(
                JSONMember(
                    "costs",
                    .members([
                        ("perMinute", perMinute.map(JSONValue.number)), ("per100M", per100M.map(JSONValue.number)),
                        ("perKm", perKm.map(JSONValue.number)),
                    ])))
        }
        if avoidOwn { members.append(JSONMember("avoidOwn", true)) }
        return .object(members)
    }

    private func bounds() throws -> JSONValue {
        let members: [(String, JSONValue?)] = [
            ("earlierS", try earlier.map { .integer(try Self.seconds($0, option: "--earlier")) }),
            ("laterS", try later.map { .integer(try Self.seconds($0, option: "--later")) }),
            ("timeStepS", try timeStep.map { .integer(try Self.seconds($0, option: "--time-step")) }),
            ("floor", try floor.map { try Self.altitude($0, option: "--floor") }),
            ("ceiling", try ceiling.map { try Self.altitude($0, option: "--ceiling") }),
            ("altitudeStepM", altitudeStepM.map(JSONValue.number)),
            ("withinM", try within.map { .number(try Self.metres($0, option: "--within")) }),
            ("positionStepM", try positionStep.map { .number(try Self.metres($0, option: "--position-step")) }),
        ]
        return .members(members)
    }

    private static func altitude(_ text: String, option: String) throws -> JSONValue {
        do throws(AltitudeRejection) {
            return try AltitudeText.parse(text).json
        } catch {
            throw CommandFailure.value(option, error, error.explanation)
        }
    }

    private static func seconds(_ text: String, option: String) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let letter = text.last, let unit = units[letter], let count = Int64(text.dropLast()),
            (0...10_000_000).contains(count)
        else { throw CommandFailure(.usage, "malformedTime", "write 90m, 2h or 1d", field: option) }
        return count * unit
    }

    private static func metres(_ text: String, option: String) throws -> Double {
        let isKilometres = text.hasSuffix("km")
        guard isKilometres || text.hasSuffix("m"),
            let number = Double(text.dropLast(isKilometres ? 2 : 1).trimmingCharacters(in: .whitespaces)), number.isFinite
        else { throw CommandFailure(.usage, "malformedDistance", "write 800m or 20km", field: option) }
        return isKilometres ? number * 1_000 : number
    }

    private static func text(_ answer: JSONValue) -> String {
        guard answer.string("state") != "notNeeded" else { return "It conflicts with no notice that this node holds." }
        var lines = [NoticeText.collisions(answer.array("conflicts"))]
        var table = TextTable("", "cost", "change", "leaves", "")
        for option in answer.array("advice") {
            let own = option.strings("ownCollisions")
            table.add(
                "\(option.integer("rank") ?? 0)", String(format: "%.1f", option.number("cost") ?? 0),
                option.string("sentence") ?? "", margin(option["margin"]),
                (option.strings("flags").map(Words.flag) + (own.isEmpty ? [] : ["collides with our own " + own.joined(separator: ", ")]))
                    .joined(separator: ", "))
        }
        if !table.isEmpty { lines.append(table.text) }
        lines += answer.array("searched").compactMap { $0.string("sentence") }
        if answer.array("advice").isEmpty, !answer.array("blocking").isEmpty {
            lines.append("In the way: " + answer.array("blocking").compactMap { $0.string("notice") }.joined(separator: ", "))
        }
        lines.append("Advice changes nothing. A notice is neither permission nor immunity.")
        return lines.joined(separator: "\n")
    }

    private static func margin(_ margin: JSONValue?) -> String {
        guard let margin, margin != .null else { return "nothing near" }
        let notice = margin.string("notice") ?? ""
        if let seconds = margin.number("timeS") {
            let left = Int64(seconds.rounded(.down))
            return left < 120 ? "\(left) s to \(notice)" : "\(left / 60) min to \(notice)"
        }
        if let metres = margin.number("verticalM") { return "\(Int64(metres)) m of height to \(notice)" }
        return "\(Int64(margin.number("horizontalM") ?? 0)) m to \(notice)"
    }
}
