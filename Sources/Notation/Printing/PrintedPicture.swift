import Kernel
import Records

/// What a desk keeps on paper for the hour in which Parley itself is down: the picture, the phone list and the action
/// cards, as one HTML file that needs nothing else and prints on A4 in black and white.
public struct PrintedPicture: Sendable {
    /// The desk API's snapshot: `status`, `notices`, `conflicts`, `alarms`, `stops`, and as far as there are any
    /// `calls` and `presence` that are open and `terms`.
    let snapshot: JSONValue
    let phones: PhoneList
    /// Why the phone list could not be read; it is printed in its place.
    let phonesProblem: String?
    let cards: ActionCardTexts

    static let disclaimer: StaticString = "A notice is neither permission nor immunity."

    public init(snapshot: JSONValue, phones: PhoneList, phonesProblem: String? = nil, cards: ActionCardTexts) {
        self.snapshot = snapshot
        self.phones = phones
        self.phonesProblem = phonesProblem
        self.cards = cards
    }

    var status: JSONValue { snapshot["status"] ?? .null }

    /// When it was true, by the node's clock.
    var printedAt: UTCInstant? { UTCInstant(rfc3339: status.words("utc")) }

    var printedAtShown: String { printedAt.map(DateTimeGroup.format) ?? "an unknown time" }

    /// A time of the snapshot as a date-time group; as it is when it is none.
    func time(_ json: JSONValue?) -> HTML {
        guard case .string(let text)? = json else { return HTML(markup: "–") }
        return .text(UTCInstant(rfc3339: text).map(DateTimeGroup.format) ?? text)
    }

    /// The whole file, UTF-8.
    public var html: String {
        let notices = NoticeSheet(self)
        let sheets = [
            assurance, stops, alarms, conflicts, calls, notices.map, notices.inForce, notices.later, phoneList,
            cardSheets, voiceLog,
        ]
        // Browsers repeat the head of a table on every page, and nothing else.
        let page = HTML.element(
            "table", ["class": "page", "role": "presentation"],
            .element("thead", [:], .element("tr", [:], .element("td", [:], pageHead))),
            .element("tbody", [:], .element("tr", [:], .element("td", [:], sheets))))
        let head = HTML.element(
            "head", [:], HTML(markup: "<meta charset=\"utf-8\"/>\n"),
            .element("title", [:], .plain("Parley \(status["party"]?.words("id") ?? "") \(printedAtShown)")),
            .element("style", [:], HTML(markup: PrintedPicture.style)))
        let whole = HTML.element("html", ["lang": "en"], head, .element("body", [:], page))
        return "<!DOCTYPE html>\n" + whole.source
    }

    private var pageHead: HTML {
        let party = status["party"] ?? .null
        let mechanism = status["mechanism"] ?? .null
        let who: HTML =
            .text(mechanism.words("name")) + HTML(markup: " · ") + .text(party.words("name")) + HTML(markup: " (")
            + .text(party.words("id")) + HTML(markup: ") · terms version ")
            + .text("\(mechanism.whole("termsVersion"))") + HTML(markup: " · printed ") + .text(printedAtShown)
        let then: HTML =
            HTML(markup: "<b>Was true at ") + .text(printedAtShown) + HTML(markup: "; not current.</b> ")
            + HTML(markup: PrintedPicture.disclaimer)
        return .element("div", ["class": "head"], .element("div", [:], who), .element("div", [:], then))
    }

    // MARK: What stands at the top

    private var assurance: HTML {
        let assurance = status["assurance"] ?? .null
        let reasons = assurance.items("reasons").map { HTML.element("li", [:], .text($0.words("sentence"))) }
        let links = status.items("links").map { link -> [HTML] in
            [.text(link.words("party")), .text(link.words("name")), .text(link.words("state"))]
        }
        let suspended = status.isTrue("suspended") ? HTML.paragraph("<b>We have suspended our part.</b>") : .nothing
        return HTML.element("h1", [:], HTML(markup: "The picture"))
            + .element("p", [:], HTML(markup: "At that moment: <b>"), .text(assurance.words("shown")), HTML(markup: "</b>."))
            + (reasons.isEmpty ? .nothing : .element("ul", [:], reasons)) + suspended
            + (links.isEmpty ? .nothing : .table(["party", "name", "link"], links))
    }

    private var stops: HTML {
        let open = snapshot.items("stops").filter { $0.isTrue("isOpen") }
        guard !open.isEmpty else { return .heading("STOP") + .paragraph("No STOP was open.") }
        let rows = open.map { stop -> [HTML] in
            let addressees = stop.items("addressees").map { addressee -> HTML in
                .text("\(addressee.words("party")): \(addressee.words("state"))")
            }
            return [
                .text(stop.words("author")) + drill(stop), time(stop["openedAt"]), .text(stop.words("state")),
                .joined(addressees, by: HTML(markup: "<br/>")),
                .text([stop.words("notice"), stop.words("text")].filter { !$0.isEmpty }.joined(separator: " · ")),
                .text(String(stop.words("id").prefix(16))),
            ]
        }
        return .heading("STOP: open")
            + .table(["pressed by", "at", "state", "addressees", "about", "id"], rows)
    }

    private var alarms: HTML {
        let rows = snapshot.items("alarms").map { alarm -> [HTML] in
            [
                .text(alarm.words("precedence").uppercased()), .text(alarm.words("state")), time(alarm["raisedAt"]),
                time(alarm["dueAt"]), .text(alarm.words("sentence")), .text(alarm.words("kind")),
            ]
        }
        guard !rows.isEmpty else { return .heading("Alarms") + .paragraph("None.") }
        return .heading("Alarms") + .table(["precedence", "state", "raised", "due", "", "card"], rows)
    }

