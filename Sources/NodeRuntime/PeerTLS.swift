import Kernel
import NIOCore
import NIOSSL
import Records

/// Mutual TLS 1.3 between nodes. The only question is whose key it is: chains, names and dates are not asked.
public struct PeerTLS: Sendable {
    private let certificate: [NIOSSLCertificateSource]
    private let key: NIOSSLPrivateKeySource
    private let pins: [(party: PartyID, hash: Hash32)]

    /// - Parameter party: our own, which is not a peer.
    public init(keys: NodeKeys, terms: Terms, party: PartyID) throws {
        certificate = try NIOSSLCertificate.fromPEMBytes(Array(keys.tlsCertificatePEM.utf8)).map { .certificate($0) }
        key = .privateKey(try NIOSSLPrivateKey(bytes: Array(keys.tlsKeyPEM.utf8), format: .pem))
        pins = terms.parties.filter { $0.id != party }.map { ($0.id, $0.tlsKeyHash) }
    }

    /// The peer whose pinned key this certificate carries.
    public func party(of certificate: NIOSSLCertificate) -> PartyID? {
        guard let hash = try? TLSPin.hash(of: certificate) else { return nil }
        return pins.first { $0.hash == hash }?.party
    }

    /// A new context for every connection: a session ticket of one is worthless on any other, so nothing is
    /// ever resumed and every connection shows its certificate.
    public func serverContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: certificate, privateKey: key)
        configuration.minimumTLSVersion = .tlsv13
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
        configuration.certificateVerification = .noHostnameVerification
        configuration.certificateChain = certificate
        configuration.privateKey = key
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
