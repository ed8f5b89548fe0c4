import ArgumentParser
import Foundation
import NodeRuntime
import Records

struct OfficerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "officer", abstract: "The officers of this desk.", subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an officer.",
            discussion: """
                While the node runs, an administrator signed in by --officer adds through the node; while it does \
                not, whoever may write its folder does. The new officer's passphrase is asked for, or taken from \
                PARLEY_NEW_PASSPHRASE.
                """)

        @OptionGroup var desk: DeskOptions

        @Option(name: .customLong("name"), help: "Name of the new officer.")
        var newOfficer: String

        @Option(help: "What the officer may do at the desk. A feed is a unit's own system, and has the unit's name.")
        var role: OfficerRole = .watchOfficer

        func run() async throws {
            let passphrase = try Environment["PARLEY_NEW_PASSPHRASE"] ?? Terminal.passphrase(for: newOfficer, isNew: true)
            if await DeskClient(url: try desk.url).isUp() {
                let body: JSONValue = [
                    "officer": .string(newOfficer), "passphrase": .string(passphrase), "role": .string(role.rawValue),
                ]
                _ = try await desk.withDesk { try await $0.post("/api/v1/officers", body) }
            } else {
                guard let dir = desk.dir ?? Environment["PARLEY_DIR"] else {
                    throw CommandFailure(.unreachable, "unreachable", "no node answers; give --dir", field: "--dir")
                }
                try usingFiles {
                    let folder = NodeFolder(path: dir)
                    _ = try NodeConfiguration.load(folder)
                    try OfficerAccounts(folder: folder).add(newOfficer, passphrase: passphrase, role: role)
                }
            }
            Terminal.answer(
                json: ["officer": .string(newOfficer), "role": .string(role.rawValue)], asJSON: desk.json,
                text: "\(newOfficer) is \(role.described) of this desk.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the officers, for an administrator.")

        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let answer = try await desk.withDesk { try await $0.get("/api/v1/officers") }
            var table = TextTable("officer", "role")
            for officer in answer.array("officers") {
                table.add(officer.string("officer") ?? "", officer.string("role") ?? "")
            }
            Terminal.answer(json: answer, asJSON: desk.json, text: table.text)
        }
    }
}

extension OfficerRole {
    fileprivate var described: String {
        switch self {
        case .watchOfficer: "a watch officer"
        case .releasingOfficer: "a releasing officer"
        case .commander: "a commander"
        case .auditor: "an auditor"
        case .administrator: "an administrator"
        case .feed: "a unit's own system at the feed"
        }
    }
}

struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in", abstract: "Sign in at a desk.",
        discussion: "The session is kept in the node's folder, readable by its owner only, for later commands.")

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        guard let officer = desk.officer ?? Environment["PARLEY_OFFICER"] else {
            throw CommandFailure(.usage, "officerMissing", "give --officer", field: "--officer")
        }
        let url = try desk.url
        let sessions = desk.sessionFile(url)
        try await desk.signIn(officer, url: url, sessions)
        let session = try await DeskClient(url: url, token: sessions.token(of: officer)).get("/api/v1/session")
        Terminal.answer(
            json: session, asJSON: desk.json,
            text: "\(officer) is signed in at \(url) until \(TimeText.shown(session["expiresAt"])).")
    }
}

struct SignOutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sign-out", abstract: "End the session at a desk.")

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        let url = try desk.url
        let sessions = desk.sessionFile(url)
        guard let officer = try desk.officer ?? Environment["PARLEY_OFFICER"] ?? sessions.onlyOfficer(),
            let token = sessions.token(of: officer)
        else { throw CommandFailure(.notSignedIn, "notSignedIn", "nobody is signed in here") }
        sessions.remove(officer)
        try await DeskClient(url: url, token: token).signOut()
        Terminal.answer(
            json: ["officer": .string(officer), "signedIn": false], asJSON: desk.json,
            text: "\(officer) is signed out.")
    }
}
