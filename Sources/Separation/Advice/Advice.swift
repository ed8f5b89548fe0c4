import Geodesy
import Kernel

/// A change of a notice, all its volumes together.
public struct AdvisedChange: Hashable, Sendable {
    /// Later positive.
    public let time: Duration
    /// Metres, up positive.
    public let altitudeM: Double
    /// Metres that the notice's middle moves.
    public let distanceM: Double
    /// Direction in which it sets out, degrees clockwise from north, 0 ..< 360; 0 when it does not move.
    public let bearingDeg: Double

    /// What really changes.
    public var axes: AdviceAxes {
        var axes: AdviceAxes = []
        if time != .zero { axes.insert(.time) }
        if altitudeM != 0 { axes.insert(.altitude) }
        if distanceM != 0 { axes.insert(.position) }
        return axes
    }
}

/// One way out of all conflicts of a notice at once. The index itself has found no conflict of `volumes`.
public struct Advice: Hashable, Sendable {
    public let change: AdvisedChange
    /// By ``AdviceCosts``.
    public let cost: Double
    /// The notice's volumes after the change, in their order.
    public let volumes: [Volume4D]
    /// `nil` when nothing else comes near: see ``AdviceMargin``.
    public let margin: AdviceMargin?
    /// Notices of the same owner that the changed volumes collide with: no conflict, but worth a warning.
    public let ownCollisions: [NoticeID]
}

/// What the search of one combination of axes came to.
public struct AdviceSearched: Hashable, Sendable {
    public enum Result: String, Hashable, Sendable, CaseIterable {
        /// The cheapest change of all that are whole steps within the bounds is among the advice.
        case found
        /// No whole step within the bounds clears every conflict: each one was tested or shown to conflict.
        case none
        /// Nothing is cheaper than what fewer axes offer.
        case notSmaller
        /// The search reached its limit of work before it could tell.
        case undecided
    }

    public let axes: AdviceAxes
    public let result: Result
}

/// All that ``ConflictIndex/advice(_:)`` finds.
public struct AdviceReport: Sendable, Equatable {
    /// Conflicts of the notice as it stands.
    public let conflicts: [ConflictIndex.Hit]
    /// Cheapest first.
    public let advice: [Advice]
    /// Empty when there is no conflict.
    public let searched: [AdviceSearched]
    /// Notices that stood in the way of anything cheaper, in their order.
    public let blocking: [NoticeID]
}

/// What advice is asked for.
public struct AdviceRequest: Sendable {
    /// At least one, of one notice.
    public let volumes: [Volume4D]
    public let kind: ActivityKind
    public let mode: Mode
    public let owner: PartyID
    /// The notice that the volumes are a version of; it never stands in its own way.
    public let notice: NoticeID?
    /// A conflict under any of them counts.
    public let tables: [MinimaTable]
    public let bounds: AdviceBounds
    public let costs: AdviceCosts
    /// Whether the owner's other notices are kept clear of, too.
    public let avoidsOwn: Bool

    public init(
        volumes: [Volume4D], kind: ActivityKind, mode: Mode, owner: PartyID, notice: NoticeID?, tables: [MinimaTable],
        bounds: AdviceBounds, costs: AdviceCosts = .standard, avoidsOwn: Bool = false
    ) {
        self.volumes = volumes
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.notice = notice
        self.tables = tables
        self.bounds = bounds
        self.costs = costs
        self.avoidsOwn = avoidsOwn
    }
}
