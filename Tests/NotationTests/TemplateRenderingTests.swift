import Geodesy
import Kernel
import Notation
import Records
import Testing

private let two = MessageParties(from: "Israel", to: "Türkiye")

/// With the isolates as brackets that can be seen: ⟨ for left to right, ‹ for the text's own direction.
private func visible(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    var open: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x2066: shown.append("⟨"); open.append("⟩")
        case 0x2068: shown.append("‹"); open.append("›")
        case 0x2069: shown.append(open.popLast() ?? "!")
        default: shown.append(scalar)
        }
    }
    return String(shown)
}

private func render(
    _ message: MessageContent, _ language: MessageLanguage, mode: Mode = .real,
    notation: MessageNotation = MessageNotation()
) -> String {
    visible(catalogue.render(message, mode: mode, parties: two, in: language, notation: notation))
}

@Suite struct TemplateRenderingTests {
    @Test("a hazard reads in English with every value in its isolate, and says what was not stated")
    func english() throws {
        let position = try #require(Position(latitudeDeg: 34.5574, longitudeDeg: 38.3169))
        let end = try #require(UTCInstant(rfc3339: "2026-11-22T21:05:30Z"))
        let message = try MessageContent(
            role: .watch, precedence: .flash,
            body: .template(
                try TemplateMessage(
                    .hazardAviation,
                    [
                        .init(.hazard, .reason(.airDefence)), .init(.position, .position(position, original: nil)),
                        .init(.radius, .distance(metres: 5_000)), .init(.end, .time(end)),
                    ])))
        // The grid reference is GeoConvert's.
        #expect(
            render(message, .english)
                == "‹Israel› warns ‹Türkiye›: hazard to aviation. Kind of hazard: ‹air defence›."
                + " Position: ⟨37SDU3733124174 / 34.55740N 38.31690E⟩."
                + " Radius around the position: ⟨5000 m (2.70 NM)⟩. Altitude: all altitudes. Start: when this message was sent."
                + " End: ⟨222105ZNOV26 (2026-11-22T21:05:30Z)⟩.")
    }

    @Test("a question about forces reads in Hebrew and Arabic with its digits in their own order")
    func rightToLeft() throws {
        let position = try #require(Position(latitudeDeg: -34.5574, longitudeDeg: -38.3169))
        let message = try MessageContent(
            role: .watch, precedence: .flash,
            body: .template(
                try TemplateMessage(
                    .forcesQuestion,
                    [
                        .init(.position, .position(position, original: "ליד T4")),
                        .init(.radius, .distance(metres: 1_234.5)),
                    ])))
        let degrees = MessageNotation(notations: [.decimalDegrees])
        let hebrew = render(message, .hebrew, notation: degrees)
        #expect(hebrew.hasPrefix("שאלה מאת ‹Israel› אל ‹Türkiye›: "))
        #expect(hebrew.contains("⟨34.55740S 38.31690W⟩ (כפי שנמסר במקור: “‹ליד T4›”)"))
        #expect(hebrew.contains("⟨1234.5 m (0.67 NM)⟩"))
        let arabic = render(message, .arabic, notation: degrees)
        #expect(arabic.hasPrefix("الطرف ‹Israel› يسأل الطرف ‹Türkiye›: "))
        #expect(arabic.contains("⟨34.55740S 38.31690W⟩"))
    }

    @Test(
        "each type of value has one unmistakable form",
        arguments: [
            (.bearing(degreesTrue: 5), "⟨005°T⟩ (from true north, clockwise)"), (.bearing(degreesTrue: 359), "⟨359°T⟩ (from true north, clockwise)"),
            (.frequency(hertz: 243_000_000), "⟨243.000 MHz⟩"), (.frequency(hertz: 118_005_000), "⟨118.005 MHz⟩"),
            (.frequency(hertz: 2_182_000), "⟨2.182 MHz⟩"), (.frequency(hertz: 1_575_420_001), "⟨1575.420001 MHz⟩"),
            (.frequency(hertz: 3_000), "⟨0.003 MHz⟩"), (.number(1_000_000), "⟨1000000⟩"),
            (.distance(metres: 0), "⟨0 m (0.00 NM)⟩"), (.distance(metres: 1_852), "⟨1852 m (1.00 NM)⟩"),
            (.duration(seconds: 1), "⟨1⟩ ‹s›"), (.duration(seconds: 600), "⟨10⟩ ‹min›"),
            (.duration(seconds: 90_061), "⟨1⟩ ‹d› ⟨1⟩ ‹h› ⟨1⟩ ‹min› ⟨1⟩ ‹s›"), (.duration(seconds: 604_800), "⟨7⟩ ‹d›"),
            (.reason(.notOwnActivity), "‹NOT activity of the sender›"), (.unit("Gölge 11"), "‹Gölge 11›"),
            (.text("אש\n12", language: .hebrew), "“‹אש ⏎ 12›” (language: ‹Hebrew›)"),
        ] as [(MessageValue, String)])
    func values(value: MessageValue, shown: String) {
        #expect(visible(catalogue.render(value, in: .english)) == shown)
    }

    @Test("an altitude band shows both limits with unit and datum, in figures and in words")
    func altitude() throws {
        let band = AltitudeBand(
            lower: try #require(Altitude(value: 500, unit: .metres, datum: .agl)),
            upper: try #require(Altitude(value: 250, unit: .flightLevel, datum: .flightLevel)))
        #expect(
            visible(catalogue.render(.altitudeBand(band), in: .english))
                == "lower limit ⟨500 m AGL⟩ (‹above ground level›), upper limit ⟨FL250⟩ (‹flight level, by standard pressure›)")
        #expect(
            visible(catalogue.render(.altitudeBand(band), in: .russian)).contains("⟨500 m AGL⟩ (‹над поверхностью земли›)"))
    }

    @Test("a drill, the notice, the answered record and the due time stand on lines of their own")
    func frame() throws {
        let message = try MessageContent(
            role: .watch, precedence: .immediate, body: .text("לא ברור\n12.5", language: .hebrew),
            about: NoticeID("turkiye-12"), inReplyTo: RecordID("turkiye-40"),
            due: UTCInstant(rfc3339: "2026-11-22T19:17:00Z"))
        #expect(
            render(message, .english, mode: .drill)
                == """
                DRILL. No forces move.
                Text from ‹Israel›. Language: ‹Hebrew›.
                ‹לא ברור›
                ‹12.5›
                About notice: ⟨turkiye-12⟩.
                Refers to record: ⟨turkiye-40⟩.
                Acknowledgement asked for by: ⟨221917ZNOV26 (2026-11-22T19:17:00Z)⟩.
                """)
        #expect(!render(message, .english).contains("DRILL"))
    }

    @Test("one press says in every language that the position is not stated", arguments: MessageLanguage.ofCatalogue)
    func notStated(language: MessageLanguage) throws {
        let words: [MessageLanguage: String] = [
            .english: "not stated", .turkish: "belirtilmedi", .hebrew: "לא נמסר", .arabic: "غير مذكور",
            .azerbaijani: "göstərilməyib", .russian: "не указано",
        ]
        for template in MessageTemplate.allCases where template.isOnePress && template != .crossingOver {
            let shown = render(try sampleMessage(template, onlyRequired: true), language)
            #expect(shown.contains(try #require(words[language])), "\(template): \(shown)")
        }
    }

    @Test("a language that the catalogue lacks is read in English")
    func otherLanguage() throws {
        #expect(render(try sampleMessage(.commCheck), .french) == render(try sampleMessage(.commCheck), .english))
    }

    @Test("the code line is one line of ASCII in no language")
    func codeLine() throws {
        let lower = try #require(Altitude(value: 3_000, unit: .feet, datum: .amsl))
        let upper = try #require(Altitude(value: 250, unit: .flightLevel, datum: .flightLevel))
        let position = try #require(Position(latitudeDeg: 34.5574, longitudeDeg: 38.3169))
        let message = try MessageContent(
            role: .releasing, precedence: .flash,
            body: .template(
                try TemplateMessage(
                    .hazardAviation,
                    [
                        .init(.hazard, .reason(.missileFlight)), .init(.position, .position(position, original: "T4 \"א")),
                        .init(.altitude, .altitudeBand(AltitudeBand(lower: lower, upper: upper))),
                        .init(.remarks, .text("x\nend=1", language: .english)),
                    ])), about: NoticeID("israel-3"), due: UTCInstant(rfc3339: "2026-11-22T19:17:00.5Z"))
        #expect(
            TemplateCatalogue.codeLine(message)
                == #"HAZARD-AVIATION FLASH role=releasing hazard=missile-flight"#
                + #" position=34.55740N,38.31690E/37SDU3733124174/"T4 \"\u05d0" altitude=3000_ft_AMSL..FL250"#
                + #" remarks=en:"x\u000aend=1" about=israel-3 due=2026-11-22T19:17:00.500000Z"#)
        for template in MessageTemplate.allCases {
            let line = TemplateCatalogue.codeLine(try sampleMessage(template, remark: "שלום \u{1F6A8}"))
            #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
    }

    @Test("the structure for forms has every template with its fields and their words")
    func structure() throws {
        guard case .array(let templates) = TemplateCatalogue.structure else {
            Issue.record("no list")
            return
        }
        #expect(templates.map { text($0["code"]) } == MessageTemplate.allCases.map(\.rawValue))
        let refused = try #require(templates.first { $0["code"] == "hold-refused" })
        #expect(refused["reply"] == .bool(true))
        guard case .array(let fields)? = refused["fields"] else {
            Issue.record("no fields")
            return
        }
        #expect(
            fields.first == [
                "name": "obstacle", "type": "reason", "required": true,
                "reasons": ["too-late", "no-contact-with-unit", "not-our-forces", "self-defence", "no-authority", "other"],
            ])
    }
}
