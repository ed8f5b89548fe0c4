import Foundation
import Geodesy
import JointLog
import Kernel
import Logging
import Mechanism
import Records
import Separation
import Storage

@testable import NodeRuntime

/// Two nodes' folders with terms that both accept, in a temporary folder of their own.
struct Pair {
    let root: URL
    let alpha: NodeFolder
    let bravo: NodeFolder
    let terms: Terms

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        alpha = NodeFolder(path: root.appendingPathComponent("a").path)
        bravo = NodeFolder(path: root.appendingPathComponent("b").path)
        var cards: [PartyCard] = []
        for (folder, id, port) in [(alpha, "alpha", 1), (bravo, "bravo", 2)] {
            try folder.create()
            var random = SystemRandom()
            let keys = try NodeKeys.create(in: folder, name: id, random: &random)
            let configuration = try Pair.configuration(id, port: port)
            try folder.write(Array(configuration.json.prettyText.utf8), to: folder.configuration)
            cards.append(PartyCard(configuration, keys))
        }
        let draft = TermsDraft(name: "test", parties: cards, effectiveAt: UTCInstant(microseconds: 0))
        terms = try Terms.read(Array(draft.json.prettyText.utf8), mechanism: nil)
    }

    static func configuration(_ id: String, port: Int) throws -> NodeConfiguration {
        guard let party = PartyID(id), let desk = NodeConfiguration.Endpoint("127.0.0.1:\(port)") else {
            throw CocoaError(.coderInvalidValue)
        }
        return NodeConfiguration(party: party, name: id, role: .principal, desk: desk, peers: desk, address: desk)
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    func node(_ folder: NodeFolder, store: any NodeStore) throws -> Node {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return try Node(
            configuration: NodeConfiguration.load(folder), terms: terms, keys: NodeKeys.load(folder), store: store,
            logger: logger)
    }

    /// An air operation near Palmyra, from `start` for two hours.
    func fields(from start: UTCInstant, latitudeDeg: Double = 34.5574) throws -> NoticeFields {
        let json = """
            {"kind":"air-operation","contact":"line 1","volumes":[{"footprint":{"type":"Point","coordinates":[38.3169,\(latitudeDeg)],"radiusM":3000},
            "altitude":{"lower":{"value":1000,"unit":"feet","datum":"amsl"},"upper":{"value":250,"unit":"flightLevel","datum":"flightLevel"}},
            "start":"\(start.rfc3339)","end":"\(start.advanced(by: .hours(2)).rfc3339)"}]}
            """
        var reader = try FieldReader(try StrictJSON.read(Array(json.utf8), limit: 10_000))
        return try NoticeFields(&reader)
    }
}

extension Node {
    func file(_ fields: NoticeFields) async throws(NodeError) -> Reply {
        try await submit(.command(.file(fields, mode: .real, audience: nil), officer: "anna"))
    }

    var digest: String {
        get async throws {
            let bytes = try read { mechanism, _ in try SnapshotCodec.encode(mechanism.snapshot) }
            return MerkleHash.sha256(bytes).hex
        }
    }
}
