import Kernel
import PrivateCheck

/// A party that keeps to the cap and the budget, and puts cells of its choice into every check instead of plans.
///
/// It sweeps the region at the coarsest level, sparsely over hours and heights and then more densely; where it meets
/// something it asks the four quarters of a cell, and theirs, and the cells beside it, and then at which hours. What it
/// has outlined so it believes in use. A strong strategy, not a proven best one: a better attacker maps more.
struct MappingAttacker {
    /// What a check shows it.
    enum Output: String, CaseIterable, Sendable {
        case cells, coarse, count
    }

    /// What is known after a session.
    struct Progress: Sendable {
        let share: Double
        let precision: Double
        let plansMet: Int
    }

    let output: Output
    /// Elements that it may put into a session.
    let room: Int
    var target: MappingTarget
    /// Before each session, in order.
    private var trajectory: [Progress] = []
    private let sessions: Int
    static let fewSessions = 8
    /// How many levels finer the next question after a hit is: all at once where there are few sessions.
    let levelsAtOnce: Int

    private var sweep: [MappingProbe]
    var known: [MappingProbe: Bool] = [:]
    /// Questions that wait, by level.
    var waiting: [[Question]] = Array(repeating: [], count: MappingDay.finestLevel + 1)
    private var waited = 0
    var outlines: [Outline] = []
    /// Hits that may belong to an outline that is not finished.
    private var unexplained: [MappingProbe] = []
    /// Coarse cells in which something is marked, and when.
    var explained: [Cell: SlotSet] = [:]

    /// - Parameters:
    ///   - pointsPerSession: the class of every session.
    ///   - sessions: that the budget allows.
    ///   - seed: of the order of the sweep.
    init(_ day: MappingDay, output: Output, pointsPerSession: Int, sessions: Int, seed: UInt64) {
        self.output = output
        room = pointsPerSession - Limits.privateCheckCanaries
        self.sessions = sessions
        levelsAtOnce = sessions <= Self.fewSessions ? MappingDay.finestLevel - MappingDay.coarsestLevel : 1
        target = MappingTarget(day)
        var random = SeededGenerator(seed: seed)
        var sweep: [(rank: Int, probe: MappingProbe)] = []
        for hour in 0..<24 {
            for (height, band) in stride(from: 1, through: 28, by: 3).enumerated() {
                let rank = Self.rank(hour, of: 8) + Self.rank(height, of: 4)
                for cell in MappingDay.coarseCells {
                    sweep.append((rank, MappingProbe(cell: cell, band: Int16(band), slot: 12 * hour + 6)))
                }
            }
        }
        let order = sweep.indices.shuffled(using: &random)
        self.sweep = zip(sweep, order).sorted { ($0.0.rank, $0.1) < ($1.0.rank, $1.1) }.map(\.0.probe).reversed()
    }

    /// 0 for every `of`-th, 1 for those half-way between, and so on.
    private static func rank(_ index: Int, of: Int) -> Int {
        var (rank, step) = (0, of)
        while index % step != 0 { (rank, step) = (rank + 1, step / 2) }
        return rank
    }

    /// Asks until the sessions or the questions are over.
    mutating func run() {
        while trajectory.count < sessions {
            let batch = nextBatch()
            guard !batch.isEmpty else {
                if waiting.allSatisfy(\.isEmpty) { return }
                continue
            }
            var answers = [Bool?](repeating: nil, count: batch.count)
            ask(batch, &answers)
            for (question, answer) in zip(batch, answers) {
                guard let answer else { continue }
                known[question.probe] = answer
                if answer { target.meet(question.probe) }
                take(question, answer)
            }
            explain()
        }
    }

    /// After each session, in order.
    var afterEachSession: [Progress] { trajectory.isEmpty ? [] : Array(trajectory.dropFirst()) + [progress] }

    private var progress: Progress {
        Progress(share: target.share, precision: target.precision, plansMet: target.plansMet)
    }

    private mutating func spend() { trajectory.append(progress) }

