import Foundation
import Kernel

/// The passphrase of this machine's key files. Its description and reflection show nothing of it.
public struct KeyPassphrase: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// - Returns: `nil` unless the text has 10 to 1,024 bytes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (10...1_024).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    public var description: String { "key passphrase" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Names the file in which a service finds the passphrase. Never the passphrase itself: other processes may
    /// read an environment, and anybody a command line.
    public static let environmentName = "PARLEY_PASSPHRASE_FILE"

    /// Asked for only when a key file needs it.
    public typealias Source = @Sendable () throws -> KeyPassphrase?

    /// From the file that ``environmentName`` names; `nil` when it names none.
    public static let fromEnvironment: Source = {
        guard let path = ProcessInfo.processInfo.environment[environmentName], !path.isEmpty else { return nil }
        return try KeyPassphrase(file: URL(fileURLWithPath: path))
    }

    /// The file's only line.
    ///
    /// - Throws: ``KeyFileError``; `NodeFolderError.keyIsOpen` when others can read the file.
    public init(file: URL) throws {
        var text = String(decoding: try SecretFile.read(file, limit: 2_048), as: UTF8.self)[...]
        while text.last?.isNewline == true { text.removeLast() }
        guard let passphrase = KeyPassphrase(String(text)) else { throw KeyFileError.badPassphrase }
        self = passphrase
    }
}

/// Files that nobody but their owner may read.
enum SecretFile {
    /// - Throws: `NodeFolderError.missing`, `.keyIsOpen` when group or others have any right, `.tooLarge`.
    static func read(_ file: URL, limit: Int) throws -> [UInt8] {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw NodeFolderError.missing(file.path) }
        defer { close(descriptor) }
        // Of what was opened, so that nobody can exchange it in between.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw NodeFolderError.missing(file.path) }
        guard status.st_mode & 0o077 == 0 else { throw NodeFolderError.keyIsOpen(file.path) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw NodeFolderError.missing(file.path) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw NodeFolderError.tooLarge(file.path) }
        }
    }
}
