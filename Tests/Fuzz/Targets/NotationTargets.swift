import Geodesy
import Kernel
import Notation
import Records
import Separation

/// Places, heights and times as people write them, and messages as people read them.
let notationTargets: [FuzzTarget] = [
    FuzzTarget("geojson", longest: 8_192, words: jsonWords + geoWords, seeds: { texts(geometries) }) { bytes in
        guard let json = try? StrictJSON.read(bytes, limit: 1 << 16) else { return }
        if let footprint = try? GeoJSON.footprint(from: json) {
            // A ring may be turned round, once.
            let feature = GeoJSON.json(of: footprint)
            let turned = try? GeoJSON.footprint(from: feature)
            require(turned.map(GeoJSON.json) == feature, "a Feature that was written is read and written as the same")
            let geometry = GeoJSON.geometry(of: footprint)
            require((try? GeoJSON.footprint(from: geometry)) == turned, "and the bare geometry is the same")
            measure(footprint)
        }
        if let footprint = try? Footprint(json: json, path: "") {
            requireSame(footprint, try? Footprint(json: footprint.json, path: ""), "as a record has it")
        }
    },
    FuzzTarget("volume", longest: 8_192, words: jsonWords + geoWords + bodyWords, seeds: { volumeSeeds }) { bytes in
        guard let json = try? StrictJSON.read(bytes, limit: 1 << 16),
            let stated = try? StatedVolume(json, path: "")
        else { return }
        let again = try? StatedVolume(stated.json, path: "")
        require(again == stated, "a volume that was read is written and read as the same")
        try? NoticeShape.check([stated.volume], reference: .anywhere)
    },
    FuzzTarget("coordinate", longest: 72, words: coordinateWords, seeds: { texts(coordinates) }) { bytes in
        guard let text = text(bytes), let parsed = try? CoordinateText.parse(text) else { return }
        require(parsed.uncertaintyM > 0, "no text is exact")
        require(parsed.originalText.utf8.elementsEqual(text.utf8), "the officer's own words are kept")
        for notation in CoordinateNotation.allCases {
            for precision in [notation.precisions.lowerBound, notation.usualPrecision, notation.precisions.upperBound] {
                let written = CoordinateText.format(parsed.position, as: notation, precision: precision)
                guard let again = try? CoordinateText.parse(written) else {
                    require(false, "\(written), which we wrote, is read")
                    return
                }
                require(again.notation == notation, "\(written) is \(notation)")
                let distance = Geodesic.distanceM(parsed.position, again.position)
                require(distance <= again.uncertaintyM * 1.01 + 0.01, "\(written) lies \(distance) m off, of \(again.uncertaintyM)")
            }
        }
        _ = SpokenPosition.describe(parsed.position)
    },
    FuzzTarget("altitude", longest: 64, words: ["FL", " ft", " m", " AMSL", " AGL", " ellipsoid", "GND", "SFC", "1e5", "."], seeds: { texts(altitudes) }) {
        guard let text = text($0), let altitude = try? AltitudeText.parse(text) else { return }
        require((-1_000.0...100_000.0).contains(altitude.metres), "an altitude lies within its range")
        let written = AltitudeText.format(altitude)
        require((try? AltitudeText.parse(written)) == altitude, "\(text) is written as \(written) and read as the same")
    },
    FuzzTarget("time", longest: 48, words: ["Z", "T", "NOV", "+90m", "2026-11-22T", ".000000Z", " "], seeds: { texts(times) }) {
        guard let text = text($0) else { return }
        if let instant = try? DateTimeGroup.parse(text) {
            let written = DateTimeGroup.format(instant)
            require((try? DateTimeGroup.parse(written)) == instant, "\(written) is read as what it was written from")
        }
        if let instant = UTCInstant(rfc3339: text) {
            require(UTCInstant(rfc3339: instant.rfc3339) == instant, "a time that was read is written and read as the same")
        }
    },
    FuzzTarget("message", longest: 12_288, words: jsonWords + bodyWords, seeds: { messageSeeds }) { bytes in
        guard let body = try? RecordBody.read(bytes), case .message(let message) = body.content else { return }
        requireSame(body)
        let parties = MessageParties(from: "Türkiye", to: "Israel")
        for language in MessageLanguage.ofCatalogue {
            let shown = catalogue.render(message, mode: body.mode, parties: parties, in: language)
            require(!shown.isEmpty, "a message says something in \(language.rawValue)")
            requireIsolated(shown)
        }
    },
]

