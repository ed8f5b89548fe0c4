import ArgumentParser
import Foundation
import Records
import Simulation

extension BenchCommand {
    struct Mapping: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What an attacker within its cap and budget maps of a day of plans, by private checks alone.",
            discussion: """
                Simulated days, the same for the same seed: plans over 500 km by 550 km as cells, an attacker that \
                sweeps and follows up what it meets, by what a check shows, by cap, audits and phantoms. No \
                cryptography: what is measured is what the answers tell. Takes some minutes.
                """)

        @Option(help: "Of the first day; each day has the next.") var seed: UInt64 = 1
        @Option(help: "Days that the figures are means of.") var days: Int = 20
        @Option(help: ArgumentHelp("Write the tables here, as Markdown.", valueName: "file")) var markdown: String?
        @Option(help: ArgumentHelp("Write the drawing here.", valueName: "file")) var svg: String?
        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() throws {
            guard (1...1_000).contains(days) else { throw CommandFailure(.usage, "badCount", "1 to 1000 days") }
            let study = MappingStudy(seed: seed, days: days)
            if let markdown { try Self.write(MappingReport(study).markdown, to: markdown) }
            if let svg { try Self.write(MappingPlot(study).svg, to: svg) }
            Terminal.say(Self.json(study).prettyText)
        }

        private static func write(_ text: String, to path: String) throws {
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                throw CommandFailure(.unusableFile, "cannotWrite", path)
            }
        }

        private static func json(_ study: MappingStudy) -> JSONValue {
            func points(_ points: [MappingStudy.Point]) -> JSONValue { .array(points.map(json)) }
            return [
                "measured": "share of the plans' cells of 5 km and slots that the attacker has outlined",
                "machine": Measurement.json, "seed": .integer(Int64(clamping: study.seed)),
                "days": .integer(Int64(study.days)), "plans": number(study.plans), "cellSlots": number(study.cellSlots),
                "outputs": .object(study.outputs.map { JSONMember($0.name, points($0.points)) }),
                "phantomsPerPlan": .object(study.phantoms.map { JSONMember("\($0.perPlan)", points($0.points)) }),
                "threeSessions": .object(study.shifts.map { JSONMember("\($0.pointsPerSession)", json($0.point)) }),
                "audits": .array(
                    study.audits.map { each in
                        [
                            "rate": .number(each.rate), "points": .integer(Int64(each.points)),
                            "pointsPerSession": .integer(Int64(each.pointsPerSession)), "share": number(each.share),
                            "caught": number(each.caught),
                        ]
                    }),
            ]
        }

        private static func json(_ point: MappingStudy.Point) -> JSONValue {
            [
                "points": .integer(Int64(point.points)), "share": number(point.share),
                "precision": number(point.precision), "plansMet": number(point.plansMet),
            ]
        }

        private static func number(_ value: Double) -> JSONValue { .number(Measurement.rounded(value)) }
    }
}
