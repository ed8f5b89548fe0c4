import Foundation
import Geodesy
import Kernel
import Testing

@testable import PrivateCheck

@Suite("protected sites that a commander tests without showing a plan")
struct SiteTests {
    @Test("a client finds exactly its own cells that the list has, whatever the numbers")
    func againstPlainSet() throws {
        for (seed, (sites, mine, both)) in [(0, 5, 0), (5, 0, 0), (1, 1, 1), (300, 80, 33), (1_024, 1_024, 900)]
            .enumerated()
        {
            var random = SeededGenerator(seed: UInt64(100 + seed))
            let all = try siteCells(sites + mine - both, &random).shuffled(using: &random)
            let list = Array(all[..<sites])
            let cells = Array(all[(sites - both)...])
            let finding = try asked(cells, of: try custodian(list), seed: UInt8(seed + 2))
            #expect(finding.matches == Set(list).intersection(cells).sorted(), "seed \(100 + seed)")
            #expect(finding.matches.count == both && finding.asked == mine)
        }
    }

    @Test("a site and a plan within both margins of each other have a cell in common: 150 pairs, seed 41")
    func noSiteIsMissed() throws {
        var maker = PairMaker(seed: 41)
        var near = 0
        for number in 0..<cases(150) {
            let anchor = maker.anchor()
            let (site, plan) = (
                maker.footprint(near: anchor, sizeM: 3_000), maker.footprint(near: anchor, sizeM: 3_000))
            let margins = (maker.random.uniform(0...3_000), maker.random.uniform(0...3_000))
            let one = try SiteCover.cells(of: [(site, margins.0)], level: siteLevel, room: 100_000)
            let two = try SiteCover.cells(of: [(plan, margins.1)], level: siteLevel, room: 100_000)
            let isNear = PreparedFootprint(site).closeness(
                to: PreparedFootprint(plan), thresholdM: margins.0 + margins.1) != .farther
            if isNear { near += 1 }
            #expect(!isNear || !Set(one).isDisjoint(with: two), "pair \(number), seed 41")
        }
        #expect(near > 20, "pairs that are near at all")
    }

    @Test("request, answer and list are as long whatever is asked and whatever is listed")
    func lengths() throws {
        var random = SeededGenerator(seed: 120)
        let cells = try siteCells(1_024, &random)
        for listed in [[], cells] {
            let custodian = try custodian(listed)
            #expect(custodian.list.count == 16_384)
            #expect(custodian.epoch.bytes.count == SiteEpoch.byteCount)
            for mine in [[], Array(cells[..<1]), cells] {
                let query = try SiteQuery(mine, of: try downloaded(custodian), seed: try siteSeed(3))
                var allowance = SiteAllowance(list: 7)
                let answer = try custodian.answer(query.request, from: try client("alpha"), allowance: &allowance)
                #expect(query.request.count == 32_802)
                #expect(answer.count == 32_898)
                // Both ways together within what was promised.
                #expect(query.request.count + answer.count <= 80 * 1_024)
                #expect(try query.finding(answer).matches == (listed.isEmpty ? [] : mine))
            }
        }
    }

    @Test("a request's points are different under different seeds, none twice, and its bytes spread evenly")
    func view() throws {
        var random = SeededGenerator(seed: 121)
        let cells = try siteCells(900, &random)
        let list = try downloaded(try custodian([]))
        let points = try [2, 3].map { seed in
            SiteMessage.points(try SiteQuery(cells, of: list, seed: try siteSeed(UInt8(seed))).request[34...])
        }
        #expect(Set(points[0] + points[1]).count == 2_048)
        var counts = [Int](repeating: 0, count: 128)
        for point in points.joined() { counts[Int(point.bytes[0] >> 1)] += 1 }
        let chi = counts.reduce(0.0) { $0 + (Double($1) - 16) * (Double($1) - 16) / 16 }
        // 127 degrees of freedom: above 250 once in some hundred million times.
        #expect(chi < 250)
    }

    @Test("entries of the list are the function's values, of RFC 9497's own suite, shortened")
    func entries() throws {
        var random = SeededGenerator(seed: 122)
        let cells = try siteCells(3, &random)
        let custodian = try custodian(cells)
        let suite = OprfSuite(.voprf)
        let info = try siteContext().bytes + [0, 0, 0, 0, 0, 0, 0, 7]
        let key = try suite.deriveKey(seed: try siteSeed(1).derived("site key"), info: info)
        #expect(try suite.publicKey(of: key) == custodian.epoch.publicKey)
        let list = Set(stride(from: 0, to: custodian.list.count, by: 16).map { Array(custodian.list[$0..<$0 + 16]) })
        #expect(list.count == 1_024)
        for cell in cells {
            let value = try suite.evaluate(input: custodian.epoch.input(cell), key: key)
            #expect(list.contains(Array(value.prefix(16))))
        }
    }

