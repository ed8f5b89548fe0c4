import Crypto
import CryptoExtras
import Dispatch
import Foundation
import Kernel
import Records
import Synchronization

public enum OfficerRole: String, Sendable, Hashable, CaseIterable {
    /// Serves the desk.
    case watchOfficer
    /// Is rung next, and may be the second officer of an act.
    case releasingOfficer
    /// The next rank.
    case commander
    /// Reads everything and does nothing.
    case auditor
    /// Officers, keys and consoles as well.
    case administrator
    /// A unit's own system, which confirms what it has and does nothing else.
    case feed

    /// Whether it may act for the desk.
    public var acts: Bool {
        switch self {
        case .watchOfficer, .releasingOfficer, .commander, .administrator: true
        case .auditor, .feed: false
        }
    }
}

/// A signed-in officer.
public struct OfficerSession: Sendable, Hashable {
    public let officer: String
    public let role: OfficerRole
    /// Secret: 256 random bits, base64.
    public let token: String
    public let expiresAt: UTCInstant
}

/// Officers of one desk: names, scrypt hashes of passphrases, roles in `officers.json`; sessions and lockouts
/// in memory.
public final class OfficerAccounts: Sendable {
    private struct Account: Sendable {
        let name: String
        let role: OfficerRole
        let salt: [UInt8]
        let hash: [UInt8]
    }

    private struct State: Sendable {
        var accounts: [String: Account] = [:]
        var sessions: [String: OfficerSession] = [:]
        var failures: [String: Int] = [:]
        var lockedUntil: [String: MonotonicInstant] = [:]
    }

    public enum Refusal: Error, Sendable {
        case wrongNameOrPassphrase
        case lockedOut(seconds: Int64)
        case nameTaken
        /// 1 to ``Limits/officerNameBytes`` bytes, no control characters.
        case badName
        /// At least 10 bytes, at most 1 024.
        case badPassphrase
        case tooManySessions
        /// Too many passphrases wait to be checked.
        case tooManySignIns
    }

    // scrypt, as RFC 7914 recommends for interactive use: 16 MiB and tens of milliseconds.
    private static let rounds = 1 << 14
    private static let blockSize = 8

    private let folder: NodeFolder
    private let state: Mutex<State>
    /// One passphrase after another, on a thread of their own: a rush of sign-ins must not starve the driver.
    private let hashing = DispatchQueue(label: "parley.passphrases", qos: .utility)
    private let hashesWaiting = Mutex(0)

    public init(folder: NodeFolder) throws {
        self.folder = folder
        var state = State()
        if FileManager.default.fileExists(atPath: folder.officers.path) {
            let value = try StrictJSON.read(folder.read(folder.officers), limit: 1 << 20)
            var reader = try FieldReader(value)
            for (i, element) in try reader.array("officers").enumerated() {
                var account = try FieldReader(element, path: "officers[\(i)]")
                let name = try account.string("name", limit: Limits.officerNameBytes)
                state.accounts[name] = Account(
                    name: name, role: try account.word("role", OfficerRole.self),
                    salt: [UInt8](base64: try account.string("salt")) ?? [],
                    hash: [UInt8](base64: try account.string("hash")) ?? [])
                try account.finish()
            }
            try reader.finish()
        }
        self.state = Mutex(state)
    }

    public var officers: [(name: String, role: OfficerRole)] {
        state.withLock { $0.accounts.values.sorted { $0.name < $1.name }.map { ($0.name, $0.role) } }
    }

    public func add(_ name: String, passphrase: String, role: OfficerRole) throws {
        guard (1...Limits.officerNameBytes).contains(name.utf8.count),
            name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw Refusal.badName }
        guard (10...1_024).contains(passphrase.utf8.count) else { throw Refusal.badPassphrase }
        let salt = OfficerAccounts.random(16)
        let account = Account(
            name: name, role: role, salt: salt, hash: try OfficerAccounts.scrypt(passphrase, salt: salt))
        let json = try state.withLock { state in
            guard state.accounts[name] == nil else { throw Refusal.nameTaken }
            state.accounts[name] = account
            return OfficerAccounts.json(state)
        }
        try folder.write(Array(json.prettyText.utf8), to: folder.officers, secret: true)
    }

    /// As ``signIn(_:passphrase:now:)``, in turn with others and without holding up anybody else.
    public func signInInTurn(_ name: String, passphrase: String, clock: SystemClock) async throws -> OfficerSession {
        let mayWait = hashesWaiting.withLock { waiting in
            guard waiting < Limits.signInsWaiting else { return false }
            waiting += 1
            return true
        }
        guard mayWait else { throw Refusal.tooManySignIns }
        return try await withCheckedThrowingContinuation { continuation in
            hashing.async { [self] in
                let result = Result { try signIn(name, passphrase: passphrase, now: clock.now) }
                hashesWaiting.withLock { $0 -= 1 }
                continuation.resume(with: result)
            }
        }
    }

    /// An unknown name costs as much time as a wrong passphrase, and says the same.
    func signIn(_ name: String, passphrase: String, now: Now) throws -> OfficerSession {
        let account = try state.withLock { state in
            if let until = state.lockedUntil[name], until > now.monotonic {
                throw Refusal.lockedOut(seconds: Int64(until.duration(since: now.monotonic).inSeconds) + 1)
            }
            return state.accounts[name]
        }
        let hash = try OfficerAccounts.scrypt(passphrase, salt: account?.salt ?? [UInt8](repeating: 0, count: 16))
        guard let account, OfficerAccounts.isSame(hash, account.hash) else {
            state.withLock { state in
                // Names that do not exist are not remembered, or anybody could fill the memory.
                guard state.accounts[name] != nil else { return }
                state.failures[name, default: 0] += 1
                if state.failures[name, default: 0] >= Limits.signInAttempts {
                    state.failures[name] = 0
                    state.lockedUntil[name] = now.monotonic.advanced(by: Limits.signInLockout)
                }
            }
            throw Refusal.wrongNameOrPassphrase
        }
        let session = OfficerSession(
            officer: account.name, role: account.role, token: OfficerAccounts.random(32).base64,
            expiresAt: now.utc.advanced(by: Limits.sessionLifetime))
        try state.withLock { state in
            state.failures[name] = nil
            state.sessions = state.sessions.filter { $0.value.expiresAt > now.utc }
            guard state.sessions.count < Limits.sessionsPerNode else { throw Refusal.tooManySessions }
            state.sessions[session.token] = session
        }
        return session
    }

    public func session(_ token: String, now: Now) -> OfficerSession? {
        state.withLock { $0.sessions[token] }.flatMap { $0.expiresAt > now.utc ? $0 : nil }
    }

    public func signOut(_ token: String) { state.withLock { _ = $0.sessions.removeValue(forKey: token) } }

    private static func json(_ state: State) -> JSONValue {
        [
            "officers": .array(
                state.accounts.values.sorted { $0.name < $1.name }.map { account in
                    [
                        "name": .string(account.name), "role": .string(account.role.rawValue),
                        "salt": .string(account.salt.base64), "hash": .string(account.hash.base64),
                    ]
                })
        ]
    }

    private static func scrypt(_ passphrase: String, salt: [UInt8]) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(passphrase.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize,
            parallelism: 1)
        return key.withUnsafeBytes { Array($0) }
    }

    private static func random(_ count: Int) -> [UInt8] {
        var random = SystemRandom()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// Without an early exit that would tell how much was right.
    private static func isSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
