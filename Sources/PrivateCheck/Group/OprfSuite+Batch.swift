import Kernel

/// The steps for many inputs at once, spread over the cores.
extension OprfSuite {
    /// The function's values, by the server that has the inputs itself.
    ///
    /// - Throws: `input`.
    func evaluateAll(_ inputs: [[UInt8]], key: borrowing SecretScalar) throws(Failure) -> [[UInt8]] {
        let values = key.withBytes { bytes in
            nonisolated(unsafe) let key = bytes
            return AllCores.map(inputs.count) { i in
                self.hashed(inputs[i]).multiplied(by: key).map { self.output(inputs[i], $0) } ?? []
            }
        }
        guard !values.contains([]) else { throw .input }
        return values
    }

    /// The server's step.
    ///
    /// - Throws: `count`; `element` for what is no point, or the identity.
    func multiplyAll(_ points: [GroupPoint], by key: borrowing SecretScalar) throws(Failure) -> [GroupPoint] {
        guard (1...Limits.oprfBatch).contains(points.count) else { throw .count }
        let products = key.withBytes { bytes in
            nonisolated(unsafe) let key = bytes
            return AllCores.map(points.count) { points[$0].multiplied(by: key) ?? Self.none }
        }
        if let index = products.firstIndex(of: Self.none) { throw .element(index: index) }
        return products
    }

    /// The client's first step.
    ///
    /// - Parameter blind: for each place, fresh and secret.
    /// - Throws: `input`.
    func blindAll(
        _ inputs: [[UInt8]], _ blind: @Sendable (Int) -> SecretScalar
    ) throws(Failure) -> [GroupPoint] {
        let points = AllCores.map(inputs.count) { i in
            self.hashed(inputs[i]).multiplied(by: blind(i)) ?? Self.none
        }
        guard !points.contains(Self.none) else { throw .input }
        return points
    }

    /// The client's last step, once the proof has been checked.
    ///
    /// - Parameter blind: for each place, as before.
    /// - Throws: `element`.
    func finalizeAll(
        _ inputs: [[UInt8]], evaluated: [GroupPoint], _ blind: @Sendable (Int) -> SecretScalar
    ) throws(Failure) -> [[UInt8]] {
        guard inputs.count == evaluated.count else { throw .count }
        let values: [[UInt8]] = AllCores.map(inputs.count) { i in
            guard let unblinding = blind(i).inverse() else { return [] }
            return evaluated[i].multiplied(by: unblinding).map { self.output(inputs[i], $0) } ?? []
        }
        if let index = values.firstIndex(of: []) { throw .element(index: index) }
        return values
    }

    private static var none: GroupPoint { GroupPoint(encoding: SIMD32()) }

    /// The identity, which every multiplication refuses, for an input that hashes to it.
    private func hashed(_ input: [UInt8]) -> GroupPoint {
        GroupPoint(hashing: input, tag: Array("HashToGroup-".utf8) + context)
    }
}
