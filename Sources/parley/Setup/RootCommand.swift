import ArgumentParser
import Foundation
import JointLog
import Kernel
import NodeRuntime
import Records

struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "root", abstract: "A party's root keys: offline, they sign what replaces its node's keys.",
        discussion: """
            Made and used on a machine that has never been, and will never be, on a network. The ceremony stands in \
            docs/key-ceremony.md. Passphrases come from the file that PARLEY_PASSPHRASE_FILE names, or are typed.
            """,
        subcommands: [New.self, Public.self, Statement.self, Sign.self, Check.self])

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a root key.", discussion: "The file is encrypted unless --plain is given.")

        @Option(help: ArgumentHelp("The file to write; it must not exist.", valueName: "file"))
        var out: String

        @Flag(help: "Do not encrypt: the medium itself is locked away.")
        var plain = false

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            let key = try usingKeys {
                var random = SystemRandom()
                return try RootKeyFile.create(
                    URL(fileURLWithPath: out), passphrase: plain ? nil : try KeyPrompt.new(), random: &random)
            }
            Terminal.answer(
                json: ["publicKey": .string(key.hex)], asJSON: json,
                text: "Root key in \(out), its public key:\n  \(Fingerprint.shown(key))")
        }
    }

    struct Public: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the public key of a root key.")

        @Argument(help: "The root key's file.") var file: String

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            let key = try usingKeys {
                try RootKeyFile.open(URL(fileURLWithPath: file), KeyPrompt.source).publicKey
            }
            Terminal.answer(json: ["publicKey": .string(key.hex)], asJSON: json, text: Fingerprint.shown(key))
        }
    }

    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add one root key's signature line to a statement.",
            discussion: "Read what it prints before you carry the file away: this is what was signed.")

        @Argument(help: "The statement; the line is added to it.") var statement: String

        @Option(help: ArgumentHelp("The root key's file.", valueName: "file"))
        var key: String

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            let (signed, publicKey) = try usingKeys {
                let unsigned = try StatementFile.read(statement)
                let key = try RootKeyFile.open(URL(fileURLWithPath: key), KeyPrompt.source)
                guard try unsigned.signers(among: [key.publicKey]).isEmpty else {
                    throw CommandFailure(.refused, "signedBefore", "this key has signed \(statement) already")
                }
                let signed = unsigned.signed(by: key.publicKey, sign: key.sign)
                try StatementFile.write(signed, to: statement)
                return (signed, key.publicKey)
            }
            Terminal.answer(
                json: [
                    "publicKey": .string(publicKey.hex), "signatures": .integer(Int64(signed.signatureCount)),
                    "statement": .string(signed.encoded),
                ], asJSON: json,
                text: "\(KeyText.text(signed))\nSigned by \(Fingerprint.shown(publicKey)); lines: \(signed.signatureCount)")
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a signed statement against the terms.",
            discussion: "Whether it takes effect, each holder of the log decides by what it has cosigned.")

        @Argument(help: "The statement.") var statement: String

        @Option(help: ArgumentHelp("The terms.", valueName: "terms.json"))
        var terms: String

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            let (signed, verified) = try usingKeys {
                let terms = try Terms.read(try File.read(terms), mechanism: nil)
                let signed = try StatementFile.read(statement)
                return (signed, try signed.verified(by: terms))
            }
            Terminal.answer(
                json: [
                    "party": .string(verified.statement.party.name),
                    "sequence": .integer(Int64(verified.statement.sequence)),
                    "signers": .array(verified.signers.map { .string($0.hex) }),
                ], asJSON: json,
                text: """
                    \(KeyText.text(signed))
                    Signed by
                    \(verified.signers.map { "  " + Fingerprint.shown($0) }.joined(separator: "\n"))
                    """)
        }
    }
}
