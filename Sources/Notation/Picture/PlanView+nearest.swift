import Geodesy
import Separation

/// Where the two come nearest, with the distance and its minimum in words, and the letters of both.
extension PlanView {
    var nearest: HTML {
        let (a, b) = (page(why.nearestOnFirst), page(why.nearestOnSecond))
        func end(_ p: PagePoint) -> HTML {
            HTML.element(
                "circle",
                list: [
                    ("cx", PictureMarks.number(p.x)), ("cy", PictureMarks.number(p.y)), ("r", "4.5"), ("fill", palette.page),
                    ("stroke", palette.broken), ("stroke-width", "2.5"),
                ])
        }
        let isOverlap = why.horizontal.lowerM <= 0
        let found = isOverlap ? "areas overlap" : "\(QuantityText.distance(why.horizontal.lowerM, .down)) apart"
        let minimum = "minimum \(QuantityText.distance(why.minima.horizontalM))"
        let line = isOverlap ? HTML.nothing : marks.line(a, b, palette.broken, width: 3, id: "nearest")
        let (place, anchor) = labelPlace(a, b)
        // As wide as the words are at most.
        let before: Double = anchor == .start ? 8 : anchor == .middle ? 68 : 136
        let x = min(max(place.x, frame.left + before), frame.right - 144 + before)
        let y = min(max(place.y, frame.top + 70), frame.bottom - 60)
        let colour = marks.colour(isBroken: why.isBroken(.horizontal))
        return line + end(a) + (isOverlap ? .nothing : end(b)) + badges
            + marks.text(found, PagePoint(x: x, y: y), colour, size: 15, anchor: anchor, isBold: true, halo: palette.page)
            + marks.text(minimum, PagePoint(x: x, y: y + 17), palette.text, size: 13, anchor: anchor, halo: palette.page)
    }

    /// Beside the middle of the line, on that side of it where no badge stands, where its letters do not cover it.
    private func labelPlace(_ a: PagePoint, _ b: PagePoint) -> (PagePoint, PictureMarks.Anchor) {
        let middle = PagePoint(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
        let way = b - a
        guard way.length > 14 else { return (PagePoint(x: middle.x + 16, y: middle.y + 4), .start) }
        var below = PlanePoint(x: -way.y / way.length, y: way.x / way.length)
        if below.y < 0 { below = below * -1 }
        let badges = [badgePlace(.first), badgePlace(.second)]
        func place(_ across: PlanePoint) -> (at: PagePoint, anchor: PictureMarks.Anchor, room: Double) {
            let anchor: PictureMarks.Anchor = across.x > 0.3 ? .start : across.x < -0.3 ? .end : .middle
            let drop: Double = across.y < 0 ? -18 : 8
            let at = PagePoint(x: middle.x + across.x * 14, y: middle.y + drop + across.y * 14)
            let half: Double = anchor == .start ? 60 : anchor == .end ? -60 : 0
            var room = 1.4
            for badge in badges {
                let beside: Double = abs(badge.x - at.x - half) / 60
                let over: Double = abs(badge.y - at.y - 6) / 20
                room = min(room, max(beside, over))
            }
            return (at, anchor, room)
        }
        let (lower, upper) = (place(below), place(below * -1))
        return lower.room >= upper.room ? (lower.at, lower.anchor) : (upper.at, upper.anchor)
    }

    /// On each notice, away from the line between them.
    private var badges: HTML { marks.badge(.first, badgePlace(.first)) + marks.badge(.second, badgePlace(.second)) }

    private func badgePlace(_ side: PictureMarks.Side) -> PagePoint {
        let volume = side == .first ? account.firstVolume : account.secondVolume
        let near = page(side == .first ? why.nearestOnFirst : why.nearestOnSecond)
        let far = page(side == .first ? why.nearestOnSecond : why.nearestOnFirst)
        let core = page(volume.footprint.referencePoint)
        // Towards the notice's own middle, which is kept within the view.
        var way = core - near
        if way.length < 1 { way = near - far }
        if way.length < 1 { way = PlanePoint(x: side == .first ? -1 : 1, y: -0.4) }
        let reach = min(max(way.length, 24), frame.width * 0.28)
        let p = near + way * (reach / way.length)
        return PagePoint(
            x: min(max(p.x, frame.left + 14), frame.right - 14), y: min(max(p.y, frame.top + 14), frame.bottom - 14))
    }
}
