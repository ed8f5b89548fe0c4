import Kernel
import Testing

@testable import PrivateCheck

@Suite("protected sites with a side that cheats")
struct SiteCheatTests {
    private struct Setting {
        let cell: Cell
        let custodian: SiteCustodian
        let query: SiteQuery
        let answer: [UInt8]

        init() throws {
            cell = try #require(Cell(face: 0, level: 12, i: 1, j: 1))
            custodian = try PrivateCheckTests.custodian([cell])
            query = try SiteQuery([cell], of: try downloaded(custodian), seed: try siteSeed(2))
            var allowance = SiteAllowance(list: 7)
            answer = try custodian.answer(query.request, from: try client("alpha"), allowance: &allowance)
        }

        func request(_ refusal: SiteRefusal, line: SourceLocation = #_sourceLocation, _ spoil: (inout [UInt8]) -> Void)
            throws
        {
            var request = query.request
            spoil(&request)
            var allowance = SiteAllowance(list: 7)
            #expect(throws: refusal, sourceLocation: line) {
                try custodian.answer(request, from: try client("alpha"), allowance: &allowance)
            }
            #expect(allowance == SiteAllowance(list: 7), "nothing is charged", sourceLocation: line)
        }

        func answer(_ refusal: SiteRefusal, line: SourceLocation = #_sourceLocation, _ spoil: (inout [UInt8]) -> Void) {
            var answer = answer
            spoil(&answer)
            #expect(throws: refusal, sourceLocation: line) { try query.finding(answer) }
        }
    }

    @Test("every field of a request that is not what it has to be is refused by name")
    func requests() throws {
        let setting = try Setting()
        try setting.request(.length(found: 0, expected: 32_802)) { $0 = [] }
        try setting.request(.length(found: 32_770, expected: 32_802)) { $0.removeLast(32) }
        try setting.request(.length(found: 32_834, expected: 32_802)) { $0 += [UInt8](repeating: 0, count: 32) }
        try setting.request(.malformed) { $0[0] = 2 }
        try setting.request(.malformed) { $0[1] = 34 }
        try setting.request(.otherList) { $0[33] ^= 1 }
        try setting.request(.notAPoint(index: 5)) { $0.replaceSubrange(34 + 160..<34 + 192, with: ones) }
        try setting.request(.notAPoint(index: 1_023)) { $0.replaceSubrange(34 + 1_023 * 32..<32_802, with: zeros) }
    }

    @Test("every field of an answer that is not what it has to be is refused by name")
    func answers() throws {
        let setting = try Setting()
        setting.answer(.length(found: 0, expected: 32_898)) { $0 = [] }
        setting.answer(.length(found: 32_897, expected: 32_898)) { $0.removeLast() }
        setting.answer(.malformed) { $0[0] = 2 }
        setting.answer(.malformed) { $0[1] = 33 }
        setting.answer(.otherList) { $0[2] ^= 1 }
        setting.answer(.otherRequest) { $0[34] ^= 1 }
        setting.answer(.notAPoint(index: 3)) { $0.replaceSubrange(66 + 96..<66 + 128, with: ones) }
        setting.answer(.notAPoint(index: 0)) { $0.replaceSubrange(66..<98, with: zeros) }
        setting.answer(.wrongProof) { $0[$0.count - 64] ^= 1 }
        setting.answer(.wrongProof) { $0[$0.count - 32] ^= 1 }
        setting.answer(.wrongProof) { $0.replaceSubrange($0.count - 64..<$0.count, with: ones + ones) }
        // Answers in each other's places, one left out for another, and one made with another key.
        setting.answer(.wrongProof) { answer in
            let first = Array(answer[66..<98])
            answer.replaceSubrange(66..<98, with: answer[98..<130])
            answer.replaceSubrange(98..<130, with: first)
        }
        setting.answer(.wrongProof) { $0.replaceSubrange(66..<98, with: $0[98..<130]) }
        setting.answer(.wrongProof) { answer in
            let point = times(GroupPoint(unchecked: answer[66..<98]), 3)
            answer.replaceSubrange(66..<98, with: point?.bytes ?? [])
        }
        #expect(throws: Never.self) { try setting.query.finding(setting.answer) }
    }

