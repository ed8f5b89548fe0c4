import Kernel
import NIOCore
import NIOSSL

/// Mutual TLS 1.3 between nodes. The only question is whose key it is: chains, names and dates are not asked.
public struct PeerTLS: Sendable {
    private let certificate: [NIOSSLCertificateSource]
    private let key: NIOSSLPrivateKeySource
    private let pins: PeerPins

    public init(keys: NodeKeys, pins: PeerPins) throws {
        certificate = try NIOSSLCertificate.fromPEMBytes(Array(keys.tlsCertificatePEM.utf8)).map { .certificate($0) }
        key = .privateKey(try NIOSSLPrivateKey(bytes: Array(keys.tlsKeyPEM.utf8), format: .pem))
        self.pins = pins
    }

    /// The peer whose pinned key this certificate carries.
    public func party(of certificate: NIOSSLCertificate) -> PartyID? {
        guard let hash = try? TLSPin.hash(of: certificate) else { return nil }
        return pins.party(of: hash)
    }

    /// A new context for every connection: a session ticket of one is worthless on any other, so nothing is
    /// ever resumed and every connection shows its certificate.
    public func serverContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: certificate, privateKey: key)
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

    func clientContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        // Only pinned keys count; the system's roots would be read from the disk for every connection.
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        configuration.certificateChain = certificate
        configuration.privateKey = key
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
