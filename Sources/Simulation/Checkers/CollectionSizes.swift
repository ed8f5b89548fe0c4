import Kernel
import Records

/// Something whose length can grow.
private protocol Countable {
    var lengthNow: Int { get }
    /// Elements that may hold further collections.
    var elementsNow: [Any] { get }
}

extension Array: Countable {
    fileprivate var lengthNow: Int { count }
    fileprivate var elementsNow: [Any] { Element.self == UInt8.self || Element.self == Hash32.self ? [] : self }
}

extension Dictionary: Countable {
    fileprivate var lengthNow: Int { count }
    fileprivate var elementsNow: [Any] { Array(values) }
}

extension SortedMap: Countable {
    fileprivate var lengthNow: Int { count }
    fileprivate var elementsNow: [Any] { values }
}

extension SortedSet: Countable {
    fileprivate var lengthNow: Int { count }
    fileprivate var elementsNow: [Any] { [] }
}

/// Finds every collection in a value, by reflection: also those that nobody thought of.
public struct CollectionSizes {
    /// The largest length of each, by the names of the fields on the way, such as `notices[].readBacks`.
    public private(set) var sizes: [String: Int] = [:]
    /// Fields not to go into.
    private let without: [String]

    public init(of value: Any, without: [String]) {
        self.without = without
        walk(value, "", depth: 0)
    }

    private mutating func walk(_ value: Any, _ path: String, depth: Int) {
        guard depth < 12, !without.contains(path) else { return }
        if let collection = value as? any Countable {
            sizes[path] = max(sizes[path] ?? 0, collection.lengthNow)
            for element in collection.elementsNow { walk(element, path + "[]", depth: depth + 1) }
            return
        }
        if value is String || value is any FixedWidthInteger || value is Bool { return }
        // Each of one length.
        if value is Hash32 || value is SealPublicKey || value is Bytes { return }
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional {
            if let some = mirror.children.first { walk(some.value, path, depth: depth + 1) }
            return
        }
        for child in mirror.children {
            guard let label = child.label, mirror.displayStyle != .enum else {
                walk(child.value, path, depth: depth + 1)
                continue
            }
            walk(child.value, path.isEmpty ? label : path + "." + label, depth: depth + 1)
        }
    }
}