    private var conflicts: HTML {
        let rows = snapshot.items("conflicts").map { conflict -> [HTML] in
            let sides = [conflict["first"] ?? .null, conflict["second"] ?? .null].map { side -> HTML in
                .text("\(side.words("notice")) (\(side.words("owner")), \(side.words("kind")))")
            }
            let stances = conflict.items("positions").map { stance -> HTML in
                let conditions = stance.wordList("conditions").joined(separator: "; ")
                let old = stance.isTrue("current") ? "" : ", of an older version"
                return .text(
                    "\(stance.words("party")): \(stance.words("stance"))\(old)\(conditions.isEmpty ? "" : ": \(conditions)")")
            }
            return [
                .joined(sides, by: HTML(markup: "<br/>")) + drill(conflict), .element("b", [:], .text(conflict.words("state"))),
                time(conflict["openedAt"]), .joined(stances, by: HTML(markup: "<br/>")),
                .text(conflict.wordList("conditions").joined(separator: "; ")),
            ]
        }
        guard !rows.isEmpty else { return .heading("Conflicts") + .paragraph("None known among the notices held.") }
        return .heading("Conflicts") + .table(["between", "state", "since", "positions", "agreed conditions"], rows)
    }

    private var calls: HTML {
        let rows = snapshot.items("calls").map { call -> [HTML] in
            let message = call["message"] ?? .null
            let facts = call.items("facts").map { fact -> HTML in
                .text("\(fact.words("party")): \(PrintedPicture.standing(fact))")
            }
            let fields: String
            if case .object(let members)? = message["fields"] {
                fields = members.map { "\($0.name) \(PrintedPicture.flat($0.value))" }.joined(separator: ", ")
            } else {
                fields = ""
            }
            return [
                .text(call.words("id")) + drill(call), .text(call.words("from")), time(call["createdAt"]),
                time(call["dueAt"]), .text(message.words("precedence").uppercased()),
                .text([message.words("template"), fields, message.words("text")].filter { !$0.isEmpty }.joined(separator: ": ")),
                .joined(facts, by: HTML(markup: "<br/>")),
            ]
        }
        let queries = snapshot.items("presence").map { exchange -> [HTML] in
            let query = exchange["query"] ?? .null
            let answers = exchange.items("answers").map { HTML.text("\($0.words("party")): \($0.words("answer"))") }
            return [
                .text(exchange.words("id")) + drill(exchange), .text(exchange.words("from")), time(exchange["createdAt"]),
                time(exchange["dueAt"]), .text(query.words("precedence").uppercased()),
                .text("presence query to \(exchange.wordList("to").joined(separator: ", "))"),
                .joined(answers, by: HTML(markup: "<br/>")),
            ]
        }
        guard !rows.isEmpty || !queries.isEmpty else { return .heading("Open calls") + .paragraph("None.") }
        return .heading("Open calls")
            + .table(["call", "from", "at", "due", "precedence", "what", "addressees"], rows + queries)
    }

    private static func standing(_ fact: JSONValue) -> String {
        if !fact.words("acknowledgedAt").isEmpty { return "acknowledged by \(fact.words("acknowledgedBy"))" }
        return fact.words("receiptedAt").isEmpty ? "not received" : "received, not acknowledged"
    }

    static func flat(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text }
    }

    func drill(_ json: JSONValue) -> HTML {
        json.words("mode") == "drill" ? HTML(markup: " <b>DRILL</b>") : .nothing
    }

    private static let style: StaticString = """
        @page { size: A4; margin: 12mm 12mm 14mm; }
        * { box-sizing: border-box; }
        body { color: #000; background: #fff; font: 10pt/1.35 "Liberation Sans", Arial, sans-serif; margin: 0 auto; max-width: 186mm; }
        h1 { font-size: 15pt; margin: 4mm 0 2mm; }
        h2 { font-size: 12pt; margin: 5mm 0 1.5mm; border-bottom: 1.2pt solid #000; }
        h3 { font-size: 10.5pt; margin: 0 0 1mm; }
        p, ul, ol { margin: 1mm 0; }
        ul, ol { padding-inline-start: 6mm; }
        table { border-collapse: collapse; width: 100%; }
        th, td { border: 0.5pt solid #000; padding: 0.8mm 1.2mm; text-align: start; vertical-align: top; font-size: 9pt; overflow-wrap: anywhere; }
        th { font-weight: bold; }
        table.page, table.page > thead > tr > td, table.page > tbody > tr > td { border: 0; padding: 0; }
        .head { border: 1pt solid #000; padding: 1.2mm 2mm; margin-bottom: 2mm; font-size: 9pt; }
        .notice, .card { border: 1pt solid #000; padding: 1.5mm 2mm; margin: 2mm 0; break-inside: avoid; }
        .notice td, .notice th { border: 0; padding: 0.3mm 2mm 0.3mm 0; }
        .notice th { width: 26mm; }
        .mono { font-family: "Liberation Mono", "Courier New", monospace; }
        .map { width: 100%; max-height: 150mm; break-inside: avoid; }
        .blank td { height: 9mm; }
        tr { break-inside: avoid; }
        .page > tbody > tr, .page > tbody > tr > td { break-inside: auto; }
        h2, h3 { break-after: avoid; }
        .sheet { break-before: page; }
        @media screen { body { padding: 6mm; } }
        """
}
