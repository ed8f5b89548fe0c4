import Crypto
import Foundation
import JointLog
import Kernel
import Records
import Synchronization

/// Consoles at which STOP can be pressed before anybody has signed in: names and SHA-256 hashes of tokens, in
/// `consoles.json`. An administrator enrols one from its own browser.
public final class Consoles: Sendable {
    public enum Refusal: Error, Sendable {
        case badName
        case tooMany
    }

    public static let cookie = "parley_console"
    public static let cookieAgeS = 31_536_000
    public static let most = 64

    private let folder: NodeFolder
    private let hashes: Mutex<SortedMap<String, Hash32>>

    public init(folder: NodeFolder) throws {
        self.folder = folder
        var hashes = SortedMap<String, Hash32>()
        if FileManager.default.fileExists(atPath: folder.consoles.path) {
            var reader = try FieldReader(try StrictJSON.read(folder.read(folder.consoles), limit: 1 << 20))
            for (i, element) in try reader.array("consoles", count: 0...Consoles.most).enumerated() {
                var console = try FieldReader(element, path: "consoles[\(i)]")
                hashes[try console.string("name", limit: StopPress.stationBytes)] = try console.hash("tokenHash")
                try console.finish()
            }
            try reader.finish()
        }
        self.hashes = Mutex(hashes)
    }

    public var names: [String] { hashes.withLock { $0.keys } }

    /// - Returns: the token, 256 random bits in hexadecimal, for a cookie; nobody can see it again. A name that is enrolled
    ///   already gets a new token, and the old one ends.
    public func enrol(_ name: String) throws -> String {
        guard UnitName.isUsable(name), name.utf8.count <= StopPress.stationBytes else { throw Refusal.badName }
        var random = SystemRandom()
        let token = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }.hex
        let json = try hashes.withLock { hashes -> JSONValue in
            guard hashes.contains(name) || hashes.count < Consoles.most else { throw Refusal.tooMany }
            hashes[name] = MerkleHash.sha256(Array(token.utf8))
            return [
                "consoles": .array(hashes.map { ["name": .string($0.key), "tokenHash": .string($0.value.hex)] })
            ]
        }
        try folder.write(Array(json.prettyText.utf8), to: folder.consoles, secret: true)
        return token
    }

    /// The console that has this token. Hashes are compared, so that time tells nothing of the token.
    public func name(of token: String) -> String? {
        let hash = MerkleHash.sha256(Array(token.utf8))
        return hashes.withLock { hashes in hashes.first { $0.value == hash }?.key }
    }
}
