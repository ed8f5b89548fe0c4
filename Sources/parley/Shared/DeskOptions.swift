import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

/// Which node, as which officer, and in which form the answer is wanted.
struct DeskOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The node's folder.", valueName: "dir"))
    var dir: String?

    @Option(help: ArgumentHelp("The node's desk, instead of the one in its folder.", valueName: "url"))
    var desk: String?

    @Option(help: ArgumentHelp("The officer's name.", valueName: "name"))
    var officer: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    private var folder: NodeFolder? { (dir ?? Environment["PARLEY_DIR"]).map { NodeFolder(path: $0) } }

    private var officerName: String? { officer ?? Environment["PARLEY_OFFICER"] }

    var url: String {
        get throws {
            if let given = desk ?? Environment["PARLEY_DESK"] { return given }
            guard let folder else {
                throw CommandFailure(.usage, "deskMissing", "give --dir or --desk", field: "--dir")
            }
            return "http://\(try usingFiles { try NodeConfiguration.load(folder).desk })"
        }
    }

    func sessionFile(_ url: String) -> SessionFile {
        SessionFile(folder: folder?.url, desk: url)
    }

    /// Signs in if there is no session yet, and calls `body`; once more, signed in anew, when the session has
    /// run out meanwhile. A sign-in for this command alone is kept in the session file, so that the next command
    /// need not sign in again.
    func withDesk<Value>(_ body: (DeskClient) async throws -> Value) async throws -> Value {
        let url = try url
        let sessions = sessionFile(url)
        let officer = try officerName ?? sessions.onlyOfficer()
        if let token = officer.flatMap(sessions.token(of:)) {
            do {
                return try await body(DeskClient(url: url, token: token))
            } catch let failure as CommandFailure where failure.name == "notSignedIn" && canSignIn {
                // Falls through to a new sign-in.
            }
        }
        guard let officer, canSignIn else {
            throw CommandFailure(
                .notSignedIn, "notSignedIn",
                "sign in first (parley sign-in), or set PARLEY_OFFICER and PARLEY_PASSPHRASE")
        }
        let token = try await signIn(officer, url: url, sessions)
        return try await body(DeskClient(url: url, token: token))
    }

    private var canSignIn: Bool { Environment["PARLEY_PASSPHRASE"] != nil }

    /// - Returns: the session's token.
    @discardableResult
    func signIn(_ officer: String, url: String, _ sessions: SessionFile) async throws -> String {
        let passphrase = try Terminal.passphrase(for: officer)
        let session = try await DeskClient(url: url).signIn(officer, passphrase: passphrase)
        guard let token = session.string("token") else {
            throw CommandFailure(.unreachable, "notANode", "what answers at \(url) is not a Parley node")
        }
        try usingFiles { try sessions.save(session, officer: officer) }
        return token
    }
}

/// `session-<officer>` in a node's folder, or in `~/.parley/<desk>` when only the desk is known: the token of a
/// signed-in officer, readable by its owner only. Whoever has it acts in that officer's name until it expires.
struct SessionFile {
    let folder: URL
    let desk: String

    init(folder: URL?, desk: String) {
        self.desk = desk
        let home = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".parley")
        self.folder = folder ?? home.appendingPathComponent(SessionFile.escaped(desk))
    }

    private func file(_ officer: String) -> URL {
        folder.appendingPathComponent("session-\(SessionFile.escaped(officer))")
    }

    /// One path segment, whatever an officer is called.
    private static func escaped(_ text: String) -> String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? "officer"
    }

    func token(of officer: String) -> String? {
        guard let data = FileManager.default.contents(atPath: file(officer).path),
            let value = try? StrictJSON.read(Array(data), limit: 16 * 1024), value.string("desk") == desk
        else { return nil }
        return value.string("token")
    }

    /// The one officer who is signed in here, so that a desk of one need not name anybody.
    func onlyOfficer() throws -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let officers = names.filter { $0.hasPrefix("session-") }.compactMap {
            String($0.dropFirst(8)).removingPercentEncoding
        }
        guard officers.count < 2 else {
            throw CommandFailure(
                .usage, "officerMissing", "several officers are signed in here; say which one", field: "--officer")
        }
        return officers.first
    }

    func save(_ session: JSONValue, officer: String) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let value = session.with("desk", .string(desk))
        // Under a name of this process first: several commands may sign in at once.
        let own = folder.appendingPathComponent(".session-\(ProcessInfo.processInfo.processIdentifier)")
        try NodeFolder(path: folder.path).write(Array((value.text + "\n").utf8), to: own, secret: true)
        guard rename(own.path, file(officer).path) == 0 else {
            throw NodeFolderError.cannotWrite(file(officer).path, errno: errno)
        }
    }

    func remove(_ officer: String) { try? FileManager.default.removeItem(at: file(officer)) }
}
