import Kernel

/// How far a party has passed a notice or a STOP on within its own forces. Which units it has is its own affair: the
/// others see how many are concerned and how many have it, and the names that the party discloses.
public struct PassedOn: Hashable, Sendable, WireCodable {
    public enum Subject: Hashable, Comparable, Sendable, Codable {
        case notice(NoticeVersion)
        /// By the id of its first message.
        case stop(Hash32)

        public static func < (a: Self, b: Self) -> Bool {
            switch (a, b) {
            case (.notice(let a), .notice(let b)): a < b
            case (.stop(let a), .stop(let b)): a.hex < b.hex
            case (.notice, .stop): true
            case (.stop, .notice): false
            }
        }
    }

    public let subject: Subject
    /// Of the record that states this version of the notice, as in ``Acknowledgement``; `nil` of a STOP, whose id is a
    /// hash already.
    public let leaf: Hash32?
    /// Units that have it, of those concerned.
    public let reached: UInt64
    /// Units concerned; 0 when the party says that it concerns none of its own.
    public let of: UInt64
    /// Names of units that have it, as far as the party discloses them.
    public let units: [String]

    public var isComplete: Bool { reached == of }

    public init(subject: Subject, leaf: Hash32?, reached: UInt64, of: UInt64, units: [String]) {
        self.subject = subject
        self.leaf = leaf
        self.reached = reached
        self.of = of
        self.units = units
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        switch (reader.optional("notice"), reader.optional("stop")) {
        case (.some(let notice), nil):
            subject = .notice(try NoticeVersion(json: notice, path: reader.path(of: "notice")))
            leaf = try reader.hash("leaf")
        case (nil, .some):
            subject = .stop(try reader.hash("stop"))
            leaf = nil
        case (nil, nil), (.some, .some):
            throw reader.rejection("notice", .notAllowed(rule: "either a notice or a stop"))
        }
        of = UInt64(try reader.integer("of", in: 0...Int64(Limits.units)))
        reached = UInt64(try reader.integer("reached", in: 0...Int64(of)))
        var units: [String] = []
        for element in try reader.array("units", count: 0...Int(reached)) {
            guard case .string(let name) = element, UnitName.isUsable(name), !units.contains(name) else {
                throw reader.rejection("units", .notAllowed(rule: "names of units, each once"))
            }
            units.append(name)
        }
        self.units = units
    }

    public var json: JSONValue {
        let about: JSONMember =
            switch subject {
            case .notice(let version): JSONMember("notice", version.json)
            case .stop(let id): JSONMember("stop", .string(id.hex))
            }
        let statedIn = leaf.map { [JSONMember("leaf", .string($0.hex))] } ?? []
        return .object([about] + statedIn + [
            JSONMember("reached", .integer(Int64(reached))), JSONMember("of", .integer(Int64(of))),
            JSONMember("units", .array(units.map(JSONValue.string))),
        ])
    }
}

/// How a party calls one of its units.
public enum UnitName {
    /// 1 to ``MessageContent/unitBytes`` bytes that show, on one line.
    public static func isUsable(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= MessageContent.unitBytes else { return false }
        do {
            try PlainText.check(name, path: "", allowsLines: false)
            return true
        } catch {
            return false
        }
    }
}
