import Kernel

extension OprfSuite {
    /// The client's first step: hides the input.
    ///
    /// - Parameters:
    ///   - input: at most 65 535 bytes.
    ///   - blind: secret, fresh for every input, not zero.
    public func blind(_ input: [UInt8], with blind: borrowing SecretScalar) throws(Failure) -> GroupPoint {
        guard input.count <= Self.inputBytes, let blinded = try hashToGroup(input).multiplied(by: blind) else {
            throw .input
        }
        return blinded
    }

    /// The server's step.
    public func evaluate(_ blinded: [GroupPoint], key: borrowing SecretScalar) throws(Failure) -> [GroupPoint] {
        guard (1...Limits.oprfBatch).contains(blinded.count) else { throw .count }
        var evaluated: [GroupPoint] = []
        for (i, point) in blinded.enumerated() {
            guard let product = point.multiplied(by: key) else { throw .element(index: i) }
            evaluated.append(product)
        }
        return evaluated
    }

    /// The client's last step, after ``verify(_:blinded:evaluated:publicKey:)`` in the verifiable mode.
    ///
    /// - Returns: 64 bytes, the function's value.
    public func finalize(
        _ input: [UInt8], blind: borrowing SecretScalar, evaluated: GroupPoint
    ) throws(Failure) -> [UInt8] {
        guard let unblinding = blind.inverse(), let point = evaluated.multiplied(by: unblinding) else {
            throw .element(index: 0)
        }
        return output(input, point)
    }

    /// The same value, by the server that has the input itself.
    public func evaluate(input: [UInt8], key: borrowing SecretScalar) throws(Failure) -> [UInt8] {
        guard input.count <= Self.inputBytes, let point = try hashToGroup(input).multiplied(by: key) else {
            throw .input
        }
        return output(input, point)
    }

    func output(_ input: [UInt8], _ point: GroupPoint) -> [UInt8] {
        Sodium.sha512(Self.sized(input), Self.sized(point.bytes), Array("Finalize".utf8))
    }
}
