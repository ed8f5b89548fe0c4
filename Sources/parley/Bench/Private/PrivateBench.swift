import Foundation
import Kernel
import PrivateCheck
import Records

/// Two parties of one private check, processes of this program joined by two pipes.
struct PrivateBench: Sendable {
    let count: Int
    /// Of each party; `nil` for all.
    let cores: Int?
    let isPadded: Bool

    /// What the largest size class has room for.
    static let most = (1 << Limits.privateCheckClasses.upperBound) - Limits.privateCheckCanaries

    /// Elements that both have.
    var shared: Int { count - count / 2 }

    /// The smallest that has room.
    var sizeClass: Int {
        Limits.privateCheckClasses.first { (1 << $0) - Limits.privateCheckCanaries >= count }
            ?? Limits.privateCheckClasses.upperBound
    }

    func measure() async throws -> PrivateBenchReport {
        let (toResponder, toInitiator) = (Pipe(), Pipe())
        let start = ContinuousClock.now
        let initiator = try Party(self, isInitiator: true, input: toInitiator, output: toResponder)
        let responder = try Party(self, isInitiator: false, input: toResponder, output: toInitiator)
        // The parties alone hold the ends now, so that each sees when the other is gone.
        for pipe in [toResponder, toInitiator] {
            try pipe.fileHandleForReading.close()
            try pipe.fileHandleForWriting.close()
        }
        let figures = [try await initiator.figures(), try await responder.figures()]
        return PrivateBenchReport(bench: self, parties: figures, took: ContinuousClock.now - start)
    }

    private struct Party: Sendable {
        let process: Process
        let figuresPipe: Pipe

        init(_ bench: PrivateBench, isInitiator: Bool, input: Pipe, output: Pipe) throws {
            process = Process()
            figuresPipe = Pipe()
            process.executableURL = try LocalNode.program()
            process.arguments = ["bench", "private-party", "--n", String(bench.count)]
                + (isInitiator ? ["--initiator"] : []) + (bench.isPadded ? ["--padded"] : [])
                + (bench.cores.map { ["--cores", String($0)] } ?? [])
            process.standardInput = input
            process.standardOutput = output
            process.standardError = figuresPipe
            try process.run()
            try figuresPipe.fileHandleForWriting.close()
        }

        /// What the party says at its end; its only line.
        func figures() async throws -> JSONValue {
            let reading = figuresPipe.fileHandleForReading
            let said = try await Task.detached { try reading.readToEnd() ?? Data() }.value
            process.waitUntilExit()
            guard process.terminationStatus == 0,
                let figures = try? StrictJSON.read(Array(said), limit: 16 * 1_024)
            else {
                throw CommandFailure(
                    .stepFailed, "stepFailed", "a party ended early: \(String(decoding: said, as: UTF8.self))")
            }
            return figures
        }
    }
}

struct PrivateBenchReport {
    let bench: PrivateBench
    /// The initiator's first.
    let parties: [JSONValue]
    let took: Duration

    var isRight: Bool { parties.allSatisfy { $0.integer("found") == Int64(bench.shared) } }

    /// Of the party that took more, in seconds.
    var processorS: Double { parties.compactMap { $0["processorS"]?.number("total") }.max() ?? .infinity }

    var json: JSONValue {
        var members: [JSONMember] = [
            JSONMember("measured", .string(sentence)), JSONMember("machine", Measurement.json),
            JSONMember("elements", .integer(Int64(bench.count))),
            JSONMember("shared", .integer(Int64(bench.shared))),
            JSONMember("points", .integer(Int64(points))),
            JSONMember("coresOfEach", bench.cores.map { .integer(Int64($0)) } ?? "all"),
            JSONMember("initiator", parties[0]), JSONMember("responder", parties[1]),
            JSONMember("wallS", .number(Measurement.rounded(took.inSeconds))),
        ]
        if let target { members.append(JSONMember("targets", .array([target.json]))) }
        return .object(members)
    }

    private var points: Int {
        bench.isPadded ? 1 << bench.sizeClass : bench.count + Limits.privateCheckCanaries
    }

    private var sentence: String {
        "both learn; " + (bench.isPadded ? "padded to 2^\(bench.sizeClass) points" : "no dummies, 64 canaries")
            + "; processor time of each process from its elements to the agreed result"
    }

    /// Stated for 10^5 elements without padding.
    private var target: Target? {
        guard bench.count == 100_000, !bench.isPadded else { return nil }
        return Target(
            name: "processor time of a party", measured: processorS, wanted: 13, isUpperLimit: true, unit: "s")
    }
}
