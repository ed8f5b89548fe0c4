import Foundation
import JointLog
import Kernel
import Records

/// Changing this node's keys: new ones are prepared beside those in force, and take their place once the root keys
/// have signed a statement that names them.
extension NodeFolder {
    /// Makes the keys that are to follow, under the same protection as those in force.
    ///
    /// - Throws: ``KeyFileError/exists(_:)`` when some are prepared already; `NodeFolderError`.
    public func prepareKeys(name: String, random: inout some RandomNumberGenerator) throws -> NodePublicKeys {
        let next = keys.next
        guard !exists(next.url) else { throw KeyFileError.exists(next.url.path) }
        let unlock = KeyUnlock(passphrase)
        // Proves the passphrase, so that no second one comes into the folder.
        _ = try keys.node.read(unlock)
        // Whole or not at all: what an interrupted attempt left is no use to anybody.
        let unfinished = KeyFolder(url: keys.url.appendingPathComponent("next.new"))
        if exists(unfinished.url) { try FileManager.default.removeItem(at: unfinished.url) }
        try unfinished.create()
        try NodeKeys.create(in: unfinished, name: name, unlock.lock, &random)
        guard rename(unfinished.url.path, next.url.path) == 0 else {
            throw NodeFolderError.cannotWrite(next.url.path, errno: errno)
        }
        NodeFolder.sync(keys.url)
        return try preparedKeys(unlock)
    }

    /// What ``prepareKeys(name:random:)`` made.
    public func preparedKeys() throws -> NodePublicKeys { try preparedKeys(KeyUnlock(passphrase)) }

    /// While a change is only half done, what is missing among the prepared files is in force already.
    private func preparedKeys(_ unlock: KeyUnlock) throws -> NodePublicKeys {
        let next = keys.next
        guard exists(next.url) else { throw KeyChangeRefusal.nothingPrepared }
        return NodePublicKeys(
            node: try NodeKeys.nodeKey(next.node.exists ? next.node : keys.node, unlock),
            tls: try NodeKeys.tlsHash(exists(next.certificate) ? next.certificate : keys.certificate),
            seal: try NodeKeys.sealKey(next.seal.exists ? next.seal : keys.seal, unlock).publicKey)
    }

