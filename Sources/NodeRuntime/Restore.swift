import Foundation
import Geodesy
import JointLog
import Kernel
import Mechanism
import NIOCore
import NIOPosix
import Records
import Storage
import StorageSQLite

/// Rebuilds a lost or corrupted node's store from its peers' mirrors, and from what of the old store can be read.
///
/// What each source gives is verified and gathered beside the old store, handed to the mechanism again, stored, read
/// back and folded; only then does it take the old store's place, which is kept. Whatever ends it before leaves the old
/// store as it was, and it may be run again. It signs no record: at its next start the node waits for its peers' word.
public struct Restore: Sendable {
    private let folder: NodeFolder
    private let configuration: NodeConfiguration
    private let keys: NodeKeys
    private let terms: Terms
    private let reference: VerticalReference
    private let group: any EventLoopGroup

    /// - Throws: `NodeFolderError`, `KeyFileError`, `TermsRejection` for files of the folder; the store is not looked at.
    public init(folder: NodeFolder, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) throws {
        self.folder = folder
        self.group = group
        configuration = try NodeConfiguration.load(folder)
        keys = try NodeKeys.load(folder)
        terms = try Terms.read(try folder.read(folder.terms), mechanism: nil)
        guard terms.party(configuration.party) != nil else {
            throw NodeFolderError.malformed(folder.terms.path, "the terms do not name this party")
        }
        reference = try GeoidFile.reference(for: terms)
    }

    /// - Parameters:
    ///   - from: the peers to ask; empty for all.
    ///   - withoutBodies: take records whose body nobody holds any more, for good.
    /// - Throws: ``RestoreFailure``, `StoreError`, `NodeFolderError`.
    public func run(
        from wanted: [PartyID] = [], withoutBodies: Bool = false, progress: @Sendable (RestoreProgress) -> Void
    ) async throws -> RestoreReport {
        for party in wanted where party == configuration.party || terms.party(party) == nil {
            throw RestoreFailure.unknownPeer(party)
        }
        // Before anybody is asked for anything.
        try RestoreFiles(store: folder.store).openOld()?.close()
        var peers = RestorePeers(terms: terms, keys: keys, group: group, rules: try rules())
        try await peers.ask(wanted.isEmpty ? terms.parties.map(\.id).filter { $0 != configuration.party } : wanted)
        do {
            let report = try await run(
                peers.answered, rules: peers.rules, problems: peers.problems, withoutBodies: withoutBodies,
                progress: progress)
            await peers.close()
            return report
        } catch {
            await peers.close()
            throw error
        }
    }

    /// - Parameters:
    ///   - peers: at least one, with what it says that it holds.
    ///   - rules: no records; the keys that all statements known have put in force.
    func run(
        _ peers: [(any RestoreSource, MirrorIndex)], rules: Mechanism, problems: [RestoreProblem] = [],
        withoutBodies: Bool = false, progress: @Sendable (RestoreProgress) -> Void
    ) async throws -> RestoreReport {
        let files = RestoreFiles(store: folder.store)
        let old = try files.openOld()
        defer { old?.close() }
        try files.begin()
        defer { files.removeScratch() }
        var sources = peers
        if let old {
            let source = RestoreOldStore(party: configuration.party, terms: terms, store: old)
            if let index = try? await source.index() { sources.append((source, index)) }
        }
        let report: RestoreReport
        do {
            report = try await restore(sources, rules, problems, withoutBodies, files, progress)
        } catch {
            throw try keeping(error)
        }
        old?.close()
        let lost = try files.replace()
        return RestoreReport(
            logs: report.logs, sources: report.sources, problems: report.problems, outOfOrder: report.outOfOrder, lost: lost)
    }

    /// A mechanism without records, under the root statements that lie in the folder.
    func rules() throws -> Mechanism {
        var rules = Mechanism(party: configuration.party, terms: terms, reference: reference)
        for party in terms.parties.map(\.id) {
            for note in try folder.statements(of: party) { rules.follow(note) }
        }
        return rules
    }

    private func restore(
        _ sources: [(any RestoreSource, MirrorIndex)], _ rules: Mechanism, _ problems: [RestoreProblem],
        _ withoutBodies: Bool, _ files: RestoreFiles, _ progress: @Sendable (RestoreProgress) -> Void
    ) async throws -> RestoreReport {
        let gathered = try SQLiteStore(path: files.gathered.path)
        defer { gathered.close() }
        var gathering = RestoreGathering(rules: rules, store: gathered)
        let logs = rules.formerLogs + rules.logs.values
        for log in logs { try await gathering.gather(log, from: sources, progress: progress) }
        guard withoutBodies || gathering.bodiesMissing.isEmpty else {
            throw RestoreFailure.bodiesMissing(gathering.bodiesMissing, problems + gathering.problems)
        }

        let store = try SQLiteStore(path: files.new.path)
        defer { store.close() }
        let outOfOrder = try await fold(gathering, sources, rules, store, progress)
        progress(.checking)
        let checked = try check(store, files)
        let report = logs.compactMap { log -> RestoreReport.Log? in
            guard let size = gathering.sizes[log.id], size > 0 else { return nil }
            return RestoreReport.Log(
                id: log.id, size: size, root: checked[log.id] ?? MerkleHash.empty, bodiesMissing: gathering.bodiesMissing[log.id] ?? 0)
        }
        for log in report where checked[log.id] == nil {
            throw RestoreFailure.notTheSame("\(log.id) is missing")
        }
        return RestoreReport(
            logs: report, sources: gathering.givers.elements, problems: problems + gathering.problems,
            outOfOrder: outOfOrder, lost: nil)
    }

