import Geodesy
import Kernel
import Records

extension TemplateCatalogue {
    /// One line of ASCII in no language, for logs and terminals: `HAZARD-AVIATION FLASH role=watch
    /// position=34.55740N,38.31690E/37SDU3733124174 radius=5000.0m`. Texts stand in quotation marks with everything
    /// beyond ASCII escaped as in JSON, so that nothing in them can pass for a field or turn a line around.
    public static func codeLine(_ message: MessageContent) -> String {
        var parts: [String] = []
        switch message.body {
        case .template(let body):
            parts.append(body.template.rawValue.uppercased())
            parts += [message.precedence.rawValue.uppercased(), "role=\(message.role.rawValue)"]
            parts += body.values.map { "\($0.name.rawValue)=\(code($0.value))" }
        case .text(let text, let language):
            parts.append("TEXT")
            parts += [message.precedence.rawValue.uppercased(), "role=\(message.role.rawValue)"]
            parts.append("text=\(language.rawValue):\(quoted(text))")
        }
        if let about = message.about { parts.append("about=\(about)") }
        if let answered = message.inReplyTo { parts.append("inReplyTo=\(answered)") }
        if let due = message.due { parts.append("due=\(ValueText.iso(due))") }
        return parts.joined(separator: " ")
    }

    private static func code(_ value: MessageValue) -> String {
        switch value {
        case .position(let position, let original):
            let degrees = ValueText.position(position, [.decimalDegrees]).replacing(" ", with: ",")
            return degrees + "/" + ValueText.position(position, [.mgrs]) + (original.map { "/" + quoted($0) } ?? "")
        case .altitudeBand(let band): return "\(code(band.lower))..\(code(band.upper))"
        case .time(let instant): return ValueText.iso(instant)
        case .duration(let seconds): return "\(seconds)s"
        case .distance(let metres): return "\(metres)m"
        case .bearing(let degrees): return String(degrees).padded(to: 3) + "T"
        case .unit(let text): return quoted(text)
        case .frequency(let hertz): return "\(hertz)Hz"
        case .number(let number): return String(number)
        case .notice(let notice): return notice.description
        case .reason(let reason): return reason.rawValue
        case .text(let text, let language): return language.rawValue + ":" + quoted(text)
        }
    }

    private static func code(_ altitude: Altitude) -> String {
        AltitudeText.format(altitude).replacing(" ", with: "_")
    }

    private static func quoted(_ text: String) -> String {
        var line = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: line += "\\" + String(UnicodeScalar(UInt8(unit)))
            case 0x20...0x7E: line += String(UnicodeScalar(UInt8(unit)))
            default: line += "\\u" + String(unit, radix: 16).padded(to: 4)
            }
        }
        return line + "\""
    }
}
