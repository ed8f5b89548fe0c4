import Dispatch
import Foundation
import JointLog
import Kernel
import Mechanism
import Records
import Storage
import StorageSQLite
import Synchronization

/// Checks everything on a node's disk: reads and hashes all of it again, folds the journal and compares what comes of it
/// with the trees, looks for every conflict anew, and verifies every signature over records and heads whose key is known.
/// Changes nothing.
public struct StoreCheck: Sendable {
    private let folder: NodeFolder
    private let keys: NodeKeys
    private let terms: Terms
    private let party: PartyID

    /// - Throws: `NodeFolderError`, `KeyFileError`, `TermsRejection` for files of the folder.
    public init(folder: NodeFolder) throws {
        self.folder = folder
        keys = try NodeKeys.load(folder)
        terms = try Terms.read(try folder.read(folder.terms), mechanism: nil)
        party = try NodeConfiguration.load(folder).party
        guard terms.party(party) != nil else {
            throw NodeFolderError.malformed(folder.terms.path, "the terms do not name this party")
        }
    }

    /// - Throws: `NodeFolderError.missing` without a store, `StoreError.locked` while the node runs, and what else keeps
    ///   the store from being read at all. Damage is no error: it is found.
    public func run(progress: (StoreCheckProgress) -> Void) throws -> StoreCheckReport {
        guard FileManager.default.fileExists(atPath: folder.store.path) else {
            throw NodeFolderError.missing(folder.store.path)
        }
        let store: SQLiteStore
        do { store = try SQLiteStore(path: folder.store.path) } catch {
            guard let detail = StoreCheck.damage(error) else { throw error }
            return StoreCheckReport(findings: [.unopened(detail)])
        }
        defer { store.close() }
        var report = StoreCheckReport(findings: [])
        do {
            report.findings = try store.verify { progress(.reading(done: $0.done, total: $0.total)) }.map { .store($0) }
            progress(.folding)
            let rules = try fold(store, &report)
            sweep(rules, &report, progress)
            try signatures(store, rules, &report, progress)
        } catch {
            // What cannot be read is named by the first pass; this is where a later one had to stop.
            guard let detail = StoreCheck.damage(error) else { throw error }
            report.findings.append(.unread(detail))
        }
        return report
    }

    /// What is damaged, where an error says that.
    private static func damage(_ error: any Error) -> String? {
        switch error as? StoreError {
        case .corrupt(let detail), .notAStore(let detail): detail
        default: nil
        }
    }

    /// - Returns: the folded mechanism, or without one, an empty one under the keys that the folder knows.
    private func fold(_ store: any NodeStore, _ report: inout StoreCheckReport) throws -> Mechanism {
        let reference = try GeoidFile.reference(for: terms)
        do {
            let postQuantum = terms.party(party).flatMap { keys.postQuantumKey(shownAs: $0) }
            let fold = try Fold.run(
                party: party, terms: terms, reference: reference, postQuantumKey: postQuantum, store: store)
            report.journal = fold.sequence
            if let detail = try treeDamage(store, fold.mechanism) { report.findings.append(.tree(detail)) }
            return fold.mechanism
        } catch {
            report.findings.append(try journalFinding(error, through: try store.lastSequence))
        }
        var rules = Mechanism(party: party, terms: terms, reference: reference)
        for party in terms.parties.map(\.id) {
            for note in try folder.statements(of: party) { rules.follow(note) }
        }
        return rules
    }

    /// Looks for every collision anew, on all cores.
    private func sweep(
        _ mechanism: Mechanism, _ report: inout StoreCheckReport, _ progress: (StoreCheckProgress) -> Void
    ) {
        let parts = 64
        let width = max(1, ProcessInfo.processInfo.activeProcessorCount)
        var found = SortedSet<NoticePair>()
        for start in stride(from: 0, to: parts, by: width) {
            let count = min(width, parts - start)
            let swept = Mutex(SortedSet<NoticePair>())
            DispatchQueue.concurrentPerform(iterations: count) { i in
                let pairs = mechanism.sweep(part: start + i, of: parts)
                swept.withLock { all in for pair in pairs { all.insert(pair) } }
            }
            for pair in swept.withLock({ $0 }) { found.insert(pair) }
            progress(.conflicts(done: UInt64(start + count), total: UInt64(parts)))
        }
        report.findings += mechanism.differences(from: found).map(StoreCheckFinding.conflict)
    }

    private func treeDamage(_ store: any NodeStore, _ mechanism: Mechanism) throws -> String? {
        do {
            _ = try LogTrees(store, mechanism)
            return nil
        } catch {
            guard let detail = StoreCheck.damage(error) else { throw error }
            return detail
        }
    }

