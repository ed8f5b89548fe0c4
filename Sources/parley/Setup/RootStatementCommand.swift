import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

extension RootCommand {
    struct Statement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the text that root keys are to sign.", subcommands: [KeyChange.self, Epoch.self])
    }

    struct StatementOptions: ParsableArguments {
        @Option(help: ArgumentHelp("The terms.", valueName: "terms.json"))
        var terms: String

        @Option(help: ArgumentHelp("What `parley key new` wrote.", valueName: "keys.json"))
        var keys: String

        @Option(help: ArgumentHelp("Number of the statement, if not the one in --keys.", valueName: "n"))
        var sequence: UInt64?

        @Option(help: ArgumentHelp("The file to write; it must not exist.", valueName: "file"))
        var out: String

        @Flag(help: "Answer in JSON.")
        var json = false

        func write(_ statement: (Terms, PreparedKeys, _ sequence: UInt64) -> RootStatement) throws {
            guard !FileManager.default.fileExists(atPath: out) else {
                throw CommandFailure(.unusableFile, "exists", "\(out) exists; it is not overwritten", field: "--out")
            }
            let written = try usingKeys {
                let terms = try Terms.read(try File.read(terms), mechanism: nil)
                let keys = try PreparedKeys(try File.read(keys))
                let statement = statement(terms, keys, sequence ?? keys.sequence)
                // What no reader takes, nobody should carry to the root keys.
                guard RootStatement(text: statement.text) != nil else {
                    throw CommandFailure(.usage, "badStatement", "a number is out of its range, or the heads are not two")
                }
                do throws(RootStatementRejection) {
                    _ = try SignedRootStatement(statement).verified(by: terms)
                } catch {
                    if case .tooFewSignatures = error {} else { throw error }
                }
                let unsigned = SignedRootStatement(statement)
                try StatementFile.write(unsigned, to: out)
                return unsigned
            }
            Terminal.answer(
                json: ["file": .string(out), "text": .string(written.statement.text)], asJSON: json,
                text: "\(KeyText.text(written))\nTo be signed, in \(out): parley root sign \(out) --key <file>")
        }
    }
}

extension RootCommand.Statement {
    struct KeyChange: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key-change", abstract: "New keys of a node from a log index on.",
            discussion: """
                What stands below the index stays valid for ever. Peers refuse an index below what they have \
                cosigned, so name the size of the log as they hold it.
                """)

        @OptionGroup var options: RootCommand.StatementOptions

        @Option(help: ArgumentHelp("The first log index under the new key.", valueName: "index"))
        var from: UInt64

        @Option(help: "rotation, or revocation when the old keys are lost or stolen.")
        var reason: KeyChangeStatement.Reason

        func run() async throws {
            try options.write { terms, prepared, sequence in
                .keyChange(
                    KeyChangeStatement(
                        mechanism: terms.mechanism, party: prepared.party, sequence: sequence, from: from,
                        reason: reason, keys: prepared.keys))
            }
        }
    }

    struct Epoch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A new log after the old one was forked, citing both heads.")

        @OptionGroup var options: RootCommand.StatementOptions

        @Option(help: ArgumentHelp("Of the new log: one more than that of the forked one.", valueName: "n"))
        var epoch: UInt64

        @Option(help: ArgumentHelp("One head of the forked log.", valueName: "size:root"))
        var first: EpochStatement.Head

        @Option(help: ArgumentHelp("The other head.", valueName: "size:root"))
        var second: EpochStatement.Head

        func run() async throws {
            try options.write { terms, prepared, sequence in
                .epoch(
                    EpochStatement(
                        mechanism: terms.mechanism, party: prepared.party, sequence: sequence, epoch: epoch,
                        first: min(first, second), second: max(first, second), keys: prepared.keys))
            }
        }
    }
}

extension KeyChangeStatement.Reason: ExpressibleByArgument {}

extension EpochStatement.Head: ExpressibleByArgument {
    public init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let size = UInt64(parts[0]), let root = Fingerprint.read(String(parts[1])) else {
            return nil
        }
        self.init(size: size, root: root)
    }
}
