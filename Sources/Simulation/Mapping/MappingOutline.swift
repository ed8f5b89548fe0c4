import Kernel
import PrivateCheck

extension MappingAttacker {
    /// A question, and what its answer is for.
    struct Question {
        let probe: MappingProbe
        /// Index into ``MappingAttacker/outlines``; `nil` for the sweep.
        let outline: Int?
        let purpose: Purpose
    }

    enum Purpose {
        case sweep
        /// A coarse cell beside one that was hit.
        case spread
        case refine
        /// Every third slot of a day, then those between.
        case hours, hoursExactly
    }

    /// What the attacker makes of one hit: the cells at its height and slot, and from when to when one of them is in
    /// use.
    struct Outline {
        let first: MappingProbe
        var waiting = 0
        var cells: [Cell] = []
        var example: Cell?
        var slots: ClosedRange<Int>
        /// Answers about hours that are still to come.
        var hoursWaiting = 0
        var hits: [Int] = []

        /// Coarse cells that were asked for it.
        var seen: Set<Cell>

        init(_ hit: MappingProbe) {
            first = hit
            seen = [hit.cell]
            slots = hit.slot...hit.slot
        }

        var isFinished: Bool { waiting == 0 }

        /// Whether a hit may well be of the same plan.
        func isNear(_ hit: MappingProbe) -> Bool {
            let (a, b) = (first.cell.place, hit.cell.place)
            return first.cell.face == hit.cell.face && abs(Int(a.i) - Int(b.i)) <= 4 && abs(Int(a.j) - Int(b.j)) <= 4
                && abs(first.band - hit.band) <= 3 && abs(first.slot - hit.slot) <= 48
        }
    }

    mutating func begin(_ hit: MappingProbe) {
        outlines.append(Outline(hit))
        grow(hit.cell, of: outlines.count - 1)
    }

    /// Takes the answer to a question.
    mutating func take(_ question: Question, _ isHit: Bool) {
        guard let index = question.outline else {
            if isHit { note(question.probe) }
            return
        }
        outlines[index].waiting -= 1
        let probe = question.probe
        switch question.purpose {
        case .sweep: break
        case .spread: if isHit { grow(probe.cell, of: index) }
        case .refine:
            guard isHit else { return }
            guard probe.cell.level == MappingDay.finestLevel else {
                refine(probe.cell, index)
                return
            }
            outlines[index].cells.append(probe.cell)
            mark(probe.cell, outlines[index].slots)
            if outlines[index].example == nil { askHours(of: index, at: probe) }
        case .hours, .hoursExactly: takeHours(question, isHit, index)
        }
    }

    /// A coarse cell is hit: asks its quarters, and the cells beside it.
    private mutating func grow(_ cell: Cell, of index: Int) {
        refine(cell, index)
        let first = outlines[index].first
        let (i, j) = cell.place
        for (di, dj) in [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)] {
            guard let i = UInt32(exactly: Int(i) + di), let j = UInt32(exactly: Int(j) + dj),
                let beside = Cell(face: cell.face, level: cell.level, i: i, j: j),
                MappingDay.region.contains(where: { $0.contains(beside) })
            else { continue }
            put(beside, first.band, first.slot, .spread, index)
        }
    }

    private mutating func refine(_ cell: Cell, _ index: Int) {
        let first = outlines[index].first
        let finer = (0..<levelsAtOnce).reduce([cell]) { cells, _ in cells.flatMap(\.children) }
        for each in finer { put(each, first.band, first.slot, .refine, index) }
    }

    private mutating func askHours(of index: Int, at probe: MappingProbe) {
        outlines[index].example = probe.cell
        let slots = (0..<MappingDay.slotsPerDay).filter { $0 != probe.slot && ($0 - probe.slot) % 3 == 0 }
        outlines[index].hits = [probe.slot]
        outlines[index].hoursWaiting = slots.count
        for slot in slots { put(probe.cell, probe.band, slot, .hours, index) }
    }

    private mutating func takeHours(_ question: Question, _ isHit: Bool, _ index: Int) {
        outlines[index].hoursWaiting -= 1
        if isHit { outlines[index].hits.append(question.probe.slot) }
        guard outlines[index].hoursWaiting == 0 else { return }
        let isExact = question.purpose == .hoursExactly
        let hits = outlines[index].hits.sorted()
        var slots = outlines[index].first.slot...outlines[index].first.slot
        let step = isExact ? 1 : 3
        for hit in hits where hit > slots.upperBound && hit <= slots.upperBound + step {
            slots = slots.lowerBound...hit
        }
        for hit in hits.reversed() where hit < slots.lowerBound && hit >= slots.lowerBound - step {
            slots = hit...slots.upperBound
        }
        outlines[index].slots = slots
        for cell in outlines[index].cells { mark(cell, slots) }
        guard !isExact, let cell = outlines[index].example else { return }
        let more = [slots.lowerBound - 2, slots.lowerBound - 1, slots.upperBound + 1, slots.upperBound + 2]
            .filter { (0..<MappingDay.slotsPerDay).contains($0) }
        outlines[index].hits = Array(slots)
        outlines[index].hoursWaiting = more.count
        for slot in more { put(cell, outlines[index].first.band, slot, .hoursExactly, index) }
    }

    private mutating func mark(_ cell: Cell, _ slots: ClosedRange<Int>) {
        target.mark(cell, slots)
        if let coarse = cell.ancestor(atLevel: MappingDay.coarsestLevel) {
            explained[coarse, default: SlotSet()].insert(slots)
        }
    }

    /// Puts a question, unless it was answered before.
    private mutating func put(_ cell: Cell, _ band: Int16, _ slot: Int, _ purpose: Purpose, _ index: Int) {
        let question = Question(
            probe: MappingProbe(cell: cell, band: band, slot: slot), outline: index, purpose: purpose)
        // Cells are asked once for an outline; an answer of another one serves for this.
        if purpose == .spread, !outlines[index].seen.insert(cell).inserted { return }
        outlines[index].waiting += 1
        if let answer = known[question.probe] { return take(question, answer) }
        waiting[cell.level].append(question)
    }
}
