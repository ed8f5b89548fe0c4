import Foundation
import Kernel
import Testing

@testable import PrivateCheck

@Suite("what a pair may ask of each other in a day")
struct BudgetTests {
    private let noon = UTCInstant(microseconds: 20_781 * 86_400_000_000 + 43_200_000_000)
    private let midnight = UTCInstant(microseconds: 20_782 * 86_400_000_000)

    private func proposal(_ nonce: UInt8, sizeClass: Int = 10, cap: Int = 1) throws -> CheckProposal {
        CheckProposal(
            try parameters(sizeClass: sizeClass, cap: cap), nonce: [UInt8](repeating: nonce, count: 32))
    }

    @Test("a session costs its padded class, whatever its cap says, and then is refused with the hour it is free again")
    func charges() throws {
        var budget = try #require(CheckBudget(perSession: 2_048, perDay: 5_000))
        #expect(budget.left(now: noon) == 5_000)
        try budget.charge(try proposal(1), now: noon)
        try budget.charge(try proposal(2, sizeClass: 11, cap: 900), now: noon)
        #expect(budget.spent == 3_072 && budget.left(now: noon) == 1_928)
        let before = budget
        let two = try proposal(3, sizeClass: 11)
        #expect(throws: CheckBudget.Refusal.spent(asked: 2_048, left: 1_928, freeAt: midnight)) {
            try budget.charge(two, now: noon)
        }
        #expect(budget == before, "nothing is charged for what is refused")
        try budget.charge(try proposal(4), now: noon)
        #expect(budget.left(now: noon) == 904)
        #expect(throws: CheckBudget.Refusal.spent(asked: 2_048, left: 904, freeAt: midnight)) {
            try budget.charge(two, now: midnight.advanced(by: .microseconds(-1)))
        }
        try budget.charge(two, now: midnight)
        #expect(budget.spent == 2_048 && budget.left(now: midnight) == 2_952)
    }

    @Test("a session over its cap is refused for good, and costs nothing")
    func perSession() throws {
        var budget = try #require(CheckBudget(perSession: 1_024, perDay: 1 << 20))
        let large = try proposal(1, sizeClass: 11)
        #expect(throws: CheckBudget.Refusal.sessionTooLarge(asked: 2_048, allowed: 1_024)) {
            try budget.charge(large, now: noon)
        }
        #expect(budget.spent == 0)
        try budget.charge(try proposal(1), now: noon)
    }

    @Test("two sessions that ask the same cost both; one that is charged again costs once")
    func unions() throws {
        var budget = try #require(CheckBudget(perSession: 1_024, perDay: 4_096))
        let one = try proposal(1)
        for _ in 0..<3 { try budget.charge(one, now: noon) }
        #expect(budget.spent == 1_024)
        // The same parameters under another nonce: another session.
        try budget.charge(try proposal(2), now: noon)
        #expect(budget.spent == 2_048)
    }

    @Test("a clock that steps back frees nothing, nor does one that steps back over midnight")
    func stepsBack() throws {
        var budget = try #require(CheckBudget(perSession: 1_024, perDay: 1_024))
        try budget.charge(try proposal(1), now: midnight)
        let next = midnight.advanced(by: .hours(24))
        let two = try proposal(2)
        #expect(throws: CheckBudget.Refusal.spent(asked: 1_024, left: 0, freeAt: next)) {
            try budget.charge(two, now: noon)
        }
        #expect(budget.left(now: noon) == 0)
        try budget.charge(two, now: next)
        // The ends of the scale do not trap.
        #expect(throws: Never.self) { try budget.charge(try proposal(3), now: .distantFuture) }
        #expect(throws: CheckBudget.Refusal.self) { try budget.charge(try proposal(4), now: .distantPast) }
    }

    @Test("it is the same after it was stored, and a stored one out of range is refused")
    func stored() throws {
        var budget = try #require(CheckBudget(perSession: 1_024, perDay: 2_048))
        try budget.charge(try proposal(1), now: noon)
        let data = try JSONEncoder().encode(budget)
        var again = try JSONDecoder().decode(CheckBudget.self, from: data)
        #expect(again == budget)
        try again.charge(try proposal(1), now: noon)
        #expect(again.spent == 1_024)
        let text = try #require(String(data: data, encoding: .utf8))
        for (old, new) in [("\"spent\":1024", "\"spent\":4096"), ("\"spent\":1024", "\"spent\":-1"),
            ("\"perDay\":2048", "\"perDay\":512")]
        {
            let wrong = text.replacingOccurrences(of: old, with: new)
            #expect(wrong != text)
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(CheckBudget.self, from: Data(wrong.utf8))
            }
        }
    }

    @Test("limits outside the range make no budget")
    func limits() {
        #expect(CheckBudget(perSession: 1_023, perDay: 2_000) == nil)
        #expect(CheckBudget(perSession: (1 << 20) + 1, perDay: 1 << 22) == nil)
        #expect(CheckBudget(perSession: 1 << 20, perDay: 1 << 20) != nil)
        #expect(CheckBudget(perSession: 2_048, perDay: 2_047) == nil)
        #expect(CheckBudget(perSession: 1_024, perDay: Limits.privateCheckPointsPerDay) != nil)
        #expect(CheckBudget(perSession: 1_024, perDay: Limits.privateCheckPointsPerDay + 1) == nil)
    }
}
