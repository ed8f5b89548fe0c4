import Foundation
import Kernel
import NodeRuntime
import Records
import Synchronization

/// The nodes of a replay, the relays between them, and the clock that all of them follow.
final class ScenarioStage: Sendable {
    let scenario: Scenario
    let desks: [ScenarioDesk]
    let log: ScenarioLog
    private let relays: [PartyID: LocalRelay]
    private let scale: Mutex<ClockScale>
    /// Real time that the nodes took to settle, at the slowest.
    private let slowest = Mutex(Duration.zero)

    /// Real time in which three nodes start, even in a debug build; the clock begins so much earlier.
    static let settling = Duration.seconds(6)

    private init(
        _ scenario: Scenario, _ desks: [ScenarioDesk], _ log: ScenarioLog, _ relays: [PartyID: LocalRelay],
        _ scale: ClockScale
    ) {
        self.scenario = scenario
        self.desks = desks
        self.log = log
        self.relays = relays
        self.scale = Mutex(scale)
    }

    // MARK: Setting up

    /// Makes the nodes in `folder`, their terms accepted; nothing runs yet but the relays.
    static func build(_ scenario: Scenario, in folder: URL, portBase: Int?) throws -> ScenarioStage {
        let clock = try clock(scenario, showing: scenario.steps[0].at, lead: settling * 4)
        // The nodes' own clocks begin when they are started.
        let effectiveAt = clock.start.advanced(by: .zero - .hours(1))
        let ports = try LocalPorts.choose(nodes: scenario.parties.count, base: portBase)
        let published = try LocalPorts.more(scenario.parties.count)
        var nodes: [LocalNode] = []
        for (i, party) in scenario.parties.enumerated() {
            nodes.append(
                try LocalNode(
                    party: party.id, name: party.name, role: party.role, in: folder, deskPort: ports[i].desk,
                    peerPort: ports[i].peers, publishedPort: published[i], officer: party.officers[0],
                    others: party.officers.dropFirst() + [Scenario.observer]))
        }
        _ = try LocalMechanism.create(nodes, name: scenario.title, timing: timing(scenario)) { draft in
            draft.effectiveAt = effectiveAt
            if let area = scenario.terms.area {
                draft.area.westDeg = area.west
                draft.area.southDeg = area.south
                draft.area.eastDeg = area.east
                draft.area.northDeg = area.north
            }
            if let floor = scenario.terms.terrainFloorM { draft.vertical.terrainFloorM = floor }
            if let ceiling = scenario.terms.terrainCeilingM { draft.vertical.terrainCeilingM = ceiling }
        }
        let all = nodes
        var relays: [PartyID: LocalRelay] = [:]
        for (i, node) in nodes.enumerated() {
            relays[node.party] = try LocalRelay(port: published[i], target: ports[i].peers) { connection in
                let running = all.compactMap { node in node.processID.map { (node.party, $0) } }
                let process = SocketOwner.process(of: connection, among: running.map(\.1))
                return running.first { $0.1 == process }?.0
            }
        }
        let log = ScenarioLog()
        return ScenarioStage(scenario, nodes.map { ScenarioDesk($0, log: log) }, log, relays, clock)
    }

    /// - Parameter lead: real time until the clock shows `offset`.
    private static func clock(_ scenario: Scenario, showing offset: Duration, lead: Duration) throws -> ClockScale {
        let start = scenario.start.advanced(by: offset - lead * scenario.scale)
        guard let clock = ClockScale(factor: scenario.scale, start: start) else { throw ScenarioFailure("no clock runs \(scenario.scale) times as fast") }
        ClockScale.use(clock)
        return clock
    }

    /// A pause of half a second of this machine must not pass for a clock that is wrong.
    private static func timing(_ scenario: Scenario) throws -> TermsDraft.Timing {
        var timing = TermsDraft.Timing()
        timing.skewMaxS = max(2, Int64(scenario.scale) / 2)
        for (name, seconds) in scenario.terms.timing {
            switch name {
            case "heartbeatS": timing.heartbeatS = seconds
            case "staleAfterS": timing.staleAfterS = seconds
            case "skewMaxS": timing.skewMaxS = seconds
            case "unstaffedAfterS": timing.unstaffedAfterS = seconds
            case "acknowledgeFlashS": timing.acknowledgeFlashS = seconds
            case "acknowledgeImmediateS": timing.acknowledgeImmediateS = seconds
            case "acknowledgePriorityS": timing.acknowledgePriorityS = seconds
            case "acknowledgeRoutineS": timing.acknowledgeRoutineS = seconds
            case "acknowledgeMarginS": timing.acknowledgeMarginS = seconds
            case "climbS": timing.climbS = seconds
            case "stopNextRoleS": timing.stopNextRoleS = seconds
            case "stopTopS": timing.stopTopS = seconds
            case "commCheckS": timing.commCheckS = seconds
            case "shiftS": timing.shiftS = seconds
            default: throw ScenarioFailure("terms have no \(name)")
            }
        }
        return timing
    }

