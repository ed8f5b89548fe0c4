import Foundation
import JointLog
import Kernel
import Logging
import Mechanism
import NIOCore
import Records

/// Keeps one peer supplied: pushes what it lacks of our log, in order, and asks for its heartbeat.
///
/// It remembers nothing that matters: after a restart, or when the peer says where it stands, it goes on from
/// there.
actor PeerSender {
    private let peer: TermsParty
    private let node: Node
    private let pushes: PeerConnection
    private let beats: PeerConnection
    private let logger: Logger
    /// Our log up to what the peer holds, to sign checkpoints over every batch.
    private var held = MerkleFrontier()
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

    private func pushing() async {
        signal.yield()
        for await _ in signals {
            do {
                while try await pushOnce() {}
            } catch {
                logger.debug("push failed", metadata: ["error": "\(error)"])
            }
            if Task.isCancelled { return }
        }
    }

    /// - Returns: whether there may be more to push.
    private func pushOnce() async throws -> Bool {
        let size = await node.read { mechanism, _ in mechanism.ownLog.size }
        guard held.size < size else { return false }
        let first = held.size
        var ahead = held
        var envelopes: [Bytes] = []
        var bytes = 0
        for encoded in try await node.ownEntries(from: first, limit: Limits.pushEntries) {
            if !envelopes.isEmpty, bytes + encoded.count > PeerMessages.pushBytes { break }
            let record = try UnverifiedRecord(encoded)
            ahead.append(record.header.leaf)
            let isAddressed = record.header.audience.contains(peer.id)
            // The mediator gets headers and commitments only, whatever the audience says; terms are open to all.
            let mayRead = isAddressed && (peer.role == .principal || record.header.index == 0)
            let sent = mayRead ? encoded : record.envelope.withheld.encoded
            envelopes.append(Bytes(sent))
            bytes += sent.count
        }
        let checkpoint = Checkpoint(
            mechanism: node.terms.mechanism, party: node.party, size: ahead.size, root: ahead.root)
        let key = node.keys.node
        let note = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: { key.sign($0) }).note
        let push = PeerMessages.Push(first: first, envelopes: envelopes, checkpoint: note)
        let response = try await pushes.post(PeerMessages.entriesPath, push.json.bytes)
        switch response.status {
        case 200:
            held = ahead
            let value = try StrictJSON.read(response.body, limit: PeerConnection.responseBytes)
            if case .string(let receipt)? = value["receipt"] {
                _ = try await node.submit(.receipt(from: peer.id, note: receipt))
            }
            return true
        case 409:
            let value = try StrictJSON.read(response.body, limit: PeerConnection.responseBytes)
            guard case .integer(let expected)? = value["expected"], expected >= 0 else { return false }
            return try await rewind(to: UInt64(expected))
        default:
            logger.warning(
                "peer refuses our records",
                metadata: ["status": "\(response.status)", "body": "\(String(decoding: response.body.prefix(500), as: UTF8.self))"])
            return false
        }
    }

    /// Goes to where the peer says it stands.
    private func rewind(to size: UInt64) async throws -> Bool {
        let ours = await node.read { mechanism, _ in mechanism.ownLog.size }
        guard size <= ours, size != held.size else { return false }
        var frontier = MerkleFrontier()
        while frontier.size < size {
            let wanted = Int(min(1_000, size - frontier.size))
            let entries = try await node.ownEntries(from: frontier.size, limit: wanted)
            guard !entries.isEmpty else { return false }
            for entry in entries { frontier.append(try UnverifiedRecord(entry).header.leaf) }
        }
        held = frontier
        return true
    }

    /// A challenge each heartbeat. An answer also says how much the peer holds, so that a push lost with a
    /// connection is made again.
    private func beating() async {
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            // 32 bytes by construction.
            let challenge = Hash32((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })!
            let sentAt = node.clock.now.monotonic
            do {
                let response = try await beats.post(
                    PeerMessages.heartbeatPath, (["challenge": .string(challenge.hex)] as JSONValue).bytes)
                if response.status == 200,
                    let answer = PeerMessages.answer(response.body, from: peer, challenge: challenge)
                {
                    _ = try await node.submit(.heartbeat(answer, sentAt: sentAt))
                    if answer.holds < held.size { _ = try await rewind(to: answer.holds) }
                    signal.yield()
                } else {
                    logger.warning("heartbeat refused", metadata: ["status": "\(response.status)"])
                }
            } catch {
                logger.debug("no heartbeat", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: node.terms.timing.heartbeat)
        }
    }
}
