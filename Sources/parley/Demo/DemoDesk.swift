import Foundation
import Kernel
import NodeRuntime
import Records
import Synchronization

/// An officer of one party at their desk: everything here goes through the node's public API.
final class DemoDesk: Sendable {
    let node: LocalNode
    private let state = Mutex<State>(State())

    private struct State {
        var client: DeskClient?
        var watch = DeskWatch()
        var follower: Task<Void, Never>?
    }

    init(_ node: LocalNode) { self.node = node }

    var name: String { node.name }
    var party: PartyID { node.party }
    var watch: DeskWatch { state.withLock { $0.watch } }

    /// Signs in and begins to watch.
    func takeOver() async throws {
        let session = try await node.client.signIn(node.officer, passphrase: node.passphrase)
        guard let token = session.string("token") else { throw DemoFailure("\(name): no token at sign-in") }
        let client = DeskClient(url: "http://\(node.desk)", token: token)
        let watch = DeskWatch()
        let follower = Task { await watch.follow(client) }
        state.withLock { state in
            state.follower?.cancel()
            state = State(client: client, watch: watch, follower: follower)
        }
        guard await watch.first(within: .seconds(5), where: { $0.name == "reset" }) != nil else {
            throw DemoFailure("\(name): the event stream does not begin")
        }
    }

    func leave() { state.withLock { $0.follower?.cancel() } }

    func client() throws -> DeskClient {
        guard let client = state.withLock({ $0.client }) else { throw DemoFailure("\(name): nobody is signed in") }
        return client
    }

    func get(_ path: String) async throws -> JSONValue { try await client().get("/api/v1/" + path) }

    func post(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await client().post("/api/v1/" + path, body)
    }

    /// - Returns: the notice's id, once it is durable here.
    func file(_ fields: JSONValue) async throws -> (id: String, answer: JSONValue) {
        let answer = try await post("notices", fields)
        guard let id = answer["notice"]?.string("id") else { throw DemoFailure("\(name): no id for a filed notice") }
        return (id, answer)
    }

    /// - Returns: the fields that differ; none when it was accepted.
    func readBack(
        _ notice: String, version: Int64, position: String, lower: String, start: String
    ) async throws -> [String] {
        let answer = try await post(
            "notices/\(notice)/acknowledgements",
            [
                "version": .integer(version),
                "readBack": ["text": .string(position), "lower": .string(lower), "start": .string(start)],
            ])
        let wrong = answer.array("mismatches").compactMap { $0.string("field") ?? $0.asText }
        guard (answer.bool("accepted") == true) == wrong.isEmpty else {
            throw DemoFailure("\(name): the answer to a read-back contradicts itself")
        }
        return wrong
    }

    func assurance(_ notice: String) async throws -> JSONValue { try await get("notices/\(notice)/assurance") }

    /// Waits until this desk's node shows `answer` for a notice.
    func sees(_ answer: String, for notice: String, within limit: Duration) async throws -> JSONValue {
        let found = try await Wait.until(within: limit, every: .milliseconds(20)) {
            let assurance = try await self.assurance(notice)
            return assurance.string("answer") == answer ? assurance : nil
        }
        guard let found else {
            let now = try await assurance(notice)
            let reasons = now.array("reasons").compactMap { $0.string("sentence") }.joined(separator: " ")
            throw DemoFailure(
                "\(name) shows \(now.string("shown") ?? "nothing") for \(notice), not \(Words.shown(answer: answer)): \(reasons)")
        }
        return found
    }

    /// Waits for something that the node's API shows.
    func eventually(
        _ what: String, within limit: Duration = .seconds(10), _ body: () async throws -> Bool
    ) async throws {
        let holds = try await Wait.until(within: limit, every: .milliseconds(20)) { try await body() ? true : nil }
        guard holds != nil else { throw DemoFailure("\(name): not within \(limit.shown): \(what)") }
    }

    /// Waits for an event of this desk's stream.
    func hears(
        _ what: String, since mark: Int, within limit: Duration = .seconds(10),
        where matches: @escaping @Sendable (DeskEvent) -> Bool
    ) async throws -> DeskEvent {
        guard let event = await watch.first(since: mark, within: limit, where: matches) else {
            throw DemoFailure("\(name)'s desk: not within \(limit.shown): \(what)")
        }
        return event
    }
}
