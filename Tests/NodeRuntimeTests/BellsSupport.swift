import Foundation
import Kernel
import Logging
import Records
import Synchronization
import Testing

@testable import Mechanism
@testable import NodeRuntime

/// A folder of its own, removed by ``remove()``.
struct BellFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("parley-bells-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
    }

    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
        return path(name)
    }

    /// A shell script that can be run.
    func script(_ name: String, _ body: String) throws -> String {
        try write(name, "#!/bin/sh\n\(body)\n", mode: 0o700)
    }
}

func bellParty(_ name: String = "alpha") throws -> PartyID { try #require(PartyID(name)) }

let bellTime = UTCInstant(microseconds: 1_795_375_050_000_000)

func alarmRing(
    _ subject: String = "bravo-4", precedence: Precedence = .immediate, rung: Int = 0, mode: Mode = .real,
    at seconds: Int64 = 0, isNew: Bool = true
) -> BellRing {
    let at = bellTime.advanced(by: .seconds(seconds))
    let alarm = Alarm(
        id: Alarm.id(.notice, subject), kind: .notice, precedence: precedence, subject: subject, party: PartyID("bravo"),
        raisedAt: bellTime, rangAt: at, dueAt: nil, dueUTC: nil, rung: rung, state: .ringing, acknowledgedBy: nil,
        sentence: "New notice: air-operation by bravo. Read it back.")
    return BellRing(alarm, mode: mode, isNew: isNew)
}

func stopRing(_ byte: UInt8 = 7, rung: Int = 0, mode: Mode = .real, isNew: Bool = true) throws -> BellRing {
    let stop = try #require(Hash32(hex: String(repeating: String(format: "%02x", byte), count: 32)))
    let ring = StopRing(
        id: StopRing.ID(stop: stop, round: 1, rung: rung, turn: 0), author: try bellParty("bravo"), mode: mode,
        since: bellTime, isNew: isNew)
    return BellRing(ring, at: try bellParty())
}

var silentLogger: Logger {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
}

/// Bells whose deliveries a test sees one by one and answers.
final class BellRig: Sendable {
    struct Delivery: Sendable {
        let bell: String
        let body: JSONValue
        let answer: AsyncStream<BellFailure?>.Continuation

        var ring: String { words("ring") }
        var isRepeat: Bool { body["repeat"] == .bool(true) }
        var attempt: JSONValue? { body["attempt"] }

        func words(_ name: String) -> String {
            guard case .string(let text)? = body[name] else { return "" }
            return text
        }

        func succeed() { answer.yield(nil) }
        func fail(_ reason: String = "no line") { answer.yield(BellFailure(reason)) }
    }

    let bells: Bells
    let seen: SharedPauses
    private let running: Mutex<Task<Void, Never>?> = Mutex(nil)
    private let arriving: AsyncStream<Delivery>

    init(_ configuration: [BellConfiguration.Bell], folder: URL) throws {
        let (arriving, arrival) = AsyncStream.makeStream(of: Delivery.self)
        self.arriving = arriving
        let seen = SharedPauses()
        bells = Bells(
            BellConfiguration(bells: configuration), folder: folder, party: try bellParty(), utc: { bellTime },
            sleep: { seen.add($0) }, logger: silentLogger
        ) { bell, body, _, _ in
            let (answers, answer) = AsyncStream.makeStream(of: BellFailure?.self)
            arrival.yield(Delivery(bell: bell.name, body: body, answer: answer))
            for await failure in answers { return failure }
            return BellFailure("cut off")
        }
        self.seen = seen
        let bells = bells
        running.withLock { $0 = Task { await bells.run() } }
    }

    func next() async throws -> Delivery {
        var iterator = arriving.makeAsyncIterator()
        return try #require(await iterator.next())
    }

    /// Ends as a process does: nothing is finished.
    func end() async {
        let task = running.withLock { $0 }
        task?.cancel()
        await task?.value
    }
}

final class SharedPauses: Sendable {
    private let list = Mutex<[Duration]>([])
    var all: [Duration] { list.withLock { $0 } }
    func add(_ pause: Duration) { list.withLock { $0.append(pause) } }
}

func bell(
    _ name: String = "siren", from: Precedence = .routine, roles: [DeskRole] = DeskRole.allCases, drills: Bool = false
) -> BellConfiguration.Bell {
    BellConfiguration.Bell(name: name, means: .command(["/bin/true"]), from: from, roles: roles, drills: drills)
}
