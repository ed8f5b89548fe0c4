import Kernel
import Records

extension PrintedPicture {
    /// From the node's own list, from the notices and from the terms.
    var phoneList: HTML {
        var parts = [HTML.heading("Phone list")]
        if let phonesProblem {
            parts.append(
                .element("p", [:], HTML(markup: "<b>phones.json cannot be used:</b> "), .text(phonesProblem)))
        } else if phones.entries.isEmpty {
            parts.append(.paragraph("phones.json holds no numbers. Write in by hand:"))
            parts.append(blank(["who", "number", "when"], rows: 6))
        } else {
            parts.append(
                .table(["who", "number", "when"], phones.entries.map { [.text($0.who), .text($0.number), .text($0.when ?? "")] }))
        }
        var contacts = SortedSet<Contact>()
        for notice in snapshot.items("notices") where !notice.words("contact").isEmpty {
            contacts.insert(Contact(owner: notice.words("owner"), contact: notice.words("contact")))
        }
        if !contacts.isEmpty {
            parts.append(.element("h3", [:], HTML(markup: "Contacts that the notices give")))
            parts.append(.table(["party", "contact"], contacts.elements.map { [.text($0.owner), .text($0.contact)] }))
        }
        let parties = (snapshot["terms"] ?? status).items("parties")
        if !parties.isEmpty {
            parts.append(.element("h3", [:], HTML(markup: "Parties of the terms")))
            parts.append(
                .table(
                    ["party", "name", "role", "node's address"],
                    parties.map {
                        [.text($0.words("id")), .text($0.words("name")), .text($0.words("role")), .text($0.words("address"))]
                    }))
        }
        return .element("div", ["class": "sheet"], parts)
    }

    private struct Contact: Comparable {
        let owner: String
        let contact: String

        static func < (a: Self, b: Self) -> Bool { (a.owner, a.contact) < (b.owner, b.contact) }
    }

    /// Every card, STOP first, whatever rings at the moment: any of them may be wanted while nothing is printed.
    var cardSheets: HTML {
        let language: KeyValuePairs<StaticString, String> = [
            "lang": cards.language.rawValue, "dir": cards.language.isRightToLeft ? "rtl" : "ltr",
        ]
        return .element(
            "div", ["class": "sheet"], .heading("Action cards"), .element("div", language, cards.cards.map(card)))
    }

    private func card(_ card: ActionCard) -> HTML {
        func part(_ heading: String, _ content: HTML) -> HTML {
            .element("p", [:], .element("b", [:], .text(heading)), HTML(markup: ": "), content)
        }
        func list(_ name: StaticString, _ texts: [String]) -> HTML {
            .element(name, [:], texts.map { .element("li", [:], .text($0)) })
        }
        return .element(
            "div", ["class": "card", "id": "card-\(card.code.rawValue)"],
            .element("h3", [:], .text(card.title)), part(cards.headings.means, .text(card.means)),
            .element("p", [:], .element("b", [:], .text(cards.headings.steps))), list("ol", card.steps),
            .element("p", [:], .element("b", [:], .text(cards.headings.doNot))), list("ul", card.doNot),
            part(cards.headings.whoEndsIt, .text(card.whoEndsIt)))
    }

    /// For what is said by voice meanwhile, to be filed once Parley is up again.
    var voiceLog: HTML {
        .element(
            "div", ["class": "sheet"], .heading("Said by voice while Parley was down"),
            .paragraph("Write it down when it is said, read it back from your own plot, and file it afterwards."),
            blank(["time Z", "from, to", "line", "what was said: place, height, from, until", "read back by"], rows: 18))
    }

    private func blank(_ heads: [StaticString], rows: Int) -> HTML {
        .element(
            "div", ["class": "blank"],
            .table(heads, Array(repeating: Array(repeating: HTML(markup: "&#160;"), count: heads.count), count: rows)))
    }
}
