import Geodesy
import Kernel
import Separation

/// What an officer states, as this node keeps it for its next start: geometry that it has validated before.
extension NoticeFields {
    public func pack(into writer: inout PackedWriter) {
        writer.put(word: kind.name)
        writer.put(onBehalfOf) { $0.put(text: $1) }
        writer.put(volumes) { $1.pack(into: &$0) }
        writer.put(word: contact)
        writer.put(remarks) { $0.put(text: $1) }
        writer.put(reviewBy) { $0.put($1.microseconds) }
    }

    public init(from reader: inout PackedReader) throws(PackedRejection) {
        guard let kind = ActivityKind(try reader.word()) else { throw reader.rejection("no kind of activity") }
        self.init(
            kind: kind, onBehalfOf: try reader.optional { reader throws(PackedRejection) in try reader.text() },
            volumes: try reader.array { reader throws(PackedRejection) in try StatedVolume(from: &reader) },
            contact: try reader.word(),
            remarks: try reader.optional { reader throws(PackedRejection) in try reader.text() },
            reviewBy: try reader.optional { reader throws(PackedRejection) in try UTCInstant(from: &reader) })
    }
}

extension UTCInstant {
    public init(from reader: inout PackedReader) throws(PackedRejection) { self.init(microseconds: try reader.signed()) }
}

extension StatedVolume {
    fileprivate func pack(into writer: inout PackedWriter) {
        let (core, radiusM) = (volume.footprint.core, volume.footprint.radiusM)
        switch core {
        case .point(let position):
            writer.put(word: "point")
            StatedVolume.put(position, &writer)
        case .line(let positions):
            writer.put(word: "line")
            writer.put(positions) { StatedVolume.put($1, &$0) }
        case .polygon(let positions):
            writer.put(word: "polygon")
            writer.put(positions) { StatedVolume.put($1, &$0) }
        }
        writer.put(radiusM)
        for end in [volume.band.lower, volume.band.upper] {
            writer.put(end.value)
            writer.put(word: end.unit.rawValue)
            writer.put(word: end.datum.rawValue)
        }
        writer.put(volume.window.start.microseconds)
        writer.put(volume.window.end.microseconds)
        writer.put(original) { $0.put(text: $1) }
    }

    fileprivate init(from reader: inout PackedReader) throws(PackedRejection) {
        let core = try StatedVolume.core(&reader)
        guard let footprint = Footprint(validatedBefore: core, radiusM: try reader.double()) else {
            throw reader.rejection("no footprint")
        }
        let band = AltitudeBand(lower: try StatedVolume.altitude(&reader), upper: try StatedVolume.altitude(&reader))
        guard let window = TimeWindow(start: try UTCInstant(from: &reader), end: try UTCInstant(from: &reader)) else {
            throw reader.rejection("a window that ends before it starts")
        }
        self.init(
            volume: Volume4D(footprint: footprint, band: band, window: window),
            original: try reader.optional { reader throws(PackedRejection) in try reader.text() })
    }

    private static func core(_ reader: inout PackedReader) throws(PackedRejection) -> Footprint.Core {
        switch try reader.word() {
        case "point": return .point(try position(&reader))
        case "line": return .line(try reader.array(position))
        case "polygon": return .polygon(try reader.array(position))
        default: throw reader.rejection("no such shape")
        }
    }

    private static func put(_ position: Position, _ writer: inout PackedWriter) {
        writer.put(position.latitudeDeg)
        writer.put(position.longitudeDeg)
    }

    private static func position(_ reader: inout PackedReader) throws(PackedRejection) -> Position {
        guard let position = Position(latitudeDeg: try reader.double(), longitudeDeg: try reader.double()) else {
            throw reader.rejection("no place on the earth")
        }
        return position
    }

    private static func altitude(_ reader: inout PackedReader) throws(PackedRejection) -> Altitude {
        let altitude = Altitude(
            value: try reader.double(), unit: try reader.word(as: AltitudeUnit.self),
            datum: try reader.word(as: AltitudeDatum.self))
        guard let altitude else { throw reader.rejection("no altitude") }
        return altitude
    }
}
