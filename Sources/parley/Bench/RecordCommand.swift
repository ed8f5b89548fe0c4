import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

extension BenchCommand {
    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Durable records, their receipts, and a tree of millions of leaves.",
            discussion: """
                One author and two cosigners (another principal and a mediator), each with its own store on this disk, \
                over mutual TLS on loopback. The author's node runs in this process and is handed commands directly; \
                the cosigners are processes of their own. A record counts when it is durable at the author and both \
                receipts for it are. Every record is a small notice that collides with none. Beside the figures \
                stands how fast the same disk makes 4 KiB durable by itself. Exits with 6 when a step fails; a \
                debug build is measured and not judged.
                """)

        enum Choice: String, ExpressibleByArgument, CaseIterable {
            case none
            case xWing = "x-wing"
            case both

            var sealings: [Sealing] {
                switch self {
                case .none: [.none]
                case .xWing: [.xWing]
                case .both: [.none, .xWing]
                }
            }
        }

        @Option(help: "Records of each kind, at most, as fast as the nodes take them.")
        var records: Int = 20_000

        @Option(help: ArgumentHelp("For each of the two loads at most.", valueName: "s"))
        var seconds: Int = 20

        @Option(help: "Records with clear bodies, sealed ones, or first the ones and then the others: none, x-wing or both.")
        var sealing: Choice = .both

        @Option(help: "Leaves of the tree; 0 for none.")
        var leaves: UInt64 = 10_000_000

        @Option(help: ArgumentHelp("Keep the nodes' folders here; it must be empty.", valueName: "dir"))
        var dir: String?

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            guard (1...1_000_000).contains(records) else {
                throw CommandFailure(.usage, "badCount", "1 to 1000000", field: "--records")
            }
            guard (1...600).contains(seconds) else {
                throw CommandFailure(.usage, "badTime", "1 to 600", field: "--seconds")
            }
            guard leaves <= 1_000_000_000 else {
                throw CommandFailure(.usage, "badCount", "0 to 1000000000", field: "--leaves")
            }
            let interruption = Interruption()
            let folder = try RunFolder(dir, prefix: "parley-bench")
            defer { folder.remove() }
            let bench = RecordBench(
                records: records, limit: .seconds(seconds), sealings: sealing.sealings, leaves: leaves, folder: folder.url)
            let report: RecordReport
            do {
                report = try await interruption.during { try await bench.measure() }
            } catch let failure as DemoFailure {
                throw CommandFailure(.stepFailed, "stepFailed", failure.sentence)
            }
            Terminal.say(json ? report.json.prettyText : report.text)
        }
    }
}
