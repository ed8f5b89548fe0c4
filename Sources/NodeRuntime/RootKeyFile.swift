import Foundation
import JointLog
import Kernel

/// A root key in a file: made and used on a machine that is offline and no node.
public enum RootKeyFile {
    /// Makes a key and writes it where no file is.
    ///
    /// - Parameter passphrase: encrypts the file; `nil` leaves the key readable to whoever holds the medium.
    public static func create(
        _ file: URL, passphrase: KeyPassphrase?, random: inout some RandomNumberGenerator
    ) throws -> Hash32 {
        let key = KeyFile(file, .root)
        guard !key.exists else { throw KeyFileError.exists(file.path) }
        let seed = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try key.write(seed: seed, try passphrase.map { try KeyLock($0) })
        return try open(file, { passphrase }).publicKey
    }

    /// - Throws: `NodeFolderError` when the file is missing or others can read it; ``KeyFileError``.
    public static func open(_ file: URL, _ passphrase: @escaping KeyPassphrase.Source) throws -> Ed25519PrivateKey {
        guard let key = Ed25519PrivateKey(seed: try KeyFile(file, .root).readSeed(KeyUnlock(passphrase))) else {
            throw KeyFileError.malformed(file.path)
        }
        return key
    }
}
