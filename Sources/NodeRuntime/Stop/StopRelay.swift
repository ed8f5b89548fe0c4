import Kernel
import Logging
import NIOCore
import Records
import Synchronization

/// A mediator's part: holds sealed STOP messages for a party, in memory and not for long, and hands them on. It cannot
/// read them, nor make one.
public final class StopRelay: Sendable {
    private struct Held: Sendable {
        let from: PartyID
        let sealed: [UInt8]
        let until: MonotonicInstant
    }

    private let waiting = Mutex(SortedMap<PartyID, [Held]>())
    private let connections: SortedMap<PartyID, PeerConnection>
    private let clock: SystemClock
    /// One for each party: whoever hangs holds up nobody else.
    private let signals: SortedMap<PartyID, (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)>

    /// The sender asks again for what is still not received.
    static let holds: Duration = .seconds(60)

    init(
        terms: Terms, configuration: NodeConfiguration, tls: PeerTLS, clock: SystemClock, group: any EventLoopGroup
    ) throws {
        let party = configuration.party
        self.clock = clock
        var connections = SortedMap<PartyID, PeerConnection>()
        if terms.party(party)?.role == .mediator {
            for peer in terms.parties where peer.id != party {
                guard let endpoint = NodeConfiguration.Endpoint(peer.address) else {
                    throw PeerConnection.Failure.unusable(peer.address)
                }
                connections[peer.id] = PeerConnection(
                    [endpoint] + (configuration.routes[peer.id] ?? []), peer: peer.id, tls: tls, group: group,
                    patience: .short)
            }
        }
        self.connections = connections
        var signals = SortedMap<PartyID, (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)>()
        for party in connections.keys {
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            signals[party] = (stream, continuation)
        }
        self.signals = signals
    }

    /// - Returns: `false` for a party that is not ours to serve.
    public func hold(_ sealed: [UInt8], from: PartyID, to: PartyID) -> Bool {
        guard connections.contains(to), connections.contains(from), from != to else { return false }
        let held = Held(from: from, sealed: sealed, until: clock.now.monotonic.advanced(by: StopRelay.holds))
        waiting.withLock { waiting in
            var queue = waiting[to] ?? []
            // The sender seals anew each time it asks, so the oldest of its own gives way.
            if queue.count(where: { $0.from == from }) >= Limits.relayedMessages,
                let oldest = queue.firstIndex(where: { $0.from == from })
            {
                queue.remove(at: oldest)
            }
            queue.append(held)
            waiting[to] = queue
        }
        signals[to]?.continuation.yield()
        return true
    }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for (party, connection) in connections {
                guard let signal = signals[party] else { continue }
                group.addTask { [self] in
                    for await _ in signal.stream {
                        await deliver(to: party, connection)
                        if Task.isCancelled { return }
                    }
                }
                group.addTask { [clock] in
                    while !Task.isCancelled {
                        try? await clock.sleep(for: .seconds(1))
                        signal.continuation.yield()
                    }
                }
            }
        }
        for connection in connections.values { await connection.close() }
    }

    private func deliver(to party: PartyID, _ connection: PeerConnection) async {
        while let next = first(for: party) {
            let request = StopPeerMessages.Relayed(party: next.from, sealed: next.sealed)
            guard let response = try? await connection.post(StopPeerMessages.relayedPath, request.json.bytes),
                response.status == 200 || response.status == 422
            else { return }
            waiting.withLock { waiting in
                waiting.update(party) { queue in
                    if let place = queue.firstIndex(where: { $0.from == next.from && $0.sealed == next.sealed }) {
                        queue.remove(at: place)
                    }
                }
            }
        }
    }

    private func first(for party: PartyID) -> Held? {
        let now = clock.now.monotonic
        return waiting.withLock { waiting in
            waiting.update(party) { $0.removeAll { $0.until <= now } }
            return waiting[party]?.first
        }
    }
}
