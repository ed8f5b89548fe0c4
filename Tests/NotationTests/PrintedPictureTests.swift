import Foundation
import FoundationXML
import Kernel
import Notation
import Records
import Testing

/// A page as a strict parser sees it.
private final class Page: NSObject, XMLParserDelegate {
    struct Element {
        let name: String
        let attributes: [String: String]
    }

    var elements: [Element] = []
    var text = ""
    var error: (any Error)?

    init(_ html: String) {
        super.init()
        let parser = XMLParser(data: Data(html.utf8))
        parser.delegate = self
        if !parser.parse() { error = parser.parserError }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append(Element(name: name, attributes: attributes))
        text += " "
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }
}

private let now = "2026-11-22T19:17:30.000000Z"

private func volume(_ geometry: String, start: String, end: String) -> String {
    """
    {"footprint":\(geometry),"altitude":{"lower":{"value":1000,"unit":"feet","datum":"amsl"},
     "upper":{"value":250,"unit":"flightLevel","datum":"flightLevel"}},"start":"\(start)","end":"\(end)","original":"near the T4 tower"}
    """
}

private func notice(
    _ id: String, owner: String = "alpha", mode: String = "real", start: String = "2026-11-22T19:00:00.000000Z",
    end: String = "2026-11-22T21:00:00.000000Z", contact: String = "line 1",
    geometry: String = #"{"type":"Point","coordinates":[38.3169,34.5574],"radiusM":3000}"#
) -> String {
    """
    {"id":"\(id)","owner":"\(owner)","version":1,"mode":"\(mode)","kind":"air-operation","onBehalfOf":null,
     "volumes":[\(volume(geometry, start: start, end: end))],"contact":"\(contact)","remarks":null,"status":"current",
     "flags":["shortLead"],"facts":[{"party":"bravo","receiptedAt":"\(now)","acknowledgedAt":null,"acknowledgedBy":null}],
     "conflicts":[]}
    """
}

private func snapshot(_ notices: [String], conflicts: String = "[]", stops: String = "[]", calls: String = "[]") throws -> JSONValue {
    try StrictJSON.read(
        Array(
            """
            {"status":{"party":{"id":"alpha","name":"Alpha Force","role":"principal"},
             "mechanism":{"id":"00","name":"Line of the North","termsVersion":3},"utc":"\(now)",
             "parties":[{"id":"alpha","name":"Alpha Force","role":"principal"},{"id":"bravo","name":"Bravo Command","role":"principal"}],
             "links":[{"party":"bravo","name":"Bravo Command","state":"up"}],
             "assurance":{"shown":"CONFLICT","reasons":[{"sentence":"something stands"}]},"suspended":false},
             "notices":[\(notices.joined(separator: ","))],"conflicts":\(conflicts),"stops":\(stops),"calls":\(calls),
             "alarms":[{"id":"notice:bravo-4","kind":"notice","precedence":"flash","state":"ringing","raisedAt":"\(now)","dueAt":null,"sentence":"Read it back."}],
             "terms":{"parties":[{"id":"bravo","name":"Bravo Command","role":"principal","address":"192.0.2.7:7402"}]}}
            """.utf8), limit: 1 << 20)
}

private func printed(
    _ snapshot: JSONValue, phones: PhoneList = PhoneList(), problem: String? = nil
) throws -> (html: String, page: Page) {
    let cards = try ActionCardCatalogue.load().texts(in: .english)
    let html = PrintedPicture(snapshot: snapshot, phones: phones, phonesProblem: problem, cards: cards).html
    return (html, Page(html))
}

/// Every text of a value replaced, except where the reader would no longer know what it is.
private func poisoned(_ value: JSONValue, with text: String) -> JSONValue {
    switch value {
    case .string: .string(text)
    case .array(let elements): .array(elements.map { poisoned($0, with: text) })
    case .object(let members):
        .object(
            members.map {
                ["volumes", "utc", "mode"].contains($0.name) ? $0 : JSONMember($0.name, poisoned($0.value, with: text))
            })
    case .null, .bool, .integer, .number: value
    }
}

