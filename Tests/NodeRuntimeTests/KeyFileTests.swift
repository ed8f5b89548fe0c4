import Foundation
import JointLog
import Kernel
import Records
import Testing

@testable import NodeRuntime

/// A folder of its own with one node's keys.
struct KeyBench {
    let folder: NodeFolder
    let passphrase: KeyPassphrase

    /// The least that is taken: most tests are not about the time that a guess takes.
    static let quickCost = 1 << 10

    init(_ passphrase: String = "a long passphrase", encrypted: Bool = false) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
        guard let known = KeyPassphrase(passphrase) else { throw KeyFileError.badPassphrase }
        self.passphrase = known
        folder = NodeFolder(path: path) { known }
        try folder.create()
        var random = SystemRandom()
        _ = try NodeKeys.create(in: folder, name: "alpha", random: &random)
        if encrypted { try folder.keys.encrypt(known, cost: KeyBench.quickCost) }
    }

    func remove() { try? FileManager.default.removeItem(at: folder.url) }

    /// The same folder, opened with another passphrase or none.
    func opened(with text: String?) -> NodeFolder { NodeFolder(path: folder.url.path) { text.flatMap(KeyPassphrase.init) } }

    /// Every file below the folder, as one text each; none of them is binary.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        let files = FileManager.default.enumerator(atPath: folder.url.path)
        while let name = files?.nextObject() as? String {
            let data = FileManager.default.contents(atPath: folder.url.appendingPathComponent(name).path)
            texts[name] = data.map { String(decoding: $0, as: UTF8.self) }
        }
        return texts
    }
}

func keyFileError(_ body: () throws -> Void) -> KeyFileError? {
    do {
        try body()
        return nil
    } catch {
        return error as? KeyFileError
    }
}

@Suite("key files")
struct KeyFileTests {
    private let names = ["node.key", "stop.key", "tls.key", "seal.key", "post-quantum.key"]

    @Test("every private key is a file of mode 0600, and each is refused when group or others can read it")
    func modes() throws {
        let bench = try KeyBench()
        defer { bench.remove() }
        for name in names {
            let file = bench.folder.url.appendingPathComponent("keys/\(name)")
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
            for open in [0o640, 0o604, 0o610, 0o666] {
                try FileManager.default.setAttributes([.posixPermissions: open], ofItemAtPath: file.path)
                #expect(throws: NodeFolderError.self) { try NodeKeys.load(bench.folder) }
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file.path)
            #expect(throws: Never.self) { try NodeKeys.load(bench.folder) }
        }
    }

