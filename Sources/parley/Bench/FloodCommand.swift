import ArgumentParser
import Foundation
import Records

extension BenchCommand {
    struct Flood: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From pressing STOP to its ring on the other desk, while a peer and strangers flood both nodes.",
            discussion: """
                Three parties; the third files valid notices as fast as it can, and strangers open thousands of \
                connections to the desk and the peer ports of the other two, half of them silent, half making requests. \
                Beside the times stands the most memory that each node had. Exits with 6 when a STOP does not ring, or, \
                in an optimised build, a target is missed.
                """)

        @Option(help: "Records of the flooding party.") var records: Int = 100_000
        @Option(help: "Connections of strangers, over four ports.") var connections: Int = 5_000
        @Option(help: "Presses before the flood, and at least as many during it.") var presses: Int = 100
        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() async throws {
            guard (1...1_000_000).contains(records), (0...15_000).contains(connections), (1...10_000).contains(presses)
            else {
                throw CommandFailure(
                    .usage, "badCount", "1 to 1000000 records, 0 to 15000 connections, 1 to 10000 presses")
            }
            let interruption = Interruption()
            let (records, connections, presses) = (records, connections, presses)
            let result: JSONValue
            do {
                result = try await interruption.during {
                    try await FloodBench(records: records, connections: connections).measure(presses: presses)
                }
            } catch let failure as DemoFailure {
                throw CommandFailure(.stepFailed, "stepFailed", failure.sentence)
            }
            Terminal.say(result.prettyText)
            let missed = result.array("targets").filter { $0.bool("met") == false }.compactMap { $0.string("name") }
            guard missed.isEmpty else {
                throw CommandFailure(.stepFailed, "targetMissed", missed.joined(separator: ", "))
            }
        }
    }
}
