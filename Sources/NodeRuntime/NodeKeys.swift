import Crypto
import Foundation
import JointLog
import Kernel
import NIOSSL
import SwiftASN1
import X509

/// A node's two keys: Ed25519 for records, P-256 for TLS. Files of mode 0600 under `keys/`.
public struct NodeKeys: Sendable {
    public let node: Ed25519PrivateKey
    let tlsKeyPEM: String
    let tlsCertificatePEM: String
    /// SHA-256 of the TLS certificate's SubjectPublicKeyInfo: what the terms pin.
    public let tlsKeyHash: Hash32

    /// Makes both keys and a self-signed certificate. Nobody checks its name or its dates: peers pin its key.
    public static func create(in folder: NodeFolder, name: String, random: inout some RandomNumberGenerator) throws -> NodeKeys {
        var seed = [UInt8](repeating: 0, count: 32)
        for i in seed.indices { seed[i] = UInt8.random(in: 0...255, using: &random) }
        let tls = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(tls.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 1_700_000_000),
            notValidAfter: Date(timeIntervalSince1970: 4_102_444_800), issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions {},
            issuerPrivateKey: Certificate.PrivateKey(tls))
        let certificatePEM = try certificate.serializeAsPEM().pemString
        try folder.write(Array((seed.base64 + "\n").utf8), to: folder.nodeKey, secret: true)
        try folder.write(Array(tls.pemRepresentation.utf8), to: folder.tlsKey, secret: true)
        try folder.write(Array(certificatePEM.utf8), to: folder.tlsCertificate)
        return try load(folder)
    }

    public static func load(_ folder: NodeFolder) throws -> NodeKeys {
        for file in [folder.nodeKey, folder.tlsKey] {
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            guard let mode, mode & 0o077 == 0 else { throw NodeFolderError.keyIsOpen(file.path) }
        }
        let text = String(decoding: try folder.read(folder.nodeKey), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let seed = [UInt8](base64: text), let node = Ed25519PrivateKey(seed: seed) else {
            throw NodeFolderError.malformed(folder.nodeKey.path, "not a node key")
        }
        let certificatePEM = String(decoding: try folder.read(folder.tlsCertificate), as: UTF8.self)
        let certificate = try NIOSSLCertificate(bytes: Array(certificatePEM.utf8), format: .pem)
        return NodeKeys(
            node: node, tlsKeyPEM: String(decoding: try folder.read(folder.tlsKey), as: UTF8.self),
            tlsCertificatePEM: certificatePEM, tlsKeyHash: try TLSPin.hash(of: certificate))
    }
}

/// Pins are hashes of public keys, so that a renewed certificate over the same key stays the same party.
public enum TLSPin {
    public static func hash(of certificate: NIOSSLCertificate) throws -> Hash32 {
        MerkleHash.sha256(try certificate.extractPublicKey().toSPKIBytes())
    }
}
