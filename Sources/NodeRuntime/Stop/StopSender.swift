import Kernel
import Logging
import Mechanism
import NIOCore
import Records
import Synchronization

/// Brings STOP messages to one peer: to its address at once, and by every mediator when that has not done it in half
/// a second. It has connections of its own, so that nothing else can be in the way.
///
/// It remembers nothing: the board says again and again what is still to be sent.
final class StopSender: Sendable {
    /// What waits for one way, newest state only.
    private final class Lane: Sendable {
        private let notes = Mutex(SortedMap<Hash32, StopNote>())
        private let signal: AsyncStream<Void>.Continuation
        let signals: AsyncStream<Void>

        init() { (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

        func offer(_ offered: [StopNote]) {
            notes.withLock { notes in
                for note in offered where notes.count < Limits.stopMessages { notes[note.id] = note }
            }
            signal.yield()
        }

        func take() -> [StopNote] {
            notes.withLock { notes in
                let taken = Array(notes.values.prefix(StopPeerMessages.notesMost))
                for note in taken { notes[note.id] = nil }
                if !notes.isEmpty { signal.yield() }
                return taken
            }
        }

        func wake() { signal.yield() }
    }

    private let peer: TermsParty
    private let desk: StopDesk
    private let direct: PeerConnection
    /// By mediator.
    private let relays: SortedMap<PartyID, PeerConnection>
    private let directLane = Lane()
    /// One for each mediator: whoever hangs holds up no other.
    private let relayLanes: SortedMap<PartyID, Lane>
    private let logger: Logger

    /// What goes directly within this time needs no mediator.
    static let relayAfter: Duration = .milliseconds(500)

    init(
        peer: TermsParty, desk: StopDesk, tls: PeerTLS, routes: SortedMap<PartyID, [NodeConfiguration.Endpoint]>,
        group: any EventLoopGroup, logger: Logger
    ) throws {
        self.peer = peer
        self.desk = desk
        self.logger = logger
        func connection(_ party: TermsParty) throws -> PeerConnection {
            guard let endpoint = NodeConfiguration.Endpoint(party.address) else {
                throw PeerConnection.Failure.unusable(party.address)
            }
            return PeerConnection(
                [endpoint] + (routes[party.id] ?? []), peer: party.id, tls: tls, group: group,
                patience: .short)
        }
        direct = try connection(peer)
        var relays = SortedMap<PartyID, PeerConnection>()
        for mediator in desk.terms.parties where mediator.role == .mediator && ![desk.party, peer.id].contains(mediator.id) {
            relays[mediator.id] = try connection(mediator)
        }
        self.relays = relays
        var lanes = SortedMap<PartyID, Lane>()
        for mediator in relays.keys { lanes[mediator] = Lane() }
        relayLanes = lanes
    }

    func send(_ notes: [StopNote]) {
        directLane.offer(notes)
        for lane in relayLanes.values { lane.offer(notes) }
    }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.sendDirectly() }
            for (mediator, connection) in self.relays {
                group.addTask { await self.relay(by: mediator, connection) }
            }
            group.addTask { await self.exchange() }
        }
        await direct.close()
        for connection in relays.values { await connection.close() }
    }

    private func sendDirectly() async {
        for await _ in directLane.signals {
            let notes = directLane.take()
            do {
                let response = try await direct.post(
                    StopPeerMessages.stopsPath, StopPeerMessages.notes(notes.map(\.note)).bytes)
                guard response.status == 200 else {
                    logger.warning("peer refuses STOP messages", metadata: ["status": "\(response.status)"])
                    continue
                }
                for note in try StopPeerMessages.notes(response.body) { await desk.take(note, from: peer.id) }
            } catch {
                logger.debug("STOP messages not delivered", metadata: ["error": "\(error)"])
            }
            if Task.isCancelled { return }
        }
    }

    /// Asks with every heartbeat, so that what either side has lost comes back.
    private func exchange() async {
        while !Task.isCancelled {
            directLane.wake()
            try? await desk.clock.sleep(for: desk.terms.timing.heartbeat)
        }
    }

    private func relay(by mediator: PartyID, _ connection: PeerConnection) async {
        guard let lane = relayLanes[mediator] else { return }
        for await _ in lane.signals {
            try? await desk.clock.sleep(for: StopSender.relayAfter)
            if Task.isCancelled { return }
            for note in await desk.stillWanted(lane.take(), by: peer.id) { await relay(note, by: mediator, connection) }
        }
    }

    private func relay(_ note: StopNote, by mediator: PartyID, _ connection: PeerConnection) async {
        guard let sealed = sealed(note) else { return }
        do {
            let request = StopPeerMessages.Relayed(party: peer.id, sealed: sealed)
            let response = try await connection.post(StopPeerMessages.relayPath, request.json.bytes)
            if response.status == 200 { await desk.handed(note.id, to: peer.id, relay: mediator) }
        } catch {
            logger.debug("not relayed", metadata: ["relay": "\(mediator)", "error": "\(error)"])
        }
    }

    /// Where the terms do not seal, the mediator can read what it relays; the documents say so.
    private func sealed(_ note: StopNote) -> [UInt8]? {
        guard let key = peer.sealKey else { return Array(note.note.utf8) }
        return StopRelaySeal.seal(
            note.note, mechanism: desk.terms.mechanism, from: desk.party, to: peer.id, key: key)
    }
}
