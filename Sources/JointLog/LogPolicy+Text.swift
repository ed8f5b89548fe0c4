import Kernel

extension LogPolicy {
    /// Longest policy in UTF-8.
    public static let longestBytes = 1024 * 1024

    /// Logs, witnesses, groups and the quorum, each in its order.
    public var text: String {
        var lines = logs.map { ["log", $0.key.text] + [$0.url].compactMap { $0 } }
        lines += witnesses.map { ["witness", $0.name, $0.key.text] + [$0.url].compactMap { $0 } }
        lines += groups.map { ["group", $0.name, $0.threshold.text] + $0.members }
        lines.append(["quorum", quorum])
        return lines.map { $0.joined(separator: " ") + "\n" }.joined()
    }

    /// Reads any policy of the specification, with comments, empty lines and spaces; ``text`` need not write the same.
    ///
    /// - Returns: `nil` for any other text, also when the last line has no newline or a line refers to what only a
    ///   later one defines.
    public init?(text: String) {
        guard text.utf8.count <= LogPolicy.longestBytes,
            text.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 || $0 == 0x0A })
        else { return nil }
        var lines = text.byteLines
        guard lines.popLast()?.isEmpty == true else { return nil }
        var reader = Reader()
        for line in lines {
            let words = line.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
                .map { String(decoding: $0, as: UTF8.self) }
            guard let keyword = words.first, keyword.utf8.first != 0x23 else { continue }
            guard reader.read(keyword: keyword, items: Array(words.dropFirst())) else { return nil }
        }
        guard let quorum = reader.quorum else { return nil }
        self.init(logs: reader.logs, witnesses: reader.witnesses, groups: reader.groups, quorum: quorum)
    }

    /// What the lines so far define.
    private struct Reader {
        var logs: [Log] = []
        var witnesses: [Witness] = []
        var groups: [Group] = []
        var quorum: String?

        private func isDefined(_ name: String) -> Bool {
            witnesses.contains { $0.name.hasSameBytes(as: name) } || groups.contains { $0.name.hasSameBytes(as: name) }
        }

        /// - Returns: `false` for a line that the specification does not allow here.
        mutating func read(keyword: String, items: [String]) -> Bool {
            switch (keyword, items.count) {
            case ("log", 1...2):
                guard let key = VerifierKey(items[0]) else { return false }
                logs.append(Log(key: key, url: items.count == 2 ? items[1] : nil))
            case ("witness", 2...3):
                guard let key = VerifierKey(items[1]) else { return false }
                witnesses.append(Witness(name: items[0], key: key, url: items.count == 3 ? items[2] : nil))
            case ("group", 3...):
                guard let threshold = Threshold(items[1]), items.count <= 2 + 2 * mostOfEach,
                    items[2...].allSatisfy(isDefined)
                else { return false }
                groups.append(Group(name: items[0], threshold: threshold, members: Array(items[2...])))
            case ("quorum", 1):
                guard quorum == nil, items[0].hasSameBytes(as: noQuorum) || isDefined(items[0]) else { return false }
                quorum = items[0]
            default: return false
            }
            return max(logs.count, witnesses.count, groups.count) <= mostOfEach
        }
    }
}

extension LogPolicy.Threshold {
    fileprivate var text: String {
        switch self {
        case .any: "any"
        case .all: "all"
        case .atLeast(let count): String(count)
        }
    }

    fileprivate init?(_ text: String) {
        switch text {
        case "any": self = .any
        case "all": self = .all
        default:
            guard let count = text.canonicalDecimal, count <= UInt64(LogPolicy.mostOfEach * 2) else { return nil }
            self = .atLeast(Int(count))
        }
    }
}
