import Records

/// Keeps what is put into a sentence in its own order. Within a sentence from right to left, `12.5 - 30` beside
/// another number can otherwise be shown in another order (Unicode TR 9).
enum TextIsolation {
    /// LEFT-TO-RIGHT ISOLATE … POP DIRECTIONAL ISOLATE: codes, digits, signs and units.
    static func leftToRight(_ text: String) -> String { "\u{2066}" + shown(text) + "\u{2069}" }

    /// FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE: words, whose direction their first letter tells.
    static func natural(_ text: String) -> String { "\u{2068}" + shown(text) + "\u{2069}" }

    /// One line of characters that show. A message was held to that when it was read; a name that comes from
    /// elsewhere need not have been. What may not stand is replaced, never left out in silence; a line break, which
    /// would end the isolate, becomes a sign.
    private static func shown(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                scalars.append(contentsOf: " ⏎ ".unicodeScalars)
            } else if PlainText.firstForbidden(in: String(scalar), allowsLines: false) != nil {
                scalars.append("\u{FFFD}")
            } else {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
