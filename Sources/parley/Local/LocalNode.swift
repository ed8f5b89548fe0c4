import Foundation
import Kernel
import NodeRuntime
import Records
import Synchronization

/// A node of the demonstration or of a measurement: a folder on this machine, and this program as a process of
/// its own that serves it.
///
/// The process never outlives this one. It ends when told to, and also when its standard input does, which
/// happens however this process ends.
final class LocalNode: Sendable {
    let party: PartyID
    let name: String
    let role: TermsParty.Role
    let folder: NodeFolder
    let desk: NodeConfiguration.Endpoint
    let peers: NodeConfiguration.Endpoint
    /// Where peers are told to find it: ``peers``, or a relay before it.
    let published: NodeConfiguration.Endpoint
    let officer: String
    /// At its desk besides ``officer``, with the same passphrase.
    let others: [String]
    let passphrase: String
    private let running = Mutex<Running?>(nil)

    private struct Running: @unchecked Sendable {
        // `Process` and `Pipe` are used under the lock only.
        let process: Process
        let input: Pipe
    }

    init(
        party: PartyID, name: String, role: TermsParty.Role, in parent: URL, deskPort: Int, peerPort: Int,
        publishedPort: Int? = nil, officer: String, others: [String] = []
    ) throws {
        self.party = party
        self.name = name
        self.role = role
        self.officer = officer
        self.others = others
        passphrase = Passphrase.make()
        folder = NodeFolder(path: parent.appendingPathComponent(party.name).path)
        guard let desk = NodeConfiguration.Endpoint("127.0.0.1:\(deskPort)"),
            let peers = NodeConfiguration.Endpoint("127.0.0.1:\(peerPort)"),
            let published = NodeConfiguration.Endpoint("127.0.0.1:\(publishedPort ?? peerPort)")
        else { throw CommandFailure(.usage, "badPort", "no such port", field: "--port-base") }
        self.desk = desk
        self.peers = peers
        self.published = published
    }

    var client: DeskClient { DeskClient(url: "http://\(desk)") }
    var log: URL { folder.url.appendingPathComponent("serve.log") }

    /// Keys, configuration, one officer who is also the administrator, and the others.
    func create() throws -> PartyCard {
        try NodeSetup.create(
            folder,
            NodeConfiguration(party: party, name: name, role: role, desk: desk, peers: peers, address: published),
            officers: [(officer, passphrase, .administrator)] + others.map { ($0, passphrase, .watchOfficer) })
    }

    /// Starts the process; ``isUp(within:)`` says when it answers.
    ///
    /// - Parameter clock: what its clock follows instead of the machine's.
    func start(clock: ClockScale? = nil) throws {
        let process = Process()
        let input = Pipe()
        process.executableURL = try LocalNode.program()
        process.arguments = ["serve", "--dir", folder.url.path, "--until-input-ends"] + (clock?.arguments ?? [])
        process.standardInput = input
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try output.close()
        running.withLock { $0 = Running(process: process, input: input) }
    }

    var isRunning: Bool { running.withLock { $0?.process.isRunning ?? false } }

    var processID: Int32? { running.withLock { $0?.process.processIdentifier } }

    /// - Returns: whether the desk answered in time. A process that has ended is not waited for.
    func isUp(within limit: Duration) async -> Bool {
        await Wait.until(within: limit, every: .milliseconds(20)) { [self] in
            if !isRunning { return true }
            return await client.isUp() ? true : nil
        } != nil && isRunning
    }

    /// As a power cut would: no chance to say anything.
    func kill() async {
        if let id = processID { Foundation.kill(id, SIGKILL) }
        await ended(within: .seconds(10))
    }

    /// In order if it can within 5 s, otherwise not.
    func stop() async {
        guard isRunning, let id = processID else { return }
        Foundation.kill(id, SIGTERM)
        if await !ended(within: .seconds(5)) { await kill() }
    }

    @discardableResult
    private func ended(within limit: Duration) async -> Bool {
        await Wait.until(within: limit, every: .milliseconds(10), evenIfCancelled: true) { [self] in
            isRunning ? nil : true
        } ?? false
    }

    /// The newest lines of what the node said.
    func lastWords(_ count: Int = 8) -> [String] {
        guard let data = FileManager.default.contents(atPath: log.path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").suffix(count).map(String.init)
    }

    /// This program's own file: nodes and measured parties are processes of it.
    static func program() throws -> URL {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        guard let path = own ?? Bundle.main.executablePath else {
            throw CommandFailure(.unusableFile, "noProgram", "this program's own file cannot be found")
        }
        return URL(fileURLWithPath: path)
    }
}

/// Waiting without a fixed sleep: until something holds, or a time is up.
enum Wait {
    /// - Returns: the first value that `body` gives, or `nil` when the time was up or the task was cancelled.
    static func until<Value: Sendable>(
        within limit: Duration, every pause: Duration, evenIfCancelled: Bool = false,
        _ body: () async throws -> Value?
    ) async rethrows -> Value? {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while true {
            if let value = try await body() { return value }
            guard clock.now < deadline, evenIfCancelled || !Task.isCancelled else { return nil }
            if Task.isCancelled {
                // `Task.sleep` would return at once.
                await Task.detached { try? await Task.sleep(for: pause) }.value
            } else {
                try? await Task.sleep(for: pause)
            }
        }
    }
}

/// Passphrases that can be read out: eight syllables, 50 bits.
enum Passphrase {
    static func make() -> String {
        let consonants = Array("bdfgklmnprstvz")
        let vowels = Array("aeiou")
        var random = SystemRandom()
        func pick(_ letters: [Character]) -> Character { letters[Int.random(in: 0..<letters.count, using: &random)] }
        return (0..<4).map { _ in
            String([pick(consonants), pick(vowels), pick(consonants), pick(vowels)])
        }.joined(separator: "-")
    }
}
