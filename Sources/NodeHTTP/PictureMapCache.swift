import Geodesy
import Notation
import Synchronization

/// The console's base map as pictures use it, read once, when the first picture is asked for.
final class PictureMapCache: Sendable {
    private let map = Mutex<PictureBaseMap?>(nil)

    private static let layers = ["countries", "lakes", "rivers", "coastline", "borders"]

    /// `Tiyas Military Airbase` as it is, `Damascus International Airport` as `Damascus`.
    private static func shortened(_ place: NamedPlace) -> NamedPlace {
        let name = [" International Airport", " Airport", " Air Base", " Airfield"].reduce(place.name) { name, ending in
            name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
        }
        return NamedPlace(name: name, position: place.position)
    }

    func map(of console: StaticFiles) -> PictureBaseMap {
        map.withLock { held in
            if let held { return held }
            let read = PictureBaseMap(
                files: Self.layers.compactMap { layer in
                    console.bytes("data/levant/\(layer).geojson").map { (layer, $0) }
                }, places: GazetteerFile.read(console.bytes("data/levant/airfields.csv") ?? []).places.map(Self.shortened),
                coverage: (west: 33, south: 30, east: 46, north: 40),
                credit: "Natural Earth 1:10 m, public domain; rivers GSHHG/WDBII, LGPL-3.0-or-later; airfields airportsdata, MIT")
            held = read
            return read
        }
    }
}