    @Test("random bytes spoiled anywhere in an answer never pass: 40 places, seed 130")
    func anywhere() throws {
        let setting = try Setting()
        var random = SeededGenerator(seed: 130)
        for _ in 0..<40 {
            var answer = setting.answer
            let place = Int(random.below(UInt64(answer.count)))
            answer[place] ^= UInt8(1 + random.below(255))
            #expect(throws: SiteRefusal.self, "byte \(place)") { try setting.query.finding(answer) }
        }
    }

    @Test("a key of its own for one client is found out by the logged epoch, at every way in")
    func otherKey() throws {
        let setting = try Setting()
        let logged = setting.custodian.epoch
        // The same list, number and date under another key.
        let other = try custodian([setting.cell], seed: 5)
        #expect(other.epoch.number == logged.number && other.epoch.publicKey != logged.publicKey)
        #expect(throws: SiteRefusal.otherList) { try SiteEpoch(other.epoch.bytes, logged: logged.hash) }
        #expect(throws: SiteRefusal.otherList) { try SiteList(other.list, epoch: logged) }
        var allowance = SiteAllowance(list: 7)
        #expect(throws: SiteRefusal.otherList) {
            try other.answer(setting.query.request, from: try client("alpha"), allowance: &allowance)
        }
        // It answers under the logged name with the other key, and proves that it has done so.
        let request = SiteMessage.request.head(other.epoch) + setting.query.request[34...]
        let forged = try other.answer(request, from: try client("alpha"), allowance: &allowance)
        let head = SiteMessage.answer.head(logged) + SiteMessage.hash(setting.query.request).bytes
        #expect(throws: SiteRefusal.wrongProof) { try setting.query.finding(head + forged[66...]) }
    }

    @Test("another epoch's list, and a list spoiled, shortened or out of order, is refused by name")
    func lists() throws {
        let setting = try Setting()
        let epoch = setting.custodian.epoch
        let next = try custodian([setting.cell], number: 8)
        #expect(next.epoch.publicKey != epoch.publicKey)
        #expect(Set(chunks(next.list)).isDisjoint(with: chunks(setting.custodian.list)))
        #expect(throws: SiteRefusal.otherList) { try SiteList(next.list, epoch: epoch) }
        var spoiled = setting.custodian.list
        spoiled[77] ^= 1
        #expect(throws: SiteRefusal.otherList) { try SiteList(spoiled, epoch: epoch) }
        #expect(throws: SiteRefusal.length(found: 16_368, expected: 16_384)) {
            try SiteList(Array(setting.custodian.list.dropLast(16)), epoch: epoch)
        }
        // A custodian that logs a list out of order, or with an entry twice.
        for wrong in [Array(chunks(setting.custodian.list).reversed().joined()), [UInt8](repeating: 1, count: 16_384)] {
            let logged = try #require(
                SiteEpoch(
                    context: epoch.context, number: 7, day: siteDay, level: siteLevel, sizeClass: 10,
                    publicKey: epoch.publicKey, listHash: SiteList.hash(wrong)))
            #expect(throws: SiteRefusal.order) { try SiteList(wrong, epoch: logged) }
        }
    }

    @Test("a published epoch with any byte spoiled is not the logged one, and one out of range is none although logged")
    func epochs() throws {
        let epoch = try Setting().custodian.epoch
        for place in 0..<SiteEpoch.byteCount {
            var bytes = epoch.bytes
            bytes[place] ^= 1
            #expect(throws: SiteRefusal.otherList) { try SiteEpoch(bytes, logged: epoch.hash) }
        }
        func logged(_ spoil: (inout [UInt8]) -> Void) {
            var bytes = epoch.bytes
            spoil(&bytes)
            #expect(throws: SiteRefusal.malformed) {
                try SiteEpoch(bytes, logged: Hash32(label: "site epoch", bytes))
            }
        }
        logged { $0 = [] }
        logged { $0[0] = 2 }
        logged { $0.append(0) }
        logged { $0[41] = 255 }  // day
        logged { $0[49] = 17 }  // level
        logged { $0[50] = 9 }  // class
        logged { $0.replaceSubrange(51..<83, with: zeros) }
        logged { $0.replaceSubrange(51..<83, with: ones) }
        #expect(try SiteEpoch(epoch.bytes, logged: epoch.hash) == epoch)
    }

    private func chunks(_ list: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: list.count, by: 16).map { Array(list[$0..<$0 + 16]) }
    }
}

private let ones = [UInt8](repeating: 255, count: 32)
private let zeros = [UInt8](repeating: 0, count: 32)
