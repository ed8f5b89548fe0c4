import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new node: its folder, its keys, its card and its first administrator.",
        discussion: """
            Writes node.json, keys/, officers.json and party.json. The card, party.json, is what you hand to the \
            other parties, in person: nothing in it is secret, but nobody must exchange it on the way. The \
            administrator's passphrase is asked for, or taken from PARLEY_PASSPHRASE. Name the public keys of root \
            keys that were made offline (`parley root new`): without them a lost or stolen key ends the mechanism.
            """)

    @Option(help: ArgumentHelp("Short name of the party: small letters, digits, hyphens.", valueName: "id"))
    var party: String

    @Option(help: "Name of the party as people read it.")
    var name: String

    @Option(help: "principal or mediator.")
    var role: TermsParty.Role

    @Option(help: ArgumentHelp("A folder that holds no node yet.", valueName: "dir"))
    var dir: String

    @Option(help: ArgumentHelp("Where officers reach this node.", valueName: "host:port"))
    var desk: NodeConfiguration.Endpoint

    @Option(help: ArgumentHelp("Where this node listens for its peers.", valueName: "host:port"))
    var peers: NodeConfiguration.Endpoint

    @Option(help: ArgumentHelp("Where its peers reach it, if that differs from --peers.", valueName: "host:port"))
    var address: NodeConfiguration.Endpoint?

    @Option(help: ArgumentHelp("Name of the first administrator.", valueName: "name"))
    var officer: String

    @Option(name: .customLong("root"), help: ArgumentHelp("A root key's public key. Once for each.", valueName: "hex"))
    var roots: [String] = []

    @Option(help: ArgumentHelp("How many root keys must sign; all of them if not given.", valueName: "n"))
    var rootThreshold: Int?

    @Flag(help: "Encrypt the private keys; the passphrase comes from PARLEY_PASSPHRASE_FILE or is typed.")
    var encryptKeys = false

    @Flag(help: "Answer in JSON.")
    var json = false

    private func rootKeys() throws -> RootKeys? {
        if roots.isEmpty, rootThreshold == nil { return nil }
        let keys = roots.compactMap(Fingerprint.read)
        guard keys.count == roots.count, let roots = RootKeys(threshold: rootThreshold ?? keys.count, keys: keys) else {
            throw CommandFailure(
                .usage, "badRoots",
                "1 to \(Limits.rootKeys) distinct Ed25519 public keys, and a threshold of 1 to their number", field: "--root")
        }
        return roots
    }

    func run() async throws {
        guard let id = PartyID(party) else {
            throw CommandFailure(
                .usage, "badParty", "1 to \(Limits.partyIDBytes) small letters, digits and hyphens, a letter first",
                field: "--party")
        }
        guard (1...100).contains(name.utf8.count) else {
            throw CommandFailure(.usage, "badName", "1 to 100 bytes", field: "--name")
        }
        let roots = try rootKeys()
        let passphrase = try Terminal.passphrase(for: officer, isNew: true)
        let configuration = NodeConfiguration(
            party: id, name: name, role: role, desk: desk, peers: peers, address: address ?? peers)
        let card = try usingKeys {
            try NodeSetup.create(
                NodeFolder(path: dir), configuration, officers: [(officer, passphrase, .administrator)], roots: roots,
                keyPassphrase: encryptKeys ? try KeyPrompt.new() : nil)
        }
        let folder = NodeFolder(path: dir)
        Terminal.answer(
            json: ["party": .string(id.name), "dir": .string(folder.url.path), "card": card.json], asJSON: json,
            text: """
                Node of \(name) in \(folder.url.path)
                Its card: \(folder.card.path)
                \(KeyText.lines(card.publicKeys))
                  STOP key  \(Fingerprint.shown(card.stopKey))
                  ML-DSA    \(Fingerprint.shown(card.postQuantumKey.hash))
                \(KeyText.lines(card.roots))
                Hand the card to the other parties, then draw up the terms: parley terms draft
                """)
    }
}

/// Makes nodes, for `init` and for the demonstration alike.
enum NodeSetup {
    typealias Officer = (name: String, passphrase: String, role: OfficerRole)

    /// - Returns: the card that the other parties need.
    static func create(
        _ folder: NodeFolder, _ configuration: NodeConfiguration, officers: [Officer], roots: RootKeys? = nil,
        keyPassphrase: KeyPassphrase? = nil
    ) throws -> PartyCard {
        try folder.create()
        var random = SystemRandom()
        let keys = try NodeKeys.create(
            in: folder, name: configuration.name, random: &random, passphrase: keyPassphrase)
        let card = PartyCard(configuration, keys, roots: roots)
        try folder.write(Array(card.json.prettyText.utf8), to: folder.card)
        let accounts = try OfficerAccounts(folder: folder)
        for officer in officers { try accounts.add(officer.name, passphrase: officer.passphrase, role: officer.role) }
        // Last, because its presence makes the folder a node: what failed before can be tried again.
        try folder.write(Array(configuration.json.prettyText.utf8), to: folder.configuration)
        return card
    }

    /// Copies terms into the folder once they are what was agreed and this node is in them.
    static func accept(_ bytes: [UInt8], fingerprint: Hash32, in folder: NodeFolder) throws -> Terms {
        let terms = try Terms.read(bytes, mechanism: nil)
        guard terms.fingerprint == fingerprint else {
            throw CommandFailure(
                .refused, "fingerprintDiffers",
                "the file's fingerprint is \(Fingerprint.shown(terms.fingerprint)); it is not what you agreed",
                field: "--fingerprint")
        }
        let configuration = try NodeConfiguration.load(folder)
        let keys = try NodeKeys.load(folder)
        guard let own = terms.party(configuration.party), keys.areNamed(by: own), own.role == configuration.role else {
            throw CommandFailure(
                .refused, "notOurTerms", "the terms do not name \(configuration.party) with this node's keys and role")
        }
        _ = try GeoidFile.reference(for: terms)
        if let held = try? folder.read(folder.terms), held != bytes {
            throw CommandFailure(.refused, "otherTermsAccepted", "\(folder.terms.path) holds other terms already")
        }
        try folder.write(bytes, to: folder.terms)
        return terms
    }
}

/// Fingerprints and keys in groups of four digits, as people compare them over a table.
enum Fingerprint {
    static func shown(_ hash: Hash32) -> String {
        let digits = Array(hash.hex)
        return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<min($0 + 4, digits.count)]) }
            .joined(separator: " ")
    }

    /// Reads it back, with or without spaces.
    static func read(_ text: String) -> Hash32? {
        Hash32(hex: String(text.lowercased().filter { !$0.isWhitespace && $0 != "-" }))
    }
}

extension TermsParty.Role: ExpressibleByArgument {}
extension OfficerRole: ExpressibleByArgument {}

extension NodeConfiguration.Endpoint: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
