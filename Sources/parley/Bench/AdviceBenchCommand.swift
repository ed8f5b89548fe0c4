import ArgumentParser
import Foundation
import Kernel
import Records
import Separation

extension BenchCommand {
    struct Advice: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ways out for a notice in conflict with twenty others, among many volumes.",
            discussion: """
                Seeded volumes over a month and 600 km by 550 km. `crowd`: twenty more are put around the notice; \
                `spread`: the notice is made so large that it meets twenty of those that are there. Every combination \
                of time (2 h earlier, 6 h later, by the minute), altitude (10 m) and place (20 km, by 100 m) is \
                searched. `checks` is the what-if check of a polygon that moves a little every time. Exits with 6 when \
                an offer is not clear, or the limit is exceeded.
                """)

        @Option(help: "Volumes to store.") var volumes: Int = 100_000
        @Option(help: "Notices of each setting.") var count: Int = 100
        @Option(help: "Of the volumes and the notices.") var seed: UInt64 = 1
        @Option(help: ArgumentHelp("Fail when the 95th percentile of `crowd` exceeds this.", valueName: "ms"))
        var limitMs: Double?
        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() throws {
            guard (1...2_000_000).contains(volumes), (1...10_000).contains(count) else {
                throw CommandFailure(.usage, "badCount", "1 to 2000000 volumes, 1 to 10000 notices")
            }
            guard var bench = AdviceBench(volumes: volumes, seed: seed) else {
                throw CommandFailure(.stepFailed, "stepFailed", "the volumes cannot be made")
            }
            var members: [JSONMember] = [
                JSONMember("measured", "one search for advice of every combination of axes, margins included"),
                JSONMember("machine", Measurement.json), JSONMember("volumes", .integer(Int64(volumes))),
            ]
            var crowdP95 = 0.0
            var unclear = 0
            for setting in AdviceBench.Setting.allCases {
                let figures = bench.measure(setting, count: count)
                unclear += figures.unclear
                if setting == .crowd { crowdP95 = Self.percentile(figures.milliseconds, 95) }
                members.append(JSONMember(setting.rawValue, Self.json(figures)))
            }
            Terminal.say(JSONValue.object(members).prettyText)
            guard unclear == 0 else { throw CommandFailure(.stepFailed, "stepFailed", "\(unclear) offers are not clear") }
            if let limitMs, crowdP95 > limitMs {
                throw CommandFailure(.stepFailed, "tooSlow", "p95 is \(crowdP95) ms, of \(limitMs) ms at most")
            }
        }

        private static func json(_ figures: AdviceBench.Figures) -> JSONValue {
            func times(_ values: [Double]) -> JSONValue {
                [
                    "p50Ms": .number(Measurement.rounded(percentile(values, 50))),
                    "p95Ms": .number(Measurement.rounded(percentile(values, 95))),
                    "worstMs": .number(Measurement.rounded(values.max() ?? 0)),
                ]
            }
            let results = AdviceSearched.Result.allCases.map {
                JSONMember($0.rawValue, .integer(Int64(figures.results[$0] ?? 0)))
            }
            return [
                "notices": .integer(Int64(figures.milliseconds.count)),
                "conflicts": [
                    "least": .integer(Int64(figures.conflicts.min() ?? 0)),
                    "most": .integer(Int64(figures.conflicts.max() ?? 0)),
                ],
                "time": times(figures.milliseconds), "processor": times(figures.processorMilliseconds),
                "advised": .integer(Int64(figures.advised)), "offers": .integer(Int64(figures.options)),
                "notClear": .integer(Int64(figures.unclear)), "combinations": .object(results),
                "checksPerSecond": .number(Measurement.rounded(figures.checksPerSecond)),
            ]
        }

        private static func percentile(_ values: [Double], _ percent: Int) -> Double {
            let sorted = values.sorted()
            return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
        }
    }
}
