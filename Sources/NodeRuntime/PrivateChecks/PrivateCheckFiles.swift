import Crypto
import Foundation
import Kernel
import Mechanism
import PrivateCheck

/// One check under way, as it is stored after every step.
struct StoredCheck: Codable {
    enum Stage: Codable {
        /// An officer has accepted it, and the mask is not made yet.
        case accepting(CheckProposal, CheckInput)
        case running(CheckSession)
    }

    let id: Hash32
    let with: PartyID
    /// What went in.
    let plans: [SealedPlanID]
    /// Who proposed or accepted it here.
    let officer: String?
    var stage: Stage
    /// Messages of the other side that the session has taken.
    var taken: Int
}

/// Checks under way, in files of their own: what they hold goes when they end.
///
/// A file is encrypted (ChaCha20-Poly1305) under a key that follows from the node's own key and from 32 random bytes in a
/// file beside it. Those are overwritten in place at the end, so that earlier versions of the file, wherever the disk has
/// kept them, stay closed. A disk that moves what is overwritten may keep those bytes too.
struct PrivateCheckFiles {
    private let folder: URL
    private let nodeSeed: [UInt8]

    private static let limit = 512 << 20

    init(_ folder: NodeFolder, keys: NodeKeys) throws {
        self.folder = folder.url.appendingPathComponent("private-checks")
        nodeSeed = keys.node.seed
        try FileManager.default.createDirectory(
            at: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Checks that have a file.
    var all: [Hash32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { $0.hasSuffix(".check") ? Hash32(hex: String($0.dropLast(6))) : nil }
    }

    /// - Returns: `nil` when there is none.
    func load(_ id: Hash32) throws -> StoredCheck? {
        guard FileManager.default.fileExists(atPath: file(id).path) else { return nil }
        let box = try ChaChaPoly.SealedBox(combined: try NodeFolder.read(file(id), limit: PrivateCheckFiles.limit))
        let bytes = try ChaChaPoly.open(box, using: try key(id), authenticating: id.bytes)
        return try JSONDecoder().decode(StoredCheck.self, from: bytes)
    }

    func save(_ check: StoredCheck) throws {
        if !FileManager.default.fileExists(atPath: keyFile(check.id).path) {
            try NodeFolder.write(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }, to: keyFile(check.id), secret: true)
        }
        let box = try ChaChaPoly.seal(
            try JSONEncoder().encode(check), using: try key(check.id), authenticating: check.id.bytes)
        try NodeFolder.write(Array(box.combined), to: file(check.id), secret: true)
    }

    /// Overwrites the key, then removes both files.
    func erase(_ id: Hash32) throws {
        if let handle = FileHandle(forUpdatingAtPath: keyFile(id).path) {
            try handle.write(contentsOf: Data(count: 32))
            try handle.synchronize()
            try handle.close()
        }
        for file in [file(id), keyFile(id)] where FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.removeItem(at: file)
        }
        NodeFolder.sync(folder)
    }

    private func file(_ id: Hash32) -> URL { folder.appendingPathComponent("\(id.hex).check") }
    private func keyFile(_ id: Hash32) -> URL { folder.appendingPathComponent("\(id.hex).key") }

    private func key(_ id: Hash32) throws -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: nodeSeed), salt: try NodeFolder.read(keyFile(id), limit: 32),
            info: Array("parley private check file 1".utf8), outputByteCount: 32)
    }
}
