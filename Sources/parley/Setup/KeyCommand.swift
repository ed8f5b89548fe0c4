import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records
import StorageSQLite

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "This node's keys: protect them, prepare new ones, put new ones in force.",
        discussion: """
            Passphrases come from the file that PARLEY_PASSPHRASE_FILE names, or are typed; never from the command \
            line. How keys are changed between parties: docs/key-ceremony.md.
            """,
        subcommands: [Show.self, Encrypt.self, Decrypt.self, New.self, Activate.self, Receive.self])

    struct NodeOptions: ParsableArguments {
        @Option(name: [.customLong("dir"), .customLong("node")], help: ArgumentHelp("The node's folder.", valueName: "dir"))
        var dir: String

        @Flag(help: "Answer in JSON.")
        var json = false

        /// A folder that holds a node, with the terms that it has accepted.
        func folder() throws -> (NodeFolder, NodeConfiguration, Terms) {
            let folder = NodeFolder(path: dir, passphrase: KeyPrompt.source)
            let configuration = try NodeConfiguration.load(folder)
            return (folder, configuration, try Terms.read(try folder.read(folder.terms), mechanism: nil))
        }
    }

    /// - Throws: `StoreError.locked` while the node runs: nobody else may hold its store.
    private static func size(of log: LogID, in folder: NodeFolder) throws -> UInt64 {
        guard FileManager.default.fileExists(atPath: folder.store.path) else { return 0 }
        let store = try SQLiteStore(path: folder.store.path)
        defer { store.close() }
        return try store.size(of: log)
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a stopped node's public keys in force, and the size of its log.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            let (history, size) = try usingKeys {
                let (folder, configuration, terms) = try node.folder()
                let history = try folder.keyHistory(configuration.party, terms: terms)
                return (history, try KeyCommand.size(of: history.log, in: folder))
            }
            let current = history.current
            Terminal.answer(
                json: [
                    "log": .string(history.log.description), "size": .integer(Int64(size)),
                    "from": .integer(Int64(current.from)), "sequence": .integer(Int64(current.sequence)),
                    "node": .string(current.keys.node.hex), "tls": .string(current.keys.tls.hex),
                    "seal": current.keys.seal.map { .string($0.base64) } ?? .null,
                ], asJSON: node.json,
                text: """
                    Log \(history.log), size \(size); keys in force from index \(current.from), by statement \(current.sequence)
                    \(KeyText.lines(current.keys))
                    """)
        }
    }

    struct Encrypt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Encrypt the private keys under one passphrase.",
            discussion: "Without the passphrase the node cannot be started and the keys cannot be recovered.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try usingKeys {
                let folder = NodeFolder(path: node.dir, passphrase: KeyPrompt.source)
                _ = try NodeConfiguration.load(folder)
                try folder.keys.encrypt(try KeyPrompt.new())
            }
            Terminal.answer(json: ["encrypted": true], asJSON: node.json, text: "The private keys are encrypted.")
        }
    }

    struct Decrypt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the private keys as they are, mode 0600.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try usingKeys {
                let folder = NodeFolder(path: node.dir, passphrase: KeyPrompt.source)
                _ = try NodeConfiguration.load(folder)
                try folder.keys.decrypt(KeyPrompt.source)
            }
            Terminal.answer(json: ["encrypted": false], asJSON: node.json, text: "The private keys are not encrypted.")
        }
    }

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prepare new node, TLS and sealing keys beside those in force.",
            discussion: """
                The private keys stay in keys/next. The public ones go to --out, for the machine on which the root \
                keys sign a statement that names them. Nothing changes until `key activate`.
                """)

        @OptionGroup var node: NodeOptions

        @Option(help: ArgumentHelp("The file to write for the root keys; it must not exist.", valueName: "keys.json"))
        var out: String

        func run() async throws {
            guard !FileManager.default.fileExists(atPath: out) else {
                throw CommandFailure(.unusableFile, "exists", "\(out) exists; it is not overwritten", field: "--out")
            }
            let prepared = try usingKeys {
                let (folder, configuration, terms) = try node.folder()
                let sequence = try folder.keyHistory(configuration.party, terms: terms).sequence + 1
                var random = SystemRandom()
                let made = try folder.prepareKeys(name: configuration.name, random: &random)
                let keys = NodePublicKeys(
                    node: made.node, tls: made.tls, seal: terms.sealing == .xWing ? made.seal : nil)
                let file = PreparedKeys(party: configuration.party, sequence: sequence, keys: keys)
                try folder.write(Array(file.json.prettyText.utf8), to: URL(fileURLWithPath: out))
                return file
            }
            Terminal.answer(
                json: prepared.json, asJSON: node.json,
                text: """
                    New keys of \(prepared.party) in keys/next, their public part in \(out)
                    \(KeyText.lines(prepared.keys))
                    Stop the node, read its log's size (parley key show), then at the root keys:
                      parley root statement key-change --keys \(out) --from <size> …
                    """)
        }
    }

    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put the prepared keys in force, once enough root keys have signed. The node must not run.",
            discussion: """
                The statement must name the prepared keys and begin exactly at the end of this node's log. The old \
                node key is removed; the old sealing key stays, to open what was sealed to it, and the old TLS key \
                until the next change, for peers that do not have the statement yet. When it is interrupted, run it \
                again.
                """)

        @OptionGroup var node: NodeOptions

        @Argument(help: "The signed statement.") var statement: String

        func run() async throws {
            let verified = try usingKeys {
                let (folder, configuration, terms) = try node.folder()
                let verified = try StatementFile.read(statement).verified(by: terms)
                guard verified.statement.party == configuration.party else { throw KeyHistoryRejection.notThisLog }
                let log = try folder.keyHistory(configuration.party, terms: terms).log
                try folder.activate(verified, terms: terms, size: try KeyCommand.size(of: log, in: folder))
                return verified
            }
            Terminal.answer(
                json: ["sequence": .integer(Int64(verified.statement.sequence)), "statement": .string(verified.note)],
                asJSON: node.json,
                text: """
                    In force, by \(verified.signers.count) root keys:
                    \(KeyText.lines(verified.statement.keys))
                    Start the node: parley serve --dir \(node.dir)
                    """)
        }
    }
    struct Receive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take another party's signed statement, which came by hand, into this node's folder.",
            discussion: """
                A node brings its statements itself, under the TLS key that its peers know; this is for when that \
                key is lost. The node judges the statement when it starts: one that would disown what it has \
                cosigned has no effect.
                """)

        @OptionGroup var node: NodeOptions

        @Argument(help: "The signed statement.") var statement: String

        func run() async throws {
            let (signed, verified) = try usingKeys {
                let (folder, configuration, terms) = try node.folder()
                let signed = try StatementFile.read(statement)
                let verified = try signed.verified(by: terms)
                guard verified.statement.party != configuration.party else {
                    throw CommandFailure(.refused, "ownStatement", "our own statements take effect by parley key activate")
                }
                try folder.receive(verified, terms: terms)
                return (signed, verified)
            }
            Terminal.answer(
                json: [
                    "party": .string(verified.statement.party.name),
                    "sequence": .integer(Int64(verified.statement.sequence)),
                ], asJSON: node.json,
                text: """
                    \(KeyText.text(signed))
                    Kept, by \(verified.signers.count) root keys. Start the node again to put it in force.
                    """)
        }
    }
}
