import Geodesy
import Kernel
import Notation
import Records

/// Where and when the founding case plays. Positions as in the carried airfields; windows count from the start
/// of the demonstration, to the minute, because date-time groups have no seconds.
struct DemoPlaces: Sendable {
    let now: UTCInstant
    let tiyas: Position
    let palmyra: Position
    let hama: Position
    /// 5 km south-east of T4.
    let target: Position
    /// Where a wrong map sheet would put the target: 9 km off, as at Deir ez-Zor.
    let misplaced: Position
    /// Over the Golan, far from everybody.
    let patrol: Position

    init(now: UTCInstant) throws {
        func position(_ latitude: Double, _ longitude: Double) throws -> Position {
            guard let position = Position(latitudeDeg: latitude, longitudeDeg: longitude) else {
                throw DemoFailure("not a position")
            }
            return position
        }
        self.now = UTCInstant(microseconds: now.microseconds.flooredQuotient(by: 60_000_000) * 60_000_000)
        tiyas = try position(34.5225, 37.6303)
        palmyra = try position(34.5574, 38.3169)
        hama = try position(35.1182, 36.7112)
        target = try position(34.4905, 37.6690)
        misplaced = try position(34.5715, 37.6690)
        patrol = try position(32.9500, 35.9000)
    }

    func at(hours: Int64) -> UTCInstant { now.advanced(by: .hours(hours)) }

    func group(hours: Int64) -> String { DateTimeGroup.format(at(hours: hours)) }

    /// Türkiye's, at T4 until its advance team rotates out, and at the other sites for a fortnight.
    var presences: [(site: String, fields: JSONValue)] {
        let day: Int64 = 24
        return [
            (
                "T4 (Tiyas)",
                presence(circle(tiyas, radiusM: 2_500), until: 20, "Advance team; leaves \(group(hours: 20))")
            ),
            ("Palmyra", presence(circle(palmyra, radiusM: 2_000), until: 14 * day, "Survey party at the airfield")),
            ("Hama", presence(circle(hama, radiusM: 2_000), until: 14 * day, "Survey party at the air base")),
            (
                "the border zone",
                presence(
                    [
                        "type": "Polygon",
                        "coordinates": [
                            [
                                [36.66, 36.83], [36.66, 36.47], [37.55, 36.35], [38.02, 36.60], [38.02, 36.82],
                                [37.20, 36.66], [36.66, 36.83],
                            ]
                        ],
                        "radiusM": 0,
                    ], until: 14 * day, "Beside local forces")
            ),
        ]
    }

    private func presence(_ footprint: JSONValue, until hours: Int64, _ remarks: String) -> JSONValue {
        [
            "mode": "real", "kind": "standing-presence",
            "volumes": [
                volume(
                    footprint, upper: ["value": 100, "unit": "metres", "datum": "agl"],
                    from: now.advanced(by: .minutes(5)), to: at(hours: hours))
            ],
            "contact": "Duty officer, Ankara, extension 4400", "remarks": .string(remarks),
            "reviewBy": .string(at(hours: hours).rfc3339),
        ]
    }

    /// Israel's strike window: one hour from `hours`, hazard area of 4 km around the target.
    func strike(fromHours hours: Int64) -> JSONValue {
        [
            "kind": "strike",
            "volumes": [
                volume(
                    circle(target, radiusM: 4_000), upper: ["value": 250, "unit": "flightLevel", "datum": "flightLevel"],
                    from: at(hours: hours), to: at(hours: hours + 1))
            ],
            "contact": "Watch officer, Tel Aviv, extension 11", "remarks": "Hazard area includes fragments",
        ]
    }

    var patrolFlight: JSONValue {
        [
            "mode": "real", "kind": "air-operation",
            "volumes": [
                [
                    "footprint": circle(patrol, radiusM: 15_000),
                    "altitude": [
                        "lower": ["value": 200, "unit": "flightLevel", "datum": "flightLevel"],
                        "upper": ["value": 300, "unit": "flightLevel", "datum": "flightLevel"],
                    ],
                    "start": .string(at(hours: 3).rfc3339), "end": .string(at(hours: 5).rfc3339),
                ]
            ],
            "contact": "Watch officer, Tel Aviv, extension 11",
        ]
    }

    private func circle(_ centre: Position, radiusM: Double) -> JSONValue {
        ["type": "Point", "coordinates": centre.json, "radiusM": .number(radiusM)]
    }

    private func volume(_ footprint: JSONValue, upper: JSONValue, from: UTCInstant, to: UTCInstant) -> JSONValue {
        [
            "footprint": footprint,
            "altitude": ["lower": ["value": 0, "unit": "metres", "datum": "agl"], "upper": upper],
            "start": .string(from.rfc3339), "end": .string(to.rfc3339),
        ]
    }
}
