import Foundation
import Kernel
import Records
import Synchronization

/// One party's desk in a replay: every call of the desk API that a step may make, and what the replay sees there.
///
/// An account of the replay's own watches the event stream; officers act in their own names.
final class ScenarioDesk: Sendable {
    let node: LocalNode
    private let log: ScenarioLog
    private let state = Mutex(State())

    private struct State {
        var watching: DeskClient?
        var follower: Task<Void, Never>?
        /// By officer, in the order in which they signed in.
        var acting: [(officer: String, client: DeskClient)] = []
    }

    init(_ node: LocalNode, log: ScenarioLog) {
        self.node = node
        self.log = log
    }

    var party: PartyID { node.party }

    // MARK: Watching

    /// Signs the replay's own account in and begins to read the stream.
    func watch() async throws {
        let client = try await signedIn(Scenario.observer)
        let party = party
        let log = log
        let follower = Task {
            // It ends with the node or when this desk is left; what is missed then shows in what is expected.
            _ = try? await client.events { event in
                await log.take(event, at: party)
                return true
            }
        }
        state.withLock { state in
            state.follower?.cancel()
            state.follower = follower
            state.watching = client
            state.acting = []
        }
    }

    func leave() {
        state.withLock { state in
            state.follower?.cancel()
            state.follower = nil
            state.watching = nil
            state.acting = []
        }
    }

    /// Asks as the replay's own account; `nil` while the node does not answer.
    func look(_ path: String) async -> JSONValue? {
        guard let client = state.withLock({ $0.watching }) else { return nil }
        return try? await client.get("/api/v1/" + path)
    }

    // MARK: Officers

    func signIn(_ officer: String) async throws {
        let client = try await signedIn(officer)
        state.withLock { state in
            state.acting.removeAll { $0.officer == officer }
            state.acting.append((officer, client))
        }
    }

    /// Signs out whoever signed in last, or the officer who is named.
    func signOut(_ officer: String?) async throws {
        let leaving = state.withLock { state in
            let at = officer.map { name in state.acting.lastIndex { $0.officer == name } } ?? state.acting.indices.last
            return at.map { state.acting.remove(at: $0) }
        }
        guard let leaving else { throw ScenarioFailure("\(node.name): nobody of that name is signed in") }
        try await leaving.client.signOut()
    }

    private func signedIn(_ officer: String) async throws -> DeskClient {
        let session = try await node.client.signIn(officer, passphrase: node.passphrase)
        guard let token = session.string("token") else { throw ScenarioFailure("\(node.name): no token at sign-in") }
        return DeskClient(url: node.client.url, token: token)
    }

    private func officer(_ name: String?) throws -> DeskClient {
        let acting = state.withLock { $0.acting }
        let found = name.map { name in acting.last { $0.officer == name } } ?? acting.last
        guard let found else { throw ScenarioFailure("\(node.name): nobody is on watch") }
        return found.client
    }

    // MARK: Acts

    /// Does what a step says.
    ///
    /// - Parameters:
    ///   - on: the id of what it acts on.
    ///   - body: as the API takes it, times and references resolved.
    /// - Returns: the node's answer.
    /// - Throws: `CommandFailure` with the name of a refusal.
    func act(_ act: Scenario.Act, on: String?, body: JSONValue) async throws -> JSONValue {
        // Who acts is the replay's to know; the API has it from the session.
        let client = try officer(body.string("officer"))
        let body = act == .signIn || act == .signOut ? body : body.without("officer")
        func post(_ path: String, _ body: JSONValue) async throws -> JSONValue {
            try await client.post("/api/v1/" + path, body)
        }
        let id = (on ?? "").asPathSegment
        switch act {
        case .file: return try await post("notices", body.withDefault("mode", "real"))
        case .amend:
            let version = try await version(of: id, client)
            return try await post("notices/\(id)/versions", body.withDefault("expectedVersion", .integer(version)))
        case .end: return try await post("notices/\(id)/end", body.withDefault("reason", "over"))
        case .check: return try await post("check", body.withDefault("mode", "real"))
        case .readBack:
            let version = try await version(of: id, client)
            return try await post(
                "notices/\(id)/acknowledgements", ["version": .integer(version), "readBack": body])
        case .settle: return try await post("conflicts/\(try await conflict(of: on ?? "", client))/positions", body)
        case .message:
            return try await post("calls", body.withDefault("mode", "real").withDefault("role", "watch"))
        case .acknowledge: return try await post("calls/\(id)/acknowledge", body)
        case .stop: return try await post("stop", body)
        case .answerStop: return try await post("stops/\(id)/answer", body)
        case .effect: return try await post("stops/\(id)/effect", body)
        case .lift: return try await post("stops/\(id)/lift", body)
        case .presenceQuery: return try await post("presence", body.withDefault("mode", "real"))
        case .presenceAnswer: return try await post("presence/\(id)/answer", body)
        case .units:
            var answer = JSONValue.null
            for unit in body.array("units") { answer = try await post("units", ["unit": unit]) }
            return answer
        case .concerns: return try await post("passing/concerns", try await ofVersion(body, client))
        case .passedOn: return try await post("passing", try await ofVersion(body, client))
        case .suspend: return try await post("suspension", body.with("suspended", true))
        case .resume: return try await post("suspension", body.with("suspended", false))
        case .acknowledgeAlarm:
            let alarm = "\(body.string("kind") ?? "notice"):\(on ?? "")".asPathSegment
            return try await post("alarms/\(alarm)/acknowledge", .object([]))
        case .signIn, .signOut, .cut, .restore, .kill, .startNode, .skip: return .null
        }
    }

    private func version(of notice: String, _ client: DeskClient) async throws -> Int64 {
        try await client.get("/api/v1/notices/\(notice)").integer("version") ?? 0
    }

    /// A body that speaks of a notice, and of its newest version if of none.
    private func ofVersion(_ body: JSONValue, _ client: DeskClient) async throws -> JSONValue {
        guard let notice = body.string("notice"), body["version"] == nil else { return body }
        return body.with("version", .integer(try await version(of: notice.asPathSegment, client)))
    }

    /// The standing conflict that a notice takes part in.
    private func conflict(of notice: String, _ client: DeskClient) async throws -> String {
        let conflicts = try await client.get("/api/v1/conflicts").array("conflicts")
        let found = conflicts.first { conflict in
            [conflict["first"], conflict["second"]].contains { $0?.string("notice") == notice }
        }
        guard let id = found?.string("id") else { throw ScenarioFailure("\(notice) is in no conflict") }
        return id.asPathSegment
    }

    /// The id of what an act has made, from the node's answer.
    static func made(by act: Scenario.Act, _ answer: JSONValue) -> String? {
        let wrapped: JSONValue? =
            switch act {
            case .file: answer["notice"]
            case .stop: answer["stop"]
            case .message: answer["call"]
            case .presenceQuery: answer["presence"]
            default: nil
            }
        let made = wrapped ?? answer
        return made.string("id") ?? made.string("record")
    }
}

/// Why a step of a replay could not be done.
struct ScenarioFailure: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

extension JSONValue {
    /// The same with a member that it may have already.
    fileprivate func withDefault(_ name: String, _ value: JSONValue) -> JSONValue {
        self[name] == nil ? with(name, value) : self
    }

    fileprivate func without(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}
