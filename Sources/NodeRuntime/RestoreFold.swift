import Foundation
import Geodesy
import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// Hands gathered logs to a mechanism and stores what it takes as a running node does: through the same core, the same
/// batches and the same journal, so that the store folds again.
struct RestoreFold {
    private let keys: NodeKeys
    private let gathered: any NodeStore
    /// Of our own log, for the roots that receipts are over.
    private var ownTree: LogTree
    private let store: any NodeStore
    private let clock = SystemClock(continuing: nil)
    private(set) var mechanism: Mechanism
    private var trees: LogTrees
    private var authority: RestoreAuthority
    private var sequence: UInt64 = 0
    /// Handled and not yet stored.
    private var handled: [(event: Event, handled: Handled, now: Now, given: [Bytes])] = []
    private var notes: [NoteWrite] = []
    private var bytes = 0

    /// Bytes of records in one commit, about.
    private static let commitBytes = 4 * 1024 * 1024
    private static let commitEvents = 1_000

    init(
        party: PartyID, terms: Terms, reference: VerticalReference, keys: NodeKeys, gathered: any NodeStore,
        store: any NodeStore
    ) throws {
        self.keys = keys
        self.gathered = gathered
        self.store = store
        ownTree = try LogTree(LogID(party: party), store: gathered)
        mechanism = Mechanism(party: party, terms: terms, reference: reference)
        mechanism.ownPostQuantumKey = keys.postQuantumKey(shownAs: mechanism.ownParty)
        trees = try LogTrees(store, mechanism)
        authority = RestoreAuthority(seals: keys.seals)
    }

    /// - Returns: whether the mechanism took it; what it refuses leaves it as it was.
    @discardableResult
    mutating func take(_ event: Event) throws -> Refusal? {
        let now = clock.now
        var recording = RecordingAuthority(authority)
        let result: Handled
        do throws(Refusal) {
            result = try mechanism.handle(event, now: now, authority: &recording)
        } catch {
            return error
        }
        handled.append((event, result, now, recording.given))
        bytes += result.writes.reduce(0) { $0 + $1.envelope.count }
        return nil
    }

    /// - Parameter from: who gave the records.
    mutating func take(_ step: RestoreOrder.Step, from: PartyID) throws {
        let leaves = try step.entries.map { entry in
            guard let leaf = entry.leaf else { throw StoreError.corrupt(detail: "entry \(step.log)-\(entry.index) is no record") }
            return leaf
        }
        guard let held = mechanism.logs[step.log.party], held.id == step.log else {
            throw RestoreFailure.refused(step.log, from: step.first, "the log is not in force")
        }
        var tree = held.tree
        for leaf in leaves { tree.append(leaf) }
        let checkpoint = Checkpoint(mechanism: mechanism.terms.mechanism, log: step.log, size: tree.size, root: tree.root)
        // What stands in our own log was signed and is held by peers: signing a head of it again adds nothing.
        let note = step.note ?? keys.sign(checkpoint, as: mechanism.ownParty).note
        authority.expect(step.entries, in: step.log, mechanism: mechanism)
        let push = Push(
            from: from, log: step.log, first: held.start + step.first, envelopes: step.entries.map { Bytes($0.envelope) },
            checkpoint: note)
        if let refusal = try take(.pushed(push)) {
            throw RestoreFailure.refused(step.log, from: step.first, "\(refusal)")
        }
        let signed = try gathered.notes(of: step.log, from: step.first + 1, through: step.end, limit: 1_000_000)
        notes += signed
        if step.log.party == mechanism.party { try takeReceipts(signed) }
        if bytes >= RestoreFold.commitBytes || handled.count >= RestoreFold.commitEvents { try commit() }
    }

    /// Of each holder the newest.
    private mutating func takeReceipts(_ notes: [NoteWrite]) throws {
        for peer in mechanism.links.keys {
            let name = Receipt.key(of: peer, publicKey: mechanism.nodeKey(of: peer)).name
            guard let note = notes.last(where: { $0.signer == name }) else { continue }
            if ownTree.log != note.log { ownTree = try LogTree(note.log, store: gathered) }
            let root = try ownTree.root(at: note.size)
            // One under a key that was replaced is evidence and no receipt any more.
            try take(.receipt(from: peer, note: String(decoding: note.note, as: UTF8.self), root: root))
        }
    }

    mutating func commit() throws {
        guard !handled.isEmpty else { return }
        var batch = Batch(sequence: sequence, notes: notes)
        for item in handled { batch.add(item.event, item.handled, now: item.now, given: item.given, mechanism: mechanism) }
        try store.commit(batch.commit(mechanism, store: store, trees: &trees, keys: keys))
        trees.committed()
        sequence = batch.sequence
        handled = []
        notes = []
        bytes = 0
    }
}

/// A node that is being restored opens what was sealed to it, and signs and seals nothing.
struct RestoreAuthority: Authority {
    private var opener: SealOpener

    init(seals: [SealPrivateKey]) { opener = SealOpener(seals: seals) }

    mutating func expect(_ entries: [MirrorEntry], in log: LogID, mechanism: Mechanism) {
        opener.expect(entries.lazy.map(\.envelope), in: log, for: mechanism.party)
    }

    mutating func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? {
        opener.decapsulate(encapsulated, info: info)
    }

    // Signing waits for the peers' word, which comes when the node starts.
    mutating func salt() -> Hash32 { preconditionFailure("nothing is written during a restore") }
    mutating func sign(_ message: [UInt8]) -> [UInt8] { preconditionFailure("nothing is signed during a restore") }
    mutating func contentKey() -> Hash32 { preconditionFailure("nothing is sealed during a restore") }
    mutating func encapsulate(to publicKey: SealPublicKey, info: [UInt8]) -> Encapsulation? {
        preconditionFailure("nothing is sealed during a restore")
    }
}
