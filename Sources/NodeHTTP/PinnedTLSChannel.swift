import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import NodeRuntime

/// TLS with pinned keys before the HTTP channel: a new TLS context for each connection, so that no session is
/// ever resumed and the pin is checked on every one.
struct PinnedTLSChannel<Base: ServerChildChannel>: ServerChildChannel, HTTPChannelHandler
where Base: HTTPChannelHandler {
    let base: Base
    let tls: PeerTLS
    let table: ConnectionTable
    let clock: SystemClock

    var responder: HTTPChannelHandler.Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try table.admit(channel, clock: clock)
            let (tls, table, id) = (tls, table, ObjectIdentifier(channel))
            let handler = NIOSSLServerHandler(
                context: try tls.serverContext(),
                customVerificationCallback: { chain, promise in
                    if let peer = chain.first.flatMap(tls.party(of:)) { table.claims(id, as: .peer(peer)) }
                    tls.verify(chain, promise)
                })
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.pipeline.syncOperations.addHandler(ConnectionGuard(table, clock: clock))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

extension HTTPServerBuilder {
    /// HTTP/1.1 over mutual TLS with pinned keys.
    static func pinned(_ tls: PeerTLS, _ table: ConnectionTable, clock: SystemClock) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            PinnedTLSChannel(
                base: HTTP1Channel(responder: responder, configuration: .bounded), tls: tls, table: table, clock: clock)
        }
    }
}
