import ArgumentParser
import Foundation
import Kernel
import Records

extension BenchCommand {
    struct Private: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A private check of two parties, processes of their own; both learn.",
            discussion: """
                Each party puts in N elements, half of which the other has too, and no dummies: MASK and REMASK hold N \
                points and the canaries instead of those of the size class, which is what the figures of other \
                programs mean too. `--padded` measures the protocol as it is. Processor time is the whole process's \
                from when its elements are there until the result is agreed: `maskAhead` is what can be done before \
                the other side is known, `rest` all else, reading and writing messages included. Not in it: making a \
                cover, signatures, sealing and storing. First one party masks alone, then the other, so the time on \
                the clock says what several cores bring; then they talk over pipes. Exits with 6 when a finding is \
                not the right one, or the limit is exceeded.
                """)

        @Option(name: .customLong("n"), help: ArgumentHelp("Elements of each side.", valueName: "n"))
        var count: Int = 100_000
        @Option(help: ArgumentHelp("Cores that a party may use; all when not given.", valueName: "n"))
        var cores: Int?
        @Flag(help: "With the dummies of the size class, as every real check.") var padded = false
        @Option(help: ArgumentHelp("Fail when a party takes more processor time.", valueName: "s"))
        var limitS: Double?
        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() async throws {
            guard (1...PrivateBench.most).contains(count) else {
                throw CommandFailure(.usage, "badCount", "1 to \(PrivateBench.most) elements", field: "--n")
            }
            guard (1...1_024).contains(cores ?? 1) else {
                throw CommandFailure(.usage, "badCount", "1 to 1024 cores", field: "--cores")
            }
            let bench = PrivateBench(count: count, cores: cores, isPadded: padded)
            let report = try await bench.measure()
            Terminal.say(report.json.prettyText)
            guard report.isRight else {
                throw CommandFailure(.stepFailed, "wrongFinding", "not the \(bench.shared) elements that both have")
            }
            if let limitS, report.processorS > limitS {
                let took = Measurement.rounded(report.processorS)
                throw CommandFailure(.stepFailed, "tooSlow", "a party took \(took) s, of \(limitS) s at most")
            }
        }
    }

    /// One party of ``Private``: messages on standard input and output, figures on standard error.
    struct PrivateParty: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "private-party", abstract: "One party of `bench private`, which starts it.",
            shouldDisplay: false)

        @Flag var initiator = false
        @Option(name: .customLong("n")) var count: Int
        @Option var cores: Int?
        @Flag var padded = false

        func run() async throws {
            guard (1...PrivateBench.most).contains(count) else { throw ExitStatus.usage }
            let bench = PrivateBench(count: count, cores: cores, isPadded: padded)
            let figures = try await PrivateParty.play(bench, isInitiator: initiator)
            Terminal.complain(figures.text + "\n")
        }
    }
}
