import Geodesy
import Kernel
import Records
import Separation

/// Places in central Syria, decimal degrees WGS 84.
public enum SamplePlace: CaseIterable, Sendable {
    /// Tiyas air base.
    case t4
    case palmyra, hama

    public var position: Position {
        switch self {
        case .t4: SamplePlace.fixed(34.5225, 37.6269)
        case .palmyra: SamplePlace.fixed(34.5574, 38.3169)
        case .hama: SamplePlace.fixed(35.1318, 36.7578)
        }
    }

    private static func fixed(_ latitude: Double, _ longitude: Double) -> Position {
        guard let position = Position(latitudeDeg: latitude, longitudeDeg: longitude) else {
            preconditionFailure("a fixed place is on the earth")
        }
        return position
    }
}

/// What officers there might file.
public enum SampleNotices {
    /// Where forces already stand; reviewed after 20 days unless said otherwise.
    public static func standingPresence(
        at place: SamplePlace, radiusM: Double = 3_000, from start: UTCInstant, lasting: Duration = .hours(20 * 24),
        reviewBy: UTCInstant? = nil
    ) -> NoticeFields {
        fields(
            .standingPresence, at: place.position, radiusM: radiusM, from: start, lasting: lasting,
            reviewBy: reviewBy ?? start.advanced(by: .hours(20 * 24)))
    }

    /// From the ground to 6 000 m above the sea.
    public static func strike(
        at place: SamplePlace, radiusM: Double = 4_000, from start: UTCInstant, lasting: Duration = .hours(1)
    ) -> NoticeFields {
        fields(.strike, at: place.position, radiusM: radiusM, from: start, lasting: lasting, reviewBy: nil)
    }

    public static func airOperation(
        at place: SamplePlace, radiusM: Double = 20_000, from start: UTCInstant, lasting: Duration = .hours(2)
    ) -> NoticeFields {
        fields(.airOperation, at: place.position, radiusM: radiusM, from: start, lasting: lasting, reviewBy: nil)
    }

    /// A circle from the ground to 6 000 m above the sea.
    public static func fields(
        _ kind: ActivityKind, at centre: Position, radiusM: Double, from start: UTCInstant, lasting: Duration,
        reviewBy: UTCInstant?
    ) -> NoticeFields {
        guard let footprint = try? Footprint(validating: .point(centre), radiusM: radiusM),
            let lower = Altitude(value: 0, unit: .metres, datum: .agl),
            let upper = Altitude(value: 6_000, unit: .metres, datum: .amsl),
            let window = TimeWindow(start: start, end: start.advanced(by: lasting))
        else { preconditionFailure("a sample notice is valid") }
        let volume = Volume4D(footprint: footprint, band: AltitudeBand(lower: lower, upper: upper), window: window)
        return NoticeFields(
            kind: kind, onBehalfOf: nil, volumes: [StatedVolume(volume: volume, original: nil)],
            contact: "Duty officer, line 4", remarks: nil, reviewBy: reviewBy)
    }

    /// What an officer reads back who has it right.
    public static func rightReadBack(of fields: NoticeFields) -> ReadBack {
        let first = fields.volumes.min { $0.volume.window.start < $1.volume.window.start } ?? fields.volumes[0]
        return ReadBack(
            position: first.volume.footprint.referencePoint, lower: first.volume.band.lower,
            start: first.volume.window.start, original: nil)
    }

    /// Two tenths of a degree too far north: 22 km, beyond every tolerance.
    public static func wrongReadBack(of fields: NoticeFields) -> ReadBack {
        let right = rightReadBack(of: fields)
        let moved = Position(
            latitudeDeg: right.position.latitudeDeg + 0.2, longitudeDeg: right.position.longitudeDeg)
        return ReadBack(
            position: moved ?? right.position, lower: right.lower, start: right.start, original: nil)
    }
}
