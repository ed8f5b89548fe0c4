import Foundation
import Kernel
import Logging
import Mechanism
import NodeHTTP
import NodeRuntime
import Records

/// Presses STOP at one desk and waits for its ring at another, first while nothing else happens, then while a third party
/// floods both with valid signed records and thousands of strangers' connections lie at their ports.
///
/// The two desks' nodes are processes of their own; the flooding party's node runs in this one, and files as fast as its
/// own store lets it.
struct FloodBench: Sendable {
    private let folder: RunFolder
    private let nodes: [LocalNode]
    private let flooder: NodeService
    private let records: Int
    private let connections: Int

    private var clock: ContinuousClock { ContinuousClock() }

    /// Commands of the flooding party under way at once.
    private static let officers = 256

    init(records: Int, connections: Int) throws {
        self.records = records
        self.connections = connections
        let folder = try RunFolder(nil, prefix: "parley-bench")
        self.folder = folder
        let ports = try LocalPorts.choose(nodes: 3, base: nil)
        let all = try zip(["alpha", "bravo", "charlie"], ports).map { name, ports in
            guard let id = PartyID(name) else { throw CommandFailure(.usage, "badParty", name) }
            return try LocalNode(
                party: id, name: name.capitalized, role: .principal, in: folder.url, deskPort: ports.desk,
                peerPort: ports.peers, officer: "Watch")
        }
        _ = try LocalMechanism.create(all, name: "Measurement", timing: LocalMechanism.quickTiming)
        nodes = Array(all[..<2])
        var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let own = all[2].folder
        flooder = try usingKeys { [logger] in try NodeService(folder: own, logger: logger) }
    }

