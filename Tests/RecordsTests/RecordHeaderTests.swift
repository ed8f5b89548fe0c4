import JointLog
import Kernel
import Records
import Testing

@Suite struct RecordHeaderTests {
    private let text = sampleRecord("amended presence").header

    private func edited(_ line: String, _ replacement: String) -> String {
        text.split(separator: "\n").map { $0.hasPrefix(line + " ") ? replacement : String($0) }
            .filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
    }

    @Test("a header with any one byte changed is refused or is another record that is written just so")
    func oneByteChanges() throws {
        let bytes = Array(text.utf8)
        let original = try #require(RecordHeader(text: text))
        var accepted = 0
        for i in bytes.indices {
            for byte in [
                0x00, 0x09, 0x0A, 0x0D, 0x20, 0x2B, 0x2C, 0x2D, 0x30, 0x39, 0x41, 0x61, 0x7A, 0x7F, 0x80, 0xFF,
            ]
                as [UInt8] where bytes[i] != byte
            {
                var changed = bytes
                changed[i] = byte
                guard let candidate = String(validating: changed, as: UTF8.self),
                    let header = RecordHeader(text: candidate)
                else { continue }
                accepted += 1
                #expect(header != original, "byte \(i)")
                #expect(Array(header.text.utf8) == changed, "byte \(i)")
                #expect(header.leaf != original.leaf)
            }
        }
        #expect(accepted > 100)
    }

    @Test("a header with a byte inserted or removed anywhere is refused or written just so")
    func insertionsAndRemovals() {
        let bytes = Array(text.utf8)
        for i in bytes.indices {
            var removed = bytes
            removed.remove(at: i)
            var candidates = [removed]
            for byte in [0x20, 0x0A, 0x30, 0x2B] as [UInt8] {
                var inserted = bytes
                inserted.insert(byte, at: i)
                candidates.append(inserted)
            }
            for candidate in candidates {
                guard let header = RecordHeader(text: String(decoding: candidate, as: UTF8.self)) else { continue }
                #expect(Array(header.text.utf8) == candidate, "at \(i)")
            }
        }
    }

    @Test("lines in any other order, twice, or missing are refused")
    func lines() {
        let lines = text.split(separator: "\n").map { $0 + "\n" }
        for i in lines.indices {
            var missing = lines
            missing.remove(at: i)
            if !lines[i].hasPrefix("seen") {
                #expect(RecordHeader(text: missing.joined()) == nil, "without \(lines[i])")
            }
            var twice = lines
            twice.insert(lines[i], at: i)
            #expect(RecordHeader(text: twice.joined()) == nil, "twice \(lines[i])")
            for j in lines.indices where j != i {
                var swapped = lines
                swapped.swapAt(i, j)
                #expect(RecordHeader(text: swapped.joined()) == nil, "lines \(i) and \(j)")
            }
        }
    }

    @Test(
        "a field in another form is refused",
        arguments: [
            ("mechanism", "mechanism 00"), ("mechanism", "mechanism "), ("mechanism", "mechanism"),
            ("author", "author Turkiye"), ("author", "author "), ("author", "author turkiye,israel"),
            ("index", "index -1"), ("index", "index +1"), ("index", "index 01"), ("index", "index 1.0"),
            ("index", "index 9007199254740992"), ("index", "index 18446744073709551616"), ("index", "index  1"),
            ("audience", "audience"), ("audience", "audience "), ("audience", "audience israel,"),
            ("audience", "audience ,israel"), ("audience", "audience israel, turkiye"),
            ("audience", "audience israel,israel"), ("audience", "audience turkiye,israel"),
            ("terms", "terms 9007199254740993"), ("terms", "terms one"), ("terms", "terms -1"),
            ("seen", "seen israel 1"), ("seen", "seen israel 1 00"), ("seen", "seen Israel 1 00"),
            ("seen", "seen israel -1 " + String(repeating: "0", count: 64)),
            ("seen", "seen israel 9007199254740993 " + String(repeating: "0", count: 64)),
            ("seen", "seen  israel 1 " + String(repeating: "0", count: 64)),
            ("relay", "relay Urgent"), ("relay", "relay flash"), ("relay", "relay "), ("relay", "relay ordinary "),
            ("padded", "padded 0"), ("padded", "padded 513"), ("padded", "padded 256"), ("padded", "padded 262144"),
            ("padded", "padded -512"), ("padded", "padded +512"), ("padded", "padded 0512"),
            ("commitment", "commitment " + String(repeating: "A", count: 64)), ("commitment", "commitment 00"),
            ("sealed", "sealed " + String(repeating: "g", count: 64)), ("sealed", "sealed "),
        ])
    func malformed(line: String, replacement: String) {
        #expect(edited(line, replacement) != text)
        #expect(RecordHeader(text: edited(line, replacement)) == nil)
    }

    @Test("other endings of lines and other first lines are refused")
    func frames() {
        for other in [
            "", "\n", text + "\n", text + "x", String(text.dropLast()), "\u{FEFF}" + text, " " + text,
            text.replacing("\n", with: "\r\n"), text.replacing("record v1", with: "record v2"),
            text.replacing("record v1", with: "Record v1"), text + text,
        ] { #expect(RecordHeader(text: other) == nil) }
    }

    @Test("index and length classes are read up to their limits")
    func limits() {
        #expect(RecordHeader(text: edited("index", "index 9007199254740991"))?.index == 9_007_199_254_740_991)
        for padded in [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536] {
            #expect(RecordHeader(text: edited("padded", "padded \(padded)"))?.paddedLength == padded)
        }
    }

    @Test("as many heads as there may be parties are read, and one more is refused")
    func heads() {
        func header(_ count: Int) -> String {
            let heads = (0..<count).map { "seen p\($0 + 100) 1 \(String(repeating: "0", count: 64))\n" }.joined()
            return edited("seen", "").replacing("relay ", with: heads + "relay ", maxReplacements: 1)
        }
        #expect(RecordHeader(text: header(0))?.seen.isEmpty == true)
        #expect(RecordHeader(text: header(Limits.peers))?.seen.count == Limits.peers)
        #expect(RecordHeader(text: header(Limits.peers + 1)) == nil)
    }

    @Test("the largest header fits an envelope")
    func largest() throws {
        let parties = (0..<Limits.peers).map { party("p" + String(repeating: "9", count: 29) + "\($0 + 10)") }
        let header = RecordHeader(
            mechanism: sampleTerms.mechanism, author: parties[0], index: Limits.largestInteger - 1, audience: parties,
            termsVersion: Limits.largestInteger,
            seen: parties.map {
                RecordHeader.SeenHead(party: $0, size: Limits.largestInteger, root: sampleTerms.mechanism)
            }, relay: .ordinary, paddedLength: 65_536, commitment: sampleTerms.mechanism,
            sealedHash: sampleTerms.mechanism)
        #expect(RecordHeader(text: header.text) == header)
        #expect(header.text.utf8.count <= Envelope.largestHeader)
    }
}
