import Kernel
import Logging
import Mechanism
import PrivateCheck
import Records

/// This node's side of private checks: makes sessions from sealed plans, says over the record what they say, feeds them
/// what the other side said, and has each of them end.
///
/// A session is stored before anything of it is said, and what it has said is compared with what the record holds: after a
/// crash at any moment it goes on where it was. Whatever cannot be done now, because the node may not sign or the disk is
/// full, is tried again.
public actor PrivateCheckDesk {
    private let node: Node
    private let files: PrivateCheckFiles
    private let logger: Logger
    private nonisolated let wakes: AsyncStream<Void>
    private nonisolated let wake: AsyncStream<Void>.Continuation
    private var timer: Task<Void, Never>?
    /// Proposals that are stored and being said: not to be said a second time.
    private var beingProposed = SortedSet<Hash32>()

    private static let retry: Duration = .seconds(2)
    private static let longestWait: Duration = .seconds(60)

    public init(node: Node, folder: NodeFolder, logger: Logger) throws {
        self.node = node
        self.logger = logger
        files = try PrivateCheckFiles(folder, keys: node.keys)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Until cancelled. Does nothing where the terms have no private checks.
    public func run() async {
        wake.yield()
        for await _ in wakes {
            if Task.isCancelled { break }
            timer?.cancel()
            let isDone = await goOn()
            let wait = await untilNext(isDone: isDone)
            timer = Task { [wake, clock = node.clock] in
                try? await clock.sleep(for: wait)
                if !Task.isCancelled { wake.yield() }
            }
        }
        timer?.cancel()
    }

    // MARK: Officers

    /// Proposes a check of all plans that stay here.
    ///
    /// - Parameter officer: `nil` when the terms' schedule says so.
    /// - Returns: the check's name.
    public func propose(to other: PartyID, officer: String?) async throws(PrivateCheckFailure) -> Hash32 {
        let (mechanism, now) = await node.read { ($0, $1) }
        guard let parameters = node.terms.privateCheck(between: node.party, other, at: now.utc) else {
            throw .node(.refused(.noPrivateChecks))
        }
        guard mechanism.counterparts.contains(other) else { throw .node(.refused(.unknownAudience(other))) }
        let (input, plans) = try PrivateCheckDesk.input(mechanism, parameters)
        let session: CheckSession
        do { session = try CheckSession(proposing: parameters, input: input, now: now.utc) } catch {
            throw .plans(.tooManyElements(allowed: parameters.cap))
        }
        guard let first = session.sent.first, let proposal = try? CheckProposal(first.array),
            let part = PrivateCheckPart.cutting(first.array, as: .propose, of: proposal.id)?.first
        else { throw .notStored("a proposal cannot be read back") }
        beingProposed.insert(proposal.id)
        defer { beingProposed.remove(proposal.id) }
        try keep(
            StoredCheck(
                id: proposal.id, with: other, plans: plans, officer: officer, stage: .running(session), taken: 0))
        // Said at once, so that an officer hears why not.
        do throws(NodeError) {
            _ = try await node.submit(.check(.say(part, to: other, officer: officer)))
        } catch {
            try? files.erase(proposal.id)
            throw .node(error)
        }
        wake.yield()
        return proposal.id
    }

    /// Takes part in a check that the other side has proposed, with all plans that stay here.
    public func accept(_ id: Hash32, officer: String?) async throws(PrivateCheckFailure) {
        let (mechanism, now) = await node.read { ($0, $1) }
        let check = try waiting(id, mechanism)
        guard let parameters = check.parameters else { throw .notAgreed(id) }
        guard now.utc <= parameters.deadline else { throw .deadlinePassed(id) }
        guard let bytes = await bytes(of: check.whole(.propose, of: check.initiator)),
            let proposal = try? CheckProposal(bytes)
        else { throw .notStored("the proposal cannot be read back") }
        let (input, plans) = try PrivateCheckDesk.input(mechanism, parameters)
        try keep(
            StoredCheck(
                id: id, with: check.initiator, plans: plans, officer: officer, stage: .accepting(proposal, input), taken: 1))
        wake.yield()
    }

    public func decline(_ id: Hash32, officer: String) async throws(PrivateCheckFailure) {
        let check = try waiting(id, await node.read { mechanism, _ in mechanism })
        guard let part = PrivateCheckPart.cutting(CheckSession.declining, as: .end, of: id)?.first else { return }
        let ending = PrivateCheckEnding(
            outcome: .unknown(.endedByPeer(reason: 0)), finding: nil, plans: [], hits: [], isDeclined: true)
        do throws(NodeError) {
            _ = try await node.submit(.check(.say(part, to: check.initiator, officer: officer)))
            _ = try await node.submit(.check(.ended(id, ending)))
        } catch { throw .node(error) }
    }

    private func waiting(_ id: Hash32, _ mechanism: Mechanism) throws(PrivateCheckFailure) -> HeldCheck {
        guard let check = mechanism.checks.checks[id], check.responder == node.party, check.isProposed,
            !files.all.contains(id)
        else { throw .notWaiting(id) }
        return check
    }

    private static func input(
        _ mechanism: Mechanism, _ parameters: CheckParameters
    ) throws(PrivateCheckFailure) -> (CheckInput, [SealedPlanID]) {
        var random = SystemRandom()
        let bytes = (0..<SecretSeed.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
        guard let seed = SecretSeed(bytes) else { throw .notStored("no randomness") }
        do throws(CoverRejection) { return try mechanism.checkInput(parameters, seed: seed) } catch { throw .plans(error) }
    }

    private func keep(_ check: StoredCheck) throws(PrivateCheckFailure) {
        do { try files.save(check) } catch { throw .notStored("\(error)") }
    }

    // MARK: The work

    /// Brings every check as far as it goes now.
    ///
    /// - Returns: whether nothing was left undone that could be done.
    private func goOn() async -> Bool {
        guard node.terms.privateCheck != nil else { return true }
        var isDone = await followSchedule()
        for id in files.all where !beingProposed.contains(id) {
            do {
                try await advance(id)
            } catch {
                logger.warning("a private check waits", metadata: ["check": "\(id.hex)", "error": "\(error)"])
                isDone = false
            }
        }
        for check in await node.read({ mechanism, now in
            mechanism.checks.checks.values.filter { $0.ending == nil && mechanism.deadline(of: $0) < now.utc }
        }) where !files.all.contains(check.id) {
            // Nobody accepted it, or its file is lost.
            let ending = PrivateCheckEnding(outcome: .unknown(.deadlinePassed), finding: nil, plans: [], hits: [])
            _ = try? await node.submit(.check(.ended(check.id, ending)))
        }
        return isDone
    }

    /// Proposes what is due by the terms, and takes part in what the other side's node has proposed so.
    private func followSchedule() async -> Bool {
        let (mechanism, now) = await node.read { ($0, $1) }
        var isDone = true
        for check in mechanism.checks.checks.values
        where check.proposedBy == nil && check.responder == node.party && check.isProposed && check.parameters != nil {
            do throws(PrivateCheckFailure) { try await accept(check.id, officer: nil) } catch {
                if case .notWaiting = error { continue }
                logger.warning("a scheduled private check was not accepted", metadata: ["error": "\(error)"])
            }
        }
        guard let every = node.terms.privateCheck?.every, mechanism.role == .principal else { return true }
        let length = every.wholeMicroseconds
        let begun = UTCInstant(microseconds: now.utc.microseconds / length * length)
        for other in mechanism.counterparts where node.party < other {
            let isThere = mechanism.checks.checks.values.contains {
                $0.initiator == node.party && $0.responder == other && $0.proposedBy == nil && $0.proposedAt >= begun
            }
            guard !isThere else { continue }
            do throws(PrivateCheckFailure) { _ = try await propose(to: other, officer: nil) } catch {
                logger.warning("a scheduled private check was not proposed", metadata: ["error": "\(error)"])
                isDone = false
            }
        }
        return isDone
    }

    private func untilNext(isDone: Bool) async -> Duration {
        guard node.terms.privateCheck != nil else { return PrivateCheckDesk.longestWait }
        guard isDone else { return PrivateCheckDesk.retry }
        return await node.read { mechanism, now in
            var moments = mechanism.checks.checks.values.filter { $0.ending == nil }.map { mechanism.deadline(of: $0) }
            if let every = mechanism.terms.privateCheck?.every {
                let length = every.wholeMicroseconds
                moments.append(UTCInstant(microseconds: (now.utc.microseconds / length + 1) * length))
            }
            let wait = moments.min().map { $0.duration(since: now.utc) + .milliseconds(1) } ?? PrivateCheckDesk.longestWait
            return min(max(wait, .milliseconds(10)), PrivateCheckDesk.longestWait)
        }
    }

    private func advance(_ id: Hash32) async throws {
        guard var stored = try files.load(id) else { return }
        while true {
            let (held, now) = await node.read { ($0.checks.checks[id], $1) }
            if let held, held.ending != nil { return try files.erase(id) }
            var session = try await session(of: &stored, now)
            // A crash between storing the first message and saying it.
            guard let held else {
                try await say(session, as: stored, nil)
                continue
            }
            try await say(session, as: stored, held)
            if let outcome = session.outcome { return try await end(stored, session, outcome) }
            if let bytes = try await next(stored, session, held) {
                // What both sides were given in time counts as in time, whenever this node comes to it.
                let moment = held.release == nil ? now.utc : min(now.utc, session.parameters.deadline)
                let taking = session
                session = await Task.detached {
                    var session = taking
                    _ = session.receive(bytes, now: moment)
                    return session
                }.value
                stored.taken += 1
            } else if held.release == nil, session.tick(now: now.utc).outcome == nil {
                return
            }
            stored.stage = .running(session)
            try files.save(stored)
        }
    }

    /// The session, begun now when it was only accepted.
    private func session(of stored: inout StoredCheck, _ now: Now) async throws -> CheckSession {
        switch stored.stage {
        case .running(let session): return session
        case .accepting(let proposal, let input):
            let session = try await Task.detached { try CheckSession(accepting: proposal, input: input, now: now.utc) }.value
            stored.stage = .running(session)
            try files.save(stored)
            return session
        }
    }

    /// Puts on record what the session has said and the record does not hold.
    private func say(_ session: CheckSession, as stored: StoredCheck, _ held: HeldCheck?) async throws {
        let said = held?.messages[node.party] ?? []
        for (place, message) in session.sent.enumerated() {
            guard let kind = CheckSession.kind(of: message.array) else { continue }
            var bytes = message.array
            if kind == .remask, isThroughMediator {
                guard let key = session.answerKey else { continue }
                bytes = LockedAnswer.lock(bytes, key: key)
            }
            let onRecord = place < said.count ? said[place].records.count : 0
            for part in (PrivateCheckPart.cutting(bytes, as: kind.word, of: stored.id) ?? []).dropFirst(onRecord) {
                let isAct = kind == .propose || kind == .accept
                _ = try await node.submit(
                    .check(.say(part, to: stored.with, officer: isAct ? stored.officer : nil)))
            }
        }
        guard isThroughMediator, let held, !held.isDeposited, held.whole(.remask, of: node.party) != nil,
            held.whole(.remask, of: stored.with) != nil, let key = session.answerKey
        else { return }
        _ = try await node.submit(.check(.deposit(stored.id, key: key)))
    }

    private var isThroughMediator: Bool { node.terms.privateCheck?.throughMediator ?? false }

    /// The next message of the other side, once it is here and may be read.
    private func next(_ stored: StoredCheck, _ session: CheckSession, _ held: HeldCheck) async throws -> [UInt8]? {
        let theirs = held.messages[stored.with] ?? []
        guard stored.taken < theirs.count, theirs[stored.taken].isWhole else { return nil }
        let message = theirs[stored.taken]
        let isLocked = message.message == .remask && isThroughMediator
        if isLocked, held.release == nil { return nil }
        guard let bytes = await bytes(of: message) else { throw PrivateCheckFailure.notStored("a message cannot be read back") }
        guard isLocked, let release = held.release else { return bytes }
        let key = release.first.party == stored.with ? release.first.key : release.second.key
        // What its key does not open is no message, and ends the session.
        return LockedAnswer.open(bytes, key: key) ?? []
    }

    private func bytes(of message: HeldCheckMessage?) async -> [UInt8]? {
        guard let message else { return nil }
        do {
            var bytes: [UInt8] = []
            for body in try await node.bodies(of: message.records) {
                guard case .privateCheck(let part) = body.content else { return nil }
                bytes += part.bytes
            }
            return bytes
        } catch {
            logger.warning("a private check's records cannot be read", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func end(_ stored: StoredCheck, _ session: CheckSession, _ outcome: CheckOutcome) async throws {
        let hits = await node.read { mechanism, _ in
            mechanism.hits(session.finding, of: stored.plans, in: session.parameters)
        }
        _ = try await node.submit(
            .check(
                .ended(
                    stored.id,
                    PrivateCheckEnding(outcome: outcome, finding: session.finding, plans: stored.plans, hits: hits))))
        try files.erase(stored.id)
    }
}

extension PrivateCheckDesk: CommitObserver {
    public nonisolated func committed(_ changes: [DeskChange], _ mechanism: Mechanism, now: Now) {
        let concerns = changes.contains {
            switch $0 {
            case .check, .link: true
            default: false
            }
        }
        if concerns { wake.yield() }
    }
}

extension Mechanism {
    /// When a check is over in any case. One that is not as the terms have it gets the time that they give.
    fileprivate func deadline(of check: HeldCheck) -> UTCInstant {
        check.parameters?.deadline ?? check.proposedAt.advanced(by: terms.privateCheck?.within ?? .zero)
    }
}

extension MessageKind {
    fileprivate var word: PrivateCheckPart.Message {
        switch self {
        case .propose: .propose
        case .accept: .accept
        case .commit: .commit
        case .mask: .mask
        case .seal: .seal
        case .remask: .remask
        case .result: .result
        case .end: .end
        case .open: .open
        }
    }
}
