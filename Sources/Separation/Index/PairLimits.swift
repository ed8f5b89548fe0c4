import Kernel

/// The minima of some tables between one kind and each kind of an index, in the form in which a query uses them.
struct PairLimits: Sendable {
    struct Limit: Sendable, Equatable {
        let horizontalM: Double
        /// Infinite when altitude does not separate.
        let verticalM: Double
        let timeMicroseconds: Int64

        init(_ minima: Minima) {
            horizontalM = minima.horizontalM
            verticalM =
                switch minima.vertical {
                case .all: .infinity
                case .metres(let metres): metres
                }
            timeMicroseconds = minima.time.wholeMicroseconds
        }
    }

    let kind: ActivityKind
    /// Of all kinds, one kind's after the other's.
    private(set) var limits: [Limit] = []
    /// Where the limits of a kind begin; one more for the end.
    private var begins: [Int32] = [0]
    /// On each axis the largest that applies between `kind` and each other kind, and between it and any.
    private(set) var widest: [Widest] = []
    private(set) var widestOfAll = Widest()

    struct Widest: Sendable {
        var horizontalM = 0.0
        var verticalM = 0.0
        var timeMicroseconds: Int64 = 0

        mutating func take(_ horizontalM: Double, _ verticalM: Double, _ timeMicroseconds: Int64) {
            self.horizontalM = max(self.horizontalM, horizontalM)
            self.verticalM = max(self.verticalM, verticalM)
            self.timeMicroseconds = max(self.timeMicroseconds, timeMicroseconds)
        }
    }

    init(kind: ActivityKind) { self.kind = kind }

    /// Kinds that limits are known for.
    var count: Int { widest.count }

    mutating func extend(to kinds: [ActivityKind], _ tables: [MinimaTable]) {
        for other in kinds[count...] {
            let first = limits.count
            var wide = Widest()
            for table in tables {
                let limit = Limit(table[kind, other])
                guard !limits[first...].contains(limit) else { continue }
                limits.append(limit)
                wide.take(limit.horizontalM, limit.verticalM, limit.timeMicroseconds)
            }
            begins.append(Int32(limits.count))
            widest.append(wide)
            widestOfAll.take(wide.horizontalM, wide.verticalM, wide.timeMicroseconds)
        }
    }

    @inline(__always)
    func range(_ kind: Int) -> Range<Int> { Int(begins[kind])..<Int(begins[kind + 1]) }
}
