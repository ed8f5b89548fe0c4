import Foundation
import Kernel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Records

/// Posts a ring to a bell's webhook, signed: one connection, one request, and no redirection followed.
struct BellWebhook: Sendable {
    let webhook: BellConfiguration.Webhook
    /// From the first packet to the end of the answer.
    let timeout: Duration
    let group: any EventLoopGroup

    init(
        _ webhook: BellConfiguration.Webhook, timeout: Duration = BellWebhook.usualTimeout,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.webhook = webhook
        self.timeout = timeout
        self.group = group
    }

    static let usualTimeout = Duration.seconds(10)
    /// Of the answer, head and body, which nobody reads.
    static let answerBytes = 64 * 1024

    /// What is wrong with it before anything is posted.
    var problem: BellFailure? {
        do {
            _ = try WebhookSignature(keyFile: webhook.keyFile)
            _ = try tlsContext()
            return nil
        } catch {
            return error
        }
    }

    /// - Parameters:
    ///   - id: the ring's, the same at every try.
    ///   - utc: when it is sent.
    /// - Returns: `nil` when the answer was 2xx.
    func post(_ ring: JSONValue, id: String, at utc: UTCInstant) async -> BellFailure? {
        do {
            let body = ring.bytes
            let timestamp = utc.microseconds / 1_000_000
            let signature = try WebhookSignature(keyFile: webhook.keyFile).header(id: id, timestamp: timestamp, body: body)
            var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: webhook.target)
            head.headers = [
                "host": authority, "content-type": "application/json", "content-length": String(body.count),
                "connection": "close", "user-agent": "parley", "webhook-id": id,
                "webhook-timestamp": String(timestamp), "webhook-signature": signature,
            ]
            let status = try await exchange(head, body, try tlsContext())
            return (200..<300).contains(status) ? nil : BellFailure("answered with status \(status)")
        } catch let failure as BellFailure {
            return failure
        } catch {
            return BellFailure(BellWebhook.words(error))
        }
    }

    private var authority: String {
        let host = webhook.host.contains(":") ? "[\(webhook.host)]" : webhook.host
        return webhook.port == (webhook.usesTLS ? 443 : 80) ? host : "\(host):\(webhook.port)"
    }

    private func tlsContext() throws(BellFailure) -> NIOSSLContext? {
        guard webhook.usesTLS else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authorities = webhook.authorities {
            // Read here and now: a file that is not there must be said, not replaced by the system's authorities.
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(authorities), !certificates.isEmpty else {
                throw BellFailure("\(authorities) holds no certificates in PEM")
            }
            configuration.trustRoots = .certificates(certificates)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw BellFailure("TLS cannot be used: \(error)")
        }
    }

    private func exchange(_ head: HTTPRequestHead, _ body: [UInt8], _ tls: NIOSSLContext?) async throws -> Int {
        let loop = group.next()
        let answer = loop.makePromise(of: Int.self)
        let limit = loop.scheduleTask(in: .nanoseconds(Int64(timeout.inSeconds * 1e9))) {
            answer.fail(BellFailure("no answer within \(timeout.inSeconds) s"))
        }
        let host = webhook.host
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(Int64(timeout.inSeconds * 1e9)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        // Without a name the certificate must hold the address.
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(WebhookExchange(head: head, body: body, answer: answer))
                }
            }
            .connect(host: host, port: webhook.port)
            .whenComplete { result in
                switch result {
                case .failure(let error): answer.fail(error)
                case .success(let channel):
                    answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
                }
            }
        return try await withTaskCancellationHandler {
            defer { limit.cancel() }
            return try await answer.futureResult.get()
        } onCancel: {
            answer.fail(BellFailure("cut off: the node is ending"))
        }
    }

    /// NIO's errors in a few words.
    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { "no connection to \(error.host): \($0.error)" }
                ?? "no address of \(error.host) is known"
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: "TLS failed: \(error)"
        default: "\(error)"
        }
    }
}

/// Writes one request once the connection stands, and takes the status of its answer.
private final class WebhookExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let body: [UInt8]
    private let answer: EventLoopPromise<Int>
    private var status: Int?
    private var received = 0

    init(head: HTTPRequestHead, body: [UInt8], answer: EventLoopPromise<Int>) {
        self.head = head
        self.body = body
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let part):
            received += part.readableBytes
            if received > BellWebhook.answerBytes { finish(BellFailure("the answer is too long")) }
        case .end: finish(nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(BellFailure("the connection was closed without an answer"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(error)
        context.close(promise: nil)
    }

    private func finish(_ error: (any Error)?) {
        if let error {
            answer.fail(error)
        } else if let status {
            answer.succeed(status)
        }
    }
}
