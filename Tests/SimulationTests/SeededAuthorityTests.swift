import Kernel
import Mechanism
import Records
import Simulation
import Testing

@Suite struct SeededAuthorityTests {
    @Test("two authorities of one seed give the same keys and encapsulations, and another seed gives others")
    func determinism() throws {
        func drawn(_ seed: UInt64) throws -> [[UInt8]] {
            var authority = SeededAuthority(seed: seed)
            let made = (0..<2).compactMap { _ in
                authority.encapsulate(to: authority.sealKey.publicKey, info: [1])
            }
            try #require(made.count == 2)
            let (first, second) = (made[0], made[1])
            #expect(first != second)
            return [
                authority.key.publicKey.bytes, authority.sealKey.publicKey.bytes, first.encapsulated, first.key.bytes,
                second.encapsulated, second.key.bytes, authority.salt().bytes, authority.contentKey().bytes,
            ]
        }
        #expect(try drawn(7) == drawn(7))
        #expect(try zip(drawn(7), drawn(8)).allSatisfy { $0 != $1 })
    }

    @Test("what is encapsulated to one authority is decapsulated by it alone, and under the same info alone")
    func roundTrip() throws {
        var sender = SeededAuthority(seed: 1)
        var receiver = SeededAuthority(seed: 2)
        var other = SeededAuthority(seed: 3)
        let sent = sender.encapsulate(to: receiver.sealKey.publicKey, info: [1, 2])
        let made = try #require(sent)
        #expect(made.encapsulated.count == 1_120)
        #expect(receiver.decapsulate(made.encapsulated, info: [1, 2]) == made.key)
        #expect(receiver.decapsulate(made.encapsulated, info: [1]) != made.key)
        #expect(other.decapsulate(made.encapsulated, info: [1, 2]) != made.key)
        #expect(receiver.decapsulate(made.encapsulated.dropLast(), info: [1, 2]) == nil)
        var changed = made.encapsulated
        changed[500] ^= 1
        #expect(receiver.decapsulate(changed, info: [1, 2]) != made.key)
    }
}
