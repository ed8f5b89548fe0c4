import Kernel
import Testing

@testable import Records

@Suite struct SealReaderSectionTests {
    /// Of a class, with the given section in front.
    private func sealed(_ section: [UInt8], cipher: UInt8 = 1, length: Int = 8_192) -> [UInt8] {
        [cipher] + section + [UInt8](repeating: 7, count: length - 1 - section.count)
    }

    private func entry(_ name: String, mode: [UInt8]? = nil) -> [UInt8] {
        [UInt8(name.utf8.count)] + Array(name.utf8) + (mode ?? ([0] + bigEndian(UInt64(3)))) + wrapped
    }

    private let wrapped = [UInt8](repeating: 9, count: 48)
    private let encapsulated = [UInt8](repeating: 8, count: 1_120)

    @Test("well-formed sections are read as they stand")
    func valid() throws {
        let one = try #require(SealedBody.readers(of: sealed([1] + entry("israel"))))
        #expect(one == [SealReader(party: party("israel"), source: .earlier(3), wrapped: wrapped)])
        let two = try #require(
            SealedBody.readers(of: sealed([2] + entry("israel", mode: [1] + encapsulated) + entry("turkiye"))))
        #expect(two.map(\.party.name) == ["israel", "turkiye"])
        #expect(two[0].source == .fresh(encapsulated: encapsulated))
        #expect(two[0].encoded + two[1].encoded == entry("israel", mode: [1] + encapsulated) + entry("turkiye"))
        let sixteen = (0..<16).map { entry("p\($0 + 10)") }
        #expect(SealedBody.readers(of: sealed([16] + sixteen.flatMap { $0 }))?.count == 16)
        let last = entry("a", mode: [0] + bigEndian(Limits.largestInteger - 1))
        #expect(SealedBody.readers(of: sealed([1] + last))?.first?.source == .earlier(Limits.largestInteger - 1))
    }

    @Test("malformed sections are refused", arguments: [
        "no readers", "more than there are", "seventeen", "255 readers", "twice the same", "falling order",
        "an empty name", "a name of 33", "capitals", "a name that begins with a digit", "no UTF-8",
        "an embedded zero", "mode 2", "mode 255", "an index of 2^53", "the largest index",
        "cut in the name", "cut before the mode", "cut in the index", "cut in the encapsulation",
        "cut in the wrapped key",
    ])
    func malformed(name: String) {
        let sixteen = (0..<16).flatMap { entry("p\($0 + 10)") }
        let section: [UInt8]
        switch name {
        case "no readers": section = [0] + entry("israel")
        case "more than there are": section = [2] + entry("israel")
        case "seventeen": section = [17] + sixteen + entry("q")
        case "255 readers": section = [255] + sixteen
        case "twice the same": section = [2] + entry("israel") + entry("israel")
        case "falling order": section = [2] + entry("turkiye") + entry("israel")
        case "an empty name": section = [1] + entry("")
        case "a name of 33": section = [1] + entry(String(repeating: "a", count: 33))
        case "capitals": section = [1] + entry("Israel")
        case "a name that begins with a digit": section = [1] + entry("1srael")
        case "no UTF-8": section = [1, 2, 0x61, 0xFF] + entry("a").dropFirst(2)
        case "an embedded zero": section = [1, 2, 0x61, 0] + entry("a").dropFirst(2)
        case "mode 2": section = [1] + entry("israel", mode: [2] + bigEndian(UInt64(3)))
        case "mode 255": section = [1] + entry("israel", mode: [255] + encapsulated)
        case "an index of 2^53": section = [1] + entry("israel", mode: [0] + bigEndian(Limits.largestInteger))
        case "the largest index": section = [1] + entry("israel", mode: [0] + bigEndian(UInt64.max))
        case "cut in the name": section = nearEnd([6] + Array("isr".utf8))
        case "cut before the mode": section = nearEnd([6] + Array("israel".utf8))
        case "cut in the index": section = nearEnd([6] + Array("israel".utf8) + [0, 0, 0])
        case "cut in the encapsulation":
            section = nearEnd([6] + Array("israel".utf8) + [1] + encapsulated.prefix(1_119))
        default: section = nearEnd(entry("israel").dropLast())
        }
        let isCut = name.hasPrefix("cut")
        let bytes = isCut ? [1] + section : sealed(section)
        #expect(SealedBody.lengthClasses.contains(bytes.count))
        #expect(SealedBody.readers(of: bytes) == nil)
        #expect(
            SealedBody.opening(bytes, contentKey: secret("c"), binding: binding(9), commitment: secret("d")) == nil)
    }

    /// Whole entries and then the given part of one, up to the last byte of the smallest class that has room.
    private func nearEnd(_ last: [UInt8]) -> [UInt8] {
        guard let length = SealedBody.lengthClasses.first(where: { $0 >= 200 + last.count }) else { return [] }
        let missing = length - 2 - last.count
        let count = (missing + 89) / 90
        let entries = (0..<count).map { i in
            let size = missing / count + (i < missing % count ? 1 : 0)
            return entry("a\(i + 10)" + String(repeating: "x", count: size - 61))
        }
        return [UInt8(count + 1)] + entries.flatMap { $0 } + last
    }

    @Test("the sections of that test are cut by the end of the bytes and by nothing else")
    func cuts() throws {
        let whole = [1] + nearEnd(entry("israel"))
        #expect(SealedBody.lengthClasses.contains(whole.count))
        #expect(SealedBody.readers(of: whole)?.last?.party.name == "israel")
    }

    @Test("lengths outside the classes, other ciphers and nothing at all have no readers")
    func lengths() {
        let section = [1] + entry("israel")
        for length in SealedBody.lengthClasses {
            #expect(SealedBody.readers(of: sealed(section, length: length)) != nil)
            #expect(SealedBody.readers(of: sealed(section, length: length - 1)) == nil)
            #expect(SealedBody.readers(of: sealed(section, length: length + 1)) == nil)
        }
        #expect(SealedBody.readers(of: sealed(section, length: 262_144)) == nil)
        #expect(SealedBody.readers(of: []) == nil)
        for cipher in 0...255 as ClosedRange<UInt8> {
            #expect((SealedBody.readers(of: sealed(section, cipher: cipher)) != nil) == (cipher == 1))
            #expect(SealedBody.cipher(of: [cipher])?.rawValue == (cipher < 2 ? cipher : nil))
        }
        #expect(SealedBody.cipher(of: []) == nil)
    }

    @Test("a text too short for its tag does not open, with readers up to fifteen bytes before the end")
    func noText() {
        for after in 0..<16 {
            let bytes = [1] + nearEnd(entry("israel") + [UInt8](repeating: 0, count: after))
            #expect(SealedBody.readers(of: bytes)?.last?.party.name == "israel")
            #expect(
                SealedBody.opening(bytes, contentKey: secret("c"), binding: binding(9), commitment: secret("d")) == nil)
        }
    }

    @Test("20,000 mutated sections never trap, and what is read is written back as the same bytes")
    func mutations() throws {
        var random = SeededGenerator(seed: 20_002)
        let original = [UInt8(2)] + entry("israel", mode: [1] + encapsulated) + entry("turkiye")
        var read = 0
        for i in 0..<20_000 {
            let changed = random.mutated(original)
            let bytes = sealed(Array(changed.prefix(4_000)), length: 4_096)
            guard let readers = SealedBody.readers(of: bytes) else { continue }
            read += 1
            #expect(bytes.starts(with: SealedBody.head(of: readers)), "mutation \(i)")
            #expect(zip(readers, readers.dropFirst()).allSatisfy { $0.party < $1.party })
        }
        #expect(read > 100)
    }
}
