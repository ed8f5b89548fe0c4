import Kernel
import Logging
import Mechanism
import NIOCore
import NIOPosix
import Records

/// Everything of the STOP path that runs: its desk, a sender for each peer, and at a mediator the relay.
public struct StopService: Sendable {
    public let desk: StopDesk
    public let relay: StopRelay
    private let node: Node
    private let senders: SortedMap<PartyID, StopSender>

    public init(
        node: Node, desk: StopDesk, tls: PeerTLS, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws {
        self.node = node
        self.desk = desk
        relay = try StopRelay(
            terms: node.terms, configuration: node.configuration, tls: tls, clock: node.clock, group: group)
        var senders = SortedMap<PartyID, StopSender>()
        for peer in node.terms.parties where peer.id != node.party {
            var logger = node.logger
            logger[metadataKey: "peer"] = "\(peer.id)"
            senders[peer.id] = try StopSender(
                peer: peer, desk: desk, tls: tls, routes: node.configuration.routes, group: group, logger: logger)
        }
        self.senders = senders
    }

    public func run() async {
        // A STOP that a peer's record carries is one more way on which it may have come.
        await node.onStop { [desk] note in
            guard let author = (try? StopMessage.trusted(note: note))?.author, author != desk.party else { return }
            Task { await desk.take(note, from: author) }
        }
        await desk.begin(senders: senders) { [node] note in
            do {
                _ = try await node.submit(.stop(note: note))
                return true
            } catch {
                return false
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for sender in senders.values { group.addTask { await sender.run() } }
            group.addTask { await relay.run() }
        }
        await desk.stop()
    }
}
