import Foundation
import Kernel
import PrivateCheck
import Records

extension BenchCommand.PrivateParty {
    /// Plays one side to its end.
    ///
    /// - Returns: what was found, processor and clock seconds, bytes sent of each kind.
    static func play(_ bench: PrivateBench, isInitiator: Bool) async throws -> JSONValue {
        if let cores = bench.cores { try ProcessorTime.restrict(toCores: cores, isLast: isInitiator) }
        // No clock is needed: the deadline is a day off.
        let now = UTCInstant(microseconds: 0)
        var parameters = try parameters(bench, now)
        if !bench.isPadded { parameters = parameters.unpadded(elements: bench.count) }
        let input = try input(bench, isInitiator)
        let channel = MessageChannel(input: .standardInput, output: .standardOutput)
        // One after the other, so that what either takes alone can be told.
        if isInitiator { _ = try await channel.next() }
        let (begun, start) = (ProcessorTime.spent, ContinuousClock.now)
        let ahead = PreparedMask(input, parameters: parameters)
        let (masked, maskTook) = (ProcessorTime.spent, ContinuousClock.now - start)
        if !isInitiator { try channel.send([]) }

        var sent: [(kind: String, bytes: Int)] = []
        func send(_ messages: [[UInt8]]) throws {
            for message in messages {
                sent.append((names[Int(message[1])], message.count))
                try channel.send(message)
            }
        }
        // Waiting for the other to mask is not in the clock's time.
        let restStart: ContinuousClock.Instant
        var session: CheckSession
        if isInitiator {
            restStart = .now
            session = try CheckSession(proposing: parameters, input: input, now: now)
        } else {
            let bytes = try await channel.next()
            restStart = .now
            var proposal = try CheckProposal(bytes)
            if !bench.isPadded { proposal = proposal.unpadded(elements: bench.count) }
            session = try CheckSession(accepting: proposal, input: input, prepared: ahead, now: now)
        }
        try send(session.sent.map(\.array))
        while session.outcome == nil {
            try send(session.receive(try await channel.next(), prepared: ahead, now: now).outbound)
        }
        let (ended, restTook) = (ProcessorTime.spent, ContinuousClock.now - restStart)
        guard case .agreed(.elements(let found)) = session.outcome else {
            throw CommandFailure(.stepFailed, "stepFailed", "\(String(describing: session.outcome))")
        }
        func seconds(_ duration: Duration) -> JSONValue { .number((duration.inSeconds * 1_000).rounded() / 1_000) }
        return [
            "found": .integer(Int64(found.count)),
            "processorS": [
                "maskAhead": seconds(masked - begun), "rest": seconds(ended - masked), "total": seconds(ended - begun),
            ],
            "wallS": ["maskAhead": seconds(maskTook), "rest": seconds(restTook)],
            "sentBytes": .object(sent.map { JSONMember($0.kind, .integer(Int64($0.bytes))) }),
        ]
    }

    /// By the number that a message carries.
    private static let names = ["", "propose", "accept", "commit", "mask", "seal", "remask", "result", "end"]

    private static func parameters(_ bench: PrivateBench, _ now: UTCInstant) throws -> CheckParameters {
        guard let context = Hash32([UInt8](repeating: 0, count: 32)) else { throw ExitStatus.stepFailed }
        return try CheckParameters(
            context: context, grid: try CheckGrid(level: level, bands: 0...0, slots: 0...0),
            sizeClass: bench.sizeClass, cap: bench.count, output: .cells, deadline: now.advanced(by: .hours(24)))
    }

    /// So that a row of cells has 4 096.
    private static let level = 12

    /// Elements from the first on for one side, and from the middle of those on for the other.
    private static func input(_ bench: PrivateBench, _ isInitiator: Bool) throws -> CheckInput {
        let first = isInitiator ? 0 : bench.count / 2
        let elements = (first..<first + bench.count).compactMap { k in
            Cell(face: 0, level: level, i: UInt32(k % 4_096), j: UInt32(k / 4_096)).map {
                CheckElement(cell: $0, band: 0, slot: 0)
            }
        }
        guard elements.count == bench.count, let root = Hash32([UInt8](repeating: 0, count: 32)),
            let seed = SecretSeed((0..<32).map { _ in UInt8.random(in: .min ... .max) })
        else { throw ExitStatus.stepFailed }
        return try CheckInput(elements: elements.sorted(), planRoot: root, volumeHours: 0, seed: seed)
    }
}