    /// - Returns: records that came before one that their author had seen.
    private func fold(
        _ gathering: RestoreGathering, _ sources: [(any RestoreSource, MirrorIndex)], _ rules: Mechanism,
        _ store: any NodeStore, _ progress: (RestoreProgress) -> Void
    ) async throws -> UInt64 {
        let gathered = gathering.store
        var fold = try RestoreFold(
            party: configuration.party, terms: terms, reference: reference, keys: keys, gathered: gathered, store: store)
        var order = RestoreOrder(
            gathered, sizes: gathering.sizes, mechanism: terms.mechanism, own: configuration.party)
        let total = gathering.sizes.reduce(0) { $0 + $1.value }
        var statements = rules.statementsInForce
        // Our own log comes from some peer; another's counts as its author's word, body or none.
        let peer = sources.map(\.0.party).first { $0 != configuration.party } ?? configuration.party
        while true {
            try follow(&statements, &fold, order)
            let step = try await order.next(of: fold.mechanism.logs.values.map(\.id)) { log, size in
                guard let author = sources.first(where: { $0.0.party == log.party && log.party != configuration.party }) else {
                    return nil
                }
                return try? await author.0.signedHead(of: log, size: size)
            }
            guard let step else { break }
            try fold.take(step, from: step.log.party == configuration.party ? peer : step.log.party)
            progress(.folding(done: order.done.reduce(0) { $0 + $1.value }, total: total))
        }
        try fold.commit()
        return order.outOfOrder
    }

    /// Key changes as soon as their log is in force, and a new epoch once its former log is whole.
    private func follow(
        _ statements: inout SortedMap<PartyID, [String]>, _ fold: inout RestoreFold, _ order: RestoreOrder
    ) throws {
        for party in statements.keys {
            while let note = statements[party]?.first, let log = fold.mechanism.logs[party]?.id {
                if SignedRootStatement(note: note)?.statement.beginsEpoch == true, !order.isDone(log) { break }
                if let refusal = try fold.take(.statement(note: note)) {
                    throw RestoreFailure.refused(log, from: order.done[log] ?? 0, "\(refusal)")
                }
                statements.update(party) { $0.removeFirst() }
            }
        }
    }

    /// Reads the new store back, hashes everything again and folds its journal.
    ///
    /// - Returns: the root of each log.
    private func check(_ store: SQLiteStore, _ files: RestoreFiles) throws -> SortedMap<LogID, Hash32> {
        store.close()
        let again = try SQLiteStore(path: files.new.path)
        defer { again.close() }
        let findings = try again.verify().filter(\.isDamage)
        guard findings.isEmpty else { throw RestoreFailure.notTheSame("\(findings[0])") }
        let fold = try Fold.run(
            party: configuration.party, terms: terms, reference: reference,
            postQuantumKey: terms.party(configuration.party).flatMap { keys.postQuantumKey(shownAs: $0) }, store: again)
        _ = try LogTrees(again, fold.mechanism)
        var roots = SortedMap<LogID, Hash32>()
        for log in fold.mechanism.formerLogs + fold.mechanism.logs.values { roots[log.id] = log.tree.root }
        return roots
    }

    /// Evidence of a fork outlives the attempt.
    private func keeping(_ error: any Error) throws -> any Error {
        guard case RestoreFailure.fork(let log, var fork) = error else { return error }
        let file = folder.url.appendingPathComponent("fork-\(PeerMessages.pathName(of: log)).txt")
        try folder.write(Array(fork.evidence.utf8), to: file)
        fork.file = file.path
        return RestoreFailure.fork(log, fork)
    }
}

extension RootStatement {
    var beginsEpoch: Bool {
        if case .epoch = self { true } else { false }
    }
}

extension Mechanism {
    /// Puts a root statement in force before any record is held; one that does not follow changes nothing.
    mutating func follow(_ note: String) {
        var authority = RestoreAuthority(seals: [])
        let now = Now(utc: UTCInstant(microseconds: 0), monotonic: MonotonicInstant(nanoseconds: 0))
        _ = try? handle(.statement(note: note), now: now, authority: &authority)
    }

    /// Of each party what its root keys have signed, in order.
    var statementsInForce: SortedMap<PartyID, [String]> {
        var statements = SortedMap<PartyID, [String]>()
        for log in formerLogs + logs.values {
            statements[log.party] = (statements[log.party] ?? []) + log.keys.entries.compactMap(\.note)
        }
        return statements
    }
}
