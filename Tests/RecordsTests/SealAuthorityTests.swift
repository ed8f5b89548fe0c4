import Kernel
import Mechanism
import Records
import Testing

/// What an authority gives for sealing is recorded in order and given again by a replay that holds no key.
@Suite struct SealAuthorityTests {
    /// Numbers its answers; `nil` where told.
    private struct Numbered: Authority {
        var count = 0
        var fails = false

        private mutating func next() -> Hash32 {
            count += 1
            return secret("answer \(count)")
        }

        mutating func salt() -> Hash32 { next() }
        mutating func sign(_ message: [UInt8]) -> [UInt8] { next().bytes + next().bytes }
        mutating func contentKey() -> Hash32 { next() }

        mutating func encapsulate(to publicKey: SealPublicKey, info: [UInt8]) -> Encapsulation? {
            fails ? nil : Encapsulation(encapsulated: [UInt8](repeating: 1, count: 1_120), key: next())
        }

        mutating func decapsulate(_ encapsulated: [UInt8], info: [UInt8]) -> Hash32? { fails ? nil : next() }
    }

    private func answers(_ authority: inout some Authority) -> [[UInt8]?] {
        let encapsulation = authority.encapsulate(to: sealKey("a").publicKey, info: [1])
        return [
            authority.salt().bytes, authority.contentKey().bytes, encapsulation?.encapsulated,
            encapsulation?.key.bytes, authority.decapsulate([2], info: [3])?.bytes, authority.sign([4]),
        ]
    }

    @Test("a replay gives every answer again, in order, and those that were nothing as nothing")
    func replay() {
        for fails in [false, true] {
            var recording = RecordingAuthority(Numbered(fails: fails))
            let given = answers(&recording)
            #expect(given[0] != given[1])
            #expect((given[2] == nil) == fails && (given[4] == nil) == fails)
            #expect(recording.given.count == 5)
            var replaying = ReplayingAuthority(recording.given)
            #expect(answers(&replaying) == given)
            #expect(replaying.isSpent && !replaying.isExhausted)
        }
    }

    @Test("a replay that is asked for what was not recorded says so", arguments: 0..<5)
    func mismatch(dropped: Int) {
        var recording = RecordingAuthority(Numbered())
        _ = answers(&recording)
        var given = recording.given
        given.remove(at: dropped)
        var replaying = ReplayingAuthority(given)
        _ = answers(&replaying)
        #expect(replaying.isExhausted)
        #expect(!replaying.isSpent)
    }

    @Test("nothing is an answer only where it may be: an empty salt, signature or content key exhausts the replay")
    func empty() {
        let nothing = [Bytes([])]
        var replaying = ReplayingAuthority(nothing)
        _ = replaying.salt()
        #expect(replaying.isExhausted)
        replaying = ReplayingAuthority(nothing)
        _ = replaying.contentKey()
        #expect(replaying.isExhausted)
        replaying = ReplayingAuthority(nothing)
        _ = replaying.sign([])
        #expect(replaying.isExhausted)
        replaying = ReplayingAuthority(nothing)
        #expect(replaying.decapsulate([], info: []) == nil)
        #expect(replaying.isSpent)
        replaying = ReplayingAuthority(nothing)
        #expect(replaying.encapsulate(to: sealKey("a").publicKey, info: []) == nil)
        #expect(replaying.isSpent)
    }
}
