import Foundation
import Kernel
import Testing

/// A key that only has an order: nothing here may rely on hashing.
private struct Key: Comparable, Codable, Sendable {
    let value: UInt64
    static func < (a: Key, b: Key) -> Bool { a.value < b.value }
}

@Suite struct SortedMapTests {
    /// The pairs that a map should hold, in no particular order.
    private struct Model {
        var pairs: [(UInt64, Int)] = []

        subscript(key: UInt64) -> Int? {
            get { pairs.first { $0.0 == key }?.1 }
            set {
                pairs.removeAll { $0.0 == key }
                if let newValue { pairs.append((key, newValue)) }
            }
        }
    }

    @Test("a map under 200 seeded histories holds what a plain list of pairs holds, in order of key")
    func model() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var map = SortedMap<Key, Int>()
            var model = Model()
            for step in 0..<200 {
                let key = random.below(40)
                switch random.below(7) {
                case 0, 1:
                    map[Key(value: key)] = step
                    model[key] = step
                case 2:
                    map[Key(value: key)] = nil
                    model[key] = nil
                case 3:
                    let removed = map.removeValue(forKey: Key(value: key))
                    #expect(removed == model[key])
                    model[key] = nil
                case 4:
                    map[Key(value: key), default: 100] += 1
                    model[key] = (model[key] ?? 100) + 1
                case 5:
                    map.update(Key(value: key)) { $0 *= 2 }
                    if let value = model[key] { model[key] = value * 2 }
                default:
                    map[Key(value: key)]? -= 3
                    if let value = model[key] { model[key] = value - 3 }
                }
                #expect(map[Key(value: key)] == model[key])
                #expect(map.contains(Key(value: key)) == (model[key] != nil))
            }
            let expected = model.pairs.sorted { $0.0 < $1.0 }
            #expect(map.keys.map(\.value) == expected.map(\.0), "seed \(seed)")
            #expect(map.values == expected.map(\.1), "seed \(seed)")
            #expect(map.map(\.value) == expected.map(\.1), "seed \(seed)")
            #expect(map.count == expected.count)
            #expect(map.isEmpty == expected.isEmpty)
            #expect(map.first?.key.value == expected.first?.0)
            #expect(map.last?.value == expected.last?.1)
            let low = random.below(45)
            let high = low + random.below(20)
            let range = Key(value: low)...Key(value: high)
            #expect(
                map.elements(in: range).map(\.value)
                    == expected.filter { (low...high).contains($0.0) }.map(\.1), "seed \(seed)")
            #expect(map.lowerBound(Key(value: low)) == expected.count { $0.0 < low })
        }
    }

    @Test("a map of thousands, filled and emptied in any order, holds what a dictionary holds")
    func large() {
        for seed in 0..<4 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var map = SortedMap<Key, UInt64>()
            var model: [UInt64: UInt64] = [:]
            // Half of the histories rise, as records and notices do.
            for step in 0..<6_000 as Range<UInt64> {
                let key = seed % 2 == 0 ? random.below(5_000) : step / 2 + random.below(40)
                if random.below(3) == 0 {
                    #expect(map.removeValue(forKey: Key(value: key)) == model.removeValue(forKey: key))
                } else {
                    map[Key(value: key), default: 0] += step
                    model[key, default: 0] += step
                }
            }
            let expected = model.sorted { $0.key < $1.key }
            #expect(expected.count > 1_000)
            #expect(map.map(\.key.value) == expected.map(\.key), "seed \(seed)")
            #expect(map.values == expected.map(\.value), "seed \(seed)")
            #expect(map.count == expected.count)
            for low in stride(from: 0 as UInt64, to: 5_100, by: 300) {
                let range = Key(value: low)...Key(value: low + 700)
                let within = expected.filter { (low...(low + 700)).contains($0.key) }
                #expect(map.elements(in: range).map(\.value) == within.map(\.value), "seed \(seed)")
                #expect(map.lowerBound(Key(value: low)) == expected.count { $0.key < low })
            }
            for (key, _) in expected { map[Key(value: key)] = nil }
            #expect(map.isEmpty && map.count == 0 && map.first == nil)
        }
    }

    @Test("two maps are equal whatever the order in which they were filled")
    func equality() {
        var a = SortedMap<Key, String>()
        var b = SortedMap<Key, String>()
        for i in 0..<50 as Range<UInt64> { a[Key(value: i * 7 % 50)] = "\(i * 7 % 50)" }
        for i in 0..<50 as Range<UInt64> { b[Key(value: i)] = "\(i)" }
        #expect(a == b)
        b[Key(value: 3)] = "x"
        #expect(a != b)
    }

    @Test("a map comes back from its coded form, and a form out of order or of unequal lengths is refused")
    func coding() throws {
        var map = SortedMap<Key, Int>()
        for i in [5, 1, 9] as [UInt64] { map[Key(value: i)] = Int(i) }
        #expect(try JSONDecoder().decode(SortedMap<Key, Int>.self, from: JSONEncoder().encode(map)) == map)
        for text in [
            #"{"keys":[{"value":2},{"value":1}],"values":[1,2]}"#,
            #"{"keys":[{"value":1},{"value":1}],"values":[1,2]}"#,
            #"{"keys":[{"value":1}],"values":[1,2]}"#, #"{"keys":[{"value":1}],"values":[]}"#,
        ] {
            #expect(throws: DecodingError.self, "\(text)") {
                try JSONDecoder().decode(SortedMap<Key, Int>.self, from: Data(text.utf8))
            }
        }
    }
}

@Suite struct SortedSetTests {
    @Test("a set under 200 seeded histories holds what a list without repeats holds, in order")
    func model() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var set = SortedSet<UInt64>()
            var model: [UInt64] = []
            for _ in 0..<150 {
                let element = random.below(30)
                if random.below(3) == 0 {
                    let wasThere = set.remove(element)
                    #expect(wasThere == model.contains(element))
                    model.removeAll { $0 == element }
                } else {
                    let isNew = set.insert(element)
                    #expect(isNew == !model.contains(element))
                    if !model.contains(element) { model.append(element) }
                }
                #expect(set.contains(element) == model.contains(element))
            }
            #expect(set.elements == model.sorted(), "seed \(seed)")
            #expect(Array(set) == model.sorted())
            #expect(set.count == model.count)
            #expect(set.first == model.min())
            #expect(set.last == model.max())
            #expect(SortedSet(model.reversed()) == set)
        }
    }

    @Test("a set is coded as a list in order")
    func coding() throws {
        let set = SortedSet([3, 1, 2, 3])
        let data = try JSONEncoder().encode(set)
        #expect(String(decoding: data, as: UTF8.self) == "[1,2,3]")
        #expect(try JSONDecoder().decode(SortedSet<Int>.self, from: data) == set)
    }
}
