import Foundation
import FoundationXML
import Geodesy
import Kernel
import Notation
import Records
import Separation
import Testing

/// A picture as a strict XML parser sees it.
final class DrawnPicture: NSObject, XMLParserDelegate {
    struct Element {
        let name: String
        let attributes: [String: String]
        var text = ""
    }

    let source: String
    private(set) var elements: [Element] = []
    private var open: [Int] = []
    private(set) var error: (any Error)?

    init(_ source: String) {
        self.source = source
        super.init()
        let parser = XMLParser(data: Data(source.utf8))
        parser.delegate = self
        if !parser.parse() { error = parser.parserError }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if let last = open.last { elements[last].text += string }
    }

    var texts: [String] { elements.filter { $0.name == "text" }.map(\.text) }

    func element(_ id: String) throws -> Element { try #require(elements.first { $0.attributes["id"] == id }, "\(id)") }

    func number(_ id: String, _ attribute: String) throws -> Double {
        try #require(try element(id).attributes[attribute].flatMap(Double.init), "\(id) \(attribute)")
    }

    /// Of a line, in units of the page.
    func length(_ id: String) throws -> Double {
        let x = try number(id, "x2") - number(id, "x1")
        let y = try number(id, "y2") - number(id, "y1")
        return (x * x + y * y).squareRoot()
    }

    /// Metres a unit of the page, as the scale bar and its words give it.
    func metresPerUnit() throws -> Double {
        let words = try #require(texts.first { $0.hasSuffix(" NM") })
        let parts = words.split(separator: " ")
        let value = try #require(Double(parts[0]))
        return (parts[1] == "km" ? value * 1_000 : value) / (try number("scale-bar", "width"))
    }
}

func circle(_ latitude: Double, _ longitude: Double, radiusM: Double = 1_000) throws -> Footprint {
    try Footprint(
        validating: .point(try #require(Position(latitudeDeg: latitude, longitudeDeg: longitude))), radiusM: radiusM)
}

func volume(
    _ footprint: Footprint, metres: ClosedRange<Double> = 0...1_000, minutes: ClosedRange<Int64> = 0...60
) throws -> Volume4D {
    let lower = try #require(Altitude(value: metres.lowerBound, unit: .metres, datum: .ellipsoid))
    let upper = try #require(Altitude(value: metres.upperBound, unit: .metres, datum: .ellipsoid))
    // 22 November 2026, 19:17 Zulu.
    let start = try #require(try? DateTimeGroup.parse("221917ZNOV26"))
    let window = try #require(
        TimeWindow(start: start.advanced(by: .minutes(minutes.lowerBound)), end: start.advanced(by: .minutes(minutes.upperBound))))
    return Volume4D(footprint: footprint, band: AltitudeBand(lower: lower, upper: upper), window: window)
}

func account(
    _ first: [Volume4D], _ second: [Volume4D], horizontalM: Double = 20_000, vertical: Minima.Vertical = .metres(800),
    time: Duration = .zero, names: (String, String) = ("Alpha", "Bravo")
) throws -> ConflictAccount {
    let minima = try #require(Minima(horizontalM: horizontalM, vertical: vertical, time: time))
    func side(_ id: String, _ name: String, _ isOwn: Bool, _ volumes: [Volume4D]) throws -> ConflictAccount.Side {
        ConflictAccount.Side(
            notice: try #require(RecordID(id)), kind: isOwn ? .airOperation : .unmannedAircraft, partyName: name, isOwn: isOwn,
            volumes: volumes)
    }
    return try #require(
        ConflictAccount(
            first: try side("alpha-3", names.0, true, first), second: try side("bravo-7", names.1, false, second),
            mode: .real, state: "open", minima: minima, reference: .anywhere))
}

func drawn(_ account: ConflictAccount, _ ground: PictureGround = .light, map: PictureBaseMap = .empty) -> DrawnPicture {
    DrawnPicture(
        ConflictPicture(account, map: map, ground: ground, madeAt: UTCInstant(microseconds: 1_795_000_000_000_000)).svg)
}
