import ArgumentParser
import Foundation
import NodeRuntime
import Records

struct FsckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck", abstract: "Check everything that a node has on disk.",
        discussion: """
            Reads and hashes every row again, folds the journal and compares what comes of it with the stored trees, \
            looks for every conflict anew on all cores and compares, and verifies every signature over records and heads whose key is known. Changes nothing, and refuses while \
            the node runs. Exits with 0 when all is as it was written, with 5 when damage was found; each finding has a \
            stable name. `parley restore` rebuilds a damaged store. A fork that somebody has signed is listed, and is no \
            damage: the store keeps it as evidence.
            """)

    @OptionGroup var node: KeyCommand.NodeOptions

    func run() async throws {
        let bar = ProgressBar(asJSON: node.json)
        let report = try usingKeys {
            defer { bar.end() }
            let folder = NodeFolder(path: node.dir, passphrase: KeyPrompt.source)
            return try StoreCheck(folder: folder).run { progress in
                switch progress {
                case .reading(let done, let total): bar.show("reading", done: done, total: total)
                case .folding: bar.show("folding the journal")
                case .conflicts(let done, let total): bar.show("conflicts", done: done, total: total)
                case .signatures(let done, let total): bar.show("signatures", done: done, total: total)
                }
            }
        }
        Terminal.answer(json: FsckCommand.json(report), asJSON: node.json, text: FsckCommand.text(report))
        guard report.isClean else { throw ExitStatus.found }
    }

    static func json(_ report: StoreCheckReport) -> JSONValue {
        [
            "clean": .bool(report.isClean),
            "logs": .array(
                report.logs.map { ["log": .string($0.id.description), "size": .integer(Int64($0.size))] }),
            "notes": .integer(Int64(report.notes)), "journal": .integer(Int64(report.journal)),
            "findings": .array(
                report.findings.map {
                    ["name": .string($0.name), "damage": .bool($0.isDamage), "detail": .string($0.sentence)]
                }),
        ]
    }

    static func text(_ report: StoreCheckReport) -> String {
        var lines = report.findings.map { "\($0.isDamage ? "damaged" : "noted"): \($0.name): \($0.sentence)" }
        let records = report.logs.reduce(0) { $0 + $1.size }
        lines.append(
            report.isClean
                ? "Clean: \(records) records in \(report.logs.count) logs, \(report.notes) signed heads and receipts, \(report.journal) events."
                : "Damaged. Keep the folder as it is, and rebuild the store from the peers: parley restore")
        return lines.joined(separator: "\n")
    }
}
