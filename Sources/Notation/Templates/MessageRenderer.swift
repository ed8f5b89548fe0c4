import Geodesy
import Kernel
import Records

/// The names of the two sides of a message, as the terms have them.
public struct MessageParties: Hashable, Sendable {
    /// Who sent it.
    public let from: String
    /// To whom it speaks: the principals addressed, or the mediator when no other principal is. Several names are
    /// joined by commas.
    public let to: String

    public init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}

/// How positions are shown; every desk may have its own.
public struct MessageNotation: Hashable, Sendable {
    /// At least one; all on WGS 84.
    public let notations: [CoordinateNotation]

    public init(notations: [CoordinateNotation] = [.mgrs, .decimalDegrees]) {
        self.notations = notations.isEmpty ? [.decimalDegrees] : notations
    }
}

extension TemplateCatalogue {
    /// A short title, for a button, a list or a ring.
    public func title(
        of template: MessageTemplate, parties: MessageParties, in language: MessageLanguage
    ) -> String {
        texts(in: language).titles[template]?.filled { parties[$0] } ?? template.rawValue
    }

    /// The whole message in the reader's language, a line for each thing it says: that it is a drill, its sentence
    /// or its text, what it is about, what it answers, when it is due.
    ///
    /// Every value stands in a Unicode isolate. The base direction is the language's: see
    /// ``MessageTexts/isRightToLeft``.
    public func render(
        _ message: MessageContent, mode: Mode, parties: MessageParties, in language: MessageLanguage,
        notation: MessageNotation = MessageNotation()
    ) -> String {
        let values = ValueRenderer(catalogue: self, texts: texts(in: language), notation: notation)
        var lines: [String] = []
        if mode == .drill { lines.append(values.frame(.drill) { _ in nil }) }
        switch message.body {
        case .template(let body): lines.append(sentence(body, parties: parties, values))
        case .text(let text, let written):
            let name = TextIsolation.natural(values.catalogue.name(of: written, in: language))
            lines.append(values.frame(.written) { $0 == "language" ? name : parties[$0] })
            lines += text.split(separator: "\n").map { TextIsolation.natural(String($0)) }
        }
        if let about = message.about {
            lines.append(values.frame(.about) { _ in TextIsolation.leftToRight(about.description) })
        }
        if let answered = message.inReplyTo {
            lines.append(values.frame(.inReplyTo) { _ in TextIsolation.leftToRight(answered.description) })
        }
        if let due = message.due {
            lines.append(values.frame(.due) { _ in TextIsolation.leftToRight(ValueText.time(due)) })
        }
        return lines.joined(separator: "\n")
    }

    private func sentence(_ message: TemplateMessage, parties: MessageParties, _ values: ValueRenderer) -> String {
        guard let sentence = values.texts.sentences[message.template] else { return message.template.rawValue }
        return sentence.filled { place in
            if let name = parties[place] { return name }
            guard let field = MessageFieldName(rawValue: place), let value = message[field] else { return nil }
            return values.text(value)
        }
    }

    /// One value as its sentence shows it: for a form, a read-back or a list.
    public func render(
        _ value: MessageValue, in language: MessageLanguage, notation: MessageNotation = MessageNotation()
    ) -> String {
        ValueRenderer(catalogue: self, texts: texts(in: language), notation: notation).text(value)
    }
}

extension MessageParties {
    /// `nil` for a place that is no party's.
    fileprivate subscript(place: String) -> String? {
        switch place {
        case "from": TextIsolation.natural(from)
        case "to": TextIsolation.natural(to)
        default: nil
        }
    }
}

private struct ValueRenderer {
    let catalogue: TemplateCatalogue
    let texts: MessageTexts
    let notation: MessageNotation

    func frame(_ sentence: FrameSentence, _ value: (String) -> String?) -> String {
        texts.frame[sentence]?.filled(value) ?? ""
    }

    func text(_ value: MessageValue) -> String {
        switch value {
        case .position(let position, let original):
            let isolated = TextIsolation.leftToRight(ValueText.position(position, notation.notations))
            guard let original else { return isolated }
            return frame(.stated) { $0 == "position" ? isolated : TextIsolation.natural(original) }
        case .altitudeBand(let band): return frame(.band) { limit($0 == "lower" ? band.lower : band.upper) }
        case .time(let instant): return TextIsolation.leftToRight(ValueText.time(instant))
        case .duration(let seconds): return duration(seconds)
        case .distance(let metres): return TextIsolation.leftToRight(ValueText.distance(metres: metres))
        case .bearing(let degrees):
            return frame(.bearing) { _ in TextIsolation.leftToRight(ValueText.bearing(degreesTrue: degrees)) }
        case .unit(let text): return TextIsolation.natural(text)
        case .frequency(let hertz): return TextIsolation.leftToRight(ValueText.frequency(hertz: hertz))
        case .number(let number): return TextIsolation.leftToRight(String(number))
        case .notice(let notice): return TextIsolation.leftToRight(notice.description)
        case .reason(let reason): return TextIsolation.natural(texts.reasons[reason] ?? reason.rawValue)
        case .text(let text, let language):
            let name = TextIsolation.natural(catalogue.name(of: language, in: texts.language))
            return frame(.quoted) { $0 == "text" ? TextIsolation.natural(text) : name }
        }
    }

    private func limit(_ altitude: Altitude) -> String {
        frame(.limit) { place in
            place == "value"
                ? TextIsolation.leftToRight(AltitudeText.format(altitude))
                : TextIsolation.natural(texts.datums[altitude.datum] ?? altitude.datum.rawValue)
        }
    }

    /// Each number with its unit; those that are 0 are left out.
    private func duration(_ seconds: Int64) -> String {
        let parts: [(Int64, DurationUnit)] = [
            (seconds / 86_400, .days), (seconds / 3_600 % 24, .hours), (seconds / 60 % 60, .minutes),
            (seconds % 60, .seconds),
        ]
        return parts.filter { $0.0 > 0 }.map { count, unit in
            TextIsolation.leftToRight(String(count)) + " " + TextIsolation.natural(texts.units[unit] ?? unit.rawValue)
        }.joined(separator: " ")
    }
}
