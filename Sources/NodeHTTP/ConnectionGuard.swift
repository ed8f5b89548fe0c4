import HummingbirdCore
import Kernel
import Logging
import NIOCore
import NodeRuntime

/// Tells a port's table what a connection does: that it came, that bytes come, that nothing is taken, that it is gone.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let table: ConnectionTable
    private let clock: SystemClock

    init(_ table: ConnectionTable, clock: SystemClock) {
        self.table = table
        self.clock = clock
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        table.received(ObjectIdentifier(context.channel), at: clock.now.monotonic)
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isStalled = !context.channel.isWritable
        table.stalls(ObjectIdentifier(context.channel), since: isStalled ? clock.now.monotonic : nil)
        context.fireChannelWritabilityChanged()
    }
}

extension ConnectionTable {
    /// Enters a connection that was accepted, to be closed when it has to go, and keeps its reads small: what a stranger
    /// sends unasked lies in memory until somebody reads it.
    func admit(_ channel: any Channel, clock: SystemClock) throws {
        let id = ObjectIdentifier(channel)
        try channel.syncOptions?.setOption(
            ChannelOptions.recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 1_024, initial: 2_048, maximum: 16_384))
        open(id, from: channel.remoteAddress?.ipAddress ?? "", at: clock.now.monotonic) {
            channel.close(mode: .all, promise: nil)
        }
        channel.closeFuture.whenComplete { [self] _ in gone(id) }
    }
}

extension HTTP1Channel.Configuration {
    /// Heads are small here. The table closes what is idle.
    static var bounded: Self {
        Self(httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))
    }
}

/// The desk's HTTP channel, entered in its port's table.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel, HTTPChannelHandler where Base: HTTPChannelHandler {
    let base: Base
    let table: ConnectionTable
    let clock: SystemClock

    var responder: HTTPChannelHandler.Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try table.admit(channel, clock: clock)
            try channel.pipeline.syncOperations.addHandler(ConnectionGuard(table, clock: clock))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

extension HTTPServerBuilder {
    /// HTTP/1.1 for officers.
    static func desk(_ table: ConnectionTable, clock: SystemClock) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            GuardedChannel(base: HTTP1Channel(responder: responder, configuration: .bounded), table: table, clock: clock)
        }
    }
}
