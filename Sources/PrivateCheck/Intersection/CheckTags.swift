import Kernel

/// Twice masked points, shortened to 16 bytes: equal where both sides have the same element. Two different ones are
/// equal with a chance below 2⁻⁸⁷ in the largest size class.
struct CheckTag: Hashable, Comparable, Sendable {
    let high: UInt64
    let low: UInt64

    static let byteCount = 16

    init(_ point: GroupPoint, session: Hash32) {
        self.init(Sodium.sha256(Array("parley private check tag 1\n".utf8), session.bytes, point.bytes)[...])
    }

    /// - Parameter bytes: at least 16.
    init(_ bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        high = (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[start + $1]) }
        low = (8..<16).reduce(0) { $0 << 8 | UInt64(bytes[start + $1]) }
    }

    static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }

    static func list(_ bytes: ArraySlice<UInt8>) -> [CheckTag] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: byteCount).map { CheckTag(bytes[$0..<$0 + byteCount]) }
    }

    static func bytes(_ tags: [CheckTag]) -> [UInt8] {
        var out = MessageWriter()
        for tag in tags {
            out.put(tag.high)
            out.put(tag.low)
        }
        return out.bytes
    }
}

/// One side's answer to the points of the other.
struct Remask {
    /// In the order of the points, or, for a count, in their own: then nobody can tell which answers which.
    let tags: [CheckTag]
    /// In the order of the points: what an opening shows.
    let inOrder: [CheckTag]

    /// - Parameters:
    ///   - theirs: points of the other side's MASK, not looked at before.
    ///   - ours: points of our own.
    /// - Throws: what is wrong with theirs: no point, the identity, one twice, or one of ours.
    init(
        theirs: [GroupPoint], ours: [GroupPoint], seed: SecretSeed, session: Hash32, output: CheckParameters.Output
    ) throws(CheckRefusal) {
        try Self.checkDistinct(theirs, ours)
        let products = seed.key().withBytes { bytes in
            nonisolated(unsafe) let key = bytes
            return AllCores.map(theirs.count) { theirs[$0].multiplied(by: key) ?? GroupPoint(encoding: SIMD32()) }
        }
        if let index = products.firstIndex(of: GroupPoint(encoding: SIMD32())) {
            throw theirs[index].encoding == SIMD32() ? .identity(index: index) : .notCanonical(index: index)
        }
        inOrder = AllCores.map(products.count) { CheckTag(products[$0], session: session) }
        tags = output.isCounted ? inOrder.sorted() : inOrder
    }

    private static func checkDistinct(_ theirs: [GroupPoint], _ ours: [GroupPoint]) throws(CheckRefusal) {
        let (a, b) = (theirs.sorted(), ours.sorted())
        guard zip(a, a.dropFirst()).allSatisfy({ $0 != $1 }) else {
            // The identity may well stand there more than once.
            if let index = theirs.firstIndex(of: GroupPoint(encoding: SIMD32())) { throw .identity(index: index) }
            throw .repeatedPoint
        }
        var j = 0
        for point in a {
            while j < b.count, b[j] < point { j += 1 }
            if j < b.count, b[j] == point { throw .reflected }
        }
    }
}
