import Foundation
import Kernel
import Logging
import Records
import StorageSQLite

extension Node {
    /// Opens a node's folder: its configuration, keys, terms and store, each checked against the others.
    ///
    /// - Throws: `NodeFolderError` for a file that is missing or wrong, `StoreError` for the store.
    public static func open(_ folder: NodeFolder, logger: Logger) throws -> Node {
        let configuration = try NodeConfiguration.load(folder)
        let keys = try NodeKeys.load(folder)
        guard FileManager.default.fileExists(atPath: folder.terms.path) else {
            throw NodeFolderError.malformed(folder.terms.path, "no terms are accepted yet: parley terms accept")
        }
        let terms: Terms
        do {
            terms = try Terms.read(try folder.read(folder.terms), mechanism: nil)
        } catch let rejection as TermsRejection {
            throw NodeFolderError.malformed(folder.terms.path, rejection.sentence)
        }
        let party = configuration.party
        guard terms.party(party) != nil,
            try folder.keyHistory(party, terms: terms).current.keys == keys.publicKeys(terms.sealing)
        else { throw NodeFolderError.malformed(folder.terms.path, "the terms do not name this node's keys") }
        return try Node(
            configuration: configuration, terms: terms, keys: keys, statements: try terms.parties.flatMap { try folder.statements(of: $0.id) },
            store: try SQLiteStore(path: folder.store.path), logger: logger)
    }

    /// The STOP path beside this node, from the same folder.
    public nonisolated func stopDesk(_ folder: NodeFolder) throws -> StopDesk {
        try StopDesk(party: party, terms: terms, keys: keys, folder: folder, clock: clock, logger: logger)
    }

    /// How this node meets its peers.
    public nonisolated func peerTLS() throws -> PeerTLS { try PeerTLS(keys: keys, pins: pins) }
}
