import Kernel
import NIOCore
import NIOSSL

/// Mutual TLS 1.3 between nodes. The only question is whose key it is: chains, names and dates are not asked.
public struct PeerTLS: Sendable {
    private struct Identity: Sendable {
        let certificate: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource

        init(_ files: TLSIdentity) throws {
            certificate = try NIOSSLCertificate.fromPEMBytes(Array(files.certificatePEM.utf8)).map { .certificate($0) }
            key = .privateKey(try NIOSSLPrivateKey(bytes: Array(files.keyPEM.utf8), format: .pem))
        }
    }

    private let identity: Identity
    private let former: Identity?
    private let pins: PeerPins

    public init(keys: NodeKeys, pins: PeerPins) throws {
        identity = try Identity(keys.tls)
        former = try keys.formerTLS.map { try Identity($0) }
        self.pins = pins
    }

    /// Whether there is a key that ours has replaced, to show to a peer that does not know the new one yet.
    var hasFormer: Bool { former != nil }

    /// The peer whose pinned key this certificate carries.
    public func party(of certificate: NIOSSLCertificate) -> PartyID? {
        guard let hash = try? TLSPin.hash(of: certificate) else { return nil }
        return pins.party(of: hash)
    }

    /// A new context for every connection: a session ticket of one is worthless on any other, so nothing is
    /// ever resumed and every connection shows its certificate.
    public func serverContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: identity.certificate, privateKey: identity.key)
        configuration.minimumTLSVersion = .tlsv13
        // Only pinned keys count; the system's roots would be read from the disk for every connection.
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    /// Accepts a peer's certificate, leaf first, and refuses everything else before any HTTP byte.
    public func verify(_ chain: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>) {
        promise.succeed(chain.first.flatMap(party(of:)) != nil ? .certificateVerified : .failed)
    }

    /// - Parameter asFormer: under the key that ours has replaced, if there is one.
    func clientContext(asFormer: Bool = false) throws -> NIOSSLContext {
        let identity = asFormer ? former ?? identity : identity
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        // Only pinned keys count; the system's roots would be read from the disk for every connection.
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        configuration.certificateChain = identity.certificate
        configuration.privateKey = identity.key
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
