import Kernel
import Notation
import Records
import Testing

/// Texts that would turn or join their surroundings if they were not isolated.
private let remarks = [
    "עצור 12.5", "12 אש 34", "قف ١٢ - 34", "-12 / 3", "(", "»«", "A-10 אור", "Привет (1", "\"}{][|", "…", "اب12גד",
]

@Suite struct TemplateIsolationTests {
    @Test("in every language each isolate is closed within its line, and no digit or Latin value stands outside one", arguments: MessageLanguage.ofCatalogue)
    func balanced(language: MessageLanguage) throws {
        for template in MessageTemplate.allCases {
            for onlyRequired in [true, false] {
                let message = try sampleMessage(template, onlyRequired: onlyRequired)
                let shown = catalogue.render(message, mode: .drill, parties: sampleParties, in: language)
                #expect(isolated(shown) != nil, "\(template)")
                let sentence = outside(shown)
                #expect(!sentence.unicodeScalars.contains { ("0"..."9").contains($0) }, "\(template): \(sentence)")
                #expect(!sentence.contains { "{}[]|?".contains($0) && !("?" == $0 && template == .forcesQuestion) }, "\(sentence)")
                #expect(!shown.contains("{") && !shown.contains("|"), "\(shown)")
            }
        }
    }

    @Test("a text from right to left leaves every other value as it was and where it was", arguments: MessageLanguage.ofCatalogue)
    func order(language: MessageLanguage) throws {
        for template in MessageTemplate.allCases {
            let plain = catalogue.render(
                try sampleMessage(template, remark: "Q"), mode: .real, parties: sampleParties, in: language)
            let before = try #require(isolated(plain))
            for remark in remarks {
                let shown = catalogue.render(
                    try sampleMessage(template, remark: remark), mode: .real, parties: sampleParties, in: language)
                let after = try #require(isolated(shown))
                #expect(after == before.map { $0 == "\u{2068}Q" ? "\u{2068}" + remark : $0 }, "\(template)")
                #expect(outside(shown) == outside(plain))
            }
        }
    }

    @Test("2,000 random texts change nothing outside their own isolate")
    func random() throws {
        var generator = SeededGenerator(seed: 5)
        let alphabet = Array("אבגשםабвxyz٣12 .,-+/()[]{}|\"'%°→ə\u{200C}سلا🚨\n".unicodeScalars)
        let plain = catalogue.render(
            try sampleMessage(.aircraftCrossed, remark: "Q"), mode: .real, parties: sampleParties, in: .hebrew)
        let before = try #require(isolated(plain))
        for _ in 0..<2_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0...generator.below(30) { scalars.append(alphabet[Int(generator.below(UInt64(alphabet.count)))]) }
            scalars.append("a")
            let remark = String(scalars).replacing("\n", with: " ")
            let shown = catalogue.render(
                try sampleMessage(.aircraftCrossed, remark: remark), mode: .real, parties: sampleParties, in: .hebrew)
            #expect(try #require(isolated(shown)) == before.map { $0 == "\u{2068}Q" ? "\u{2068}" + remark : $0 })
        }
    }

    @Test("a party's name cannot end its isolate or turn the sentence")
    func names() throws {
        let parties = MessageParties(from: "A\u{2069}\u{202E}B\n", to: "C\u{200F}")
        let shown = catalogue.render(try sampleMessage(.holdRequest), mode: .real, parties: parties, in: .arabic)
        let runs = try #require(isolated(shown))
        #expect(runs.contains("\u{2068}A\u{FFFD}\u{FFFD}B ⏎ "))
        #expect(runs.contains("\u{2068}C\u{FFFD}"))
    }

    @Test("free text keeps its lines, each in an isolate of its own")
    func lines() throws {
        let message = try MessageContent(
            role: .watch, precedence: .routine, body: .text("אחת 1\n\nשתיים 2", language: .hebrew))
        let shown = catalogue.render(message, mode: .real, parties: sampleParties, in: .english)
        #expect(try #require(isolated(shown)).suffix(2) == ["\u{2068}אחת 1", "\u{2068}שתיים 2"])
    }
}
