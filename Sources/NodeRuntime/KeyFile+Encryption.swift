import Crypto
import CryptoExtras
import Foundation
import Kernel

/// The form of an encrypted key file:
///
/// ```
/// parley encrypted key v1
/// purpose node
/// scrypt 65536 8 1 <salt, 16 bytes in base64>
/// chacha20-poly1305 <nonce, 12 bytes in base64>
/// <ciphertext and tag in base64>
/// ```
///
/// The four lines above the ciphertext are authenticated with it. The nonce is random: one salt serves the few
/// files that are written together.
struct KeyEncryption: Sendable {
    struct Parameters: Equatable, Sendable {
        /// scrypt's N: a power of two in ``costs``. With r = 8 and p = 1 it takes N kibibytes.
        let cost: Int
        /// 16 bytes.
        let salt: [UInt8]

        /// What a file may ask for. More, and a file that somebody put there could exhaust the memory.
        static let costs = 1 << 10...1 << 17
        static let blockSize = 8
        static let usualCost = 1 << 16

        static func fresh(cost: Int) -> Parameters { Parameters(cost: cost, salt: KeyEncryption.random(16)) }
    }

    enum Failure: Error {
        case malformed
        case wrongKey
        case noKey(any Error)
    }

    /// Its reflection shows nothing of it.
    struct Key: Sendable, CustomStringConvertible, CustomReflectable {
        fileprivate let value: SymmetricKey

        init(_ passphrase: KeyPassphrase, _ parameters: Parameters) throws {
            value = try KDF.Scrypt.deriveKey(
                from: passphrase.bytes, salt: parameters.salt, outputByteCount: 32, rounds: parameters.cost,
                blockSize: Parameters.blockSize, parallelism: 1)
        }

        var description: String { "derived key" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }

    let purpose: KeyFile.Purpose
    let parameters: Parameters
    private let nonce: [UInt8]
    private let ciphertext: [UInt8]

    private static let format = "parley encrypted key v1"

    static func isEncrypted(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("parley encrypted key ".utf8)) }

    /// - Returns: `nil` unless the bytes are exactly what ``encoded`` writes, with parameters that are taken.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 6, lines[0] == KeyEncryption.format, lines[5].isEmpty,
            let purpose = KeyEncryption.words(lines[1], 2, "purpose").flatMap({ KeyFile.Purpose(rawValue: $0[1]) }),
            let scrypt = KeyEncryption.words(lines[2], 5, "scrypt"), let cost = Int(scrypt[1]),
            Parameters.costs.contains(cost), cost.nonzeroBitCount == 1,
            let salt = [UInt8](base64: scrypt[4]), salt.count == 16,
            let nonce = KeyEncryption.words(lines[3], 2, "chacha20-poly1305").flatMap({ [UInt8](base64: $0[1]) }),
            nonce.count == 12, let ciphertext = [UInt8](base64: lines[4]), ciphertext.count > 16
        else { return nil }
        self.purpose = purpose
        parameters = Parameters(cost: cost, salt: salt)
        self.nonce = nonce
        self.ciphertext = ciphertext
        guard encoded == bytes else { return nil }
    }

    private init(purpose: KeyFile.Purpose, parameters: Parameters, nonce: [UInt8], ciphertext: [UInt8]) {
        self.purpose = purpose
        self.parameters = parameters
        self.nonce = nonce
        self.ciphertext = ciphertext
    }

    var encoded: [UInt8] { Array((header + ciphertext.base64 + "\n").utf8) }

    private var header: String {
        """
        \(KeyEncryption.format)
        purpose \(purpose.rawValue)
        scrypt \(parameters.cost) \(Parameters.blockSize) 1 \(parameters.salt.base64)
        chacha20-poly1305 \(nonce.base64)

        """
    }

    static func sealing(
        _ secret: [UInt8], purpose: KeyFile.Purpose, parameters: Parameters, key: Key
    ) throws -> KeyEncryption {
        let empty = KeyEncryption(purpose: purpose, parameters: parameters, nonce: random(12), ciphertext: [])
        let box = try ChaChaPoly.seal(
            secret, using: key.value, nonce: ChaChaPoly.Nonce(data: empty.nonce), authenticating: Array(empty.header.utf8))
        return KeyEncryption(
            purpose: purpose, parameters: parameters, nonce: empty.nonce,
            ciphertext: Array(box.ciphertext) + Array(box.tag))
    }

    func open(_ key: Key) throws(Failure) -> [UInt8] {
        guard let nonce = try? ChaChaPoly.Nonce(data: nonce),
            let box = try? ChaChaPoly.SealedBox(
                nonce: nonce, ciphertext: ciphertext.dropLast(16), tag: ciphertext.suffix(16))
        else { throw .malformed }
        guard let secret = try? ChaChaPoly.open(box, using: key.value, authenticating: Array(header.utf8)) else {
            throw .wrongKey
        }
        return Array(secret)
    }

    private static func words(_ line: String, _ count: Int, _ first: String) -> [String]? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        return words.count == count && words[0] == first ? words : nil
    }

    private static func random(_ count: Int) -> [UInt8] {
        var random = SystemRandom()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
