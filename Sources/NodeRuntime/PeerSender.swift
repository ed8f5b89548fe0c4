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
    private let pushes: PeerConnection
    private let beats: PeerConnection
    private let logger: Logger
    /// Records of each party that the peer is known to hold.
    private var held = SortedMap<PartyID, LogIndex>()
    /// What the peer lacked of others' logs at its last answer; what it still lacks at the next one is relayed.
    private var lacked = SortedSet<PartyID>()
    /// Pushes of others' logs that failed since the peer was last heard.
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
        pushes = PeerConnection(endpoint, peer: peer.id, tls: tls, group: group)
        beats = PeerConnection(endpoint, peer: peer.id, tls: tls, group: group)
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
                while try await push(node.party) {}
            } catch {
                logger.debug("push failed", metadata: ["error": "\(error)"])
            }
            if Task.isCancelled { return }
        }
    }

    /// Pushes one run of a party's log.
    ///
    /// - Returns: whether there may be more to push.
    private func push(_ party: PartyID) async throws -> Bool {
        let from = held[party] ?? 0
        guard let run = try await node.run(of: party, from: from, limit: Limits.pushEntries) else { return false }
        let reader = MirrorReader(peer, sealing: node.terms.sealing)
        let envelopes = try run.envelopes.map { Bytes(try reader.given($0).encoded) }
        let request = PeerMessages.EntriesRequest(
            log: run.log, first: run.first, envelopes: envelopes, checkpoint: run.checkpoint,
            consistency: run.consistency, statements: run.statements)
        let response = try await pushes.post(PeerMessages.entriesPath, request.json.bytes)
        switch response.status {
        case 200:
            held[party] = run.end
            let value = try StrictJSON.read(response.body, limit: PeerConnection.responseBytes)
            if case .string(let note)? = value["receipt"] { try await take(note, of: run.log) }
            return true
        case 409:
            let value = try StrictJSON.read(response.body, limit: PeerConnection.responseBytes)
            guard case .integer(let expected)? = value["expected"], expected >= 0, UInt64(expected) != from else {
                return false
            }
            held[party] = UInt64(expected)
            return true
        default:
            logger.warning(
                "peer refuses records",
                metadata: [
                    "log": "\(run.log)", "status": "\(response.status)",
                    "body": "\(String(decoding: response.body.prefix(500), as: UTF8.self))",
                ])
            return false
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
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            // 32 bytes by construction.
            let challenge = Hash32((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })!
            do {
                try await beat(challenge)
            } catch {
                logger.debug("no heartbeat", metadata: ["error": "\(error)"])
                await noteFailedRelays()
            }
            let pause = node.terms.timing.heartbeat
            try? await Task.sleep(for: hasAnswered ? pause : min(pause, .seconds(1)))
        }
    }

    private func beat(_ challenge: Hash32) async throws {
        let sentAt = node.clock.now.monotonic
        let request = PeerMessages.HeartbeatRequest(challenge: challenge, held: await node.heldSizes)
        let response = try await beats.post(PeerMessages.heartbeatPath, request.json.bytes)
        let nodeKey = await node.nodeKey(of: peer.id)
        guard response.status == 200,
            let (answer, heads) = PeerMessages.answer(response.body, from: peer.id, nodeKey: nodeKey, challenge: challenge)
        else {
            logger.warning("heartbeat refused", metadata: ["status": "\(response.status)"])
            return
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
        try await relay(heads)
    }

    // MARK: Others' logs

    /// A mediator that holds sealed bodies hands on what the peer lacked of others' logs at two answers in a row: what goes directly comes
    /// sooner.
    private func relay(_ heads: [ShownHead]) async throws {
        guard await node.isMediator, node.terms.sealing == .xWing else { return }
        var lacking = SortedSet<PartyID>()
        for (party, size) in await node.relayableSizes where party != peer.id {
            let theirs = await node.size(shownIn: heads, of: party)
            held[party] = theirs
            if theirs < size { lacking.insert(party) }
        }
        for party in lacking where lacked.contains(party) {
            while try await push(party) {}
        }
        lacked = lacking
    }

    /// The peer did not answer: every log of which it is not known to hold all was tried in vain.
    private func noteFailedRelays() async {
        guard await node.isMediator, node.terms.sealing == .xWing else { return }
        let now = node.clock.now.utc
        for (party, size) in await node.relayableSizes where party != peer.id && held[party] ?? 0 < size {
            let before = failed[party]
            let attempts = PushAttempts(
                to: peer.id, log: await node.log(of: party), attempts: (before?.attempts ?? 0) + 1,
                firstAt: before?.firstAt ?? now, lastAt: now)
            failed[party] = attempts
            // Journalled at powers of two: often at first, and ever more rarely while the silence lasts.
            if attempts.attempts & (attempts.attempts - 1) == 0 { _ = try? await node.submit(.attempts(attempts)) }
        }
    }
}
