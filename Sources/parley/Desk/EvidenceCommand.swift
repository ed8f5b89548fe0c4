import ArgumentParser
import Foundation
import NodeRuntime
import Records

struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Write a bundle that proves who said what, when, and who held it.",
        discussion: """
            One tar file that a person can unpack and parley-audit checks offline. Without --notice, --conflict or \
            --from and --to it holds everything. --bodies withheld proves order, time and receipt without the contents.
            """)

    @OptionGroup var desk: DeskOptions
    @Option(help: "Where to write it.") var out: String
    @Option(help: "The records of one notice.") var notice: String?
    @Option(help: "The records of one conflict's two notices, or as much of its id as tells it from others.")
    var conflict: String?
    @Option(help: "From this time on, by the authors' clocks.") var from: String?
    @Option(help: "Until this time.") var to: String?
    @Option(help: "open, withheld or sealed (with the key of each record).") var bodies: String = "open"

    func run() async throws {
        let file = URL(fileURLWithPath: out)
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw CommandFailure(.unusableFile, "exists", "\(out) exists; it is not overwritten", field: "--out")
        }
        let bytes = try await desk.withDesk { client in
            var query = ["bodies=\(bodies.asPathSegment)"]
            if let notice { query.append("notice=\(notice.asPathSegment)") }
            if let conflict { query.append("conflict=\(try await ConflictCommand.whole(conflict, client))") }
            if let from { query.append("from=\(try TimeText.parse(from, option: "--from").rfc3339.asPathSegment)") }
            if let to { query.append("to=\(try TimeText.parse(to, option: "--to").rfc3339.asPathSegment)") }
            return try await client.bytes("/api/v1/evidence?" + query.joined(separator: "&"))
        }
        try usingFiles { try NodeFolder(path: ".").write(bytes, to: file) }
        Terminal.answer(
            json: ["file": .string(out), "bytes": .integer(Int64(bytes.count))], asJSON: desk.json,
            text: "\(bytes.count) bytes in \(out). Check it: parley-audit \(out)")
    }
}

struct SignUnconfirmedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-unconfirmed",
        abstract: "Let the node sign although no peer has confirmed its log. For administrators.",
        discussion: """
            After every start a node signs nothing until its peers have said how much of its log they hold: signing \
            from an old copy is a fork that cannot be undone. Do this only when you know that the disk is the newest one.
            """)

    @OptionGroup var desk: DeskOptions
    @Option(help: "Why; it rings at the desk.") var reason: String

    func run() async throws {
        let answer = try await desk.withDesk { try await $0.post("/api/v1/signing", ["reason": .string(reason)]) }
        Terminal.answer(json: answer, asJSON: desk.json, text: "The node signs.")
    }
}
