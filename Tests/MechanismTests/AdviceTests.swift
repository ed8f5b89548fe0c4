import Geodesy
import Kernel
import Mechanism
import Records
import Separation
import Simulation
import Testing

@Suite("Advice of a node")
struct AdviceTests {
    /// Our air operation at T4 and Israel's strike there, an hour from now.
    private func colliding() throws -> (Bench, mine: NoticeID, theirs: NoticeID) {
        var bench = try Bench.ready()
        let mine = try bench.file(SampleNotices.airOperation(at: .t4, from: bench.utc.advanced(by: .hours(1))))
        let theirs = try bench.israelFiles(Founding.strike(bench.utc))
        return (bench, mine, theirs)
    }

    private var limits: AdviceLimits {
        var limits = AdviceLimits()
        limits.earlier = .hours(1)
        limits.later = .hours(6)
        limits.withinM = 80_000
        limits.positionStepM = 1_000
        return limits
    }

    private func advice(_ bench: Bench, _ id: NoticeID, _ limits: AdviceLimits) throws -> AdviceAnswer {
        let notice = try #require(bench.mechanism.notices[id])
        return try bench.mechanism.advice(
            for: notice.fields, mode: notice.mode, notice: id, limits: limits, at: bench.utc)
    }

    @Test("filed as a new version, every advice clears the conflict on record and opens none")
    func clears() throws {
        let (bench, mine, theirs) = try colliding()
        let conflict = Conflict.id(mechanism: bench.terms.mechanism, mode: .real, mine, theirs)
        #expect(bench.mechanism.conflicts[conflict]?.state == .open)
        let answer = try advice(bench, mine, limits)
        #expect(answer.isNeeded && answer.collisions.map(\.notice) == [theirs])
        #expect(Set(answer.options.map(\.advice.change.axes)).isSuperset(of: [.time, .position]))
        for option in answer.options {
            var filed = bench
            try filed.command(.amend(mine, expectedVersion: 1, option.fields))
            #expect(filed.mechanism.conflicts[conflict]?.state == .cleared)
            #expect(filed.mechanism.conflicts.values.filter { $0.state != .cleared }.isEmpty)
        }
    }

    @Test("it names no notice but those that this node holds, and a draft is answered like the notice")
    func namesHeldNotices() throws {
        let (bench, mine, theirs) = try colliding()
        let answer = try advice(bench, mine, limits)
        #expect(answer.blocking == [theirs])
        #expect(answer.options.allSatisfy { $0.advice.margin.map { $0.notice == theirs } ?? true })
        let fields = try #require(bench.mechanism.notices[mine]).fields
        let draft = try bench.mechanism.advice(for: fields, mode: .real, notice: nil, limits: limits, at: bench.utc)
        #expect(draft.options.map(\.advice.change) == answer.options.map(\.advice.change))
        // As a draft of its own it would collide with our notice as it stands, which only warns.
        let later = try #require(draft.options.first { $0.advice.change.axes == .position })
        #expect(later.advice.ownCollisions == [mine] || later.advice.ownCollisions.isEmpty)
        #expect(answer.options.allSatisfy { $0.advice.ownCollisions.isEmpty })
        // In a drill nothing real stands in the way.
        let drill = try bench.mechanism.advice(for: fields, mode: .drill, notice: nil, limits: limits, at: bench.utc)
        #expect(!drill.isNeeded && drill.options.isEmpty && drill.searched.isEmpty)
    }

    @Test("nothing begins earlier than now, and irregular starts are flagged as a filing would be")
    func notBeforeNow() throws {
        let (bench, mine, _) = try colliding()
        var wide = limits
        wide.earlier = .hours(24)
        wide.withinM = 0
        let answer = try advice(bench, mine, wide)
        #expect(answer.limits.earlier == .hours(1))
        for option in answer.options {
            #expect(option.fields.volumes.allSatisfy { $0.volume.window.start >= bench.utc })
            let kind = try #require(bench.terms.kind(option.fields.kind))
            #expect(option.flags == bench.mechanism.irregularities(of: option.fields, kind: kind, at: bench.utc))
        }
        #expect(answer.searched.map(\.axes) == [.time])
    }

    @Test("the officer's words stay with a place that stays, and go with one that moves")
    func originals() throws {
        var (bench, _, _) = try colliding()
        let sample = SampleNotices.airOperation(at: .t4, from: bench.utc.advanced(by: .hours(1)))
        let worded = NoticeFields(
            kind: sample.kind, onBehalfOf: nil,
            volumes: sample.volumes.map { StatedVolume(volume: $0.volume, original: "T4") }, contact: sample.contact,
            remarks: nil, reviewBy: nil)
        bench.wait(.seconds(1))
        let answer = try bench.mechanism.advice(for: worded, mode: .real, notice: nil, limits: limits, at: bench.utc)
        #expect(!answer.options.isEmpty)
        for option in answer.options {
            let isMoved = option.advice.change.axes.contains(.position)
            #expect(option.fields.volumes.map(\.original) == [isMoved ? nil : "T4"])
        }
    }

    @Test("what cannot be searched is refused by name")
    func refusals() throws {
        let (bench, mine, _) = try colliding()
        let fields = try #require(bench.mechanism.notices[mine]).fields
        func refusal(_ limits: AdviceLimits, at now: UTCInstant) -> AdviceRefusal? {
            do throws(AdviceRefusal) {
                _ = try bench.mechanism.advice(for: fields, mode: .real, notice: nil, limits: limits, at: now)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(AdviceLimits(), at: bench.utc) == .noBounds)
        #expect(refusal(limits, at: bench.utc.advanced(by: .hours(3))) == .windowPassed)
        var high = limits
        high.floor = Altitude(value: 9_000, unit: .metres, datum: .amsl)
        #expect(refusal(high, at: bench.utc) == .room(.belowFloor(volume: 0)))
        var low = limits
        low.ceiling = Altitude(value: 5_999, unit: .metres, datum: .amsl)
        #expect(refusal(low, at: bench.utc) == .room(.aboveCeiling(volume: 0)))
        low.ceiling = Altitude(value: 6_000, unit: .metres, datum: .amsl)
        #expect(refusal(low, at: bench.utc) == nil)
        var far = limits
        far.withinM = 300_000
        #expect(refusal(far, at: bench.utc) == .outOfRange)
    }
}
