import Kernel
import Mechanism
import NodeRuntime
import Records
import Synchronization

/// What desks see happen, in order: a bounded backlog to resume over, and a signal for everyone who listens.
///
/// An event's id is the epoch of this process and a sequence; an id that is not in the backlog gets a `reset`
/// with a whole snapshot.
final class DeskStream: CommitObserver {
    struct Entry: Sendable {
        let sequence: UInt64
        let name: String
        let data: String
        /// Of a STOP: it goes ahead of all else that waits to be written.
        var isStop: Bool { name == "stop" || name == "stop-ring" }
    }

    enum Resumption {
        /// What is next, as much as is written at once, and the STOP events that wait behind that.
        case events([Entry], ahead: [Entry])
        case reset
    }

    let epoch: String
    private struct Listener {
        let officer: String
        let signal: AsyncStream<Void>.Continuation
    }

    private struct State {
        var entries: [Entry] = []
        var bytes = 0
        var next: UInt64 = 1
        /// By number, which rises.
        var listeners: [Int: Listener] = [:]
        var nextListener = 0
        /// On our clock, until when somebody who left may come back for what came meanwhile.
        var awaitedUntil: MonotonicInstant?
    }
    private let state = Mutex(State())

    init() {
        var random = SystemRandom()
        epoch = (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }.hex
    }

    func id(_ sequence: UInt64) -> String { "\(epoch)-\(sequence)" }

    func committed(_ changes: [DeskChange], _ mechanism: Mechanism, now: Now) {
        guard !changes.isEmpty else { return }
        // Nothing is rendered for nobody: whoever comes back after that gets a whole snapshot.
        let isWanted = state.withLock { state in
            if !state.listeners.isEmpty {
                state.awaitedUntil = now.monotonic.advanced(by: Limits.streamAwaits)
            } else if state.awaitedUntil.map({ $0 < now.monotonic }) ?? true {
                state.entries = []
                state.bytes = 0
                state.next += 1
                return false
            }
            return true
        }
        guard isWanted else { return }
        let view = View(mechanism: mechanism, now: now)
        let rendered = changes.compactMap { change -> (String, String)? in
            switch change {
            case .notice(let id): mechanism.notices[id].map { ("notice", view.notice($0).text) }
            case .conflict(let id): mechanism.conflicts[id].map { ("conflict", view.conflict($0).text) }
            case .alarm(let id): mechanism.alarms[id].map { ("alarm", view.alarm($0).text) }
            case .link(let party): mechanism.links[party].map { ("link", view.link($0).text) }
            case .assurance: ("assurance", view.assurance(mechanism.assurance(now: now)).text)
            case .call(let id): mechanism.calls.messages[id].map { ("call", view.call($0).text) }
            case .presence(let id): mechanism.calls.presence[id].map { ("presence", view.presence($0).text) }
            case .passing: ("passing", view.passing().text)
            case .watch: ("watch", view.watch().text)
            case .check(let id): mechanism.checks.checks[id].map { ("private-check", view.privateCheck($0).text) }
            case .plans: ("sealed-plans", view.sealedPlans().text)
            }
        }
        state.withLock { DeskStream.append(rendered, to: &$0) }
    }

    /// What is not of the driver's making, such as a STOP.
    func post(_ name: String, _ data: String) {
        state.withLock { DeskStream.append([(name, data)], to: &$0) }
    }

    private static func append(_ events: [(name: String, data: String)], to state: inout State) {
        for (name, data) in events {
            state.entries.append(Entry(sequence: state.next, name: name, data: data))
            state.bytes += data.utf8.count
            state.next += 1
        }
        var surplus = 0
        if state.entries.count > 2 * Limits.streamBacklog { surplus = state.entries.count - Limits.streamBacklog }
        var bytes = state.entries.prefix(surplus).reduce(state.bytes) { $0 - $1.data.utf8.count }
        if bytes > 2 * Limits.streamBacklogBytes {
            while bytes > Limits.streamBacklogBytes, surplus < state.entries.count {
                bytes -= state.entries[surplus].data.utf8.count
                surplus += 1
            }
        }
        state.entries.removeFirst(surplus)
        state.bytes = bytes
        for listener in state.listeners.values { listener.signal.yield() }
    }

    /// The newest sequence that exists.
    var newest: UInt64 { state.withLock { $0.next - 1 } }

    /// What came after `sequence`, as much of it as is written at once, or that it is too far back.
    func events(after sequence: UInt64) -> Resumption {
        state.withLock { state in
            guard sequence < state.next else { return .reset }
            let oldest = state.entries.first?.sequence ?? state.next
            guard sequence + 1 >= oldest else { return .reset }
            let waiting = state.entries.dropFirst(Int(sequence + 1 - oldest))
            var bytes = 0
            let next = waiting.prefix { entry in
                defer { bytes += entry.data.utf8.count }
                return bytes < Limits.streamChunkBytes
            }
            return .events(Array(next), ahead: waiting.dropFirst(next.count).filter(\.isStop))
        }
    }

    /// The sequence that an id names, if this process gave it.
    func sequence(of id: String) -> UInt64? {
        let parts = id.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, parts[0] == epoch, let sequence = UInt64(parts[1]), sequence <= newest else { return nil }
        return sequence
    }

    /// - Returns: `nil` when too many listen already. An officer's own oldest stream ends for a further one: it may be
    ///   one that nobody reads any more.
    func listen(for officer: String) -> (number: Int, signals: AsyncStream<Void>)? {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        return state.withLock { state in
            let own = state.listeners.filter { $0.value.officer == officer }.keys
            if own.count >= Limits.streamsPerOfficer, let oldest = own.min() {
                state.listeners.removeValue(forKey: oldest)?.signal.finish()
            }
            guard state.listeners.count < Limits.streamSubscribers else { return nil }
            let number = state.nextListener
            state.nextListener += 1
            state.listeners[number] = Listener(officer: officer, signal: continuation)
            return (number, signals)
        }
    }

    func leave(_ number: Int) { state.withLock { _ = $0.listeners.removeValue(forKey: number) } }
}

extension DeskStream: StopObserver {
    func shown(_ call: StopCall, _ board: StopBoard, now: Now, isDurable: Bool) {
        post("stop", StopView(board: board, now: now, isDurable: isDurable).stop(call).text)
    }

    func ring(_ ring: StopRing, _ board: StopBoard) {
        let data: JSONValue = [
            "stop": .string(ring.id.stop.hex), "round": .integer(Int64(ring.id.round)),
            "rung": .integer(Int64(ring.id.rung)), "turn": .integer(Int64(ring.id.turn)),
            "author": .string(ring.author.name), "mode": .string(ring.mode.rawValue),
            "since": .string(ring.since.rfc3339), "isNew": .bool(ring.isNew),
            "roles": .array(DeskRole.allCases.prefix(ring.id.rung + 1).map { .string($0.rawValue) }),
        ]
        post("stop-ring", data.text)
    }
}
