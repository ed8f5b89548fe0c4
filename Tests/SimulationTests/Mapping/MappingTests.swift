import Kernel
import PrivateCheck
import Testing

@testable import Simulation

@Suite("An attacker that maps a day by private checks")
struct MappingTests {
    private static let day = MappingDay(seed: 3, phantomsPerPlan: 0)

    private func attacker(
        _ output: MappingAttacker.Output, sessions: Int, pointsPerSession: Int = 1_024, day: MappingDay = Self.day
    ) -> MappingAttacker {
        var attacker = MappingAttacker(
            day, output: output, pointsPerSession: pointsPerSession, sessions: sessions, seed: 5)
        attacker.run()
        return attacker
    }

    @Test("days are the same for a seed, have the plans of the field's size, and phantoms as many as are wanted")
    func days() throws {
        let other = MappingDay(seed: 3, phantomsPerPlan: 2)
        #expect(Self.day.plans.count == 22 && Self.day.phantoms.isEmpty)
        #expect(other.plans.map(\.cells) == Self.day.plans.map(\.cells))
        // One that was put at the edge of the region may lie outside it.
        #expect((40...44).contains(other.phantoms.count))
        for plan in Self.day.plans + other.phantoms {
            #expect(plan.slots.lowerBound >= 0 && plan.slots.upperBound < MappingDay.slotsPerDay)
            #expect(plan.bands.clamped(to: MappingDay.bands) == plan.bands)
            #expect(plan.cells.allSatisfy { $0.level == MappingDay.finestLevel })
        }
        // A strike reaches every height.
        #expect(Self.day.plans.contains { $0.bands == MappingDay.bands })
    }

    @Test("a probe meets what a plan covers and nothing else, at every level, against the plain sets")
    func hits() throws {
        var random = SeededGenerator(seed: 6)
        let target = MappingTarget(Self.day)
        var hits = 0
        for number in 0..<2_000 {
            let coarse = MappingDay.coarseCells[Int(random.below(UInt64(MappingDay.coarseCells.count)))]
            var cell = (0..<Int(random.below(4))).reduce(coarse) { cell, _ in cell.children[Int(random.below(4))] }
            if number % 2 == 0 {
                // Where some plan is, at some hour and height.
                let plan = Self.day.plans[number / 2 % Self.day.plans.count]
                let fine = plan.cells[Int(random.below(UInt64(plan.cells.count)))]
                cell = try #require(fine.ancestor(atLevel: 8 + Int(random.below(4))))
            }
            let probe = MappingProbe(cell: cell, band: Int16(random.below(30)), slot: Int(random.below(288)))
            let isHit = Self.day.plans.contains { plan in
                plan.bands.contains(probe.band) && plan.slots.contains(probe.slot)
                    && plan.cells.contains { probe.cell.contains($0) }
            }
            if isHit { hits += 1 }
            #expect(target.isHit(probe) == isHit, "seed 6")
        }
        #expect(hits > 20 && hits < 1_000)
    }

    @Test("it never asks more than its sessions, and never more in one than there is room for", arguments: [
        MappingAttacker.Output.cells, .coarse, .count,
    ])
    func budget(output: MappingAttacker.Output) {
        for sessions in [1, 3, 40] {
            let attacker = attacker(output, sessions: sessions)
            #expect(attacker.afterEachSession.count <= sessions)
            #expect(attacker.room == 960)
            #expect(attacker.known.count <= sessions * 960)
        }
    }

    @Test("what it knows grows from session to session, and is all there is when it may ask as much as it likes")
    func grows() throws {
        let trajectory = attacker(.cells, sessions: 1_024).afterEachSession
        for (before, after) in zip(trajectory, trajectory.dropFirst()) {
            #expect(before.share <= after.share && before.plansMet <= after.plansMet)
        }
        let end = try #require(trajectory.last)
        #expect(end.share > 0.95 && end.share <= 1 && end.precision > 0.8 && end.precision <= 1)
    }

    @Test("a count tells it less than cells, and so does a coarser cell, for the same budget")
    func outputs() throws {
        let shares = try [MappingAttacker.Output.cells, .coarse, .count].map {
            try #require(attacker($0, sessions: 64).afterEachSession.last).share
        }
        #expect(shares[0] > shares[1] && shares[1] > shares[2])
    }

    @Test("answers by counts are the answers by cells, once the halves are told")
    func halves() {
        let target = MappingTarget(Self.day)
        let counted = attacker(.count, sessions: 500)
        #expect(counted.known.count > 1_000)
        for (probe, answer) in counted.known { #expect(target.isHit(probe) == answer) }
    }

    @Test("where nothing is planned it marks nothing, and phantoms alone are all that it marks")
    func nothing() throws {
        let crowded = MappingDay(seed: 3, phantomsPerPlan: 1)
        let empty = MappingDay(plans: [], phantoms: [])
        let nothing = attacker(.cells, sessions: 20, day: empty)
        #expect(nothing.target.markedCount == 0 && nothing.afterEachSession.count == 20)
        let phantoms = attacker(.cells, sessions: 60, day: MappingDay(plans: [], phantoms: crowded.phantoms))
        #expect(phantoms.target.markedCount > 0 && phantoms.target.rightCount == 0)
        #expect(phantoms.afterEachSession.last?.precision == 0 && phantoms.afterEachSession.last?.plansMet == 0)
    }

    @Test("slots of a day are counted, joined and taken away as sets are")
    func slots() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            func some() -> ClosedRange<Int> {
                let low = Int(random.below(288))
                return low...low + Int(random.below(UInt64(288 - low)))
            }
            let (a, b) = (some(), some())
            let (x, y) = (SlotSet(a), SlotSet(b))
            #expect(x.count == a.count && x.contains(a.lowerBound) && !SlotSet().contains(a.lowerBound))
            #expect(x.intersection(y).count == Set(a).intersection(b).count)
            #expect(x.subtracting(y).count == Set(a).subtracting(b).count)
            #expect(x.intersection(y).isEmpty == !a.overlaps(b))
        }
    }

    @Test("a study is the same for its seed, with tables and drawing; audits cost an attacker what it maps")
    func study() throws {
        let study = MappingStudy(seed: 11, days: 1)
        #expect(study.outputs.map(\.name) == ["cells", "coarse", "count"])
        for output in study.outputs {
            #expect(output.points.map(\.points) == MappingStudy.budgets.map { 1 << $0 })
            for (less, more) in zip(output.points, output.points.dropFirst()) { #expect(less.share <= more.share) }
        }
        for budget in MappingStudy.budgets {
            let audits = MappingStudy.rates.compactMap { rate in
                study.audits.first { $0.rate == rate && $0.points == 1 << budget }
            }
            #expect(audits.count == MappingStudy.rates.count && audits[0].caught == 0)
            for (less, more) in zip(audits, audits.dropFirst()) { #expect(less.share >= more.share) }
            #expect(audits.allSatisfy { (0...1).contains($0.share) && (0...1).contains($0.caught) })
        }
        let again = MappingStudy(seed: 11, days: 1)
        #expect(MappingReport(again).markdown == MappingReport(study).markdown)
        #expect(MappingPlot(again).svg == MappingPlot(study).svg)
        #expect(MappingPlot(study).svg.contains("seed 11") && MappingReport(study).markdown.contains("seed 11"))
    }
}
