/// ACP 131 precedence, most urgent first in order.
public enum Precedence: String, Hashable, Comparable, Sendable, Codable, CaseIterable {
    case flash, immediate, priority, routine

    private var rank: Int {
        switch self {
        case .flash: 0
        case .immediate: 1
        case .priority: 2
        case .routine: 3
        }
    }

    /// `a < b` when `a` is more urgent.
    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    /// One step more urgent; FLASH stays.
    public var raised: Precedence {
        switch self {
        case .flash, .immediate: .flash
        case .priority: .immediate
        case .routine: .priority
        }
    }
}

/// `real`: forces move. `drill`: only desks and software are exercised. The two never meet.
public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
    case real, drill
}
