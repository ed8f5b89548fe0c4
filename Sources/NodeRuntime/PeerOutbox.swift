import NIOCore
import NIOPosix

/// All peers of a node: runs a ``PeerSender`` for each until cancelled.
public struct PeerOutbox: Sendable {
    private let node: Node
    private let senders: [PeerSender]

    public init(node: Node, tls: PeerTLS, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) throws {
        self.node = node
        senders = try node.terms.parties.filter { $0.id != node.party }.map {
            try PeerSender(peer: $0, node: node, tls: tls, group: group)
        }
    }

    public func run() async {
        await node.onPush { [senders] in
            for sender in senders { sender.wake() }
        }
        await withTaskGroup(of: Void.self) { group in
            for sender in senders { group.addTask { await sender.run() } }
        }
    }
}
