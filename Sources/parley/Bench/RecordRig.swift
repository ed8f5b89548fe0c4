import Foundation
import Geodesy
import Kernel
import Logging
import Mechanism
import NodeHTTP
import NodeRuntime
import Records
import Separation

/// One author and two cosigners: the other principal and a mediator. The cosigners are processes of their own, over
/// mutual TLS; the author runs in this one, where every command and every receipt can be timed as its driver sees it.
/// All three keep a real store on the same disk.
final class RecordRig: Sendable {
    let author: Node
    let times = ReceiptTimes()
    private let service: NodeService
    private let cosigners: [LocalNode]

    /// Terms as a demonstration's, with each record sealed or not.
    init(in folder: URL, sealing: Sealing) throws {
        let ports = try LocalPorts.choose(nodes: 3, base: nil)
        let cast: [(String, TermsParty.Role)] = [("alpha", .principal), ("bravo", .principal), ("mediator", .mediator)]
        let nodes = try zip(cast, ports).map { member, ports in
            guard let id = PartyID(member.0) else { throw CommandFailure(.usage, "badParty", member.0) }
            return try LocalNode(
                party: id, name: member.0.capitalized, role: member.1, in: folder, deskPort: ports.desk,
                peerPort: ports.peers, officer: "Watch")
        }
        try usingFiles {
            let cards = try nodes.map { try $0.create() }
            let second = SystemClock(continuing: nil).now.utc.microseconds.flooredQuotient(by: 1_000_000) * 1_000_000
            var draft = TermsDraft(name: "Measurement", parties: cards, effectiveAt: UTCInstant(microseconds: second))
            draft.sealing = sealing
            draft.timing = LocalMechanism.quickTiming
            let terms = try draft.terms()
            for node in nodes { _ = try NodeSetup.accept(draft.bytes, fingerprint: terms.fingerprint, in: node.folder) }
        }
        var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let own = nodes[0].folder
        service = try usingKeys { [logger] in try NodeService(folder: own, logger: logger) }
        author = service.node
        cosigners = Array(nodes[1...])
    }

    /// Runs all three nodes while `body` measures.
    func during<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        await author.observe(times)
        do {
            for node in cosigners { try node.start() }
            let value = try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask {
                    try await self.service.run()
                    return nil
                }
                group.addTask {
                    try await self.settle()
                    return try await body()
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let value = first else {
                    throw DemoFailure("the author's node ended before the measurement")
                }
                return value
            }
            await stop()
            return value
        } catch {
            await stop()
            throw error
        }
    }

    private func settle() async throws {
        for node in cosigners {
            guard await node.isUp(within: .seconds(60)) else {
                throw DemoFailure("\(node.name) does not answer: \(node.lastWords().joined(separator: "\n"))")
            }
        }
        let isReady = await Wait.until(within: .seconds(60), every: .milliseconds(20)) {
            await self.author.read { mechanism, _ in
                mechanism.maySign && mechanism.links.values.allSatisfy { $0.receipted == mechanism.ownLog.size } ? true : nil
            }
        }
        guard isReady != nil else { throw DemoFailure("the cosigners do not take the author's first records") }
    }

    private func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for node in cosigners { group.addTask { await node.stop() } }
        }
    }

    /// A small notice of its own place and time, apart from all others, so that each costs the same.
    static func notice(_ i: Int, now: UTCInstant) -> NoticeFields {
        let start = now.advanced(by: .hours(72 + 4 * Int64(i / (36 * 26))))
        let latitude = 31.6 + Double(i / 36 % 26) * 0.24
        let longitude = 35 + Double(i % 36) * 0.23
        guard let centre = Position(latitudeDeg: latitude, longitudeDeg: longitude),
            let footprint = try? Footprint(validating: .point(centre), radiusM: 2_000),
            let lower = Altitude(value: 0, unit: .metres, datum: .agl),
            let upper = Altitude(value: 100, unit: .metres, datum: .agl),
            let window = TimeWindow(start: start, end: start.advanced(by: .hours(2)))
        else { preconditionFailure("the grid lies on the earth") }
        let volume = Volume4D(footprint: footprint, band: AltitudeBand(lower: lower, upper: upper), window: window)
        return NoticeFields(
            kind: .groundMovement, onBehalfOf: nil, volumes: [StatedVolume(volume: volume, original: nil)],
            contact: "Measurement", remarks: nil, reviewBy: nil)
    }

    /// Processor time that each node has spent, the author with all of this process first.
    var processorTimes: [(name: String, spent: Duration)] {
        let processes = [("author", getpid())] + cosigners.map { ($0.party.name, $0.processID ?? 0) }
        return processes.compactMap { name, process in Measurement.processorTime(of: process).map { (name, $0) } }
    }

    /// Files one notice.
    ///
    /// - Returns: the index of its record, once that is durable here.
    func file(_ i: Int, now: UTCInstant) async throws -> LogIndex {
        let command = Command.file(RecordRig.notice(i, now: now), mode: .real, audience: nil)
        guard case .filed(let id, _, let collisions) = try await author.submit(.command(command, officer: "Watch")),
            collisions.isEmpty
        else { throw DemoFailure("notice \(i) collides, or was not filed") }
        return id.index
    }
}