    // MARK: Time

    var now: UTCInstant { SystemClock(continuing: nil).now.utc }

    var offset: Duration { now.duration(since: scenario.start) }

    /// - Returns: when the scenario's clock shows `offset`, as real time from now; never negative.
    func real(until offset: Duration) -> Duration { max(.zero, (offset - self.offset) / scenario.scale) }

    func wait(until offset: Duration) async throws {
        while self.offset < offset {
            try await Task.sleep(for: max(.milliseconds(1), real(until: offset)))
        }
    }

    // MARK: Nodes

    func desk(_ party: PartyID) throws -> ScenarioDesk {
        guard let desk = desks.first(where: { $0.party == party }) else {
            throw ScenarioFailure("no party \(party)")
        }
        return desk
    }

    /// Starts all nodes and waits until each hears every other and whoever has the watch is signed in. When this machine
    /// was too busy to have them so far by then, once more with more time.
    ///
    /// - Parameter offset: what the clock is to show when they have settled.
    func start(at offset: Duration) async throws {
        for _ in 0..<4 {
            let begun = ContinuousClock.now
            let lead = max(ScenarioStage.settling, slowest.withLock { $0 } * 2)
            try await begin(ScenarioStage.clock(scenario, showing: offset, lead: lead))
            slowest.withLock { $0 = max($0, ContinuousClock.now - begun) }
            if self.offset <= offset { return }
            await stopNodes()
        }
        throw ScenarioFailure("this machine is too busy: the nodes take too long to start")
    }

    private func begin(_ clock: ClockScale) async throws {
        scale.withLock { $0 = clock }
        for desk in desks { try desk.node.start(clock: clock) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (desk, party) in zip(desks, scenario.parties) {
                group.addTask {
                    try await self.settle(desk)
                    if !party.isAbsent { try await desk.signIn(party.officers[0]) }
                    try await self.isLinked(desk)
                }
            }
            try await group.waitForAll()
        }
    }

    func startAgain(_ party: PartyID) async throws {
        let desk = try desk(party)
        try desk.node.start(clock: scale.withLock { $0 })
        try await settle(desk)
        if scenario.parties.contains(where: { $0.id == party && !$0.isAbsent }) {
            try await desk.signIn(desk.node.officer)
        }
    }

    private func settle(_ desk: ScenarioDesk) async throws {
        guard await desk.node.isUp(within: .seconds(60)) else {
            throw ScenarioFailure(
                "\(desk.node.name)'s node does not answer: \(desk.node.lastWords().joined(separator: "\n"))")
        }
        try await desk.watch()
    }

    private func isLinked(_ desk: ScenarioDesk) async throws {
        let linked: Bool? = await Wait.until(within: .seconds(60), every: .milliseconds(20)) {
            guard let status = await desk.look("status"), status.string("signing") == "confirmed" else { return nil }
            return status.array("links").allSatisfy { $0["lastHeardS"]?.asNumber != nil } ? true : nil
        }
        guard linked != nil else { throw ScenarioFailure("\(desk.node.name)'s node does not hear all others") }
    }

    func kill(_ party: PartyID) async throws {
        let desk = try desk(party)
        desk.leave()
        await desk.node.kill()
    }

    /// Cuts or restores a link in both directions.
    func setLink(_ one: PartyID, _ other: PartyID, isCut: Bool) throws {
        for (to, from) in [(one, other), (other, one)] {
            guard let relay = relays[to] else { throw ScenarioFailure("no party \(to)") }
            if isCut { relay.cut(from: from) } else { relay.restore(from: from) }
        }
    }

    /// Ends all nodes in order and starts them again at a later time, as after a night in which nothing happened.
    func skip(to offset: Duration) async throws {
        await stopNodes()
        try await start(at: offset)
    }

    private func stopNodes() async {
        for desk in desks { desk.leave() }
        await withTaskGroup(of: Void.self) { group in
            for desk in desks { group.addTask { await desk.node.stop() } }
        }
    }

    func stop() async {
        await stopNodes()
        for relay in relays.values { relay.stop() }
        ClockScale.use(nil)
    }
}
