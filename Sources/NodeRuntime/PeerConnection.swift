import Foundation
import Kernel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One kept-alive HTTPS connection to a peer whose key is pinned; one request at a time.
///
/// A library's client would check chains and names; here the only question is the key, so the pipeline is
/// put together by hand.
actor PeerConnection {
    struct Response: Sendable {
        let status: Int
        let body: [UInt8]
    }

    enum Failure: Error {
        case closed
        case timedOut
        case tooLarge
        case unusable(String)
    }

    /// At least one; tried in turn, beginning with the one that worked last.
    private var endpoints: [NodeConfiguration.Endpoint]
    private let peer: PartyID
    private let tls: PeerTLS
    private let group: any EventLoopGroup
    private var channel: (any Channel)?
    /// Whether this connection has brought any answer.
    private var isAccepted = false
    /// Whether the last one was closed by the other end before it had.
    private var isRefused = false
    /// A peer that does not know our new TLS key closes without a word, and one that knows it refuses the former: each
    /// is shown the other key next time. So a change of keys holds up nothing, and brings its own statement.
    private var showsFormer = false

    private let patience: Patience

    /// How long to wait for a connection and for an answer.
    struct Patience: Sendable {
        let connect: TimeAmount
        let answer: TimeAmount

        static let usual = Patience(connect: .seconds(5), answer: .seconds(10))
        /// For what is sent again at once: a way that has vanished must not hold up the next attempt.
        static let short = Patience(connect: .seconds(1), answer: .seconds(2))
    }
    static let responseBytes = PeerMessages.answerBytes

    /// - Precondition: at least one endpoint.
    init(
        _ endpoints: [NodeConfiguration.Endpoint], peer: PartyID, tls: PeerTLS, group: any EventLoopGroup,
        patience: Patience = .usual
    ) {
        precondition(!endpoints.isEmpty, "a peer has an address")
        self.endpoints = endpoints
        self.peer = peer
        self.tls = tls
        self.group = group
        self.patience = patience
    }

    /// Posts JSON and waits for the whole answer. After any failure the next call connects anew.
    func post(_ path: String, _ body: [UInt8]) async throws -> Response {
        try await send(.POST, path, body, limit: PeerConnection.responseBytes)
    }

    /// As ``post(_:_:)``, for what can be read.
    ///
    /// - Parameter limit: bytes of the answer at most.
    func get(_ path: String, limit: Int) async throws -> Response { try await send(.GET, path, nil, limit: limit) }

    private func send(_ method: HTTPMethod, _ path: String, _ body: [UInt8]?, limit: Int) async throws -> Response {
        do {
            let response = try await exchange(method, path, body, limit: limit)
            guard showsFormer, response.status == 403 else { return response }
        } catch {
            guard tls.hasFormer, isRefused else {
                showsFormer = false
                throw error
            }
        }
        await close()
        showsFormer.toggle()
        return try await exchange(method, path, body, limit: limit)
    }

    private func exchange(_ method: HTTPMethod, _ path: String, _ body: [UInt8]?, limit: Int) async throws -> Response {
        isRefused = false
        let channel = try await connected()
        let promise = channel.eventLoop.makePromise(of: Response.self)
        let timeout = channel.eventLoop.scheduleTask(in: patience.answer) { promise.fail(Failure.timedOut) }
        promise.futureResult.whenComplete { _ in timeout.cancel() }
        do {
            try await channel.writeAndFlush(
                PeerRequestHandler.Request(
                    host: endpoints[0].description, method: method, path: path, body: body, limit: limit, promise: promise)
            ).get()
            let response = try await promise.futureResult.get()
            isAccepted = true
            return response
        } catch {
            promise.fail(error)
            isRefused = !isAccepted
            if case Failure.timedOut = error { isRefused = false }
            await close()
            throw error
        }
    }

    func close() async {
        let old = channel
        channel = nil
        try? await old?.close().get()
    }

    private func connected() async throws -> any Channel {
        if let channel, channel.isActive { return channel }
        var failure: (any Error)?
        for _ in endpoints {
            do {
                let fresh = try await connect(endpoints[0])
                channel = fresh
                isAccepted = false
                return fresh
            } catch {
                failure = failure ?? error
                endpoints.append(endpoints.removeFirst())
            }
        }
        throw failure ?? Failure.closed
    }

    private func connect(_ endpoint: NodeConfiguration.Endpoint) async throws -> any Channel {
        let context = try tls.clientContext(asFormer: showsFormer)
        let peer = peer
        let tls = tls
        return try await ClientBootstrap(group: group)
            .connectTimeout(patience.connect)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: nil,
                        customVerificationCallback: { chain, promise in
                            let isPeer = chain.first.flatMap(tls.party(of:)) == peer
                            promise.succeed(isPeer ? .certificateVerified : .failed)
                        })
                    try channel.pipeline.syncOperations.addHandler(handler)
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(PeerRequestHandler())
                }
            }
            .connect(host: endpoint.host, port: endpoint.port).get()
    }
}

/// Writes one request, gathers one answer, and fulfils the promise.
private final class PeerRequestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Request
    typealias OutboundOut = HTTPClientRequestPart

    struct Request: Sendable {
        let host: String
        let method: HTTPMethod
        let path: String
        let body: [UInt8]?
        /// Bytes of the answer at most.
        let limit: Int
        let promise: EventLoopPromise<PeerConnection.Response>
    }

    private var waiting: EventLoopPromise<PeerConnection.Response>?
    private var status = 0
    private var body: [UInt8] = []
    private var limit = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        waiting?.fail(PeerConnection.Failure.closed)
        waiting = request.promise
        status = 0
        body = []
        limit = request.limit
        var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path)
        head.headers.add(name: "host", value: request.host)
        if let body = request.body {
            head.headers.add(name: "content-type", value: "application/json")
            head.headers.add(name: "content-length", value: String(body.count))
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body = request.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let part):
            guard body.count + part.readableBytes <= limit else {
                fail(PeerConnection.Failure.tooLarge, context)
                return
            }
            body += part.readableBytesView
        case .end:
            waiting?.succeed(PeerConnection.Response(status: status, body: body))
            waiting = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        waiting?.fail(PeerConnection.Failure.closed)
        waiting = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error, context) }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        waiting?.fail(error)
        waiting = nil
        context.close(promise: nil)
    }
}
