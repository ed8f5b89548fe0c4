import Foundation
import Kernel
import Synchronization

/// A file with one private key, of mode 0600: the key as it is, or encrypted under a passphrase.
public struct KeyFile: Sendable {
    /// What the key is for. Part of what is encrypted, so that no file can take another's place.
    public enum Purpose: String, Sendable, CaseIterable {
        /// Ed25519, 32 bytes in base64.
        case node
        /// Ed25519, 32 bytes in base64.
        case stop
        /// P-256, PEM.
        case tls
        /// X-Wing, 32 bytes in base64.
        case seal
        /// ML-DSA-65, 32 bytes in base64.
        case postQuantum = "post-quantum"
        /// Ed25519, 32 bytes in base64; on a machine that is no node.
        case root
    }

    public let url: URL
    public let purpose: Purpose

    public init(_ url: URL, _ purpose: Purpose) {
        self.url = url
        self.purpose = purpose
    }

    static let largestBytes = 16 * 1024

    public var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

    /// - Throws: `NodeFolderError` when the file is missing or others can read it.
    public func isEncrypted() throws -> Bool {
        KeyEncryption.isEncrypted(try SecretFile.read(url, limit: KeyFile.largestBytes))
    }

    /// The key as it is.
    ///
    /// - Throws: `NodeFolderError`, ``KeyFileError``.
    func read(_ unlock: KeyUnlock) throws -> [UInt8] {
        let bytes = try SecretFile.read(url, limit: KeyFile.largestBytes)
        guard KeyEncryption.isEncrypted(bytes) else { return bytes }
        do throws(KeyEncryption.Failure) {
            guard let file = KeyEncryption(bytes), file.purpose == purpose else { throw .malformed }
            return try file.open(unlock.key(for: file, at: url))
        } catch {
            switch error {
            case .malformed: throw KeyFileError.malformed(url.path)
            case .wrongKey: throw KeyFileError.wrongPassphrase(url.path)
            case .noKey(let reason): throw reason
            }
        }
    }

    /// A seed of 32 bytes.
    func readSeed(_ unlock: KeyUnlock) throws -> [UInt8] {
        let text = String(decoding: try read(unlock), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let seed = [UInt8](base64: text), seed.count == 32 else { throw KeyFileError.malformed(url.path) }
        return seed
    }

    /// - Parameter lock: `nil` to write the key as it is.
    func write(_ secret: [UInt8], _ lock: KeyLock?) throws {
        let bytes = try lock.map { try $0.encrypt(secret, purpose) } ?? secret
        try NodeFolder.write(bytes, to: url, secret: true)
    }

    func write(seed: [UInt8], _ lock: KeyLock?) throws { try write(Array((seed.base64 + "\n").utf8), lock) }
}

/// Why a private key cannot be used. Never quotes the key or the passphrase.
public enum KeyFileError: Error, CustomStringConvertible, Hashable, Sendable {
    case wrongPassphrase(String)
    /// The file is encrypted, and nobody gave a passphrase.
    case passphraseNeeded(String)
    /// Not 10 to 1,024 bytes.
    case badPassphrase
    /// Not a key file of its purpose, or encrypted with parameters that are not taken.
    case malformed(String)
    case exists(String)
    case alreadyEncrypted(String)
    case notEncrypted(String)

    public var name: String {
        switch self {
        case .wrongPassphrase: "wrongPassphrase"
        case .passphraseNeeded: "passphraseNeeded"
        case .badPassphrase: "badPassphrase"
        case .malformed: "malformedKey"
        case .exists: "exists"
        case .alreadyEncrypted: "alreadyEncrypted"
        case .notEncrypted: "notEncrypted"
        }
    }

    public var description: String {
        switch self {
        case .wrongPassphrase(let path): "the passphrase does not open \(path), or the file was changed"
        case .passphraseNeeded(let path):
            "\(path) is encrypted; name a file with its passphrase in \(KeyPassphrase.environmentName)"
        case .badPassphrase: "a key passphrase has 10 to 1024 bytes"
        case .malformed(let path): "\(path) is not the key file that belongs there"
        case .exists(let path): "\(path) exists; it is not overwritten"
        case .alreadyEncrypted(let path): "\(path) is encrypted already"
        case .notEncrypted(let path): "\(path) is not encrypted"
        }
    }
}

/// Opens key files: asks for the passphrase once, and derives each key once.
final class KeyUnlock: Sendable {
    private struct State {
        var passphrase: KeyPassphrase?
        var derived: [(parameters: KeyEncryption.Parameters, key: KeyEncryption.Key)] = []
    }

    private let source: KeyPassphrase.Source
    private let state = Mutex(State())

    init(_ source: @escaping KeyPassphrase.Source) { self.source = source }

    /// Writes under the key that has opened something; `nil` when nothing was encrypted.
    var lock: KeyLock? {
        state.withLock { state in state.derived.last.map { KeyLock(parameters: $0.parameters, key: $0.key) } }
    }

    func key(for file: KeyEncryption, at url: URL) throws(KeyEncryption.Failure) -> KeyEncryption.Key {
        let result: Result<KeyEncryption.Key, KeyEncryption.Failure> = state.withLock { state in
            if let known = state.derived.first(where: { $0.parameters == file.parameters }) { return .success(known.key) }
            do {
                guard let passphrase = try state.passphrase ?? source() else {
                    return .failure(.noKey(KeyFileError.passphraseNeeded(url.path)))
                }
                state.passphrase = passphrase
                let key = try KeyEncryption.Key(passphrase, file.parameters)
                state.derived.append((file.parameters, key))
                return .success(key)
            } catch {
                return .failure(.noKey(error))
            }
        }
        return try result.get()
    }
}

/// Writes key files: one passphrase, one derivation, a nonce for each file.
struct KeyLock {
    private let parameters: KeyEncryption.Parameters
    private let key: KeyEncryption.Key

    fileprivate init(parameters: KeyEncryption.Parameters, key: KeyEncryption.Key) {
        self.parameters = parameters
        self.key = key
    }

    init(_ passphrase: KeyPassphrase, cost: Int = KeyEncryption.Parameters.usualCost) throws {
        parameters = KeyEncryption.Parameters.fresh(cost: cost)
        key = try KeyEncryption.Key(passphrase, parameters)
    }

    func encrypt(_ secret: [UInt8], _ purpose: KeyFile.Purpose) throws -> [UInt8] {
        try KeyEncryption.sealing(secret, purpose: purpose, parameters: parameters, key: key).encoded
    }
}
