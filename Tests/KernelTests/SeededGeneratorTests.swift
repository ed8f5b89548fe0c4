import Kernel
import Testing

@Suite struct SeededGeneratorTests {
    /// The values that SplitMix64's reference implementation prints for this seed.
    @Test("the generator is SplitMix64")
    func published() {
        var generator = SeededGenerator(seed: 1_234_567)
        let values = (0..<5).map { _ in generator.next() }
        #expect(
            values == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("a number below a bound lies below it and every number below it comes up")
    func below() {
        for bound in [1, 2, 3, 7, 10, 255] as [UInt64] {
            var generator = SeededGenerator(seed: bound)
            var seen = [Int](repeating: 0, count: Int(bound))
            for _ in 0..<(Int(bound) * 100) {
                let value = generator.below(bound)
                guard value < bound else {
                    Issue.record("\(value) is not below \(bound)")
                    return
                }
                seen[Int(value)] += 1
            }
            #expect(!seen.contains(0), "bound \(bound): \(seen)")
        }
        var generator = SeededGenerator(seed: 5)
        let large = generator.below(.max)
        #expect(large < .max)
    }

    @Test("uniform numbers stay in their range and spread over it")
    func uniform() {
        var generator = SeededGenerator(seed: 9)
        var sum = 0.0
        for _ in 0..<20_000 {
            let value = generator.uniform(-3...5)
            guard (-3...5).contains(value) else {
                Issue.record("\(value) lies outside")
                return
            }
            sum += value
        }
        #expect(abs(sum / 20_000 - 1) < 0.1)
        for _ in 0..<20_000 {
            let value = generator.unit()
            #expect(value >= 0 && value < 1)
        }
    }
}
