import Kernel

extension PlainText {
    /// A remark that an officer may leave out: lines allowed, at most ``Limits/textBytes``.
    static func optional(_ name: String, _ reader: inout FieldReader) throws(FieldRejection) -> String? {
        guard let text = try reader.optionalString(name) else { return nil }
        try check(text, path: reader.path(of: name), allowsLines: true)
        return text
    }
}
