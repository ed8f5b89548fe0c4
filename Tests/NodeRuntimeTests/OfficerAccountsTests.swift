import Foundation
import Kernel
import Testing

@testable import NodeRuntime

@Suite("officers")
struct OfficerAccountsTests {
    private func folder() throws -> NodeFolder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
        let folder = NodeFolder(path: path)
        try folder.create()
        return folder
    }

    private func now(_ seconds: Int64) -> Now {
        Now(
            utc: UTCInstant(microseconds: seconds * 1_000_000),
            monotonic: MonotonicInstant(nanoseconds: seconds * 1_000_000_000))
    }

    @Test("an officer signs in by name and passphrase, also after the file was read again")
    func signIn() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.url) }
        let accounts = try OfficerAccounts(folder: folder)
        try accounts.add("anna", passphrase: "a long passphrase", role: .watchOfficer)
        for accounts in [accounts, try OfficerAccounts(folder: folder)] {
            let session = try accounts.signIn("anna", passphrase: "a long passphrase", now: now(0))
            #expect(accounts.session(session.token, now: now(10))?.officer == "anna")
            #expect(accounts.session(session.token, now: now(13 * 3600)) == nil)
        }
        #expect(throws: OfficerAccounts.Refusal.self) {
            try accounts.signIn("anna", passphrase: "another passphrase", now: now(0))
        }
        #expect(throws: OfficerAccounts.Refusal.self) {
            try accounts.signIn("nobody", passphrase: "a long passphrase", now: now(0))
        }
    }

    @Test("five wrong passphrases lock the officer out, the right one included, for five minutes")
    func lockout() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.url) }
        let accounts = try OfficerAccounts(folder: folder)
        try accounts.add("anna", passphrase: "a long passphrase", role: .watchOfficer)
        for _ in 0..<Limits.signInAttempts {
            _ = try? accounts.signIn("anna", passphrase: "a wrong passphrase", now: now(0))
        }
        #expect(throws: OfficerAccounts.Refusal.self) {
            try accounts.signIn("anna", passphrase: "a long passphrase", now: now(299))
        }
        _ = try accounts.signIn("anna", passphrase: "a long passphrase", now: now(301))
    }

    @Test("the file holds no passphrase and is readable by its owner only")
    func fileAtRest() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.url) }
        try OfficerAccounts(folder: folder).add("anna", passphrase: "a long passphrase", role: .administrator)
        let text = String(decoding: try folder.read(folder.officers), as: UTF8.self)
        #expect(!text.contains("a long passphrase"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.officers.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a private key that others can read is refused by name")
    func openKey() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder.url) }
        var random = SystemRandom()
        _ = try NodeKeys.create(in: folder, name: "alpha", random: &random)
        _ = try NodeKeys.load(folder)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.nodeKey.path)
        #expect(throws: NodeFolderError.self) { try NodeKeys.load(folder) }
    }
}
