import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

struct TermsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terms", abstract: "Draw up, read and accept the terms of a mechanism.",
        subcommands: [Draft.self, Show.self, Accept.self])

    struct Draft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw up terms from the parties' cards.",
            discussion: """
                Writes a readable file with a proposal for everything that the terms settle. Change it in any \
                editor before anybody accepts it; after that, not one byte.
                """)

        @Option(name: .customLong("party"), help: ArgumentHelp("A party's card. Once for each party.", valueName: "card.json"))
        var cards: [String]

        @Option(help: "Name of the mechanism.")
        var name: String

        @Option(help: ArgumentHelp("The file to write; it must not exist.", valueName: "terms.json"))
        var out: String

        @Option(help: "x-wing: bodies are encrypted to their audience; none: they are not.")
        var sealing: Sealing = .xWing

        @Option(help: ArgumentHelp("Western limit of the area, degrees.", valueName: "deg")) var west: Double?
        @Option(help: ArgumentHelp("Southern limit.", valueName: "deg")) var south: Double?
        @Option(help: ArgumentHelp("Eastern limit.", valueName: "deg")) var east: Double?
        @Option(help: ArgumentHelp("Northern limit.", valueName: "deg")) var north: Double?

        @Option(help: ArgumentHelp("Lowest ground of the area above mean sea level.", valueName: "m"))
        var terrainFloor: Double?
        @Option(help: ArgumentHelp("Highest ground of the area above mean sea level.", valueName: "m"))
        var terrainCeiling: Double?

        @Option(help: ArgumentHelp("Between heartbeats.", valueName: "s")) var heartbeat: Int64?
        @Option(help: ArgumentHelp("After which silence is UNKNOWN.", valueName: "s")) var staleAfter: Int64?
        @Option(help: ArgumentHelp("After which a desk is unstaffed.", valueName: "s")) var unstaffedAfter: Int64?
        @Option(help: ArgumentHelp("From when the terms hold; now if not given.", valueName: "time"))
        var effectiveAt: String = "now"

        @Flag(help: "Let the parties check plans against each other that neither has filed (docs/private-check.md).")
        var privateChecks = false

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            guard !FileManager.default.fileExists(atPath: out) else {
                throw CommandFailure(.unusableFile, "exists", "\(out) exists; it is not overwritten", field: "--out")
            }
            let parties = try cards.map { path in
                try usingFiles { try PartyCard(File.read(path)) }
            }
            let effective = try TimeText.parse(effectiveAt, option: "--effective-at")
            // To the second, so that people can read it out.
            let second = UTCInstant(microseconds: effective.microseconds.flooredQuotient(by: 1_000_000) * 1_000_000)
            var draft = TermsDraft(name: name, parties: parties, effectiveAt: second)
            draft.sealing = sealing
            if let west { draft.area.westDeg = west }
            if let south { draft.area.southDeg = south }
            if let east { draft.area.eastDeg = east }
            if let north { draft.area.northDeg = north }
            if let terrainFloor { draft.vertical.terrainFloorM = terrainFloor }
            if let terrainCeiling { draft.vertical.terrainCeilingM = terrainCeiling }
            if let heartbeat { draft.timing.heartbeatS = heartbeat }
            if let staleAfter { draft.timing.staleAfterS = staleAfter }
            if let unstaffedAfter { draft.timing.unstaffedAfterS = unstaffedAfter }
            if privateChecks { draft.privateCheck = TermsDraft.PrivateCheck() }
            let terms: Terms
            do throws(TermsRejection) {
                terms = try draft.terms()
            } catch {
                throw CommandFailure(.usage, "badTerms", error.sentence)
            }
            try usingFiles { try NodeFolder(path: ".").write(draft.bytes, to: URL(fileURLWithPath: out)) }
            Terminal.answer(
                json: ["file": .string(out), "fingerprint": .string(terms.fingerprint.hex)], asJSON: json,
                text: """
                    Terms in \(out). Read them, change what you did not agree, then compare:
                      \(Fingerprint.shown(terms.fingerprint))
                    """)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read terms: a summary, and the fingerprint that the parties compare.")

        @Argument(help: "The terms.") var file: String

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            let terms = try usingFiles { try Terms.read(try File.read(file), mechanism: nil) }
            Terminal.answer(
                json: [
                    "fingerprint": .string(terms.fingerprint.hex),
                    "terms": (try? StrictJSON.read(terms.bytes, limit: Limits.termsBytes)) ?? .null,
                ], asJSON: json, text: TermsSummary.text(terms))
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Accept terms for a node, once the fingerprint has been compared in person.",
            discussion: "The node signs its acceptance as the first record of its log when it is first served.")

        @Option(help: ArgumentHelp("The node's folder.", valueName: "dir"))
        var dir: String

        @Argument(help: "The terms.") var file: String

        @Option(help: ArgumentHelp("What the parties compared, with or without spaces.", valueName: "hex"))
        var fingerprint: String

        @Flag(help: "Answer in JSON.")
        var json = false

        func run() async throws {
            guard let wanted = Fingerprint.read(fingerprint) else {
                throw CommandFailure(.usage, "badFingerprint", "a fingerprint has 64 hexadecimal digits", field: "--fingerprint")
            }
            let terms = try usingKeys {
                try NodeSetup.accept(
                    try File.read(file), fingerprint: wanted, in: NodeFolder(path: dir, passphrase: KeyPrompt.source))
            }
            Terminal.answer(
                json: ["fingerprint": .string(terms.fingerprint.hex), "name": .string(terms.name)], asJSON: json,
                text: "Accepted: \(terms.name), version \(terms.version). Start the node: parley serve --dir \(dir)")
        }
    }
}

extension Sealing: ExpressibleByArgument {}

/// Files that people name on the command line.
enum File {
    static func read(_ path: String, limit: Int = Limits.requestBytes) throws -> [UInt8] {
        try NodeFolder(path: ".").read(URL(fileURLWithPath: path), limit: limit)
    }
}
