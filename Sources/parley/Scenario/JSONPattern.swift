import Records

/// What an answer or an event must say, in the form of the answer itself: every member of the pattern must match, and
/// the answer may say more.
///
/// A list matches when each of its elements matches some element of the answer's. `{"atLeast": 2}` and
/// `{"atMost": 2}` compare numbers, `{"oneOf": […]}` takes any of several, `{"exists": true}` whatever is there, and
/// `null` matches what is absent.
enum JSONPattern {
    static func matches(_ pattern: JSONValue, _ value: JSONValue?) -> Bool {
        switch pattern {
        case .null: value == nil || value == .null
        case .bool, .string: value == pattern
        case .integer, .number: value?.asNumber != nil && value?.asNumber == pattern.asNumber
        case .array(let wanted):
            value.map { isList($0) } ?? false
                && wanted.allSatisfy { one in value?.elements.contains { matches(one, $0) } ?? false }
        case .object(let members): matches(members, value)
        }
    }

    private static func matches(_ members: [JSONMember], _ value: JSONValue?) -> Bool {
        if members.count == 1, let only = members.first {
            let number = value?.asNumber
            switch only.name {
            case "atLeast": return number.flatMap { number in only.value.asNumber.map { number >= $0 } } ?? false
            case "atMost": return number.flatMap { number in only.value.asNumber.map { number <= $0 } } ?? false
            case "exists": return only.value == .bool(value.map { $0 != .null } ?? false)
            case "oneOf": return only.value.elements.contains { matches($0, value) }
            default: break
            }
        }
        guard let value, case .object = value else { return false }
        return members.allSatisfy { matches($0.value, value[$0.name]) }
    }

    private static func isList(_ value: JSONValue) -> Bool {
        guard case .array = value else { return false }
        return true
    }
}