    /// The root-signed notes of a party that lie in this folder, in order of sequence.
    public func statements(of party: PartyID) throws -> [String] {
        let folder = statement(party, sequence: 0).deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let sequences = names.compactMap { name -> UInt64? in
            name.hasPrefix(party.name + "-") ? UInt64(name.dropFirst(party.name.utf8.count + 1)) : nil
        }
        return try sequences.sorted().map { sequence in
            let bytes = try read(statement(party, sequence: sequence), limit: SignedRootStatement.largestBytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The keys of this party's newest log, by the terms and by the statements in this folder.
    public func keyHistory(_ party: PartyID, terms: Terms) throws -> KeyHistory {
        guard let named = terms.party(party) else { throw RootStatementRejection.unknownParty(party) }
        var history = KeyHistory(named)
        for text in try statements(of: party) {
            guard let signed = SignedRootStatement(note: text) else {
                let folder = statement(party, sequence: 0).deletingLastPathComponent()
                throw NodeFolderError.malformed(folder.path, "not a statement of \(party)'s root keys")
            }
            history = try history.following(try signed.verified(by: terms))
        }
        return history
    }

    /// Keeps a peer's statement that came by hand, because its node has lost the TLS key that is still pinned here and
    /// can bring nothing. The node judges it, by what it has cosigned, when it starts.
    public func receive(_ verified: VerifiedRootStatement, terms: Terms) throws {
        let history = try keyHistory(verified.statement.party, terms: terms)
        if !history.holds(verified.statement) { _ = try history.following(verified) }
        try keep(verified)
    }

    private func keep(_ verified: VerifiedRootStatement) throws {
        let file = statement(verified.statement.party, sequence: verified.statement.sequence)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try write(Array(verified.note.utf8), to: file)
    }

    /// Puts the prepared keys in force and keeps the statement, for the node to send to its peers when it starts.
    /// The node must not run. When it is interrupted, the same call finishes it.
    ///
    /// The old node key is removed. The old sealing key stays, because older records were sealed to it; the old TLS key
    /// stays until the next change, because a peer answers it alone until it has the statement.
    ///
    /// - Parameter size: of the party's own log; the statement must begin exactly there, because nobody could sign
    ///   what lay between.
    public func activate(_ verified: VerifiedRootStatement, terms: Terms, size: UInt64) throws {
        let statement = verified.statement
        let history = try keyHistory(statement.party, terms: terms)
        if !history.holds(statement) {
            _ = try history.following(verified)
            if case .keyChange(let change) = statement, change.from != size {
                throw KeyChangeRefusal.wrongIndex(from: change.from, size: size)
            }
        }
        let unlock = KeyUnlock(passphrase)
        let isPrepared = exists(keys.next.url)
        let ours = isPrepared ? try preparedKeys(unlock) : try NodeKeys.load(self).publicKeys(.xWing)
        guard ours.node == statement.keys.node, ours.tls == statement.keys.tls,
            statement.keys.seal == nil || ours.seal == statement.keys.seal
        else { throw isPrepared ? KeyChangeRefusal.otherKeys : KeyChangeRefusal.nothingPrepared }

        try keep(verified)
        if isPrepared { try replaceKeys(sequence: statement.sequence) }
    }

    private func replaceKeys(sequence: UInt64) throws {
        let next = keys.next
        try keys.createRetired()
        if exists(next.tls.url) {
            // The certificate first: a key without its own is worth nothing.
            try retire(keys.certificate, to: keys.formerCertificate)
            try retire(keys.tls.url, to: keys.formerTLS.url)
        }
        if next.seal.exists {
            let retired = keys.retiredSeal(sequence: sequence).url
            guard link(keys.seal.url.path, retired.path) == 0 || errno == EEXIST else {
                throw NodeFolderError.cannotWrite(retired.path, errno: errno)
            }
            NodeFolder.sync(retired.deletingLastPathComponent())
        }
        for (from, to) in [
            (next.seal.url, keys.seal.url), (next.tls.url, keys.tls.url), (next.certificate, keys.certificate),
            (next.node.url, keys.node.url),
        ] where exists(from) {
            guard rename(from.path, to.path) == 0 else { throw NodeFolderError.cannotWrite(to.path, errno: errno) }
        }
        NodeFolder.sync(keys.url)
        guard rmdir(next.url.path) == 0 else { throw NodeFolderError.cannotWrite(next.url.path, errno: errno) }
        NodeFolder.sync(keys.url)
    }

    /// Gives a file a second name in place of whatever had that name.
    private func retire(_ file: URL, to retired: URL) throws {
        let new = retired.appendingPathExtension("new")
        _ = unlink(new.path)
        guard link(file.path, new.path) == 0, rename(new.path, retired.path) == 0 else {
            throw NodeFolderError.cannotWrite(retired.path, errno: errno)
        }
        // Both were names of one file already: then the rename has left the new one.
        _ = unlink(new.path)
        NodeFolder.sync(retired.deletingLastPathComponent())
    }

    private func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }
}

/// Why prepared keys do not take the place of those in force.
public enum KeyChangeRefusal: Error, CustomStringConvertible, Hashable, Sendable {
    case nothingPrepared
    /// The statement names other keys than those that were prepared here.
    case otherKeys
    /// The statement begins below or above the end of this node's own log.
    case wrongIndex(from: LogIndex, size: UInt64)

    public var name: String {
        switch self {
        case .nothingPrepared: "nothingPrepared"
        case .otherKeys: "otherKeys"
        case .wrongIndex: "wrongIndex"
        }
    }

    public var description: String {
        switch self {
        case .nothingPrepared: "no keys are prepared here: parley key new"
        case .otherKeys: "the statement names other keys than those prepared here"
        case .wrongIndex(let from, let size):
            """
            the statement begins at index \(from), and this node's log has \(size) records: the old key could not sign \
            what lies between, or has signed what the new one should
            """
        }
    }
}