    /// - Parameter presses: before the flood; during it, as many as it lasts.
    func measure(presses: Int) async throws -> JSONValue {
        FloodBench.raiseFileLimit()
        do {
            for node in nodes { try node.start() }
            let result = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
                group.addTask {
                    try await flooder.run()
                    return nil
                }
                group.addTask { try await run(presses: presses) }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let result = first else {
                    throw DemoFailure("the flooding party's node ended before the measurement")
                }
                return result
            }
            await stop()
            return result
        } catch {
            await stop()
            throw error
        }
    }

    private func stop() async {
        for node in nodes { await node.stop() }
        folder.remove()
    }

    private func run(presses: Int) async throws -> JSONValue {
        for node in nodes {
            guard await node.isUp(within: .seconds(60)) else {
                throw DemoFailure("\(node.name) does not answer: \(node.lastWords().joined(separator: "\n"))")
            }
        }
        let from = try await signedIn(nodes[0])
        let to = try await signedIn(nodes[1])
        let watch = RingWatch(port: nodes[1].desk.port, token: to.token ?? "")
        watch.start()
        defer { watch.end() }
        try await eventually("the flooding party may sign") {
            await flooder.node.read { mechanism, _ in mechanism.maySign }
        }
        try await eventually("the stream begins") { watch.events > 0 }

        var calm: [Duration] = []
        for _ in 0..<presses { calm.append(try await press(from, watch)) }
        let memoryBefore = nodes.map(FloodBench.peakMemory)
        FloodBench.say("calm: \(calm.count) presses; now the flood")

        let strangers = ConnectionFlood(
            nodes.flatMap { [.desk($0.desk.port), .peers($0.peers.port)] }, count: connections)
        strangers.start()
        defer { strangers.end() }
        let begin = clock.now
        let filed = Box(0)
        let failures = Box(0)
        let flood = Task { await file(filed, failures) }
        defer { flood.cancel() }
        var flooded: [Duration] = []
        var arrived = begin
        var hasArrived = false
        var saidAt = begin
        while !hasArrived || flooded.count < presses {
            flooded.append(try await press(from, watch))
            if !hasArrived, filed.value + failures.value >= records, try await haveAll() {
                hasArrived = true
                arrived = clock.now
            }
            if clock.now - saidAt > .seconds(5) {
                saidAt = clock.now
                FloodBench.say(
                    "\(filed.value) filed, \(flooded.count) presses, \(strangers.now.open) connections, "
                        + nodes.map { "\($0.name) \(FloodBench.peakMemory($0) / 1_048_576) MiB" }.joined(separator: ", "))
            }
            guard clock.now - begin < .seconds(900) else { throw DemoFailure("the flood does not arrive within 900 s") }
        }
        let took = arrived - begin
        let memory = nodes.map(FloodBench.peakMemory)
        let sorted = flooded.sorted()
        let p99 = sorted[max(0, Int((0.99 * Double(sorted.count)).rounded(.up)) - 1)]
        let targets = [
            Target(name: "STOP p99 under flood", measured: p99.inSeconds * 1_000, wanted: 1_000, isUpperLimit: true, unit: "ms"),
            Target(
                name: "peak memory", measured: Double(memory.max() ?? 0) / 1_048_576, wanted: 1_024, isUpperLimit: true,
                unit: "MiB"),
        ]
        return [
            "measured": "start of the press's request to the ring on the other desk's event stream",
            "machine": Measurement.json,
            "calm": ["presses": .integer(Int64(calm.count)), "ring": RingBench.percentiles(calm)],
            "flood": [
                "presses": .integer(Int64(flooded.count)), "ring": RingBench.percentiles(flooded),
                "records": .integer(Int64(filed.value)), "notFiled": .integer(Int64(failures.value)),
                "arrivedPerSecond": .number(Measurement.rounded(Double(filed.value) / took.inSeconds)),
                "strangers": strangers.now.json, "streamResumptions": .integer(Int64(watch.resumptions)),
            ],
            "peakBytes": .array(
                zip(nodes, zip(memoryBefore, memory)).map {
                    ["node": .string($0.party.name), "calm": .integer(Int64($1.0)), "flood": .integer(Int64($1.1))]
                }),
            "targets": .array(targets.map(\.json)),
        ]
    }

    private func signedIn(_ node: LocalNode) async throws -> DeskClient {
        let session = try await node.client.signIn(node.officer, passphrase: node.passphrase)
        guard let token = session.string("token") else { throw DemoFailure("\(node.name): no token at sign-in") }
        return DeskClient(url: "http://\(node.desk)", token: token)
    }

    /// - Returns: how long it took until it rang; then it is withdrawn.
    private func press(_ from: DeskClient, _ watch: RingWatch) async throws -> Duration {
        try Task.checkCancellation()
        let start = clock.now
        guard let stop = try await from.post("/api/v1/stop", [:])["stop"]?.string("id") else {
            throw DemoFailure("a press gives no id")
        }
        let ring = await Wait.until(within: .seconds(60), every: .milliseconds(1)) { watch.ring(of: stop) }
        guard let ring else { throw DemoFailure("a STOP does not ring within 60 s") }
        _ = try await from.post("/api/v1/stops/\(stop)/lift", ["outcome": "withdrawn"])
        return ring - start
    }

    /// As many officers at once as the node takes commands of in one turn.
    private func file(_ filed: Box<Int>, _ failures: Box<Int>) async {
        let now = SystemClock(continuing: nil).now.utc
        await withTaskGroup(of: Void.self) { group in
            for officer in 0..<FloodBench.officers {
                group.addTask {
                    for i in stride(from: officer, to: records, by: FloodBench.officers) {
                        guard !Task.isCancelled else { return }
                        let command = Command.file(RecordRig.notice(i, now: now), mode: .real, audience: nil)
                        do {
                            _ = try await flooder.node.submit(.command(command, officer: "Watch \(officer % 4)"))
                            filed.update { $0 += 1 }
                        } catch {
                            failures.update { $0 += 1 }
                        }
                    }
                }
            }
        }
    }

    /// Whether both have receipted all of the flooding party's log.
    private func haveAll() async throws -> Bool {
        await flooder.node.read { mechanism, _ in
            mechanism.links.values.allSatisfy { $0.receipted == mechanism.ownLog.size }
        }
    }

    private func eventually(_ what: String, _ holds: @Sendable () async -> Bool) async throws {
        let isSo = await Wait.until(within: .seconds(60), every: .milliseconds(20)) { await holds() ? true : nil }
        guard isSo != nil else { throw DemoFailure("not within 60 s: \(what)") }
    }

    /// The most that a node's process has had in memory; 0 where the system does not say.
    static func peakMemory(_ node: LocalNode) -> Int {
        guard let process = node.processID,
            let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return kibibytes * 1_024
    }

    private static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
