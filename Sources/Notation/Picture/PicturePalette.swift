/// On what a picture is looked at: paper, or a dark screen.
public enum PictureGround: String, Sendable, CaseIterable {
    case light, dark
}

/// Colours of a picture. Each side also has its letter, its hatching and its dashes; red is for what is broken only, and
/// nothing is green.
struct PicturePalette: Sendable {
    let page: String
    let text: String
    let muted: String
    let frame: String
    /// Where the base map has data: land and water. Elsewhere `unknown`.
    let land: String
    let sea: String
    let unknown: String
    let coast: String
    let border: String
    let river: String
    let graticule: String
    let first: String
    let second: String
    let broken: String

    init(_ ground: PictureGround) {
        switch ground {
        case .light:
            (page, text, muted, frame) = ("#ffffff", "#10161d", "#44515f", "#5b6875")
            (land, sea, unknown) = ("#f6f3ea", "#dde9f2", "#f3f4f5")
            (coast, border, river, graticule) = ("#7792a8", "#84817a", "#9dbcd4", "#c3cad1")
            (first, second, broken) = ("#0a4f96", "#7d2596", "#b3001b")
        case .dark:
            (page, text, muted, frame) = ("#0b1119", "#eef3f9", "#b3c0cf", "#6c8099")
            (land, sea, unknown) = ("#19222d", "#0a1520", "#121922")
            (coast, border, river, graticule) = ("#4f6b85", "#8496aa", "#2b4a63", "#2f3e4f")
            (first, second, broken) = ("#5cb3ff", "#c792ff", "#ff7a7e")
        }
    }
}
