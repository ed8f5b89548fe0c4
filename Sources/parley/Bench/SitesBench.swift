import Foundation
import Kernel
import PrivateCheck

/// One client and one custodian of a list of protected sites, in this process.
struct SitesBench {
    struct Figures {
        /// Milliseconds of processor time on all cores together, one for each batch.
        var clientMs: [Double] = []
        var custodianMs: [Double] = []
        /// By the clock, with all cores.
        var clientClockMs: [Double] = []
        var bytes = 0
        var listBytes = 0
        var listMs = 0.0
        /// Answers that did not show exactly the cells that both have.
        var wrong = 0
    }

    private let sizeClass: Int
    private var random: SeededGenerator

    init(sizeClass: Int, seed: UInt64) {
        self.sizeClass = sizeClass
        random = SeededGenerator(seed: seed)
    }

    /// - Throws: whatever refuses; nothing should.
    mutating func measure(batches: Int) throws -> Figures {
        var figures = Figures()
        let level = 13
        let sites = cells(1 << (sizeClass - 1), level)
        let listed = SortedSet(sites)
        guard let context = Hash32([UInt8](repeating: 1, count: 32)), let client = PartyID("alpha") else {
            preconditionFailure("32 bytes are a hash")
        }
        let start = Self.processorMs
        let custodian = try SiteCustodian(
            cells: sites, context: context, number: 1, day: 20_781, level: level, sizeClass: sizeClass,
            seed: secret())
        figures.listMs = Self.processorMs - start
        figures.listBytes = custodian.list.count
        let epoch = try SiteEpoch(custodian.epoch.bytes, logged: custodian.epoch.hash)
        let list = try SiteList(custodian.list, epoch: epoch)
        let clock = ContinuousClock()
        for _ in 0..<batches {
            let common = Int(random.below(500))
            let asked = SortedSet(sites.prefix(common) + cells(500, level)).elements
            var allowance = SiteAllowance(list: 1)
            let hidden = secret()
            let (before, began) = (Self.processorMs, clock.now)
            let query = try SiteQuery(asked, of: list, seed: hidden)
            let (blinded, sent) = (Self.processorMs, clock.now)
            let answer = try custodian.answer(query.request, from: client, allowance: &allowance)
            let (answered, came) = (Self.processorMs, clock.now)
            let finding = try query.finding(answer)
            figures.clientMs.append(blinded - before + Self.processorMs - answered)
            figures.clientClockMs.append(((sent - began) + (clock.now - came)).inSeconds * 1_000)
            figures.custodianMs.append(answered - blinded)
            figures.bytes = query.request.count + answer.count
            if finding.matches != asked.filter(listed.contains) { figures.wrong += 1 }
        }
        return figures
    }

    private mutating func cells(_ count: Int, _ level: Int) -> [Cell] {
        var cells = SortedSet<Cell>()
        while cells.count < count {
            let (i, j) = (UInt32(random.below(1 << UInt64(level))), UInt32(random.below(1 << UInt64(level))))
            if let cell = Cell(face: Int(random.below(6)), level: level, i: i, j: j) { cells.insert(cell) }
        }
        return cells.elements
    }

    /// Seeded: what is measured, and not kept, hides nothing.
    private mutating func secret() -> SecretSeed {
        guard let seed = SecretSeed((0..<SecretSeed.byteCount).map { _ in UInt8(random.below(256)) }) else {
            preconditionFailure("32 bytes are a seed")
        }
        return seed
    }

    private static var processorMs: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }
}
