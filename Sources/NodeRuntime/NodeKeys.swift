import Crypto
import Foundation
import JointLog
import Kernel
import NIOSSL
import Records
import SwiftASN1
import X509

/// A node's keys: Ed25519 for records, P-256 for TLS, X-Wing for what is sealed to it, and ML-DSA-65 for the second
/// line of its checkpoints. Its description and reflection show nothing secret.
public struct NodeKeys: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public let node: Ed25519PrivateKey
    /// Signs STOP messages and nothing else, so that no change of the other keys can hold one up.
    public let stop: Ed25519PrivateKey
    public let postQuantum: MLDSA65PrivateKey
    /// The one in force, then those that it followed, newest first: older records were sealed to them.
    public let seals: [SealPrivateKey]
    let tls: TLSIdentity
    /// The one before, which peers without the newest statement still ask for.
    let formerTLS: TLSIdentity?
    /// SHA-256 of the TLS certificate's SubjectPublicKeyInfo: what the terms pin.
    public let tlsKeyHash: Hash32

    /// The sealing key in force.
    public var seal: SealPrivateKey { seals[0] }

    /// - Parameter sealing: of the terms; without it, statements name no sealing key.
    public func publicKeys(_ sealing: Sealing) -> NodePublicKeys {
        NodePublicKeys(node: node.publicKey, tls: tlsKeyHash, seal: sealing == .xWing ? seal.publicKey : nil)
    }

    /// Whether terms name exactly these keys.
    public func areNamed(by party: TermsParty) -> Bool {
        party.nodeKey == node.publicKey && party.stopKey == stop.publicKey && party.tlsKeyHash == tlsKeyHash
            && (party.sealKey == nil || party.sealKey == seal.publicKey)
            && (party.postQuantumKeyHash == nil || party.postQuantumKeyHash == postQuantum.publicKey.hash)
    }

    public var description: String { "keys of node \(node.publicKey.hex)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Makes all keys and a self-signed certificate. Nobody checks its name or its dates: peers pin its key.
    ///
    /// - Parameter passphrase: encrypts the files; `nil` leaves them readable to whoever reads the folder.
    public static func create(
        in folder: NodeFolder, name: String, random: inout some RandomNumberGenerator, passphrase: KeyPassphrase? = nil
    ) throws -> NodeKeys {
        let lock = try passphrase.map { try KeyLock($0) }
        try create(in: folder.keys, name: name, lock, &random)
        try folder.keys.postQuantum.write(seed: seed(&random), lock)
        try folder.keys.stop.write(seed: seed(&random), lock)
        guard let passphrase else { return try load(folder) }
        return try load(folder.keys) { passphrase }
    }

    /// The keys that a statement can replace.
    static func create(
        in keys: KeyFolder, name: String, _ lock: KeyLock?, _ random: inout some RandomNumberGenerator
    ) throws {
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
        try keys.node.write(seed: seed(&random), lock)
        try keys.seal.write(seed: seed(&random), lock)
        try keys.tls.write(Array(tls.pemRepresentation.utf8), lock)
        try NodeFolder.write(Array(certificatePEM.utf8), to: keys.certificate)
    }

    /// - Throws: `NodeFolderError` when a file is missing or others can read it; ``KeyFileError``.
    public static func load(_ folder: NodeFolder) throws -> NodeKeys { try load(folder.keys, folder.passphrase) }

    private static func load(_ keys: KeyFolder, _ passphrase: @escaping KeyPassphrase.Source) throws -> NodeKeys {
        let unlock = KeyUnlock(passphrase)
        guard let node = Ed25519PrivateKey(seed: try keys.node.readSeed(unlock)) else {
            throw KeyFileError.malformed(keys.node.url.path)
        }
        guard let stop = Ed25519PrivateKey(seed: try keys.stop.readSeed(unlock)) else {
            throw KeyFileError.malformed(keys.stop.url.path)
        }
        guard let postQuantum = MLDSA65PrivateKey(seed: try keys.postQuantum.readSeed(unlock)) else {
            throw KeyFileError.malformed(keys.postQuantum.url.path)
        }
        let seals = try ([keys.seal] + keys.retiredSeals).map { try sealKey($0, unlock) }
        return NodeKeys(
            node: node, stop: stop, postQuantum: postQuantum, seals: seals,
            tls: try TLSIdentity(keys.tls, keys.certificate, unlock),
            formerTLS: keys.formerTLS.exists ? try TLSIdentity(keys.formerTLS, keys.formerCertificate, unlock) : nil,
            tlsKeyHash: try tlsHash(keys.certificate))
    }

    static func nodeKey(_ file: KeyFile, _ unlock: KeyUnlock) throws -> Hash32 {
        guard let key = Ed25519PrivateKey(seed: try file.readSeed(unlock)) else {
            throw KeyFileError.malformed(file.url.path)
        }
        return key.publicKey
    }

    static func sealKey(_ file: KeyFile, _ unlock: KeyUnlock) throws -> SealPrivateKey {
        guard let key = SealPrivateKey(seed: try file.readSeed(unlock)) else {
            throw KeyFileError.malformed(file.url.path)
        }
        return key
    }

    static func tlsHash(_ certificate: URL) throws -> Hash32 {
        try TLSPin.hash(of: try NIOSSLCertificate(bytes: NodeFolder.read(certificate), format: .pem))
    }

    private static func seed(_ random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}

/// A TLS key and its certificate, as their files hold them.
struct TLSIdentity: Sendable {
    let keyPEM: String
    let certificatePEM: String

    init(_ key: KeyFile, _ certificate: URL, _ unlock: KeyUnlock) throws {
        keyPEM = String(decoding: try key.read(unlock), as: UTF8.self)
        certificatePEM = String(decoding: try NodeFolder.read(certificate), as: UTF8.self)
    }
}

/// Pins are hashes of public keys, so that a renewed certificate over the same key stays the same party.
public enum TLSPin {
    public static func hash(of certificate: NIOSSLCertificate) throws -> Hash32 {
        MerkleHash.sha256(try certificate.extractPublicKey().toSPKIBytes())
    }
}
