import ArgumentParser
import Foundation
import Kernel
import Records

extension BenchCommand {
    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starting a node again that holds very many volumes.",
            discussion: """
                Files notices of 64 volumes each at a node of its own with a real store, apart from each other, ends it, \
                and opens its folder again: the time until every volume is in the index and a what-if is answered. \
                Exits with 6 when something is missing then, or, in an optimised build, when a million volumes take \
                longer than 10 s.
                """)

        @Option(help: "In all.") var volumes: Int = 1_000_000

        @Option(help: ArgumentHelp("Keep the node's folder here; it must be empty.", valueName: "dir"))
        var dir: String?

        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() async throws {
            guard (1...2_000_000).contains(volumes) else {
                throw CommandFailure(.usage, "badCount", "1 to 2000000", field: "--volumes")
            }
            let interruption = Interruption()
            let folder = try RunFolder(dir, prefix: "parley-bench")
            defer { folder.remove() }
            let bench = LoadBench(volumes: volumes, folder: folder.url)
            let figures: LoadBench.Figures
            do {
                figures = try await interruption.during { try await bench.measure() }
            } catch let failure as DemoFailure {
                throw CommandFailure(.stepFailed, "stepFailed", failure.sentence)
            }
            let target = Target(
                name: "a million volumes load", measured: figures.loading.inSeconds * 1_000_000 / Double(volumes), wanted: 10,
                isUpperLimit: true, unit: "s")
            Terminal.say(
                JSONValue.object([
                    JSONMember("measured", "from opening the folder until every volume is in the index"),
                    JSONMember("notices", .integer(Int64(figures.notices))), JSONMember("volumes", .integer(Int64(volumes))),
                    JSONMember("filingS", .number(Measurement.rounded(figures.filing.inSeconds))),
                    JSONMember("loadingS", .number(Measurement.rounded(figures.loading.inSeconds))),
                    JSONMember("queryMs", .number(Measurement.rounded(figures.query.inSeconds * 1_000))),
                    JSONMember("storeBytes", .integer(figures.storeBytes)),
                    JSONMember("residentBytes", figures.residentBytes.map(JSONValue.integer) ?? .null),
                    JSONMember("machine", Measurement.json),
                    JSONMember("targets", .array(volumes >= 1_000_000 ? [target.json] : [])),
                ]).prettyText)
            guard volumes < 1_000_000 || target.isMet != false else {
                throw CommandFailure(.stepFailed, "targetMissed", target.line)
            }
        }
    }
}