    /// One session shows every answer; of counts, as many sessions as it takes to tell the answers by halves.
    private mutating func ask(_ batch: [Question], _ answers: inout [Bool?]) {
        spend()
        let hits = batch.map { target.isHit($0.probe) }
        guard output == .count else {
            for (index, hit) in hits.enumerated() { answers[index] = hit }
            return
        }
        var open = [(range: 0..<batch.count, count: hits.count { $0 })]
        while let (range, count) = open.popLast() {
            if count == 0 || count == range.count {
                for index in range { answers[index] = count > 0 }
                continue
            }
            guard trajectory.count < sessions else { return }
            spend()
            let middle = (range.lowerBound + range.upperBound) / 2
            let left = hits[range.lowerBound..<middle].count { $0 }
            open.append((middle..<range.upperBound, count - left))
            open.append((range.lowerBound..<middle, left))
        }
    }

    /// Of one level, as a session has; what follows up a hit comes first, as soon as it fills a good part of a session.
    private mutating func nextBatch() -> [Question] {
        let capacity = output == .count ? min(128, room) : room
        let levels = waiting.indices.filter { !waiting[$0].isEmpty }
        let fullest = levels.max { waiting[$0].count < waiting[$1].count }
        // With few sessions there is no time to wait.
        let enough = sessions <= Self.fewSessions ? 1 : capacity / 4
        if let fullest, waiting[fullest].count >= enough || waited >= 3 || sweep.isEmpty {
            waited = 0
            var batch = taken(from: fullest, capacity)
            if fullest == MappingDay.coarsestLevel { fill(&batch, capacity) }
            return batch
        }
        waited += fullest == nil ? 0 : 1
        var batch = taken(from: MappingDay.coarsestLevel, capacity)
        fill(&batch, capacity)
        return batch
    }

    private mutating func taken(from level: Int, _ capacity: Int) -> [Question] {
        var (batch, later): ([Question], [Question]) = ([], [])
        var used: Set<MappingProbe> = []
        let questions = waiting[level]
        waiting[level] = []
        for question in questions {
            if let answer = known[question.probe] {
                // Another outline has asked it meanwhile.
                take(question, answer)
            } else if batch.count < capacity, isDistinct(question.probe, &used) {
                batch.append(question)
            } else {
                later.append(question)
            }
        }
        waiting[level] = later + waiting[level]
        return batch
    }

    private mutating func fill(_ batch: inout [Question], _ capacity: Int) {
        var used: Set<MappingProbe> = []
        for question in batch { _ = isDistinct(question.probe, &used) }
        var later: [MappingProbe] = []
        while batch.count < capacity, let probe = sweep.popLast() {
            guard known[probe] == nil, explained[probe.cell]?.contains(probe.slot) != true else { continue }
            if isDistinct(probe, &used) {
                batch.append(Question(probe: probe, outline: nil, purpose: .sweep))
            } else {
                later.append(probe)
            }
            if later.count > 4 * capacity { break }
        }
        sweep += later.reversed()
    }

    /// Where a hit is shown as a coarser cell, two levels up, one question a coarser cell tells as much as the cell.
    private func isDistinct(_ probe: MappingProbe, _ used: inout Set<MappingProbe>) -> Bool {
        guard output == .coarse, let cell = probe.cell.ancestor(atLevel: probe.cell.level - 2) else {
            return used.insert(probe).inserted
        }
        return used.insert(MappingProbe(cell: cell, band: probe.band, slot: probe.slot)).inserted
    }

    func isExplained(_ probe: MappingProbe) -> Bool { explained[probe.cell]?.contains(probe.slot) == true }

    mutating func note(_ hit: MappingProbe) { unexplained.append(hit) }

    /// Begins to outline what no outline accounts for, and waits where one may yet.
    private mutating func explain() {
        let hits = unexplained
        unexplained = []
        for hit in hits where !isExplained(hit) {
            if outlines.contains(where: { !$0.isFinished && $0.isNear(hit) }) {
                unexplained.append(hit)
            } else {
                begin(hit)
            }
        }
    }
}