    /// - Throws: the error itself when it says nothing of the journal.
    private func journalFinding(_ error: any Error, through last: UInt64) throws -> StoreCheckFinding {
        if case Fold.Failure.diverged(let sequence, let detail) = error { return .journal(sequence: sequence, detail) }
        if error is DecodingError || error is PackedRejection { return .journal(sequence: last, "\(error)") }
        guard let detail = StoreCheck.damage(error) else { throw error }
        return .journal(sequence: last, detail)
    }

    private func signatures(
        _ store: any NodeStore, _ rules: Mechanism, _ report: inout StoreCheckReport,
        _ progress: (StoreCheckProgress) -> Void
    ) throws {
        let total = try store.logs.reduce(UInt64(0)) { try $0 + store.size(of: $1) }
        var done: UInt64 = 0
        for id in try store.logs {
            guard let log = (rules.formerLogs + rules.logs.values).first(where: { $0.id == id }) else {
                report.findings.append(.unknownLog(id))
                continue
            }
            let checker = StoreCheckSignatures(log: log, rules: rules, ownPostQuantumKey: keys.postQuantum.publicKey)
            let size = try store.size(of: id)
            report.logs.append(StoreCheckReport.Log(id: id, size: size))
            var at: UInt64 = 0
            while at < size {
                let end = min(size, at + 256)
                do {
                    for entry in try store.entries(of: id, from: at, limit: Int(end - at)) {
                        if let reason = checker.problem(of: entry) { report.findings.append(.record(id, entry.index, reason)) }
                    }
                    for note in try store.notes(of: id, from: at + 1, through: end, limit: .max) {
                        check(note, checker, &report)
                    }
                } catch {
                    // Named by the first pass, which reads row by row.
                    guard StoreCheck.damage(error) != nil else { throw error }
                }
                done += end - at
                at = end
                progress(.signatures(done: done, total: total))
            }
            // Heads that were announced before their records.
            for note in try store.notes(of: id, from: size + 1, through: .max, limit: .max) { check(note, checker, &report) }
            if let head = try store.head(of: id), let reason = checker.problem(ofHead: head) {
                report.findings.append(.note(id, size: head.size, signer: "head", reason))
            }
        }
    }

    private func check(_ note: NoteWrite, _ checker: StoreCheckSignatures, _ report: inout StoreCheckReport) {
        report.notes += 1
        if let reason = checker.problem(of: note) {
            report.findings.append(.note(note.log, size: note.size, signer: note.signer, reason))
        }
    }
}

/// Verifies what is signed of one log.
struct StoreCheckSignatures {
    let log: HeldLog
    let rules: Mechanism
    let ownPostQuantumKey: PostQuantumKey

    private var origin: String { Checkpoint.origin(mechanism: rules.terms.mechanism, log: log.id) }

    /// - Returns: `nil` for a sound record.
    func problem(of entry: MirrorEntry) -> String? {
        do throws(RecordRejection) {
            let record = try UnverifiedRecord(entry.envelope).verified(by: rules.terms, nodeKey: log.keys.key(at: entry.index))
            guard record.header.author == log.party, record.header.index == log.start + entry.index else {
                return "it is another record"
            }
            return nil
        } catch {
            return error.name
        }
    }

    func problem(of note: NoteWrite) -> String? {
        let text = String(decoding: note.note, as: UTF8.self)
        guard note.signer != origin else { return problem(ofAuthors: text) }
        let holders = rules.logs.values.map(\.party).filter { "parley/\($0.name)" == note.signer }
        guard let holder = holders.first else { return "nobody of that name is known" }
        let keys = (rules.formerLogs + rules.logs.values).filter { $0.party == holder }.flatMap { $0.keys.entries.map(\.keys.node) }
        let isSigned = keys.contains { Receipt(note: text, origin: origin, holder: holder, publicKey: $0) != nil }
        return isSigned ? nil : "it is not signed by \(holder)"
    }

    func problem(ofHead head: HeadState) -> String? { problem(ofAuthors: String(decoding: head.checkpoint, as: UTF8.self)) }

    private func problem(ofAuthors text: String) -> String? {
        guard
            let signed = SignedCheckpoint(note: text, origin: origin, publicKeys: log.keys.entries.map(\.keys.node))
        else { return "it is not signed by \(log.party)" }
        // Only our own key of that kind is at hand; others' stand in records that may be sealed.
        guard log.party == rules.party, rules.ownParty.postQuantumKeyHash != nil,
            let note = SignedNote(encoded: text),
            note.signatures.contains(where: { $0.keyID == ownPostQuantumKey.keyID(name: origin) })
        else { return nil }
        return signed.hasSignature(of: ownPostQuantumKey) ? nil : "its ML-DSA-65 line is not ours"
    }
}
