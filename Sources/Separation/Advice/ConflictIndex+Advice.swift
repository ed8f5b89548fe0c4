import Geodesy
import Kernel

extension ConflictIndex {
    /// The cheapest changes of a notice that clear all its conflicts at once and make no new one, within bounds: for
    /// every combination of axes that may change the cheapest, of time alone and altitude alone both ways; or the
    /// statement that there is none, after every step within the bounds was tested or shown to conflict.
    ///
    /// A combination is left out when it is no cheaper than its parts.
    public func advice(_ request: AdviceRequest) -> AdviceReport {
        var search = AdviceSearch(self, request)
        let conflicts = conflicting(request.volumes, request, excluding: request.avoidsOwn ? nil : request.owner)
        guard search.begin() else {
            return AdviceReport(conflicts: [], advice: [], searched: [], blocking: [])
        }
        let open = request.bounds.open
        var found: [(axes: AdviceAxes, change: LatticeChange)] = []
        var searched: [AdviceSearched] = []
        for axes in AdviceAxes.combinations where open.isSuperset(of: axes) {
            guard !axes.contains(.position) || search.mover != nil else {
                searched.append(AdviceSearched(axes: axes, result: .undecided))
                continue
            }
            let parts = found.filter { axes.isSuperset(of: $0.axes) }
            let below = parts.map(\.change.cost).min() ?? .infinity
            var results: [AdviceSearched.Result] = []
            for scope in scopes(axes, request.bounds) {
                switch search.cheapest(scope, below: parts.isEmpty ? .infinity : below) {
                case .found(let change):
                    let used = Self.axes(of: change)
                    if used == axes { found.append((axes, change)) }
                    results.append(used == axes ? .found : .notSmaller)
                case .none: results.append(.none)
                case .notBelow: results.append(.notSmaller)
                case .undecided: results.append(.undecided)
                }
            }
            searched.append(AdviceSearched(axes: axes, result: Self.joined(results)))
        }
        let advice = found.compactMap { search.advice($0.change, self) }.enumerated().sorted {
            $0.element.cost == $1.element.cost ? $0.offset < $1.offset : $0.element.cost < $1.element.cost
        }.map(\.element)
        return AdviceReport(conflicts: conflicts, advice: advice, searched: searched, blocking: search.blocking(self))
    }

    /// One axis alone is searched either way.
    private func scopes(_ axes: AdviceAxes, _ bounds: AdviceBounds) -> [AdviceSearch.Scope] {
        let whole = AdviceSearch.Scope(
            times: axes.contains(.time) ? bounds.times : 0...0, heights: axes.contains(.altitude) ? bounds.heights : 0...0,
            isPlaceOpen: axes.contains(.position))
        var (first, second) = (whole, whole)
        switch axes {
        case .time:
            first.times = 0...bounds.times.upperBound
            second.times = bounds.times.lowerBound...0
        case .altitude:
            first.heights = 0...bounds.heights.upperBound
            second.heights = bounds.heights.lowerBound...0
        default: return [whole]
        }
        return [first, second].filter { $0.times != 0...0 || $0.heights != 0...0 }
    }

    private static func axes(of change: LatticeChange) -> AdviceAxes {
        var axes: AdviceAxes = []
        if change.time != 0 { axes.insert(.time) }
        if change.height != 0 { axes.insert(.altitude) }
        if !change.isPlaceKept { axes.insert(.position) }
        return axes
    }

    private static func joined(_ results: [AdviceSearched.Result]) -> AdviceSearched.Result {
        if results.contains(.undecided) { return .undecided }
        if results.contains(.found) { return .found }
        return results.contains(.notSmaller) ? .notSmaller : .none
    }

    fileprivate func conflicting(_ volumes: [Volume4D], _ request: AdviceRequest, excluding owner: PartyID?) -> [Hit] {
        query(volumes, kind: request.kind, mode: request.mode, excluding: owner, tables: request.tables)
            .filter { $0.key != request.notice }
    }
}

extension AdviceSearch {
    /// - Returns: `nil` when the engine, asked once more about exactly what is to be offered, finds a conflict.
    func advice(_ change: LatticeChange, _ index: ConflictIndex) -> Advice? {
        guard let volumes = volumes(after: change) else { return nil }
        var own = SortedSet<NoticeID>()
        for hit in index.conflicting(volumes, request, excluding: nil) {
            guard hit.owner == request.owner, !request.avoidsOwn else { return nil }
            own.insert(hit.key)
        }
        let step = request.bounds.positionStepM
        let (eastM, northM) = (Double(change.east) * step, Double(change.north) * step)
        return Advice(
            change: AdvisedChange(
                time: .microseconds(change.time * request.bounds.timeStepMicroseconds),
                altitudeM: Double(change.height) * request.bounds.altitudeStepM,
                distanceM: (eastM * eastM + northM * northM).squareRoot(),
                bearingDeg: change.isPlaceKept ? 0 : Geodesic.bearingDeg(eastM: eastM, northM: northM)),
            cost: change.cost, volumes: volumes, margin: AdviceMargin.least(volumes, index, request),
            ownCollisions: own.elements)
    }

    func blocking(_ index: ConflictIndex) -> [NoticeID] {
        var keys = SortedSet<NoticeID>()
        for pair in book.pairs {
            if let stored = index.stored(pair.slot) { keys.insert(stored.key) }
        }
        return keys.elements
    }
}
