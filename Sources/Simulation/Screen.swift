import Kernel
import Mechanism

/// What one line of a node's screen says of a notice, or of the mechanism (`notice` is `nil`).
public struct Screen: Sendable, Hashable {
    public let notice: NoticeID?
    public var answer: Assurance.Answer
    public var validUntil: MonotonicInstant?

    public init(_ assurance: Assurance) {
        notice = assurance.notice
        answer = assurance.answer
        validUntil = assurance.validUntil
    }
}

/// A defect planted between the core and the checker.
public enum ScreenMutation: Sendable {
    /// The node's screens always show a clear.
    case alwaysClear(PartyID)
    /// A screen that has shown a clear never changes again.
    case stuck(PartyID, shown: SortedMap<String, Screen>)

    public static func stuck(_ party: PartyID) -> ScreenMutation { .stuck(party, shown: SortedMap()) }

    mutating func change(_ screens: inout [Screen], of party: PartyID) {
        switch self {
        case .alwaysClear(let changed):
            guard changed == party else { return }
            for i in screens.indices { screens[i].answer = .clear }
        case .stuck(let changed, var shown):
            guard changed == party else { return }
            for i in screens.indices {
                let name = screens[i].notice?.description ?? ""
                if let old = shown[name] { screens[i] = old }
                if screens[i].answer == .clear { shown[name] = screens[i] }
            }
            self = .stuck(changed, shown: shown)
        }
    }
}
