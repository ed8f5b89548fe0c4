import Records

/// A text of the catalogue with places for values.
///
/// ```
/// sentence = *( literal / "{" name "}" / "[" part [ "|" literal ] "]" )
/// part     = *( literal / "{" name "}" )
/// literal  = any characters but  [ ] { } |
/// ```
/// A part in brackets is shown when every one of its values is there; otherwise the literal after the bar is, or
/// nothing. Brackets do not nest.
public struct TemplateSentence: Hashable, Sendable {
    public enum Piece: Hashable, Sendable {
        case literal(String)
        /// The place of a value.
        case place(String)
    }

    public enum Segment: Hashable, Sendable {
        case always([Piece])
        case optional([Piece], otherwise: String)
    }

    public let segments: [Segment]

    /// - Returns: `nil` when the text does not follow the grammar.
    public init?(_ text: String) {
        var segments: [Segment] = []
        var outer = PieceReader()
        var bracket: (pieces: PieceReader, otherwise: String?)?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "[":
                guard bracket == nil, let pieces = outer.take() else { return nil }
                if !pieces.isEmpty { segments.append(.always(pieces)) }
                bracket = (PieceReader(), nil)
            case "]":
                guard var open = bracket, let pieces = open.pieces.take(),
                    pieces.contains(where: { if case .place = $0 { true } else { false } })
                else { return nil }
                segments.append(.optional(pieces, otherwise: open.otherwise ?? ""))
                bracket = nil
            case "|":
                guard bracket != nil, bracket?.otherwise == nil else { return nil }
                bracket?.otherwise = ""
            default:
                guard bracket != nil else {
                    guard outer.read(scalar) else { return nil }
                    continue
                }
                if bracket?.otherwise != nil {
                    guard scalar != "{", scalar != "}" else { return nil }
                    bracket?.otherwise?.unicodeScalars.append(scalar)
                } else if bracket?.pieces.read(scalar) != true {
                    return nil
                }
            }
        }
        guard bracket == nil, let rest = outer.take() else { return nil }
        if !rest.isEmpty { segments.append(.always(rest)) }
        self.segments = segments
    }

    /// The names of all places, in order, as often as they occur.
    public var places: [String] { segments.flatMap { TemplateSentence.places($0.pieces) } }

    /// Those that stand outside brackets.
    public var constantPlaces: [String] {
        segments.flatMap { segment in
            if case .always(let pieces) = segment { TemplateSentence.places(pieces) } else { [String]() }
        }
    }

    /// - Parameter value: the text for a name, already isolated; `nil` when the message has no such value. A place
    ///   outside brackets without its value shows `?`.
    public func filled(_ value: (String) -> String?) -> String {
        segments.map { segment in
            switch segment {
            case .always(let pieces): TemplateSentence.filled(pieces) { value($0) ?? "?" }
            case .optional(let pieces, let otherwise):
                TemplateSentence.places(pieces).contains { value($0) == nil }
                    ? otherwise : TemplateSentence.filled(pieces) { value($0) ?? "" }
            }
        }.joined()
    }

    private static func places(_ pieces: [Piece]) -> [String] {
        pieces.compactMap { if case .place(let name) = $0 { name } else { nil } }
    }

    private static func filled(_ pieces: [Piece], _ value: (String) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .place(let name): value(name)
            }
        }.joined()
    }
}

extension TemplateSentence.Segment {
    var pieces: [TemplateSentence.Piece] {
        switch self {
        case .always(let pieces), .optional(let pieces, _): pieces
        }
    }
}

/// Gathers literals and places.
private struct PieceReader {
    private var pieces: [TemplateSentence.Piece] = []
    private var literal = ""
    private var name: String?

    /// - Returns: `false` when the character cannot stand here.
    mutating func read(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "{":
            guard name == nil else { return false }
            flush()
            name = ""
        case "}":
            guard let found = name, !found.isEmpty else { return false }
            pieces.append(.place(found))
            name = nil
        case "a"..."z", "A"..."Z":
            if name == nil { literal.unicodeScalars.append(scalar) } else { name?.unicodeScalars.append(scalar) }
        default:
            guard name == nil else { return false }
            literal.unicodeScalars.append(scalar)
        }
        return true
    }

    private mutating func flush() {
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        literal = ""
    }

    /// What was read so far, beginning anew; `nil` within a name.
    mutating func take() -> [TemplateSentence.Piece]? {
        guard name == nil else { return nil }
        flush()
        defer { pieces = [] }
        return pieces
    }
}
