import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Rebuild a node's lost or damaged store from its peers.",
        discussion: """
            Needs the node's folder with its keys, configuration and terms; the peers' nodes run as usual. Reads every \
            log from every peer that answers, and what can still be read of the old store, verifies all of it, and puts \
            the new store in place only when it folds to the heads that the peers have signed for. The old one is kept \
            as parley.sqlite.lost-<n>. When anything fails, nothing has changed, and the command may be run again. \
            Afterwards start the node: it signs once its peers have confirmed the size of its log.
            """)

    @OptionGroup var node: KeyCommand.NodeOptions

    @Option(help: ArgumentHelp("Ask only this peer; may be given several times.", valueName: "party"))
    var from: [String] = []

    @Flag(help: "Take records whose body nobody who was asked holds any more. They stay without it.")
    var withoutBodies = false

    func run() async throws {
        let parties = try from.map { name in
            guard let party = PartyID(name) else {
                throw CommandFailure(.usage, "badParty", "\(name) is no party's short name", field: "--from")
            }
            return party
        }
        let bar = ProgressBar(asJSON: node.json)
        let restore = try usingKeys { try Restore(folder: NodeFolder(path: node.dir, passphrase: KeyPrompt.source)) }
        let start = ContinuousClock.now
        let result: Result<RestoreReport, any Error>
        do {
            result = .success(
                try await restore.run(from: parties, withoutBodies: withoutBodies) { progress in
                    switch progress {
                    case .gathering(let log, let done, let total): bar.show("gathering \(log)", done: done, total: total)
                    case .folding(let done, let total): bar.show("folding", done: done, total: total)
                    case .checking: bar.show("checking what was written")
                    }
                })
        } catch let failure as RestoreFailure {
            result = .failure(failure.commandFailure)
        } catch {
            result = .failure(error)
        }
        bar.end()
        let report = try usingKeys { try result.get() }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        Terminal.answer(
            json: RestoreCommand.json(report, seconds: seconds), asJSON: node.json,
            text: RestoreCommand.text(report, seconds: seconds, dir: node.dir))
    }

    static func json(_ report: RestoreReport, seconds: Double) -> JSONValue {
        [
            "records": .integer(Int64(report.records)), "bodiesMissing": .integer(Int64(report.bodiesMissing)),
            "outOfOrder": .integer(Int64(report.outOfOrder)), "seconds": .number((seconds * 1000).rounded() / 1000),
            "sources": .array(report.sources.map { .string($0.name) }),
            "logs": .array(
                report.logs.map {
                    [
                        "log": .string($0.id.description), "size": .integer(Int64($0.size)), "root": .string($0.root.hex),
                        "bodiesMissing": .integer(Int64($0.bodiesMissing)),
                    ]
                }),
            "problems": .array(report.problems.map { ["party": .string($0.party.name), "reason": .string($0.reason)] }),
            "lost": report.lost.map(JSONValue.string) ?? .null,
        ]
    }

    static func text(_ report: RestoreReport, seconds: Double, dir: String) -> String {
        var lines = report.logs.map { log in
            "\(log.id): \(log.size) records" + (log.bodiesMissing > 0 ? ", \(log.bodiesMissing) without their body" : "")
        }
        lines += report.problems.map { "not from \($0.party): \($0.reason)" }
        if report.bodiesMissing > 0 {
            lines.append("\(report.bodiesMissing) bodies are lost: no source holds them any more. Their records are proven and stay.")
        }
        if report.outOfOrder > 0 {
            lines.append("\(report.outOfOrder) records were taken before one that their author had seen.")
        }
        if let lost = report.lost { lines.append("The former store is kept: \(lost)") }
        let text = String(format: "%.1f", seconds)
        lines.append(
            "Restored \(report.records) records from \(report.sources.map(\.name).joined(separator: ", ")) in \(text) s. Start the node: parley serve --dir \(dir)")
        return lines.joined(separator: "\n")
    }
}

extension RestoreFailure {
    var commandFailure: CommandFailure {
        let status: ExitStatus =
            switch self {
            case .nodeRuns: .unusableFile
            case .noPeer, .headMissing: .unreachable
            case .unknownPeer: .usage
            case .termsDiffer, .bodiesMissing, .fork, .incomplete, .refused, .notTheSame: .refused
            }
        if case .bodiesMissing = self {
            return CommandFailure(
                status, name, "\(self). Ask again when every peer answers, or go on for good with --without-bodies",
                field: "--without-bodies")
        }
        return CommandFailure(status, name, description)
    }
}
