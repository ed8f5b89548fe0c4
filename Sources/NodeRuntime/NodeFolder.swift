import Foundation
import Kernel
import Records

/// One node's folder. What each file is trusted for and what losing it costs stands in README.
public struct NodeFolder: Sendable {
    public let url: URL
    /// Asked for when the private keys are encrypted.
    public let passphrase: KeyPassphrase.Source

    public init(path: String, passphrase: @escaping KeyPassphrase.Source = KeyPassphrase.fromEnvironment) {
        url = URL(fileURLWithPath: path, isDirectory: true)
        self.passphrase = passphrase
    }

    public var configuration: URL { url.appendingPathComponent("node.json") }
    public var terms: URL { url.appendingPathComponent("terms.json") }
    public var card: URL { url.appendingPathComponent("party.json") }
    public var officers: URL { url.appendingPathComponent("officers.json") }
    public var store: URL { url.appendingPathComponent("parley.sqlite") }
    public var consoles: URL { url.appendingPathComponent("consoles.json") }
    public var stops: URL { url.appendingPathComponent("stops.jsonl") }
    public var keys: KeyFolder { KeyFolder(url: url.appendingPathComponent("keys")) }
    public var nodeKey: URL { keys.node.url }

    /// A root-signed note in force, its own or a peer's.
    public func statement(_ party: PartyID, sequence: UInt64) -> URL {
        url.appendingPathComponent("statements/\(party.name)-\(sequence)")
    }

    /// Makes an empty folder, readable by its owner only.
    public func create() throws {
        if FileManager.default.fileExists(atPath: configuration.path) {
            throw NodeFolderError.alreadyANode(url.path)
        }
        for folder in [url, url.appendingPathComponent("keys")] {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    public func read(_ file: URL, limit: Int = 1 << 20) throws -> [UInt8] {
        try NodeFolder.read(file, limit: limit)
    }

    /// Writes durably: a new file beside the old one, synced, then renamed over it.
    public func write(_ bytes: [UInt8], to file: URL, secret: Bool = false) throws {
        try NodeFolder.write(bytes, to: file, secret: secret)
    }

    static func read(_ file: URL, limit: Int = 1 << 20) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw NodeFolderError.missing(file.path)
        }
        guard data.count <= limit else { throw NodeFolderError.tooLarge(file.path) }
        return Array(data)
    }

    static func write(_ bytes: [UInt8], to file: URL, secret: Bool = false) throws {
        // A name of its own: two processes that write one file must not share what they rename.
        let number = UInt64.random(in: .min ... .max)
        let temporary = file.deletingLastPathComponent().appendingPathComponent(
            ".\(file.lastPathComponent).\(getpid())-\(String(number, radix: 36)).new")
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, secret ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw NodeFolderError.cannotWrite(file.path, errno: errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(file, removing: temporary) }
            written += count
        }
        guard fsync(descriptor) == 0, rename(temporary.path, file.path) == 0 else {
            throw failure(file, removing: temporary)
        }
        sync(file.deletingLastPathComponent())
    }

    private static func failure(_ file: URL, removing temporary: URL) -> NodeFolderError {
        let code = errno
        unlink(temporary.path)
        return .cannotWrite(file.path, errno: code)
    }

    /// Makes what was renamed or removed in a folder durable.
    static func sync(_ folder: URL) {
        let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

public enum NodeFolderError: Error, CustomStringConvertible {
    case alreadyANode(String)
    case missing(String)
    case tooLarge(String)
    case cannotWrite(String, errno: Int32)
    case malformed(String, String)
    /// A private key that others can read.
    case keyIsOpen(String)

    public var description: String {
        switch self {
        case .alreadyANode(let path): "\(path) holds a node already; nothing was changed"
        case .missing(let path): "\(path) is missing"
        case .tooLarge(let path): "\(path) is too large"
        case .cannotWrite(let path, let code): "cannot write \(path): \(String(cString: strerror(code)))"
        case .malformed(let path, let problem): "\(path): \(problem)"
        case .keyIsOpen(let path): "\(path) can be read by others; set its mode to 0600"
        }
    }
}