private let catalogue: TemplateCatalogue = {
    do { return try TemplateCatalogue.load() } catch { preconditionFailure("the texts cannot be read: \(error)") }
}()

/// No text of a peer's can turn the sentences around it: every isolate that it opens is closed in its line.
private func requireIsolated(_ shown: String) {
    var depth = 0
    for scalar in shown.unicodeScalars {
        switch scalar.value {
        case 0x2066...0x2068: depth += 1
        case 0x2069: depth -= 1
        case 0x0A: require(depth == 0, "isolates close in their line")
        default: break
        }
        require(depth >= 0, "no isolate closes that was not opened")
    }
    require(depth == 0, "isolates close")
}

private func requireSame(_ footprint: Footprint, _ again: Footprint?, _ form: String) {
    require(again == footprint, "a footprint that was read is written and read as the same \(form)")
}

private let place = Position(latitudeDeg: 34.5574, longitudeDeg: 38.3169)

private func measure(_ footprint: Footprint) {
    require(footprint.areaM2 >= 0 && footprint.areaM2.isFinite, "an area is a number")
    let cap = footprint.boundingCap
    require(cap.radiusM.isFinite, "a cap has a radius")
    guard let place else { return }
    let bounds = footprint.distance(to: place)
    require(bounds.lowerM >= 0 && bounds.lowerM <= bounds.upperM && bounds.upperM.isFinite, "distances are bounded")
    let itself = footprint.distance(to: footprint)
    require(itself.lowerM == 0, "nothing is provably apart from itself")
}

private let geoWords = [
    "\"type\":\"Feature\"", "\"type\":\"Point\"", "\"type\":\"LineString\"", "\"type\":\"Polygon\"", "\"coordinates\":[[", "\"radiusM\":",
    "\"geometry\":", "\"properties\":", "[180,0]", "[-180,90]", "[38.3,34.5]", "1e-7",
]

private let geometries = [
    #"{"type":"Feature","properties":{"radiusM":500},"geometry":{"type":"LineString","coordinates":[[38.3169,34.5574],[37.63,34.52]]}}"#,
    #"{"type":"Point","coordinates":[38.3169,34.5574],"radiusM":3000}"#,
    #"{"type":"Polygon","coordinates":[[[38,34],[39,34],[39,35],[38,35],[38,34]]],"radiusM":0}"#,
    #"{"type":"Polygon","coordinates":[[[179.5,10],[-179.5,10],[-179.5,11],[179.5,11],[179.5,10]]]}"#,
    #"{"type":"Polygon","coordinates":[[[10,88],[130,88],[250,88],[10,88]]]}"#,
    #"{"type":"LineString","coordinates":[[0,0],[1,1],[0,1],[1,0]],"radiusM":0.5}"#,
]

private let volumeSeeds: [[UInt8]] = Samples.bodies.flatMap { bytes -> [[UInt8]] in
    guard let body = try? RecordBody.read(bytes), case .notice(let notice) = body.content else { return [] }
    return notice.volumes.map { $0.json.bytes }
}

private let coordinateWords = ["N", "S", "E", "W", "\u{B0}", "'", "\"", "\u{2032}", "\u{2033}", "37SDU", "437LK", "ZAH", " ", ",", "."]
private let coordinates = [
    "34.5574N 38.3169E", "34.5574 38.3169", "34.5574, 38.3169", "-34.5 -70.25", "N34\u{B0}33.444' E038\u{B0}19.014'",
    "34\u{B0}33'26.6\"N 38\u{B0}19'00.8\"E", "34 33 26.6 N 38 19 0.8 E", "343326N0381901E", "3433N03819E", "N3433.444 E03819.014",
    "37SDU3733124174", "37S DU 37331 24174", "437LK47", "437LK4", "437LK", "ZAH 12345 12345", "90N 0E", "0N 180W", "31XEM1234512345",
]
private let altitudes = ["FL250", "3500 ft AMSL", "1200 m AGL", "500m ellipsoid", "GND", "SFC", "-100 m AMSL", "0.5 ft AGL", "FL 5"]
private let times = ["221917ZNOV26", "22 1917Z NOV 2026", "010000ZJAN2100", "2026-11-22T19:17:00.000000Z", "2026-11-22T19:17:00Z", "0001-01-01T00:00:00.000000Z"]

private let messageSeeds: [[UInt8]] = Samples.bodies.filter { bytes in
    guard let body = try? RecordBody.read(bytes), case .message = body.content else { return false }
    return true
}