    @Test("the words name the list and its date, and never say that there is no site")
    func words() throws {
        let cell = try #require(Cell(face: 0, level: 12, i: 1, j: 1))
        let none = try asked([cell], of: try custodian([]))
        #expect(none.sentence == "No match in list 7 of 2026-11-24.")
        let one = try asked([cell], of: try custodian([cell]))
        #expect(one.sentence == "Match in list 7 of 2026-11-24: 1 of 1 cells.")
        #expect(one.matches == [cell])
        for sentence in [none.sentence, one.sentence] {
            let small = sentence.lowercased()
            for word in ["no protected", "no site", "clear", "safe", "nothing"] { #expect(!small.contains(word)) }
        }
    }

    @Test("lists and questions outside the limits are refused by name")
    func limits() throws {
        var random = SeededGenerator(seed: 123)
        let cells = try siteCells(1_025, &random)
        let few = Array(cells[..<2])
        #expect(throws: SiteCustodian.Rejection.tooManyCells(found: 1_025, allowed: 1_024)) { try custodian(cells) }
        #expect(throws: SiteCustodian.Rejection.outOfRange) { try custodian(few, sizeClass: 9) }
        #expect(throws: SiteCustodian.Rejection.outOfRange) { try custodian(few, sizeClass: 21) }
        #expect(throws: SiteCustodian.Rejection.cellOrder) { try custodian([few[0], few[0]]) }
        let coarse = try siteCells(1, level: 11, &random)
        #expect(throws: SiteCustodian.Rejection.otherLevel(11)) { try custodian(coarse) }
        let list = try downloaded(try custodian(few))
        let seed = try siteSeed(4)
        #expect(throws: SiteRefusal.tooManyCells(found: 1_025, allowed: 1_024)) {
            try SiteQuery(cells, of: list, seed: seed)
        }
        #expect(throws: SiteRefusal.otherLevel(11, expected: 12)) { try SiteQuery(coarse, of: list, seed: seed) }
        #expect(throws: SiteRefusal.cellOrder) { try SiteQuery([few[1], few[0]], of: list, seed: seed) }
        #expect(throws: CoverRejection.level(17)) { try SiteCover.cells(of: [], level: 17, room: 1) }
    }

    @Test("the allowance counts whole batches of each client, answers the same request again, and then refuses by name")
    func allowance() throws {
        let cell = try #require(Cell(face: 0, level: 12, i: 1, j: 1))
        let custodian = try custodian([cell])
        let list = try downloaded(custodian)
        var allowance = SiteAllowance(list: 7)
        let (alpha, bravo) = (try client("alpha"), try client("bravo"))
        let batches = Limits.siteCellsPerEpoch / Limits.oprfBatch
        #expect(batches * Limits.oprfBatch == Limits.siteCellsPerEpoch)
        var last: [UInt8] = []
        for number in 0..<batches {
            #expect(allowance.left(alpha) == Limits.siteCellsPerEpoch - number * 1_024)
            let query = try SiteQuery([], of: list, seed: try siteSeed(UInt8(10 + number)))
            let answer = try custodian.answer(query.request, from: alpha, allowance: &allowance)
            // As a client that has lost the answer asks again.
            #expect(try custodian.answer(query.request, from: alpha, allowance: &allowance) == answer)
            last = query.request
        }
        let more = try SiteQuery([cell], of: list, seed: try siteSeed(90))
        // Stored and read again, it still refuses.
        var stored = try JSONDecoder().decode(SiteAllowance.self, from: try JSONEncoder().encode(allowance))
        #expect(stored == allowance)
        #expect(throws: SiteRefusal.allowanceSpent(list: 7, left: 0, allowed: Limits.siteCellsPerEpoch)) {
            try custodian.answer(more.request, from: alpha, allowance: &stored)
        }
        #expect(throws: Never.self) { try custodian.answer(last, from: alpha, allowance: &stored) }
        #expect(stored.left(bravo) == Limits.siteCellsPerEpoch)
        #expect(throws: Never.self) { try custodian.answer(more.request, from: bravo, allowance: &stored) }
    }

    @Test("no more clients are told apart than the limit")
    func clients() throws {
        var allowance = SiteAllowance(list: 1)
        let request = try siteContext()
        for number in 0..<Limits.siteClients { try allowance.charge(try client("c\(number)"), request: request) }
        #expect(throws: SiteRefusal.tooManyClients) { try allowance.charge(try client("more"), request: request) }
        #expect(throws: Never.self) { try allowance.charge(try client("c0"), request: Hash32(label: "other")) }
    }
}
