import Kernel

/// Holds texts of people to characters that show. A character that turns the direction of what follows can make
/// `12` read as `21` on the other side's screen; one without a shape can make two texts look the same.
public enum PlainText {
    /// The first scalar that may not stand in a text of a message, `nil` when there is none.
    ///
    /// Refused are controls, direction marks, embeddings, overrides and isolates (Unicode TR 9), line and paragraph
    /// separators, characters without width other than the joiners that Persian and Hindi are spelt with, tags, and
    /// code points that are no characters. The list is fixed, so that all nodes judge alike whatever Unicode version
    /// they were built with.
    ///
    /// - Parameter allowsLines: whether line feeds may stand in it.
    public static func firstForbidden(in text: String, allowsLines: Bool) -> Unicode.Scalar? {
        text.unicodeScalars.first { scalar in
            switch scalar.value {
            case 0x0A: !allowsLines
            case 0...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F,
                0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFDD0...0xFDEF, 0xFE00...0xFE0F,
                0xFEFF, 0xFFA0, 0xFFF0...0xFFFC, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
                true
            default: scalar.value & 0xFFFE == 0xFFFE
            }
        }
    }

    /// - Throws: ``FieldRejection`` that names the character, or says that the text is empty or only space.
    static func check(_ text: String, path: String, allowsLines: Bool) throws(FieldRejection) {
        if let scalar = firstForbidden(in: text, allowsLines: allowsLines) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
            throw FieldRejection(
                path: path,
                problem: .notAllowed(rule: "no control, direction or invisible characters (found U+\(padded))"))
        }
        let blank: [Unicode.Scalar] = [" ", "\n", "\u{A0}", "\u{200C}", "\u{200D}", "\u{3000}"]
        guard text.unicodeScalars.contains(where: { !blank.contains($0) }) else {
            throw FieldRejection(path: path, problem: .notAllowed(rule: "not empty"))
        }
    }
}
