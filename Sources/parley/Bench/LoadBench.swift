import Foundation
import Geodesy
import Kernel
import Logging
import Mechanism
import NodeRuntime
import Records
import Separation

/// How long a node takes to start again with very many volumes: from its store to an index that answers.
struct LoadBench: Sendable {
    let volumes: Int
    let folder: URL

    struct Figures: Sendable {
        let notices: Int
        let volumes: Int
        /// Filing all of them, one command after the other.
        let filing: Duration
        /// Opening the folder: keys, store, snapshot, index.
        let loading: Duration
        let storeBytes: Int64
        let residentBytes: Int64?
        /// One what-if, right after.
        let query: Duration
    }

    func measure() async throws -> Figures {
        let files = try create()
        var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let notices = (volumes + Limits.volumesPerNotice - 1) / Limits.volumesPerNotice
        let now = SystemClock(continuing: nil).now.utc
        let clock = ContinuousClock()
        let begin = clock.now
        try await file(notices, now: now, in: files, logger)
        let filed = clock.now
        let node = try usingFiles { [logger] in try Node.open(files, logger: logger) }
        let loaded = clock.now
        let fields = LoadBench.notice(0, count: 1, now: now)
        let asked = clock.now
        let found = await node.read { mechanism, _ in
            (mechanism.notices.count, mechanism.collisions(of: fields, mode: .real, except: nil).count)
        }
        let answered = clock.now
        guard found.0 == notices, found.1 == 1 else {
            throw DemoFailure("\(found.0) of \(notices) notices came back, and \(found.1) collisions instead of 1")
        }
        return Figures(
            notices: notices, volumes: volumes, filing: begin.duration(to: filed), loading: filed.duration(to: loaded),
            storeBytes: size(of: files.url), residentBytes: Measurement.residentBytes, query: asked.duration(to: answered))
    }

    private func create() throws -> NodeFolder {
        let ports = try LocalPorts.choose(nodes: 2, base: nil)
        return try usingFiles {
            let nodes = try zip(["alpha", "bravo"], ports).map { name, ports in
                guard let id = PartyID(name) else { throw CommandFailure(.usage, "badParty", name) }
                return try LocalNode(
                    party: id, name: name.capitalized, role: .principal, in: folder, deskPort: ports.desk,
                    peerPort: ports.peers, officer: "Watch")
            }
            let cards = try nodes.map { try $0.create() }
            let second = SystemClock(continuing: nil).now.utc.microseconds.flooredQuotient(by: 1_000_000) * 1_000_000
            var draft = TermsDraft(name: "Measurement", parties: cards, effectiveAt: UTCInstant(microseconds: second))
            draft.sealing = .none
            let terms = try draft.terms()
            for node in nodes { _ = try NodeSetup.accept(draft.bytes, fingerprint: terms.fingerprint, in: node.folder) }
            return nodes[0].folder
        }
    }

    /// Alone: an administrator answers for the log's size.
    private func file(_ notices: Int, now: UTCInstant, in files: NodeFolder, _ logger: Logger) async throws {
        let node = try usingFiles { [logger] in try Node.open(files, logger: logger) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await node.run() }
            group.addTask {
                _ = try await node.submit(.command(.signUnconfirmed(reason: "measurement"), officer: "Watch"))
                var left = volumes
                for i in 0..<notices {
                    let fields = LoadBench.notice(i, count: min(left, Limits.volumesPerNotice), now: now)
                    left -= fields.volumes.count
                    let command = Command.file(fields, mode: .real, audience: nil)
                    guard case .filed(_, _, let collisions) = try await node.submit(.command(command, officer: "Watch")),
                        collisions.isEmpty
                    else { throw DemoFailure("notice \(i) collides, or was not filed") }
                }
                node.stop()
            }
            try await group.waitForAll()
        }
    }

    /// Volumes of one notice: one after the other in time at a place of its own, apart from all others; circles,
    /// corridors and polygons of up to ten vertices in turn.
    private static func notice(_ i: Int, count: Int, now: UTCInstant) -> NoticeFields {
        let (column, row) = (i % 300, i / 300)
        let (longitude, latitude) = (-179 + Double(column) * 1.19, -70 + Double(row) * 1.1)
        let volumes = (0..<count).map { k -> StatedVolume in
            let start = now.advanced(by: .hours(72 + 4 * Int64(k)))
            let vertices = (0..<3 + k % 8).map { v -> Position? in
                let angle = 2 * Double.pi * Double(v) / Double(3 + k % 8)
                return Position(latitudeDeg: latitude + 0.1 * sin(angle), longitudeDeg: longitude + 0.1 * cos(angle))
            }.compactMap(\.self)
            let core: Footprint.Core =
                switch k % 3 {
                case 0: .point(vertices[0])
                case 1: .line(Array(vertices.prefix(3)))
                default: .polygon(vertices)
                }
            guard let footprint = try? Footprint(validating: core, radiusM: k % 3 == 2 ? 0 : 2_000),
                let lower = Altitude(value: Double(500 * (k % 4)), unit: .metres, datum: .amsl),
                let upper = Altitude(value: Double(500 * (k % 4) + 400), unit: .metres, datum: .amsl),
                let window = TimeWindow(start: start, end: start.advanced(by: .hours(2)))
            else { preconditionFailure("the grid lies on the earth") }
            let volume = Volume4D(footprint: footprint, band: AltitudeBand(lower: lower, upper: upper), window: window)
            return StatedVolume(volume: volume, original: nil)
        }
        return NoticeFields(
            kind: .groundMovement, onBehalfOf: nil, volumes: volumes, contact: "Measurement", remarks: nil, reviewBy: nil)
    }

    private func size(of folder: URL) -> Int64 {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return (files?.allObjects ?? []).compactMap { $0 as? URL }.reduce(0) { sum, file in
            sum + Int64((try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0)
        }
    }
}
