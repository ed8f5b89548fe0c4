import Foundation
import JointLog
import Kernel
import Logging
import Mechanism
import Records
import Storage
import StorageSQLite
import Testing

@testable import NodeRuntime

/// Two principals and a mediator under one terms document, their nodes driven in this process and joined by hand.
final class RestoreRig: Sendable {
    let root: URL
    let folders: [PartyID: NodeFolder]
    let terms: Terms

    static let names = ["alpha", "bravo", "carol"]

    init(sealing: Sealing = .xWing) throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        var folders: [PartyID: NodeFolder] = [:]
        var cards: [PartyCard] = []
        for (number, name) in RestoreRig.names.enumerated() {
            guard let party = PartyID(name), let endpoint = NodeConfiguration.Endpoint("127.0.0.1:\(number + 1)") else {
                throw CocoaError(.coderInvalidValue)
            }
            let folder = NodeFolder(path: root.appendingPathComponent(name).path)
            try folder.create()
            var random = SystemRandom()
            let keys = try NodeKeys.create(in: folder, name: name, random: &random)
            let configuration = NodeConfiguration(
                party: party, name: name, role: name == "carol" ? .mediator : .principal, desk: endpoint, peers: endpoint,
                address: endpoint)
            try folder.write(Array(configuration.json.prettyText.utf8), to: folder.configuration)
            cards.append(PartyCard(configuration, keys))
            folders[party] = folder
        }
        var draft = TermsDraft(name: "test", parties: cards, effectiveAt: UTCInstant(microseconds: 0))
        draft.sealing = sealing
        terms = try draft.terms()
        for folder in folders.values { try folder.write(draft.bytes, to: folder.terms) }
        self.folders = folders
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    func party(_ name: String) throws -> PartyID { try #require(PartyID(name)) }

    func folder(_ name: String) throws -> NodeFolder { try #require(folders[try party(name)]) }

    func open(_ name: String) throws -> Node {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return try Node.open(try folder(name), logger: logger)
    }

    /// Runs `body` beside the drivers of these nodes, which have told each other how much they hold, then stops them.
    func running(_ nodes: [Node], _ body: () async throws -> Void) async throws {
        let drivers = nodes.map { node in Task { try await node.run() } }
        var failure: (any Error)?
        do {
            try await greet(nodes)
            try await body()
        } catch { failure = error }
        for node in nodes { node.stop() }
        for driver in drivers { _ = try await driver.value }
        if let failure { throw failure }
    }

    /// Each answers each other's challenge.
    func greet(_ nodes: [Node]) async throws {
        for node in nodes {
            // Its start is the first event of the run: once this is answered, it has been handled.
            _ = try await node.submit(.command(.present, officer: "anna"))
        }
        for asker in nodes {
            for other in nodes where other.party != asker.party {
                let challenge = MerkleHash.sha256(Array("\(asker.party) \(other.party)".utf8))
                let sentAt = asker.clock.now.monotonic
                let (answer, _) = await other.heartbeat(to: asker.party, challenge: challenge)
                let heads = await asker.news(in: other.heads(for: asker.party, holding: asker.heldSizes))
                if !heads.isEmpty { _ = try await asker.submit(.heads(from: other.party, heads)) }
                _ = try await asker.submit(.heartbeat(answer, sentAt: sentAt))
            }
        }
    }

    /// Pushes to and fro until everybody holds everything, with receipts.
    func exchange(_ nodes: [Node]) async throws {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            for author in nodes {
                for holder in nodes where holder.party != author.party {
                    while try await push(author, to: holder) { isQuiet = false }
                }
            }
        }
    }

    private func push(_ author: Node, to holder: Node) async throws -> Bool {
        let from = await holder.read { mechanism, _ in mechanism.logs[author.party]?.size ?? 0 }
        guard let run = try await author.run(of: author.party, from: from, limit: Limits.pushEntries),
            let named = terms.party(holder.party)
        else { return false }
        let reader = MirrorReader(named, sealing: terms.sealing)
        let push = Push(
            from: author.party, log: run.log, first: run.first,
            envelopes: try run.envelopes.map { Bytes(try reader.given($0).encoded) }, checkpoint: run.checkpoint,
            consistency: run.consistency)
        _ = try await holder.submit(.pushed(push))
        let receipt = try #require(await holder.receipt(for: run.log))
        let size = try #require(Checkpoint(note: receipt)?.size)
        _ = try await author.submit(.receipt(from: holder.party, note: receipt, root: await author.ownRoot(at: size)))
        return true
    }

    /// Files notices at both principals' desks and has each acknowledge one of the other's.
    func fileAndAcknowledge(_ nodes: [Node], count: Int) async throws {
        let start = nodes[0].clock.now.utc.advanced(by: .hours(3))
        var filed: [NoticeID] = []
        for node in nodes.prefix(2) {
            for step in 0..<count {
                let fields = try RestoreRig.fields(from: start, latitudeDeg: 31 + Double(step) / 40)
                guard case .filed(let id, _, _) = try await node.file(fields) else { throw CancellationError() }
                if step == 0 { filed.append(id) }
            }
        }
        try await exchange(nodes)
        for (node, id) in zip(nodes.prefix(2), filed.reversed()) {
            let fields = try #require(await node.read { mechanism, _ in mechanism.notices[id]?.fields })
            let shape = try #require(fields.volumes.first)
            let readBack = ReadBack(
                position: shape.volume.footprint.referencePoint, lower: shape.volume.band.lower,
                start: shape.volume.window.start, original: nil)
            _ = try await node.submit(.command(.acknowledge(id, version: 1, readBack), officer: "anna"))
        }
        try await exchange(nodes)
    }

    static func fields(from start: UTCInstant, latitudeDeg: Double) throws -> NoticeFields {
        let json = """
            {"kind":"air-operation","contact":"line 1","volumes":[{"footprint":{"type":"Point","coordinates":[38.3,\(latitudeDeg)],"radiusM":300},
            "altitude":{"lower":{"value":1000,"unit":"feet","datum":"amsl"},"upper":{"value":250,"unit":"flightLevel","datum":"flightLevel"}},
            "start":"\(start.rfc3339)","end":"\(start.advanced(by: .hours(2)).rfc3339)"}]}
            """
        var reader = try FieldReader(try StrictJSON.read(Array(json.utf8), limit: 10_000))
        return try NoticeFields(&reader)
    }

    func restore(_ name: String, from sources: [any RestoreSource], withoutBodies: Bool = false) async throws -> RestoreReport {
        let restore = try Restore(folder: try folder(name))
        var indexed: [(any RestoreSource, MirrorIndex)] = []
        for source in sources { indexed.append((source, try await source.index())) }
        return try await restore.run(indexed, rules: try restore.rules(), withoutBodies: withoutBodies, progress: { _ in })
    }
}

/// A node in this process as a source, which may be made to fail.
struct NodeSource: RestoreSource {
    let node: Node
    let reader: PartyID
    /// From here on it gives nothing.
    var failsAt: LogIndex = .max
    var withholds = false

    var party: PartyID { node.party }

    func index() async throws -> MirrorIndex { try await node.mirrorIndex() }

    func page(of log: LogID, from leaf: LogIndex) async throws -> MirrorPage {
        guard leaf < failsAt else { throw CancellationError() }
        let page = try await node.mirrorPage(of: log, from: leaf, limit: Int(min(100, failsAt - leaf)), for: reader)
        guard withholds else { return page }
        return MirrorPage(
            first: page.first, envelopes: page.envelopes.compactMap { Envelope(encoded: $0.array).map { Bytes($0.withheld.encoded) } },
            heads: page.heads)
    }

    func signedHead(of log: LogID, size: UInt64) async throws -> String? { try await node.signedHead(of: log, size: size) }
}
