import Kernel
import Records
import Separation

/// A conflict as one picture: a plan on the base map, the altitude bands and the windows, in a file that needs nothing
/// else and runs nothing.
public struct ConflictPicture {
    private let account: ConflictAccount
    private let map: PictureBaseMap
    private let marks: PictureMarks
    private let madeAt: UTCInstant

    /// Page units; the same on paper and on the screen.
    static let width = 460.0
    private static let plan = PictureFrame(left: 56, top: 128, width: 392, height: 340)
    private static let profile = PictureFrame(left: 62, top: 530, width: 330, height: 140)
    private static let time = PictureFrame(left: 62, top: 726, width: 386, height: 122)
    private static let height = 970.0

    /// - Parameter madeAt: printed on it, because a picture is not kept up to date.
    public init(_ account: ConflictAccount, map: PictureBaseMap, ground: PictureGround, madeAt: UTCInstant) {
        self.account = account
        self.map = map
        self.madeAt = madeAt
        marks = PictureMarks(palette: PicturePalette(ground))
    }

    public var svg: String {
        let page = PictureFrame(left: 0, top: 0, width: Self.width, height: Self.height)
        let views =
            PlanView(account, map, marks, Self.plan).drawing + ProfileView(account, marks, Self.profile).drawing
            + TimeView(account, marks, Self.time).drawing
        let content = [
            HTML.element("title", list: [], [HTML.plain(title)]), HTML.element("desc", list: [], [HTML.plain(account.sentence)]),
            HTML.element("defs", list: [], [marks.patterns]), marks.box(page, fill: marks.palette.page), head, views, foot,
        ]
        let picture = HTML.element(
            "svg",
            list: [
                ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", "0 0 \(Int(Self.width)) \(Int(Self.height))"),
                ("width", "\(Int(Self.width))"), ("height", "\(Int(Self.height))"), ("role", "img"),
                ("font-family", "DejaVu Sans, Noto Sans, Arial, sans-serif"),
            ], content)
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + picture.source
    }

    private var title: String { "Conflict of \(account.first.notice) and \(account.second.notice)" }

    private var head: HTML {
        let drill = account.mode == .drill ? "   DRILL" : ""
        let state = "\(account.state.uppercased())\(drill)"
        return marks.text("CONFLICT", PagePoint(x: 12, y: 27), marks.palette.broken, size: 19, isBold: true)
            + marks.text(state, PagePoint(x: 128, y: 27), marks.palette.text, size: 15, isBold: true)
            + marks.text(
                "as of \(DateTimeGroup.format(madeAt))", PagePoint(x: Self.width - 12, y: 27), marks.palette.muted, size: 12, anchor: .end)
            + side(.first, account.first, account.why.worst.first, 56) + side(.second, account.second, account.why.worst.second, 95)
    }

    private func side(_ side: PictureMarks.Side, _ of: ConflictAccount.Side, _ volume: Int, _ y: Double) -> HTML {
        let many = of.volumes.count > 1 ? ", volume \(volume + 1) of \(of.volumes.count)" : ""
        let owner = "\(Self.shortened(of.partyName))\(of.isOwn ? " (ours)" : "")"
        let words = "\(of.kind.name.replacingHyphens.uppercased())  \(of.notice)\(many)"
        return marks.badge(side, PagePoint(x: 24, y: y)) + marks.text(words, PagePoint(x: 42, y: y - 3), marks.palette.text, size: 13.5)
            + marks.text(owner, PagePoint(x: 42, y: y + 14), marks.palette.muted, size: 12.5)
    }

    private var foot: HTML {
        let words =
            "Plan: azimuthal equidistant about its middle, WGS 84; north is up there. Dotted: the minimum around A. "
            + "Striped part of a band: what is not known of it."
        let ground = map.credit.isEmpty ? "" : "Borders as the source draws them; they settle nothing. \(map.credit)"
        let lines =
            Self.wrapped(words, 92) + ["A notice is neither permission nor immunity."] + Self.wrapped(ground, 92)
        return .joined(
            lines.enumerated().map { i, line in
                marks.text(line, PagePoint(x: 12, y: 896 + 13 * Double(i)), marks.palette.muted, size: 9)
            })
    }

    /// At spaces, into lines of at most so many characters where words allow it.
    private static func wrapped(_ text: String, _ most: Int) -> [String] {
        text.split(separator: " ").reduce(into: [String]()) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= most {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }

    /// As much as a line holds.
    private static func shortened(_ name: String) -> String { name.count <= 48 ? name : name.prefix(47) + "…" }
}
