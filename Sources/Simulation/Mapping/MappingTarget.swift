import Kernel
import PrivateCheck

/// One question of an attacker: a cell at one height in one slot.
struct MappingProbe: Hashable {
    let cell: Cell
    let band: Int16
    /// 0 ..< 288.
    let slot: Int
}

/// The victim's side of a simulated day: what a probe meets, and how much of the day has been found out.
struct MappingTarget {
    private let plans: [MappingDay.Plan]
    private let realCount: Int
    /// At every level, the plans whose cover has the cell, or one within it.
    private var within: [Cell: [Int]] = [:]
    private var real: [Cell: SlotSet] = [:]
    private var marked: [Cell: SlotSet] = [:]
    private var met: Set<Int> = []
    /// Cells times slots: of the plans, marked, and marked rightly.
    let cellSlots: Int
    private(set) var markedCount = 0
    private(set) var rightCount = 0

    init(_ day: MappingDay) {
        plans = day.plans + day.phantoms
        realCount = day.plans.count
        for (index, plan) in plans.enumerated() {
            for level in MappingDay.coarsestLevel - 2...MappingDay.finestLevel {
                var last: Cell?
                for cell in plan.cells {
                    guard let above = cell.ancestor(atLevel: level), above != last else { continue }
                    within[above, default: []].append(index)
                    last = above
                }
            }
            guard index < day.plans.count else { continue }
            for cell in plan.cells { real[cell, default: SlotSet()].insert(plan.slots) }
        }
        cellSlots = real.values.reduce(0) { $0 + $1.count }
    }

    func isHit(_ probe: MappingProbe) -> Bool {
        (within[probe.cell] ?? []).contains { index in
            plans[index].bands.contains(probe.band) && plans[index].slots.contains(probe.slot)
        }
    }

    /// Takes note that the attacker believes these in use.
    mutating func mark(_ cell: Cell, _ slots: ClosedRange<Int>) {
        var set = marked[cell] ?? SlotSet()
        let before = set
        set.insert(slots)
        marked[cell] = set
        let new = set.subtracting(before)
        markedCount += new.count
        if let real = real[cell] { rightCount += new.intersection(real).count }
    }

    /// Of the plans' cells and slots, how much is marked: 0 … 1.
    var share: Double { cellSlots == 0 ? 0 : Double(rightCount) / Double(cellSlots) }
    /// Of what is marked, how much is plans'.
    var precision: Double { markedCount == 0 ? 1 : Double(rightCount) / Double(markedCount) }

    /// Takes note of a probe that is answered: whose plans it has met.
    mutating func meet(_ probe: MappingProbe) {
        for index in within[probe.cell] ?? [] where index < realCount {
            guard plans[index].bands.contains(probe.band), plans[index].slots.contains(probe.slot) else { continue }
            met.insert(index)
        }
    }

    /// Plans, without phantoms, of which the attacker knows at least one cell, coarse or fine, at one slot.
    var plansMet: Int { met.count }
}

/// Slots of a day, one bit each.
struct SlotSet: Hashable {
    private var words = SIMD8<UInt64>()

    init() {}
    init(_ slots: ClosedRange<Int>) { insert(slots) }

    mutating func insert(_ slots: ClosedRange<Int>) { for slot in slots { words[slot >> 6] |= 1 << UInt64(slot & 63) } }

    func contains(_ slot: Int) -> Bool { words[slot >> 6] >> UInt64(slot & 63) & 1 == 1 }

    var isEmpty: Bool { words == SIMD8() }
    var count: Int { (0..<5).reduce(0) { $0 + words[$1].nonzeroBitCount } }

    func intersection(_ other: SlotSet) -> SlotSet {
        var set = self
        set.words &= other.words
        return set
    }

    func subtracting(_ other: SlotSet) -> SlotSet {
        var set = self
        set.words &= ~other.words
        return set
    }
}
