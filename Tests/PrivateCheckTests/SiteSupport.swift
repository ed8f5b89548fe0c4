import Kernel
import Testing

@testable import PrivateCheck

let siteLevel = 12
let siteDay: UInt32 = 20_781  // 2026-11-24

func siteContext() throws -> Hash32 { try #require(Hash32([UInt8](repeating: 9, count: 32))) }

func siteSeed(_ byte: UInt8) throws -> SecretSeed {
    try #require(SecretSeed([UInt8](repeating: byte, count: SecretSeed.byteCount)))
}

func client(_ name: String) throws -> PartyID { try #require(PartyID(name)) }

/// Different cells of a level at random, sorted.
func siteCells(_ count: Int, level: Int = siteLevel, _ random: inout SeededGenerator) throws -> [Cell] {
    var found = SortedSet<Cell>()
    while found.count < count {
        let (i, j) = (UInt32(random.below(1 << UInt64(level))), UInt32(random.below(1 << UInt64(level))))
        found.insert(try #require(Cell(face: Int(random.below(6)), level: level, i: i, j: j)))
    }
    return found.elements
}

func custodian(
    _ cells: [Cell], number: UInt64 = 7, sizeClass: Int = 10, seed: UInt8 = 1
) throws -> SiteCustodian {
    try SiteCustodian(
        cells: cells.sorted(), context: try siteContext(), number: number, day: siteDay, level: siteLevel,
        sizeClass: sizeClass, seed: try siteSeed(seed))
}

/// A client of a custodian, with what it has downloaded.
func downloaded(_ custodian: SiteCustodian) throws -> SiteList {
    let epoch = try SiteEpoch(custodian.epoch.bytes, logged: custodian.epoch.hash)
    return try SiteList(custodian.list, epoch: epoch)
}

/// One query from end to end.
func asked(_ cells: [Cell], of custodian: SiteCustodian, seed: UInt8 = 2) throws -> SiteFinding {
    let query = try SiteQuery(cells.sorted(), of: try downloaded(custodian), seed: try siteSeed(seed))
    var allowance = SiteAllowance(list: custodian.epoch.number)
    let answer = try custodian.answer(query.request, from: try client("alpha"), allowance: &allowance)
    return try query.finding(answer)
}
