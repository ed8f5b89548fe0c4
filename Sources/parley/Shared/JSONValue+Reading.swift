import Records

/// The node's answers, read leniently: a newer node may say more than this command knows.
extension JSONValue {
    var asText: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The text of a member.
    func string(_ name: String) -> String? { self[name]?.asText }

    func integer(_ name: String) -> Int64? {
        guard case .integer(let value)? = self[name] else { return nil }
        return value
    }

    func number(_ name: String) -> Double? { self[name]?.asNumber }

    func bool(_ name: String) -> Bool? {
        guard case .bool(let value)? = self[name] else { return nil }
        return value
    }

    /// The elements of a member; none when it is absent or no list.
    func array(_ name: String) -> [JSONValue] { self[name]?.elements ?? [] }

    func strings(_ name: String) -> [String] { array(name).compactMap(\.asText) }

    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// Members whose value is not `nil`, in order.
    static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONMember(name, $0) } })
    }

    /// The same object with one member replaced or added.
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name } + [JSONMember(name, value)])
    }
}