    @Test("encrypted files open with their passphrase, to the same keys, and no key is left readable")
    func encryption() throws {
        let bench = try KeyBench()
        defer { bench.remove() }
        let plain = try NodeKeys.load(bench.folder)
        let secrets = [
            plain.node.seed.base64, plain.stop.seed.base64, plain.seal.seed.base64, plain.postQuantum.seed.base64,
            plain.tls.keyPEM,
        ]
        for (name, secret) in zip(["node.key", "stop.key", "seal.key", "post-quantum.key", "tls.key"], secrets) {
            #expect(bench.texts["keys/\(name)"]?.contains(secret) == true)
        }
        try bench.folder.keys.encrypt(bench.passphrase)
        #expect(bench.texts["keys/node.key"]?.contains("\nscrypt 65536 8 1 ") == true)
        for (name, text) in bench.texts {
            for secret in secrets { #expect(!text.contains(secret), "\(name)") }
        }
        for name in names {
            let file = bench.folder.url.appendingPathComponent("keys/\(name)")
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        let opened = try NodeKeys.load(bench.folder)
        #expect(opened.node.seed == plain.node.seed)
        #expect(opened.stop.seed == plain.stop.seed)
        #expect(opened.seal.seed == plain.seal.seed)
        #expect(opened.postQuantum.seed == plain.postQuantum.seed)
        #expect(opened.tls.keyPEM == plain.tls.keyPEM)
        #expect(opened.tlsKeyHash == plain.tlsKeyHash)
        try bench.folder.keys.decrypt(bench.folder.passphrase)
        #expect(try NodeKeys.load(bench.opened(with: nil)).node.seed == plain.node.seed)
    }

    @Test("a wrong passphrase, and none, are named, and name nothing secret")
    func wrongPassphrase() throws {
        let bench = try KeyBench("correct horse battery", encrypted: true)
        defer { bench.remove() }
        let wrong = keyFileError { _ = try NodeKeys.load(bench.opened(with: "incorrect horse battery")) }
        #expect(wrong == .wrongPassphrase(bench.folder.nodeKey.path))
        #expect(wrong.map { "\($0)".contains("incorrect horse") } == false)
        let none = keyFileError { _ = try NodeKeys.load(bench.opened(with: nil)) }
        #expect(none == .passphraseNeeded(bench.folder.nodeKey.path))
        #expect(throws: Never.self) { try NodeKeys.load(bench.folder) }
    }

    @Test("a second passphrase does not come into a folder: what is encrypted already must open with it")
    func twoPassphrases() throws {
        let bench = try KeyBench()
        defer { bench.remove() }
        let lock = try KeyLock(bench.passphrase, cost: KeyBench.quickCost)
        let node = bench.folder.keys.node
        try node.write(try node.read(KeyUnlock { nil }), lock)
        let other = try #require(KeyPassphrase("another passphrase"))
        #expect(keyFileError { try bench.folder.keys.encrypt(other) } == .wrongPassphrase(node.url.path))
        #expect(bench.texts["keys/tls.key"]?.contains("PRIVATE KEY") == true)
        try bench.folder.keys.encrypt(bench.passphrase, cost: KeyBench.quickCost)
        #expect(throws: Never.self) { try NodeKeys.load(bench.folder) }
        #expect(keyFileError { try bench.folder.keys.encrypt(bench.passphrase) } == .alreadyEncrypted(bench.folder.keys.url.path))
        try bench.folder.keys.decrypt(bench.folder.passphrase)
        #expect(
            keyFileError { try bench.folder.keys.decrypt(bench.folder.passphrase) } == .notEncrypted(bench.folder.keys.url.path))
    }

    @Test("one encrypted file does not stand in another's place")
    func exchangedFiles() throws {
        let bench = try KeyBench(encrypted: true)
        defer { bench.remove() }
        let seal = bench.folder.keys.seal.url
        try FileManager.default.removeItem(at: seal)
        try FileManager.default.copyItem(at: bench.folder.nodeKey, to: seal)
        #expect(keyFileError { _ = try NodeKeys.load(bench.folder) } == .malformed(seal.path))
        // Also not when its first lines are rewritten to say what is wanted.
        let text = String(decoding: try bench.folder.read(bench.folder.nodeKey), as: UTF8.self)
        try bench.folder.write(Array(text.replacing("purpose node", with: "purpose seal").utf8), to: seal, secret: true)
        #expect(keyFileError { _ = try NodeKeys.load(bench.folder) } == .wrongPassphrase(seal.path))
    }

    @Test("parameters beyond what is taken are refused before any work: a hostile file cannot exhaust the memory")
    func hostileParameters() throws {
        let bench = try KeyBench(encrypted: true)
        defer { bench.remove() }
        let file = bench.folder.nodeKey
        let text = String(decoding: try bench.folder.read(file), as: UTF8.self)
        #expect(text.contains("scrypt 1024 8 1 "))
        let hostile = [
            "scrypt 1073741824 8 1 ", "scrypt 262144 8 1 ", "scrypt 9223372036854775807 8 1 ", "scrypt -65536 8 1 ",
            "scrypt 65535 8 1 ", "scrypt 512 8 1 ", "scrypt 0 8 1 ", "scrypt 65536 1024 1 ", "scrypt 65536 8 1024 ",
            "scrypt 65536 8 ", "scrypt 065536 8 1 ", "scrypt +65536 8 1 ", "scrypt 65536  8 1 ", "pbkdf2 65536 8 1 ",
        ]
        for words in hostile {
            try bench.folder.write(
                Array(text.replacing("scrypt 1024 8 1 ", with: words).utf8), to: file, secret: true)
            let asked = Asked()
            let folder = NodeFolder(path: bench.folder.url.path) { asked.passphrase() }
            #expect(keyFileError { _ = try NodeKeys.load(folder) } == .malformed(file.path), "\(words)")
            #expect(asked.count == 0, "\(words)")
        }
    }

    @Test("whatever byte of an encrypted file is changed, it does not open")
    func mutations() throws {
        let bench = try KeyBench()
        defer { bench.remove() }
        let parameters = KeyEncryption.Parameters(cost: KeyBench.quickCost, salt: [UInt8](repeating: 7, count: 16))
        let key = try KeyEncryption.Key(bench.passphrase, parameters)
        let secret = [UInt8](0..<32)
        let bytes = try KeyEncryption.sealing(secret, purpose: .seal, parameters: parameters, key: key).encoded
        func opened(_ bytes: [UInt8]) -> [UInt8]? {
            guard let file = KeyEncryption(bytes), file.purpose == .seal else { return nil }
            if file.parameters == parameters { return try? file.open(key) }
            return (try? KeyEncryption.Key(bench.passphrase, file.parameters)).flatMap { try? file.open($0) }
        }
        #expect(opened(bytes) == secret)
        for i in bytes.indices {
            for bit in [0, 4, 5] as [UInt8] {
                var changed = bytes
                changed[i] ^= 1 << bit
                #expect(opened(changed) == nil, "byte \(i)")
            }
        }
        #expect(opened(bytes + [0x0A]) == nil)
        #expect(opened(bytes.dropLast()) == nil)
    }

    @Test("the passphrase comes from a file of one line that only its owner reads")
    func passphraseFile() throws {
        let bench = try KeyBench()
        defer { bench.remove() }
        let file = bench.folder.url.appendingPathComponent("passphrase")
        for (text, isTaken) in [
            ("a long passphrase\n", true), ("a long passphrase", true), ("a long passphrase\r\n", true),
            ("ten bytes!", true), ("nine byte", false), ("", false), ("\n\n\n\n\n\n\n\n\n\n\n", false),
            (String(repeating: "x", count: 1_024), true), (String(repeating: "x", count: 1_025), false),
        ] {
            try bench.folder.write(Array(text.utf8), to: file, secret: true)
            let found = try? KeyPassphrase(file: file)
            #expect((found != nil) == isTaken, "\(text.prefix(20).debugDescription)")
            #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } ?? text == text.filter { !$0.isNewline } || !isTaken)
        }
        try bench.folder.write(Array("a long passphrase\n".utf8), to: file, secret: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        #expect(throws: NodeFolderError.self) { try KeyPassphrase(file: file) }
    }

    @Test("nothing secret shows in descriptions, reflection or dumps")
    func reflection() throws {
        let bench = try KeyBench("a very secret passphrase")
        defer { bench.remove() }
        let keys = try NodeKeys.load(bench.folder)
        let lock = try KeyLock(bench.passphrase, cost: KeyBench.quickCost)
        let unlock = KeyUnlock(bench.folder.passphrase)
        var shown = ""
        for value in [keys, keys.node, keys.seal, keys.postQuantum, bench.passphrase, bench.folder, lock, unlock] as [Any] {
            shown += "\(value) \(String(reflecting: value))\n"
            dump(value, to: &shown)
        }
        #expect(shown.contains(keys.node.publicKey.hex))
        for secret in [keys.node.seed, keys.seal.seed, keys.postQuantum.seed, bench.passphrase.bytes] {
            let texts = [
                secret.hex, secret.base64, secret.map(String.init).joined(separator: ", "),
                secret.map { "- \($0)\n" }.joined(), String(decoding: secret, as: UTF8.self),
            ]
            for text in texts where text.count > 4 { #expect(!shown.contains(text)) }
            // A dump writes one element a line, each with its indentation.
            #expect(!numbers(in: shown).contains(secret.map(Int.init)))
        }
        #expect(!shown.contains("PRIVATE KEY"))
        let control = numbers(in: "- 1\n  - 2\n")
        #expect(control.contains([1, 2]))
    }

    private func numbers(in text: String) -> [Int] {
        text.split { !$0.isNumber }.compactMap { Int($0) }
    }

    @Test("two writers of one file never share what they rename, and leave nothing behind")
    func concurrentWriters() async throws {
        let bench = try KeyBench()
        defer { bench.remove() }
        let file = bench.folder.url.appendingPathComponent("shared")
        let folder = bench.folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for letter in "abcdefgh" {
                group.addTask {
                    for _ in 0..<10 { try folder.write([UInt8](repeating: letter.asciiValue ?? 0, count: 20_000), to: file) }
                }
            }
            try await group.waitForAll()
        }
        let bytes = try folder.read(file)
        #expect(bytes.count == 20_000)
        #expect(bytes.allSatisfy { $0 == bytes[0] })
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(names == ["keys", "shared"])
    }
}

extension [Int] {
    fileprivate func contains(_ other: [Int]) -> Bool {
        guard count >= other.count, !other.isEmpty else { return false }
        return (0...(count - other.count)).contains { Array(self[$0..<$0 + other.count]) == other }
    }
}

/// Counts how often a passphrase was asked for.
private final class Asked: @unchecked Sendable {
    private let lock = NSLock()
    private var asked = 0

    var count: Int { lock.withLock { asked } }

    func passphrase() -> KeyPassphrase? {
        lock.withLock { asked += 1 }
        return KeyPassphrase("a long passphrase")
    }
}
