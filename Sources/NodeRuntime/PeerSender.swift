import Foundation
import JointLog
import Kernel
import Logging
import Mechanism
import NIOCore
import Records

/// Keeps one peer supplied: pushes what it lacks of our log, in order, and asks for its heartbeat and its heads. A
/// mediator's node pushes what it lacks of the others' logs as well.
///
/// It remembers nothing that matters: after a restart, or when the peer says where it stands, it goes on from
/// there.
actor PeerSender {
    private let peer: TermsParty
    private let node: Node
    /// For our own log, and used by ``pushing()`` alone: a connection carries one request at a time.
    private let pushes: PeerConnection
    /// For challenges and for what is relayed between them; used by ``beating()`` alone.
    private let beats: PeerConnection
    private let logger: Logger
    /// Records of each party that the peer is known to hold.
    private var held = SortedMap<PartyID, LogIndex>()
    /// What the peer lacked of others' logs at its last answer; what it still lacks at the next one is relayed.
    private var lacked = SortedSet<PartyID>()
    /// Pushes of others' logs that were made in vain since the peer was last heard.
    private var failed = SortedMap<PartyID, PushAttempts>()
    private var hasAnswered = false
    private let signal: AsyncStream<Void>.Continuation
    private let signals: AsyncStream<Void>

    init(peer: TermsParty, node: Node, tls: PeerTLS, group: any EventLoopGroup) throws {
        guard let endpoint = NodeConfiguration.Endpoint(peer.address) else {
            throw PeerConnection.Failure.unusable(peer.address)
        }
        self.peer = peer
        self.node = node
        let endpoints = [endpoint] + (node.configuration.routes[peer.id] ?? [])
        pushes = PeerConnection(endpoints, peer: peer.id, tls: tls, group: group)
        beats = PeerConnection(endpoints, peer: peer.id, tls: tls, group: group)
        var logger = node.logger
        logger[metadataKey: "peer"] = "\(peer.id)"
        self.logger = logger
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    nonisolated func wake() { signal.yield() }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.pushing() }
            group.addTask { await self.beating() }
        }
        await pushes.close()
        await beats.close()
    }

    // MARK: Our own log

    private func pushing() async {
        signal.yield()
        for await _ in signals {
            do {
                while try await push(node.party, over: pushes) == .goesOn {}
            } catch {
                if !Task.isCancelled { logger.warning("push failed", metadata: ["error": "\(error)"]) }
            }
            if Task.isCancelled { return }
        }
    }

    /// How long a peer that is too busy is left alone.
    private static let busyPause: Duration = .seconds(1)

    /// What became of offering the peer one run of a log.
    private enum Offer {
        /// The peer took it, said from where to go on, or is too busy just now: there may be more to push.
        case goesOn
        /// There is nothing to push.
        case nothing
        /// The peer answered, and did not take it.
        case refused
        case unanswered
    }

    /// Pushes one run of a party's log.
    ///
    /// - Throws: what is wrong on our side, or with what the peer answered.
    private func push(_ party: PartyID, over connection: PeerConnection) async throws -> Offer {
        let from = held[party] ?? 0
        guard let run = try await node.run(of: party, from: from, limit: Limits.pushEntries) else { return .nothing }
        let reader = MirrorReader(peer, sealing: node.terms.sealing)
        let envelopes = try run.envelopes.map { Bytes(try reader.given($0).encoded) }
        let request = PeerMessages.EntriesRequest(
            log: run.log, first: run.first, envelopes: envelopes, checkpoint: run.checkpoint,
            consistency: run.consistency, statements: run.statements)
        let response: PeerConnection.Response
        do { response = try await connection.post(PeerMessages.entriesPath, request.json.bytes) } catch {
            logger.debug("no answer to a push", metadata: ["log": "\(run.log)", "error": "\(error)"])
            return .unanswered
        }
        switch response.status {
        case 200:
            held[party] = run.end
            let value = try StrictJSON.read(response.body, limit: PeerConnection.responseBytes)
            if case .string(let note)? = value["receipt"] { try await take(note, of: run.log) }
            return .goesOn
        case 409:
            let value = try StrictJSON.read(response.body, limit: PeerConnection.responseBytes)
            guard case .integer(let expected)? = value["expected"], expected >= 0, UInt64(expected) != from else {
                return .refused
            }
            held[party] = UInt64(expected)
            return .goesOn
        case 429, 503:
            logger.info("peer is too busy", metadata: ["log": "\(run.log)", "status": "\(response.status)"])
            try? await node.clock.sleep(for: PeerSender.busyPause)
            return Task.isCancelled ? .refused : .goesOn
        default:
            logger.warning(
                "peer refuses records",
                metadata: [
                    "log": "\(run.log)", "status": "\(response.status)",
                    "body": "\(String(decoding: response.body.prefix(500), as: UTF8.self))",
                ])
            return .refused
        }
    }

    /// A receipt over our own log, or over one that we relayed.
    private func take(_ note: String, of log: LogID) async throws {
        guard let size = Checkpoint(note: note)?.size else { return }
        guard log.party != node.party else {
            return await node.take(receipt: note, from: peer.id, size: size)
        }
        if let head = await node.relayed(note, of: log) { _ = try await node.submit(.heads(from: peer.id, [head])) }
    }

    // MARK: Heartbeats

    /// A challenge each heartbeat, and each second until the first answer. An answer also says how much the peer holds,
    /// so that a push lost with a connection is made again.
    private func beating() async {
        var random = SystemRandom()
        while !Task.isCancelled {
            // 32 bytes by construction.
            let challenge = Hash32((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })!
            let sentAt = node.clock.now.monotonic
            var isHeard = false
            do { isHeard = try await beat(challenge, sentAt: sentAt) } catch {
                logger.debug("no heartbeat", metadata: ["error": "\(error)"])
            }
            if !isHeard, !Task.isCancelled {
                await relayInSilence(until: sentAt.advanced(by: node.terms.timing.heartbeat))
            }
            let pause = node.terms.timing.heartbeat
            let interval = hasAnswered ? pause : min(pause, .seconds(1))
            let taken = node.clock.now.monotonic.duration(since: sentAt)
            if taken < interval { try? await node.clock.sleep(for: interval - taken) }
        }
    }

    /// - Returns: whether the peer answered the challenge.
    private func beat(_ challenge: Hash32, sentAt: MonotonicInstant) async throws -> Bool {
        let request = PeerMessages.HeartbeatRequest(challenge: challenge, held: await node.heldSizes)
        let response = try await beats.post(PeerMessages.heartbeatPath, request.json.bytes)
        let nodeKey = await node.nodeKey(of: peer.id)
        guard response.status == 200,
            let (answer, heads) = PeerMessages.answer(
                response.body, from: peer.id, nodeKey: nodeKey, challenge: challenge)
        else {
            logger.warning("heartbeat refused", metadata: ["status": "\(response.status)"])
            return false
        }
        hasAnswered = true
        failed = SortedMap()
        let news = await node.news(in: heads)
        // Before the answer, which may let us sign: a head may show that we must not.
        if !news.isEmpty {
            do { _ = try await node.submit(.heads(from: peer.id, news)) } catch {
                logger.warning("shown heads refused", metadata: ["error": "\(error)"])
            }
        }
        _ = try await node.submit(.heartbeat(answer, sentAt: sentAt))
        if answer.holds != held[node.party] ?? 0 { held[node.party] = answer.holds }
        signal.yield()
        await relay(heads, until: sentAt.advanced(by: node.terms.timing.heartbeat))
        return true
    }

    // MARK: Others' logs

    /// Of bodies that are not sealed a mediator has none to hand on.
    private var relays: Bool {
        get async { await node.isMediator && node.terms.sealing == .xWing }
    }

    /// A mediator hands on what the peer lacked of others' logs at two answers in a row: what goes directly comes
    /// sooner.
    ///
    /// - Parameter deadline: when the next challenge is due; what is left then is relayed after the answer to it.
    private func relay(_ heads: [ShownHead], until deadline: MonotonicInstant) async {
        guard await relays else { return }
        var lacking = SortedSet<PartyID>()
        for (party, size) in await node.relayableSizes where party != peer.id {
            let theirs = await node.size(shownIn: heads, of: party)
            held[party] = theirs
            if theirs < size { lacking.insert(party) }
        }
        for party in lacking where lacked.contains(party) {
            if await relay(party, until: deadline) == .unanswered { break }
        }
        lacked = lacking
    }

    /// The peer did not answer a challenge: what it is not known to hold is offered to it all the same, the log that
    /// was tried least first, until one is not answered either.
    private func relayInSilence(until deadline: MonotonicInstant) async {
        guard await relays else { return }
        let lacking = await node.relayableSizes.filter { $0.0 != peer.id && held[$0.0] ?? 0 < $0.1 }.map(\.0)
        for party in lacking.sorted(by: { failed[$0]?.attempts ?? 0 < failed[$1]?.attempts ?? 0 }) {
            if await relay(party, until: deadline) == .unanswered { break }
        }
    }

    /// Pushes what the peer lacks of one party's log.
    private func relay(_ party: PartyID, until deadline: MonotonicInstant) async -> Offer {
        let log = await node.log(of: party)
        var offer = Offer.goesOn
        repeat {
            let at = node.clock.now.utc
            do { offer = try await push(party, over: beats) } catch {
                logger.warning("relay failed", metadata: ["log": "\(log)", "error": "\(error)"])
                return .refused
            }
            if offer == .unanswered { await noteAttempt(at: at, of: log) }
        } while offer == .goesOn && node.clock.now.monotonic < deadline && !Task.isCancelled
        return offer
    }

    /// A push was made and nobody answered. A refusal is no silence, and so does not count.
    private func noteAttempt(at instant: UTCInstant, of log: LogID) async {
        let before = failed[log.party]
        let attempts = PushAttempts(
            to: peer.id, log: log, attempts: (before?.attempts ?? 0) + 1, firstAt: before?.firstAt ?? instant,
            lastAt: instant)
        failed[log.party] = attempts
        // Journalled at powers of two: often at first, and ever more rarely while the silence lasts.
        if attempts.attempts & (attempts.attempts - 1) == 0 { _ = try? await node.submit(.attempts(attempts)) }
    }
}
