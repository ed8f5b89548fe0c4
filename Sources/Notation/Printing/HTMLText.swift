import Records

/// HTML as it is put together. Texts get in by ``text(_:)`` only, escaped, whoever wrote them.
struct HTML: Hashable, Sendable {
    private(set) var source: String

    /// - Parameter markup: of this program's own, never a value.
    init(markup: StaticString) { source = "\(markup)" }

    private init(_ source: String) { self.source = source }

    static let nothing = HTML("")

    /// A value, in an isolate of its own, so that its direction disturbs nothing beside it.
    static func text(_ value: String) -> HTML { HTML("<bdi>" + escaped(value) + "</bdi>") }

    /// A value where no element may stand, as in a title or in SVG.
    static func plain(_ value: String) -> HTML { HTML(escaped(value)) }

    /// - Parameter attributes: pairs of a name of this program's own and any value.
    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ content: HTML...
    ) -> HTML {
        element(name, attributes, content)
    }

    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ content: [HTML]
    ) -> HTML {
        element(name, list: attributes.map { ($0.key, $0.value) }, content)
    }

    /// As above, with attributes that were put together.
    static func element(_ name: StaticString, list: [(StaticString, String)], _ content: [HTML] = []) -> HTML {
        let attributes = list.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
        return HTML("<\(name)\(attributes)>" + content.map(\.source).joined() + "</\(name)>\n")
    }

    static func joined(_ parts: [HTML], by separator: HTML = .nothing) -> HTML {
        HTML(parts.map(\.source).joined(separator: separator.source))
    }

    static func + (a: HTML, b: HTML) -> HTML { HTML(a.source + b.source) }

    /// What may stand between tags and within quoted attributes. Characters that do not show, or that turn the
    /// direction of others, become a sign.
    static func escaped(_ value: String) -> String {
        var out = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\n": out += " ⏎ "
            default:
                let isShown = PlainText.firstForbidden(in: String(scalar), allowsLines: false) == nil
                out.unicodeScalars.append(isShown ? scalar : "\u{FFFD}")
            }
        }
        return out
    }
}

extension HTML {
    static func heading(_ text: StaticString) -> HTML { element("h2", [:], HTML(markup: text)) }

    static func paragraph(_ text: StaticString) -> HTML { element("p", [:], HTML(markup: text)) }

    /// A table with one row of heads.
    static func table(_ heads: [StaticString], _ rows: [[HTML]]) -> HTML {
        let head = element("tr", [:], heads.map { element("th", ["scope": "col"], HTML(markup: $0)) })
        let body = rows.map { row in element("tr", [:], row.map { element("td", [:], $0) }) }
        return element("table", [:], element("thead", [:], head), element("tbody", [:], body))
    }
}

/// The node's JSON, read leniently: what is not there is empty.
extension JSONValue {
    func words(_ name: String) -> String {
        guard case .string(let value)? = self[name] else { return "" }
        return value
    }

    func items(_ name: String) -> [JSONValue] {
        guard case .array(let elements)? = self[name] else { return [] }
        return elements
    }

    func wordList(_ name: String) -> [String] {
        items(name).compactMap { element in
            guard case .string(let text) = element else { return nil }
            return text
        }
    }

    func isTrue(_ name: String) -> Bool { self[name] == .bool(true) }

    func whole(_ name: String) -> Int64 {
        guard case .integer(let value)? = self[name] else { return 0 }
        return value
    }
}
