import Foundation
import JointLog
import Kernel
import Records
import Storage

/// Somebody who still holds what a lost store held.
protocol RestoreSource: Sendable {
    /// Who answers for it: a peer, or this node's own party for what is left of its old store.
    var party: PartyID { get }
    func index() async throws -> MirrorIndex
    /// - Returns: at least one record, or none at the end.
    func page(of log: LogID, from leaf: LogIndex) async throws -> MirrorPage
    /// A checkpoint that the log's author has signed over exactly `size` records; `nil` when there is none.
    func signedHead(of log: LogID, size: UInt64) async throws -> String?
}

/// A peer's node, which runs as usual meanwhile.
struct RestorePeer: RestoreSource {
    let party: PartyID
    let connection: PeerConnection

    enum Failure: Error, CustomStringConvertible {
        case answered(status: Int)

        var description: String {
            switch self {
            case .answered(let status): "it answered with status \(status)"
            }
        }
    }

    func index() async throws -> MirrorIndex {
        try MirrorIndex(try await get(PeerMessages.logsPath, limit: MirrorIndex.largestBytes))
    }

    func page(of log: LogID, from leaf: LogIndex) async throws -> MirrorPage {
        let path = "\(prefix(log))/records?from=\(leaf)&limit=\(MirrorPage.mostRecords)"
        return try MirrorPage(try await get(path, limit: MirrorPage.largestBytes))
    }

    func signedHead(of log: LogID, size: UInt64) async throws -> String? {
        do {
            let bytes = try await get("\(prefix(log))/checkpoint?size=\(size)", limit: SignedNote.longestBytes)
            return String(decoding: bytes, as: UTF8.self)
        } catch Failure.answered(status: 404) {
            return nil
        }
    }

    private func prefix(_ log: LogID) -> String { "\(PeerMessages.logsPath)/\(PeerMessages.pathName(of: log))" }

    private func get(_ path: String, limit: Int) async throws -> [UInt8] {
        for _ in 0..<30 {
            let response = try await connection.get(path, limit: limit)
            switch response.status {
            case 200: return response.body
            case 429: try await Task.sleep(for: .milliseconds(200))
            default: throw Failure.answered(status: response.status)
            }
        }
        throw Failure.answered(status: 429)
    }
}

/// What can still be read of the store that is to be replaced. It may hold bodies, and records of our own, that no
/// peer ever got.
struct RestoreOldStore: RestoreSource {
    let party: PartyID
    let terms: Terms
    let store: any NodeStore

    func index() async throws -> MirrorIndex {
        let logs = try store.logs.map { log in
            MirrorIndex.Log(id: log, checkpoint: try store.head(of: log).map { String(decoding: $0.checkpoint, as: UTF8.self) })
        }
        return MirrorIndex(mechanism: terms.mechanism, party: party, logs: logs, statements: [])
    }

    func page(of log: LogID, from leaf: LogIndex) async throws -> MirrorPage {
        try MirrorPage(
            of: log, from: leaf, limit: MirrorPage.mostRecords, store: store,
            origin: Checkpoint.origin(mechanism: terms.mechanism, log: log), given: { $0 })
    }

    func signedHead(of log: LogID, size: UInt64) async throws -> String? {
        let origin = Checkpoint.origin(mechanism: terms.mechanism, log: log)
        guard let held = try store.lastNote(of: log, atMost: size, by: origin), held.size == size else { return nil }
        return String(decoding: held.note, as: UTF8.self)
    }
}
