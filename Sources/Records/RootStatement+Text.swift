import Kernel

extension RootStatement {
    /// The text that the root keys sign: one field a line, each ended by a newline.
    public var text: String {
        var lines: [String]
        switch self {
        case .keyChange(let statement):
            lines = [
                "parley key change v1", "mechanism \(mechanism.hex)", "party \(party.name)", "sequence \(sequence)",
                "from \(statement.from)", "reason \(statement.reason.rawValue)",
            ]
        case .epoch(let statement):
            lines = [
                "parley epoch v1", "mechanism \(mechanism.hex)", "party \(party.name)", "sequence \(sequence)",
                "epoch \(statement.epoch)", "first \(statement.first.size) \(statement.first.root.hex)",
                "second \(statement.second.size) \(statement.second.root.hex)",
            ]
        }
        lines += ["node \(keys.node.hex)", "tls \(keys.tls.hex)", "seal \(keys.seal?.base64 ?? "-")"]
        return lines.map { $0 + "\n" }.joined()
    }

    /// - Returns: `nil` unless the text is exactly what ``text`` writes, with every number in its range.
    public init?(text: String) {
        var lines = StatementLines(text)
        let read: RootStatement?
        switch lines.next() {
        case "parley key change v1": read = RootStatement.keyChange(&lines)
        case "parley epoch v1": read = RootStatement.epoch(&lines)
        default: read = nil
        }
        // A text of another spelling would be another text under the same meaning.
        guard let read, Array(read.text.utf8) == Array(text.utf8) else { return nil }
        self = read
    }

    private static func keyChange(_ lines: inout StatementLines) -> RootStatement? {
        guard let mechanism = lines.value("mechanism").flatMap(Hash32.init(hex:)),
            let party = lines.value("party").flatMap(PartyID.init),
            let sequence = lines.number("sequence", 1...Limits.largestInteger),
            let from = lines.number("from", 1...Limits.largestInteger),
            let reason = lines.value("reason").flatMap(KeyChangeStatement.Reason.init),
            let keys = lines.keys()
        else { return nil }
        return .keyChange(
            KeyChangeStatement(
                mechanism: mechanism, party: party, sequence: sequence, from: from, reason: reason, keys: keys))
    }

    private static func epoch(_ lines: inout StatementLines) -> RootStatement? {
        guard let mechanism = lines.value("mechanism").flatMap(Hash32.init(hex:)),
            let party = lines.value("party").flatMap(PartyID.init),
            let sequence = lines.number("sequence", 1...Limits.largestInteger),
            let epoch = lines.number("epoch", 1...Limits.epochs), let first = lines.head("first"),
            let second = lines.head("second"), first < second, let keys = lines.keys()
        else { return nil }
        return .epoch(
            EpochStatement(
                mechanism: mechanism, party: party, sequence: sequence, epoch: epoch, first: first, second: second,
                keys: keys))
    }
}

/// Takes the lines of a statement one by one.
private struct StatementLines {
    private var rest: ArraySlice<Substring>

    init(_ text: String) { rest = text.split(separator: "\n", omittingEmptySubsequences: false)[...] }

    mutating func next() -> Substring? { rest.popFirst() }

    /// What follows the name and one space.
    mutating func value(_ name: String) -> String? {
        guard let line = rest.popFirst(), line.hasPrefix(name + " ") else { return nil }
        return String(line.dropFirst(name.count + 1))
    }

    mutating func number(_ name: String, _ range: ClosedRange<UInt64>) -> UInt64? {
        value(name).flatMap { UInt64($0) }.flatMap { range.contains($0) ? $0 : nil }
    }

    mutating func head(_ name: String) -> EpochStatement.Head? {
        guard let parts = value(name)?.split(separator: " "), parts.count == 2, let size = UInt64(parts[0]),
            (1...Limits.largestInteger).contains(size), let root = Hash32(hex: String(parts[1]))
        else { return nil }
        return EpochStatement.Head(size: size, root: root)
    }

    mutating func keys() -> NodePublicKeys? {
        guard let node = value("node").flatMap(Hash32.init(hex:)), let tls = value("tls").flatMap(Hash32.init(hex:)),
            let seal = value("seal")
        else { return nil }
        if seal == "-" { return NodePublicKeys(node: node, tls: tls, seal: nil) }
        guard let key = SealPublicKey(base64: seal) else { return nil }
        return NodePublicKeys(node: node, tls: tls, seal: key)
    }
}
