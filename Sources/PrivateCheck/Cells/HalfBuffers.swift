import Kernel
import Separation

/// By how much each side grows its own volumes, so that two grown volumes touch whenever the two are within their
/// minima, and neither needs to know the other's kind.
///
/// For every pair of kinds *i*, *j* and on each axis, r(i) + r(j) ≥ S(i, j), the table's minimum.
public struct HalfBuffers: Equatable, Sendable, Codable {
    /// What one volume grows by on every side.
    public struct Margin: Hashable, Sendable, Codable {
        /// Metres along the surface.
        public let horizontalM: Double
        /// Metres; infinite when altitude does not separate, written as `nil`.
        public let verticalM: Double
        public let microseconds: Int64

        init(horizontalM: Double, verticalM: Double, microseconds: Int64) {
            self.horizontalM = horizontalM
            self.verticalM = verticalM
            self.microseconds = microseconds
        }

        private enum CodingKeys: String, CodingKey { case horizontalM, verticalM, microseconds }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            horizontalM = try container.decode(Double.self, forKey: .horizontalM)
            verticalM = try container.decodeIfPresent(Double.self, forKey: .verticalM) ?? .infinity
            microseconds = try container.decode(Int64.self, forKey: .microseconds)
            guard horizontalM >= 0, verticalM >= 0, microseconds >= 0 else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "margin"))
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(horizontalM, forKey: .horizontalM)
            try container.encodeIfPresent(verticalM.isFinite ? verticalM : nil, forKey: .verticalM)
            try container.encode(microseconds, forKey: .microseconds)
        }
    }

    private let byKind: SortedMap<ActivityKind, Margin>
    /// The whole worst row: for a kind that the terms do not name. A pair with it takes the worst row, and the other
    /// kind may have been left nothing to add.
    public let otherwise: Margin

    /// - Parameters:
    ///   - table: the minima of the terms.
    ///   - kinds: the kinds that the terms name. Any other gets ``otherwise``, on both sides.
    public init(table: MinimaTable, kinds: [ActivityKind]) {
        let sorted = SortedSet(kinds).elements
        let horizontal = Self.solve(sorted) { table[$0, $1].horizontalM }
        let vertical = Self.solve(sorted) { Self.metres(table[$0, $1].vertical) }
        // Whole microseconds below 2⁵³, so that every step is exact but halving, which is rounded up.
        let time = Self.solve(sorted) { Double(table[$0, $1].time.wholeMicroseconds) }
        var byKind = SortedMap<ActivityKind, Margin>()
        for (i, kind) in sorted.enumerated() {
            byKind[kind] = Margin(
                horizontalM: horizontal[i], verticalM: vertical[i], microseconds: Int64(time[i].rounded(.up)))
        }
        self.byKind = byKind
        otherwise = Margin(
            horizontalM: table.worst.horizontalM, verticalM: Self.metres(table.worst.vertical),
            microseconds: table.worst.time.wholeMicroseconds)
    }

    public subscript(kind: ActivityKind) -> Margin { byKind[kind] ?? otherwise }

    /// On each axis the largest of all kinds that the terms name: the same for every kind, for terms that want a matched
    /// cell to say nothing of the kind.
    public var uniform: Margin {
        var all = Margin(horizontalM: 0, verticalM: 0, microseconds: 0)
        for (_, margin) in byKind {
            all = Margin(
                horizontalM: max(all.horizontalM, margin.horizontalM), verticalM: max(all.verticalM, margin.verticalM),
                microseconds: max(all.microseconds, margin.microseconds))
        }
        return all
    }

    private static func metres(_ vertical: Minima.Vertical) -> Double {
        switch vertical {
        case .all: .infinity
        case .metres(let metres): metres
        }
    }

    /// Begins with half of each kind's largest minimum, which suffices, and lowers one after another to what the others
    /// leave over, which keeps sufficing: no single one can be lowered further at the end. Kinds with the fewest
    /// infinite minima go first, so that only those stay infinite that have to.
    private static func solve(
        _ kinds: [ActivityKind], _ minimum: (ActivityKind, ActivityKind) -> Double
    ) -> [Double] {
        var r = kinds.map { kind in kinds.reduce(0) { max($0, minimum(kind, $1) / 2) } }
        let infinite = kinds.map { kind in kinds.count { minimum(kind, $0) == .infinity } }
        let order = kinds.indices.sorted { (infinite[$0], -r[$0], $0) < (infinite[$1], -r[$1], $1) }
        for i in order {
            var needed = minimum(kinds[i], kinds[i]) / 2
            for j in kinds.indices where j != i && r[j] < .infinity {
                let minimum = minimum(kinds[i], kinds[j])
                var rest = max(0, minimum - r[j])
                while rest + r[j] < minimum { rest = rest.nextUp }
                needed = max(needed, rest)
            }
            r[i] = min(r[i], needed)
        }
        return r
    }
}
