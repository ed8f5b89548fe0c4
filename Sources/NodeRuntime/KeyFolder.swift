import Foundation

/// Where a node's key files lie: those in force in `keys/`, those that are to follow them in `keys/next/`, and
/// what outlives a change of keys in `keys/retired/`.
public struct KeyFolder: Sendable {
    public let url: URL

    public var node: KeyFile { KeyFile(url.appendingPathComponent("node.key"), .node) }
    public var tls: KeyFile { KeyFile(url.appendingPathComponent("tls.key"), .tls) }
    public var seal: KeyFile { KeyFile(url.appendingPathComponent("seal.key"), .seal) }
    public var postQuantum: KeyFile { KeyFile(url.appendingPathComponent("post-quantum.key"), .postQuantum) }
    public var stop: KeyFile { KeyFile(url.appendingPathComponent("stop.key"), .stop) }
    /// Not secret.
    public var certificate: URL { url.appendingPathComponent("tls.crt") }

    public var next: KeyFolder { KeyFolder(url: url.appendingPathComponent("next")) }

    private var retiredFolder: URL { url.appendingPathComponent("retired") }

    /// The sealing key that a statement replaced: what was sealed to it can be opened with nothing else.
    func retiredSeal(sequence: UInt64) -> KeyFile {
        KeyFile(retiredFolder.appendingPathComponent("seal-\(sequence).key"), .seal)
    }

    /// The TLS key that the newest statement replaced, and its certificate: what a peer accepts until it has that
    /// statement.
    var formerTLS: KeyFile { KeyFile(retiredFolder.appendingPathComponent("tls.key"), .tls) }
    var formerCertificate: URL { retiredFolder.appendingPathComponent("tls.crt") }

    /// Newest first.
    var retiredSeals: [KeyFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: retiredFolder.path)) ?? []
        let sequences = names.compactMap { name -> UInt64? in
            guard name.hasPrefix("seal-"), name.hasSuffix(".key") else { return nil }
            return UInt64(name.dropFirst(5).dropLast(4))
        }
        return sequences.sorted(by: >).map(retiredSeal)
    }

    /// Every private key that is there.
    var privateKeys: [KeyFile] { [node, stop, tls, formerTLS, seal, postQuantum].filter(\.exists) + retiredSeals }

    func create() throws { try KeyFolder.create(url) }

    func createRetired() throws { try KeyFolder.create(retiredFolder) }

    /// Readable by its owner only.
    private static func create(_ url: URL) throws {
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
}

extension KeyFolder {
    /// Encrypts every private key that is there, also those prepared and retired, under one passphrase. When it
    /// fails on the way, some files are encrypted and the others are not; it can be run again.
    ///
    /// - Throws: ``KeyFileError/alreadyEncrypted(_:)`` when there is nothing left to do.
    public func encrypt(_ passphrase: KeyPassphrase) throws {
        try encrypt(passphrase, cost: KeyEncryption.Parameters.usualCost)
    }

    func encrypt(_ passphrase: KeyPassphrase, cost: Int) throws {
        let plain = try (privateKeys + next.privateKeys).filter { try !$0.isEncrypted() }
        guard !plain.isEmpty else { throw KeyFileError.alreadyEncrypted(url.path) }
        let encrypted = try (privateKeys + next.privateKeys).filter { try $0.isEncrypted() }
        let unlock = KeyUnlock { passphrase }
        // Two passphrases in one folder would lock the node out.
        for file in encrypted { _ = try file.read(unlock) }
        let lock = try KeyLock(passphrase, cost: cost)
        for file in plain { try file.write(try file.read(unlock), lock) }
    }

    /// Writes every private key as it is.
    public func decrypt(_ passphrase: @escaping KeyPassphrase.Source) throws {
        let encrypted = try (privateKeys + next.privateKeys).filter { try $0.isEncrypted() }
        guard !encrypted.isEmpty else { throw KeyFileError.notEncrypted(url.path) }
        let unlock = KeyUnlock(passphrase)
        let secrets = try encrypted.map { try $0.read(unlock) }
        for (file, secret) in zip(encrypted, secrets) { try file.write(secret, nil) }
    }
}