@Suite("the printed picture")
struct PrintedPictureTests {
    @Test("whatever a text holds, it is shown as text and adds no element", arguments: [
        "<script>x", "\"><img onload=x>", "'></td><iframe>", "]]><!-- &amp;", "</style><script>",
    ])
    func hostileTexts(text: String) throws {
        let clean = try snapshot(
            [notice("alpha-3")],
            conflicts: #"[{"id":"c","mode":"real","state":"open","openedAt":"x","first":{"notice":"a"},"second":{"notice":"b"},"positions":[{"party":"a","stance":"disputed","conditions":["x"],"current":true}],"conditions":["y"]}]"#,
            stops: #"[{"id":"s","author":"bravo","isOpen":true,"mode":"real","state":"ringing","text":"t","addressees":[{"party":"alpha","state":"heard"}]}]"#,
            calls: #"[{"id":"k","from":"bravo","mode":"real","message":{"template":"hazard","fields":{"unit":"u"},"precedence":"flash"},"facts":[{"party":"alpha","receiptedAt":"x"}]}]"#)
        let phones = PhoneList(entries: [.init(who: text, number: text, when: text)])
        let (html, page) = try printed(poisoned(clean, with: text), phones: phones)
        #expect(page.error == nil, "\(String(describing: page.error))")
        let known = [
            "html", "head", "meta", "title", "style", "body", "table", "thead", "tbody", "tr", "td", "th", "div", "h1", "h2",
            "h3", "p", "b", "ul", "ol", "li", "br", "bdi", "span", "svg", "rect", "line", "text", "circle", "polyline", "polygon",
        ]
        #expect(Set(page.elements.map { $0.name }).subtracting(known).isEmpty)
        #expect(page.elements.allSatisfy { element in element.attributes.keys.allSatisfy { !$0.hasPrefix("on") } })
        #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("<iframe"))
        // In every place: as often as in a page of a harmless text.
        let harmless = try self.page(of: clean, with: "HARMLESS").text.components(separatedBy: "HARMLESS").count
        #expect(page.text.uppercased().components(separatedBy: text.uppercased()).count == harmless)
        #expect(harmless > 30)
    }

    private func page(of clean: JSONValue, with text: String) throws -> Page {
        try printed(
            poisoned(clean, with: text), phones: PhoneList(entries: [.init(who: text, number: text, when: text)])
        ).page
    }

    @Test("a text that would turn the direction of its neighbours is shown with a sign in its place")
    func directionCharacters() throws {
        let (html, _) = try printed(try snapshot([notice("alpha-3", contact: "line \\u202e21")]))
        #expect(!html.unicodeScalars.contains("\u{202E}"))
        #expect(html.contains("line \u{FFFD}21"))
    }

    @Test("every notice of the snapshot is printed, near or later, readable or not")
    func everyNotice() throws {
        var notices = (1...40).map { notice("alpha-\($0)", start: "2026-11-22T1\($0 % 10):00:00.000000Z", end: "2026-11-23T21:00:00.000000Z") }
        notices += (41...60).map {
            notice("bravo-\($0)", owner: "bravo", start: "2026-12-01T10:00:00.000000Z", end: "2026-12-01T11:00:00.000000Z")
        }
        notices.append(notice("bravo-61", owner: "bravo", geometry: #"{"type":"Hexagon","coordinates":[]}"#))
        let (_, page) = try printed(try snapshot(notices))
        #expect(page.error == nil)
        let words = Set(page.text.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
        for number in 1...40 { #expect(words.contains("alpha-\(number)")) }
        for number in 41...61 { #expect(words.contains("bravo-\(number)")) }
        #expect(page.text.contains("cannot be read: "))
        #expect(page.text.contains("Hexagon"))
        // Those that begin within a day are on the sketch as well.
        let labels = page.all("text").count { $0.attributes["font-weight"] == "bold" }
        #expect(labels == 40)
    }

    @Test("a notice is printed with its position in MGRS and degrees, its height and its window in Zulu")
    func figures() throws {
        let (_, page) = try printed(try snapshot([notice("alpha-3")]))
        // From GEOTRANS and from ACP 121, not from this program.
        for text in ["37SDU3733124174", "34.55740N 38.31690E", "1000 ft AMSL", "FL250", "221900ZNOV26", "222100ZNOV26", "3000 m around", "near the T4 tower"] {
            #expect(page.text.contains(text), "\(text)")
        }
    }

    @Test("every page says when it was true, that it no longer is, and that a notice is no permission")
    func pageHead() throws {
        let (html, page) = try printed(try snapshot([]))
        let head = try #require(html.range(of: "<thead>")).upperBound
        let repeated = html[head...].components(separatedBy: "</thead>")[0]
        #expect(repeated.contains("221917ZNOV26") && repeated.contains("not current"))
        #expect(repeated.contains("A notice is neither permission nor immunity."))
        #expect(repeated.contains("Line of the North") && repeated.contains("Alpha Force"))
        #expect(page.all("style").count == 1)
        #expect(html.contains("size: A4"))
        // Nothing is fetched from anywhere.
        #expect(page.elements.allSatisfy { $0.attributes["src"] == nil && $0.attributes["href"] == nil })
    }

    @Test("a drill is marked on each of its notices, and on no other")
    func drills() throws {
        let (_, both) = try printed(try snapshot([notice("alpha-3"), notice("alpha-4", mode: "drill")]))
        let (_, none) = try printed(try snapshot([notice("alpha-3")]))
        #expect(both.text.components(separatedBy: "DRILL").count == 2)
        #expect(!none.text.contains("DRILL"))
    }

    @Test("every action card and every number of the phone list is printed")
    func cardsAndPhones() throws {
        let phones = PhoneList(entries: [.init(who: "bravo, desk", number: "+90 555 0100", when: "always")])
        let (_, page) = try printed(try snapshot([notice("bravo-9", owner: "bravo", contact: "VHF 131.5")]), phones: phones)
        let ids = Set(page.all("div").compactMap { $0.attributes["id"] })
        #expect(ids == Set(ActionCardCode.allCases.map { "card-\($0.rawValue)" }))
        for text in ["+90 555 0100", "VHF 131.5", "192.0.2.7:7402"] { #expect(page.text.contains(text)) }
    }

    @Test("a phone list that cannot be read is said on the page, and the rest is printed")
    func badPhoneList() throws {
        let json = try StrictJSON.read(Array(#"[{"who":"x"}]"#.utf8), limit: 100)
        var problem: String?
        do throws(FieldRejection) { _ = try PhoneList(json) } catch { problem = error.sentence }
        #expect(problem == "[0].number is missing")
        let (_, page) = try printed(try snapshot([notice("alpha-3")]), problem: problem)
        #expect(page.text.contains("[0].number is missing"))
        #expect(page.text.contains("alpha-3"))
    }

    @Test("on the sketch a degree of longitude is as short as the latitude makes it")
    func sketchScale() throws {
        func point(_ lon: Double, _ lat: Double) -> String { #"{"type":"Point","coordinates":[\#(lon),\#(lat)],"radiusM":0}"# }
        let (_, page) = try printed(
            try snapshot([notice("a-1", geometry: point(20, 60)), notice("a-2", geometry: point(21, 60)), notice("a-3", geometry: point(20, 61)), notice("a-4", geometry: point(20, 59))]))
        let circles = page.all("circle").compactMap { circle -> (x: Double, y: Double)? in
            guard let x = Double(circle.attributes["cx"] ?? ""), let y = Double(circle.attributes["cy"] ?? "") else { return nil }
            return (x, y)
        }
        try #require(circles.count == 4)
        let (east, north) = (circles[1].x - circles[0].x, circles[0].y - circles[2].y)
        #expect(north > 50)
        // cos 60° is one half.
        #expect(abs(east / north - 0.5) < 0.01)
    }

    @Test("areas on both sides of the antimeridian lie side by side")
    func antimeridian() throws {
        let (_, page) = try printed(
            try snapshot([
                notice("a-1", geometry: #"{"type":"Point","coordinates":[179.9,10],"radiusM":1000}"#),
                notice("a-2", geometry: #"{"type":"Point","coordinates":[-179.9,10],"radiusM":1000}"#),
                notice("a-3", geometry: #"{"type":"LineString","coordinates":[[179.8,10],[-179.8,10.1]],"radiusM":0}"#),
            ]))
        let x = page.all("circle").compactMap { Double($0.attributes["cx"] ?? "") }
        try #require(x.count == 2)
        // 0.2° of about half a degree across 680.
        #expect(x[1] - x[0] > 100 && x[1] - x[0] < 500)
        #expect(page.text.contains("180.00°"))
    }

    @Test("without notices there is no sketch, and the page says that none is held")
    func empty() throws {
        let (_, page) = try printed(try snapshot([]))
        #expect(page.all("svg").isEmpty)
        #expect(page.text.contains("None is held."))
        #expect(page.text.contains("No STOP was open."))
    }
}
