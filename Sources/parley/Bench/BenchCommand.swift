import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine.",
        subcommands: [
            Ring.self, Stop.self, Record.self, Flood.self, Conflicts.self, Advice.self, Load.self, Private.self,
            PrivateParty.self, Sites.self, Mapping.self,
        ])

    struct Ring: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From the start of a filing request to the ring on the other desk's event stream.",
            discussion: """
                Two nodes, processes of their own, over mutual TLS, every step durable. Beside the times stands how \
                fast the same disk makes 4 KiB durable by itself, measured in the same folder before and after. \
                Exits with 6 when a ring does not come, or the limit is exceeded.
                """)

        @Option(help: "Filings, one after the other.")
        var count: Int = 1_000

        @Option(help: ArgumentHelp("Fail when the 99th percentile exceeds this.", valueName: "ms"))
        var limitMs: Double?

        @Option(help: ArgumentHelp("Keep the nodes' folders here; it must be empty.", valueName: "dir"))
        var dir: String?

        @Flag(help: "Answer in JSON, which it does anyway.")
        var json = false

        func run() async throws {
            guard (1...100_000).contains(count) else {
                throw CommandFailure(.usage, "badCount", "1 to 100000", field: "--count")
            }
            let interruption = Interruption()
            let folder = try RunFolder(dir, prefix: "parley-bench")
            defer { folder.remove() }
            let ports = try LocalPorts.choose(nodes: 2, base: nil)
            let cast = [("alpha", "Alpha", ports[0]), ("bravo", "Bravo", ports[1])]
            let nodes = try cast.map { id, name, ports in
                guard let id = PartyID(id) else { throw CommandFailure(.usage, "badParty", id) }
                return try LocalNode(
                    party: id, name: name, role: .principal, in: folder.url, deskPort: ports.desk,
                    peerPort: ports.peers, officer: "Watch")
            }
            let mechanism = try LocalMechanism.create(
                nodes, name: "Measurement", timing: LocalMechanism.quickTiming)
            let result: JSONValue
            do {
                let (count, url) = (count, folder.url)
                result = try await interruption.during {
                    let before = try DiskRate.measure(in: url)
                    let run = RingBench(from: DemoDesk(nodes[0]), to: DemoDesk(nodes[1]), count: count)
                    let times = try await run.measure()
                    let after = try DiskRate.measure(in: url)
                    return RingBench.json(times, disk: [before, after])
                }
                await mechanism.stop()
            } catch let failure as DemoFailure {
                await mechanism.stop()
                throw CommandFailure(.stepFailed, "stepFailed", failure.sentence)
            } catch {
                await mechanism.stop()
                throw error
            }
            Terminal.say(result.prettyText)
            if let limitMs, let p99 = result["ring"]?.number("p99Ms"), p99 > limitMs {
                throw CommandFailure(.stepFailed, "tooSlow", "p99 is \(p99) ms, of \(limitMs) ms at most")
            }
        }
    }
}

extension BenchCommand {
    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From pressing STOP to its ring on the other desk's event stream, under load and by relay.",
            discussion: """
                Three nodes, processes of their own. First STOP is pressed at a desk that files notices all the while; \
                then neither principal can reach the other, and the mediator's node relays. Exits with 6 when a STOP \
                does not ring.
                """)

        @Option(help: "Presses under load.") var count: Int = 200
        @Option(help: "Presses by relay.") var relayed: Int = 20
        @Option(help: ArgumentHelp("Notices filed a second meanwhile.", valueName: "n")) var rate: Int = 200
        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() async throws {
            guard (1...100_000).contains(count), (1...10_000).contains(relayed), (0...10_000).contains(rate) else {
                throw CommandFailure(.usage, "badCount", "1 to 100000 presses, 0 to 10000 notices a second")
            }
            let interruption = Interruption()
            let (count, relayed, rate) = (count, relayed, rate)
            do {
                let result = try await interruption.during {
                    let loaded = try await StopBench(isDirectLinkCut: false).measure(count: count, rate: rate)
                    let byRelay = try await StopBench(isDirectLinkCut: true).measure(count: relayed, rate: 0)
                    return [
                        "measured": "start of the press's request to the ring on the other desk's event stream",
                        "machine": Measurement.json, "underLoad": loaded, "byRelay": byRelay,
                    ] as JSONValue
                }
                Terminal.say(result.prettyText)
            } catch let failure as DemoFailure {
                throw CommandFailure(.stepFailed, "stepFailed", failure.sentence)
            }
        }
    }
}
