import Separation

/// Both notices whole and small, with the frame of the plan that shows a part of them.
struct OverviewView {
    private let account: ConflictAccount
    private let plane: PlaneProjection
    private let view: PlaneBox
    private let marks: PictureMarks
    private let frame: PictureFrame

    init(
        _ account: ConflictAccount, _ plane: PlaneProjection, _ view: PlaneBox, _ marks: PictureMarks, _ frame: PictureFrame
    ) {
        self.account = account
        self.plane = plane
        self.view = view
        self.marks = marks
        self.frame = frame
    }

    var drawing: HTML {
        let volumes: [(PictureMarks.Side, Volume4D)] = [(.first, account.firstVolume), (.second, account.secondVolume)]
        let finest = view.width / 10
        let shapes = volumes.map { ($0.0, PlaneShape($0.1.footprint, plane, finestM: finest)) }
        guard let reach = PlaneBox(around: shapes.flatMap { $0.1.points } + view.corners) else { return .nothing }
        let scale = min((frame.width - 12) / reach.width, (frame.height - 12) / reach.height)
        func page(_ p: PlanePoint) -> PagePoint {
            PagePoint(
                x: frame.left + frame.width / 2 + (p.x - reach.middle.x) * scale,
                y: frame.top + frame.height / 2 - (p.y - reach.middle.y) * scale)
        }
        let areas = shapes.map { side, shape in
            let isBare = shape.rings.isEmpty
            let d = PictureMarks.path(isBare ? [shape.bare.map(page)] : shape.rings.map { $0.map(page) }, isClosed: !isBare)
            return HTML.element(
                "path",
                list: [
                    ("d", d), ("fill", isBare ? "none" : marks.colour(side)), ("fill-opacity", "0.7"),
                    ("stroke", marks.colour(side)), ("stroke-width", "1"),
                ])
        }
        let (low, high) = (page(PlanePoint(x: view.left, y: view.top)), page(PlanePoint(x: view.right, y: view.bottom)))
        // Never so small that nobody finds it.
        let size = max(7, high.x - low.x)
        let height = size * view.height / view.width
        let middle = PagePoint(x: (low.x + high.x) / 2, y: (low.y + high.y) / 2)
        let seen = PictureFrame(left: middle.x - size / 2, top: middle.y - height / 2, width: size, height: height)
        return HTML.element(
            "g", list: [("id", "overview")],
            [marks.box(frame, fill: marks.palette.page, stroke: marks.palette.frame)] + areas
                + [marks.box(seen, stroke: marks.palette.broken, width: 2)])
    }
}
