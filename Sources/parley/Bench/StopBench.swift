import Foundation
import Kernel
import NodeRuntime
import Records

/// Presses STOP at one desk again and again, and waits for each to ring at the other.
struct StopBench: Sendable {
    private let folder: RunFolder
    private let mechanism: LocalMechanism
    private let from: DemoDesk
    private let to: DemoDesk
    private let isDirectLinkCut: Bool

    private var clock: ContinuousClock { ContinuousClock() }

    /// - Parameter isDirectLinkCut: the principals know addresses of each other at which nobody listens; the mediator
    ///   knows the right ones.
    init(isDirectLinkCut: Bool) throws {
        self.isDirectLinkCut = isDirectLinkCut
        let folder = try RunFolder(nil, prefix: "parley-bench")
        self.folder = folder
        let ports = try LocalPorts.choose(nodes: 4, base: nil)
        let cast: [(String, TermsParty.Role)] = [("alpha", .principal), ("bravo", .principal), ("mediator", .mediator)]
        let nodes = try cast.enumerated().map { i, member in
            guard let id = PartyID(member.0) else { throw CommandFailure(.usage, "badParty", member.0) }
            let isCut = isDirectLinkCut && member.1 == .principal
            return try LocalNode(
                party: id, name: member.0.capitalized, role: member.1, in: folder.url, deskPort: ports[i].desk,
                peerPort: ports[i].peers, publishedPort: isCut ? (i == 0 ? ports[3].desk : ports[3].peers) : nil,
                officer: "Watch")
        }
        mechanism = try LocalMechanism.create(nodes, name: "Measurement", timing: LocalMechanism.quickTiming)
        from = DemoDesk(nodes[0])
        to = DemoDesk(nodes[1])
        guard isDirectLinkCut else { return }
        try usingFiles {
            let mediator = nodes[2]
            var routes = SortedMap<PartyID, [NodeConfiguration.Endpoint]>()
            for node in nodes[..<2] { routes[node.party] = [node.peers] }
            let configuration = NodeConfiguration(
                party: mediator.party, name: mediator.name, role: mediator.role, desk: mediator.desk,
                peers: mediator.peers, address: mediator.published, routes: routes)
            try mediator.folder.write(Array(configuration.json.prettyText.utf8), to: mediator.folder.configuration)
        }
    }

    /// - Parameter rate: notices that the pressing desk files each second meanwhile.
    func measure(count: Int, rate: Int) async throws -> JSONValue {
        do {
            let result = try await run(count: count, rate: rate)
            await mechanism.stop()
            folder.remove()
            return result
        } catch {
            await mechanism.stop()
            folder.remove()
            throw error
        }
    }

    private func run(count: Int, rate: Int) async throws -> JSONValue {
        for node in mechanism.nodes { try node.start() }
        for node in mechanism.nodes {
            guard await node.isUp(within: .seconds(60)) else {
                throw DemoFailure("\(node.name) does not answer: \(node.lastWords().joined(separator: "\n"))")
            }
        }
        for desk in [from, to] { try await desk.takeOver() }
        if !isDirectLinkCut {
            try await from.eventually("its links are up", within: .seconds(30)) {
                try await from.get("links").array("links").allSatisfy { $0.string("state") == "up" }
            }
        }
        let filed = Box(0)
        let begin = clock.now
        let load = Task { await fileNotices(rate: rate, filed) }
        defer { load.cancel() }
        var rung: [Duration] = []
        for _ in 0..<count {
            try Task.checkCancellation()
            rung.append(try await press())
        }
        let total = clock.now - begin
        return [
            "presses": .integer(Int64(count)), "ring": RingBench.percentiles(rung),
            "filedPerSecond": .number(Measurement.rounded(Double(filed.value) / total.inSeconds)),
        ]
    }

    /// - Returns: how long it took until it rang; then it is withdrawn.
    private func press() async throws -> Duration {
        let mark = await to.watch.mark
        let start = clock.now
        guard let stop = try await from.post("stop", [:])["stop"]?.string("id") else {
            throw DemoFailure("a press gives no id")
        }
        let ring = try await to.hears("STOP rings", since: mark, within: .seconds(30)) {
            $0.name == "stop-ring" && $0.data.string("stop") == stop
        }
        _ = try await from.post("stops/\(stop)/lift", ["outcome": "withdrawn"])
        _ = try await to.hears("the lift", since: mark, within: .seconds(30)) {
            $0.name == "stop" && $0.data.string("id") == stop && $0.data.bool("isOpen") == false
        }
        return ring.at - start
    }

    /// At a steady pace, several requests under way at once.
    private func fileNotices(rate: Int, _ filed: Box<Int>) async {
        guard rate > 0, let client = try? from.client() else { return }
        let now = SystemClock(continuing: nil).now.utc
        let begin = clock.now
        await withTaskGroup(of: Void.self) { group in
            var sent = 0
            var underWay = 0
            while !Task.isCancelled {
                let due = Int((clock.now - begin).inSeconds * Double(rate))
                // The client keeps eight connections to a node: the press must not wait for one.
                while sent < due, underWay < 5 {
                    let fields = RingBench.fields(sent, now: now)
                    group.addTask {
                        if (try? await client.post("/api/v1/notices", fields)) != nil { filed.update { $0 += 1 } }
                    }
                    sent += 1
                    underWay += 1
                }
                if underWay > 0 {
                    await group.next()
                    underWay -= 1
                } else {
                    try? await Task.sleep(for: .milliseconds(2))
                }
            }
            group.cancelAll()
        }
    }
}
