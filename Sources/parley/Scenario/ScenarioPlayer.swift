import Foundation
import Kernel
import NodeRuntime
import Records

/// Plays a scenario's steps at their times and holds what the desks are shown against what is expected.
actor ScenarioPlayer {
    private let scenario: Scenario
    private let stage: ScenarioStage
    private let report: ScenarioReport
    /// What steps have made, by label.
    private var ids: [String: String] = [:]
    /// By label, how much had been seen when the step was done.
    private var marks: [String: Int] = [:]
    private var pending: [Scenario.Expectation]
    /// While nodes are started for a later time the clock may pass that time, and be set again.
    private var isSkipping = false

    /// How often an assurance is asked for, in real time: it changes by time passing alone, and no event says so.
    private static let asking = Duration.milliseconds(50)

    init(_ scenario: Scenario, _ stage: ScenarioStage, _ report: ScenarioReport) {
        self.scenario = scenario
        self.stage = stage
        self.report = report
        pending = scenario.expectations
    }

    /// Returns when every step is done and every expectation is met or not.
    func play() async throws {
        try await stage.start(at: scenario.steps[0].at)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.takeSteps() }
            group.addTask { try await self.watchExpectations() }
            try await group.waitForAll()
        }
    }

    // MARK: Steps

    private func takeSteps() async throws {
        for step in scenario.steps {
            try await stage.wait(until: step.at)
            let at = stage.offset
            let mark = await stage.log.seen.count
            do {
                try await take(step)
                report.did(step, at: at)
            } catch {
                if error is CancellationError || Task.isCancelled { throw CancellationError() }
                report.failed(step, at: at, ScenarioPlayer.sentence(error))
            }
            if let label = step.label { marks[label] = mark }
        }
    }

    private func take(_ step: Scenario.Step) async throws {
        guard !step.act.isOfTheWorld else { return try await change(step) }
        guard let party = step.party, let body = step.with.resolved(start: scenario.start, { ids[$0] }) else {
            throw ScenarioFailure("what it speaks of was not made")
        }
        let desk = try stage.desk(party)
        if step.act == .signIn { return try await desk.signIn(body.string("officer") ?? desk.node.officer) }
        if step.act == .signOut { return try await desk.signOut(body.string("officer")) }
        let on = try step.on.map { label in
            guard let id = ids[label] else { throw ScenarioFailure("\"\(label)\" was not made") }
            return id
        }
        let answer: JSONValue
        do {
            answer = try await desk.act(step.act, on: on, body: body)
        } catch let failure as CommandFailure where failure.name == step.refused {
            return
        }
        guard step.refused == nil else { throw ScenarioFailure("it was taken, and not refused as \(step.refused ?? "")") }
        if let label = step.label { ids[label] = ScenarioDesk.made(by: step.act, answer) }
        guard let wanted = step.answers?.resolved(start: scenario.start, { ids[$0] }) else { return }
        guard JSONPattern.matches(wanted, answer) else {
            throw ScenarioFailure("the node answered \(answer.text.prefix(600)), not \(wanted.text)")
        }
    }

    /// Acts of the world around the nodes; what they need was checked when the file was read.
    private func change(_ step: Scenario.Step) async throws {
        let parties = step.with.strings("between").compactMap { PartyID($0) }
        let node = step.with.string("node").flatMap { PartyID($0) }
        switch step.act {
        case .cut, .restore:
            guard parties.count == 2 else { return }
            try stage.setLink(parties[0], parties[1], isCut: step.act == .cut)
        case .kill: if let node { try await stage.kill(node) }
        case .startNode: if let node { try await stage.startAgain(node) }
        case .skip:
            guard let to = step.with.string("to").flatMap(ScenarioTime.offset) else { return }
            await judge(upTo: stage.offset)
            isSkipping = true
            defer { isSkipping = false }
            try await stage.skip(to: to)
        default: break
        }
    }

    private static func sentence(_ error: any Error) -> String {
        if let failure = error as? ScenarioFailure { return failure.sentence }
        if let failure = error as? CommandFailure { return "\(failure.name): \(failure.sentence)" }
        return "\(error)"
    }

    // MARK: Expectations

    private func watchExpectations() async throws {
        while !pending.isEmpty {
            try Task.checkCancellation()
            let count = await stage.log.seen.count
            await judge(upTo: stage.offset)
            guard let next = pending.map(\.by).min() else { return }
            let wait = stage.real(until: next) + .milliseconds(1)
            let asks = isSkipping || pending.contains { $0.see == .assurance }
            await stage.log.more(than: count, within: asks ? ScenarioPlayer.asking : wait)
        }
    }

    /// Settles every expectation that can be settled now.
    private func judge(upTo now: Duration) async {
        guard !isSkipping else { return }
        let seen = await stage.log.seen
        for expectation in pending {
            let found = await found(expectation, in: seen)
            // While this one was asked about, another turn may have settled it, or begun to skip.
            guard !isSkipping, let index = pending.firstIndex(where: { $0.id == expectation.id }) else { continue }
            if let found, found.at <= expectation.by {
                report.saw(expectation, found.data, at: found.at)
            } else if now > expectation.by {
                report.missed(expectation, late: found?.at)
            } else {
                continue
            }
            pending.remove(at: index)
        }
    }

    private func found(
        _ expectation: Scenario.Expectation, in seen: [ScenarioLog.Seen]
    ) async -> (data: JSONValue, at: Duration)? {
        let about = expectation.of.compactMap { ids[$0] }
        guard about.count == expectation.of.count,
            let pattern = expectation.with.resolved(start: scenario.start, { ids[$0] })
        else { return nil }
        let mark: Int
        if let after = expectation.after {
            guard let passed = marks[after] else { return nil }
            mark = passed
        } else {
            mark = expectation.of.compactMap { marks[$0] }.min() ?? 0
        }
        guard expectation.see != .assurance else { return await assured(expectation, about, pattern) }
        let found = seen.dropFirst(mark).first { one in
            one.desk == expectation.at && one.name == expectation.see.rawValue
                && ScenarioPlayer.concerns(one, about, seen) && JSONPattern.matches(pattern, one.data)
                && (one.name != "alarm" || pattern["state"] != nil || one.data.string("state") == "ringing")
        }
        return found.map { ($0.data, $0.at.duration(since: scenario.start)) }
    }

    /// An assurance changes by time passing alone, so it is asked for.
    private func assured(
        _ expectation: Scenario.Expectation, _ about: [String], _ pattern: JSONValue
    ) async -> (data: JSONValue, at: Duration)? {
        guard let desk = try? stage.desk(expectation.at) else { return nil }
        let path = about.first.map { "notices/\($0.asPathSegment)/assurance" } ?? "assurance"
        guard let answer = await desk.look(path), JSONPattern.matches(pattern, answer) else { return nil }
        return (answer, stage.offset)
    }

    /// Whether what was seen is about these: by its own id, by its subject, or as a conflict between them.
    private static func concerns(_ one: ScenarioLog.Seen, _ about: [String], _ seen: [ScenarioLog.Seen]) -> Bool {
        guard let first = about.first else { return true }
        let subject = one.data.string("subject") ?? one.data.string("id") ?? one.data.string("record")
        if about.count == 1, subject == first { return true }
        let conflict = one.name == "conflict" ? one.data : seen.last { $0.name == "conflict" && $0.data.string("id") == subject }?.data
        guard let conflict else { return false }
        let sides = [conflict["first"], conflict["second"]].compactMap { $0?.string("notice") }
        return about.allSatisfy(sides.contains)
    }
}
