import Geodesy
import Kernel
import Records
import Separation

/// Why two notices conflict, as one plain sentence: where the areas come nearest, the bands with their datum, the windows
/// in Zulu, and for each the minimum and what is lacking. It holds no text that a person wrote.
struct ConflictSentence {
    private let account: ConflictAccount
    private let why: Explanation

    init(_ account: ConflictAccount) {
        self.account = account
        why = account.why.worst.explanation
    }

    var text: String {
        "\(opening): \(area); \(bands); \(windows).\(doubt)\(others)"
    }

    private var opening: String {
        let (a, b) = (name(account.first, account.why.worst.first), name(account.second, account.why.worst.second))
        let subject = "\(a) and \(b)"
        switch why.verdict {
        case .conflict(proven: true): return "\(subject) come too close"
        case .conflict(proven: false): return "\(subject) may come too close, which counts as a conflict"
        case .separate(by: let axis):
            let by =
                switch axis {
                case .time: "time"
                case .vertical: "altitude"
                case .horizontal: "distance"
                }
            return "This node finds \(subject) apart in \(by), another party does not"
        }
    }

    private func name(_ side: ConflictAccount.Side, _ volume: Int) -> String {
        let whole = "\(side.notice) (\(side.kind.name.replacingHyphens))"
        return side.volumes.count > 1 ? "volume \(volume + 1) of \(whole)" : whole
    }

    // MARK: Axis by axis

    private var area: String {
        let minimum = QuantityText.distance(why.minima.horizontalM)
        guard why.horizontal.lowerM > 0 else {
            return "the areas overlap, as at \(place(why.nearestOnFirst)), where the minimum is \(minimum)"
        }
        let apart = QuantityText.distance(why.horizontal.lowerM, .down)
        let lack = lacking(.horizontal, QuantityText.distance(why.horizontalLackM, .up), why.horizontalLackM > 0)
        let ends = "between \(place(why.nearestOnFirst)) and \(place(why.nearestOnSecond))"
        return "the areas are \(apart) apart \(ends), where the minimum is \(minimum)\(lack)"
    }

    private var bands: String {
        let (a, b) = (band(account.firstVolume.band), band(account.secondVolume.band))
        guard case .metres(let metres) = why.minima.vertical else {
            return "the bands are \(a) and \(b), and no altitude separates these kinds"
        }
        let gap = why.verticalGapM.lowerBound
        let lack = lacking(.vertical, QuantityText.height(why.verticalLackM ?? 0, .up), (why.verticalLackM ?? 0) > 0)
        let minimum = QuantityText.height(metres)
        if gap < 0 {
            let meet = why.verticalGapM.upperBound <= 0 ? "meet" : "may meet"
            return "the bands \(a) and \(b) \(meet), where the minimum is \(minimum)\(lack)"
        }
        return "the bands \(a) and \(b) are at least \(QuantityText.height(gap, .down)) apart, where the minimum is \(minimum)\(lack)"
    }

    private var windows: String {
        let minimum = why.minima.time == .zero ? "" : ", where the minimum is \(QuantityText.span(why.minima.time))"
        let lack: String =
            switch why.timeLack {
            case nil: ", and neither has an end"
            case let needed? where why.isBroken(.time) && needed > .zero:
                ", and one would have to move by \(QuantityText.span(needed, .up))"
            default: lacking(.time, "", false)
            }
        if let overlap = why.timeOverlap {
            let end = overlap.end == .distantFuture ? "on, with no stated end" : "to \(DateTimeGroup.format(overlap.end))"
            return "the windows overlap from \(DateTimeGroup.format(overlap.start)) \(end)\(minimum)\(lack)"
        }
        let (a, b) = (account.firstVolume.window, account.secondVolume.window)
        let (early, late) = a.start <= b.start ? (a, b) : (b, a)
        let gap = QuantityText.span(why.timeGap, .down)
        let times = "\(DateTimeGroup.format(early.end)) to \(DateTimeGroup.format(late.start))"
        return "the windows are \(gap) apart, \(times)\(minimum)\(lack)"
    }

    private func lacking(_ axis: Verdict.Axis, _ amount: String, _ isMore: Bool) -> String {
        guard why.isBroken(axis) else { return ", which is kept" }
        return isMore ? " (\(amount) lacking)" : " (just touched, which counts)"
    }

    private func place(_ position: Position) -> String { CoordinateText.format(position, as: .decimalDegrees) }

    private func band(_ band: AltitudeBand) -> String {
        "\(AltitudeText.format(band.lower)) to \(AltitudeText.format(band.upper))"
    }

    // MARK: Beside it

    private var doubt: String {
        guard case .conflict(proven: false) = why.verdict else { return "" }
        return " A distance or a height lies within what is not known of it."
    }

    private var others: String {
        switch account.why.count {
        case ...1: ""
        case 2: " One other pair of their volumes comes too close as well."
        default: " \(account.why.count - 1) other pairs of their volumes come too close as well."
        }
    }
}

extension ConflictAccount {
    /// One plain sentence, in English; where there is doubt, or more than one pair of volumes, one more.
    public var sentence: String { ConflictSentence(self).text }
}

extension String {
    /// `air-operation` as `air operation`.
    var replacingHyphens: String { String(map { $0 == "-" ? " " : $0 }) }
}
