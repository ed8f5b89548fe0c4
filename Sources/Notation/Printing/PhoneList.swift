import Kernel
import Records

/// Whom to call when Parley is down: `phones.json` in a node's folder.
///
/// ```json
/// [{"who": "bravo, desk", "number": "+90 555 0100", "when": "always"}]
/// ```
public struct PhoneList: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public let who: String
        public let number: String
        /// In free words; `nil` when there is nothing to say.
        public let when: String?

        public init(who: String, number: String, when: String?) {
            self.who = who
            self.number = number
            self.when = when
        }
    }

    public let entries: [Entry]

    public init(entries: [Entry] = []) { self.entries = entries }

    static let entriesMost = 200
    public static let fileBytes = 64 * 1024
}

extension PhoneList {
    public init(_ json: JSONValue) throws(FieldRejection) {
        guard case .array(let elements) = json, elements.count <= PhoneList.entriesMost else {
            throw FieldRejection(
                path: "", problem: .wrongType(expected: "a list of at most \(PhoneList.entriesMost) numbers"))
        }
        var entries: [Entry] = []
        for (i, element) in elements.enumerated() {
            var reader = try FieldReader(element, path: "[\(i)]")
            entries.append(
                Entry(
                    who: try reader.string("who", limit: 200), number: try reader.string("number", limit: 200),
                    when: try reader.optionalString("when", limit: 200)))
            try reader.finish()
        }
        self.entries = entries
    }
}
