import ArgumentParser
import Evidence
import Foundation
import Kernel
import Records

@main
struct ParleyAudit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley-audit",
        abstract: "Checks an evidence bundle and says who knew what, when.",
        discussion: """
            Works offline and trusts nothing in the bundle. Answers with 0 when everything holds, 1 when the bundle is \
            refused, 2 when it was called wrongly.
            """)

    @Argument(help: "The bundle: one file, as `parley evidence` writes it.")
    var bundle: String

    @Option(help: "The mechanism's fingerprint, 64 hexadecimal digits, as the parties compared it in person.")
    var mechanism: String?

    @Option(
        help: ArgumentHelp(
            "A statement of assurance, as `parley assurance --statement` writes it: checked against the bundle's keys and heads.",
            valueName: "file"))
    var statement: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        var expected: MechanismID?
        if let mechanism {
            guard let fingerprint = Hash32(hex: mechanism.lowercased()) else {
                try ParleyAudit.end(.usage, "A mechanism's fingerprint has 64 hexadecimal digits.")
            }
            expected = fingerprint
        }
        let bytes: [UInt8]
        do { bytes = try ParleyAudit.read(bundle) } catch {
            try ParleyAudit.end(.usage, "\(bundle) cannot be read.")
        }
        if let statement { return try check(statement, against: bytes, expected) }
        let report: AuditReport
        do {
            report = try AuditReport.checking(bytes, mechanism: expected)
        } catch {
            if json { print(ParleyAudit.json(error).text) }
            try ParleyAudit.end(.refused, "Refused: \(error.sentence).")
        }
        print(json ? report.json.text : report.text, terminator: json ? "\n" : "")
    }

    private func check(_ statement: String, against bundle: [UInt8], _ mechanism: MechanismID?) throws {
        let note: [UInt8]
        do { note = try ParleyAudit.read(statement) } catch {
            try ParleyAudit.end(.usage, "\(statement) cannot be read.")
        }
        let report: StatementReport
        do {
            report = try StatementReport.checking(note, against: bundle, mechanism: mechanism)
        } catch let rejection as BundleRejection {
            if json { print(ParleyAudit.json(rejection).text) }
            try ParleyAudit.end(.refused, "Refused: \(rejection.sentence).")
        } catch let rejection as StatementRejection {
            if json { print(ParleyAudit.json(rejection).text) }
            try ParleyAudit.end(.refused, "Refused: \(rejection.sentence).")
        }
        print(json ? report.json.text : report.text, terminator: json ? "\n" : "")
    }

    private enum Answer: Int32 {
        case refused = 1
        case usage = 2
    }

    private static func end(_ answer: Answer, _ sentence: String) throws -> Never {
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
        throw ExitCode(answer.rawValue)
    }

    /// One byte more than the limit is enough to be refused by it.
    private static func read(_ path: String) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        return Array(try file.read(upToCount: BundleLimits.archiveBytes + 1) ?? Data())
    }

    private static func json(_ rejection: BundleRejection) -> JSONValue {
        [
            "parley": "audit v1", "holds": false, "name": .string(rejection.name), "path": .string(rejection.path),
            "sentence": .string(rejection.sentence),
        ]
    }

    private static func json(_ rejection: StatementRejection) -> JSONValue {
        [
            "parley": "statement audit v1", "holds": false, "name": .string(rejection.name),
            "sentence": .string(rejection.sentence),
        ]
    }

    /// ArgumentParser's own exit code for wrong usage is 64.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            let asked = exitCode(for: error) == .success
            let output = asked ? FileHandle.standardOutput : FileHandle.standardError
            output.write(Data((fullMessage(for: error) + "\n").utf8))
            Foundation.exit(asked ? 0 : Answer.usage.rawValue)
        }
    }
}
