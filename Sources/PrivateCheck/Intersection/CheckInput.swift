import Kernel

/// What one party puts into one session.
public struct CheckInput: Sendable, Codable {
    /// Sorted, each once.
    let elements: [CheckElement]
    /// Of the plans that the elements cover: what an audit is shown beside them.
    let planRoot: Hash32
    /// Volume-hours of those plans, in a unit that the terms fix; only an audit sees it.
    let volumeHours: UInt64
    let seed: SecretSeed

    public enum Rejection: Error, Hashable, Sendable {
        /// Not sorted, or one twice.
        case order
    }

    /// - Parameter elements: sorted, each once, such as ``PlanCover`` makes them. May be empty: a check that never
    ///   happens for want of a plan would say that there is none.
    public init(
        elements: [CheckElement], planRoot: Hash32, volumeHours: UInt64, seed: SecretSeed
    ) throws(Rejection) {
        guard zip(elements, elements.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .order }
        self.elements = elements
        self.planRoot = planRoot
        self.volumeHours = volumeHours
        self.seed = seed
    }

    /// What is committed to besides the points: elements, plans, volume-hours and the seed, hidden by a salt.
    var inner: Hash32 {
        let salt = seed.derived("salt")
        let set = Hash32(label: "set", salt, elements.flatMap(\.bytes))
        var hours = MessageWriter()
        hours.put(volumeHours)
        let key = Hash32(label: "key", seed.exposed())
        return Hash32(label: "inner", salt, set.bytes, planRoot.bytes, hours.bytes, key.bytes)
    }
}
