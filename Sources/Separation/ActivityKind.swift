import Kernel

/// What kind of activity a notice states. The thirteen below are known to every mechanism; terms may add
/// kinds of their own.
public struct ActivityKind: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let name: String

    /// 1 to 40 of `a`–`z`, `0`–`9` and `-`, beginning with a letter.
    public init?(_ name: String) {
        let bytes = Array(name.utf8)
        guard (1...40).contains(bytes.count), (97...122).contains(bytes[0]),
            bytes.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
        else { return nil }
        self.name = name
    }

    private init(known name: String) { self.name = name }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let kind = ActivityKind(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "activity kind"))
        }
        self = kind
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    public static func < (a: Self, b: Self) -> Bool { a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
    public var description: String { name }

    public static let airOperation = ActivityKind(known: "air-operation")
    public static let strike = ActivityKind(known: "strike")
    public static let artilleryFire = ActivityKind(known: "artillery-fire")
    public static let unmannedAircraft = ActivityKind(known: "unmanned-aircraft")
    public static let groundMovement = ActivityKind(known: "ground-movement")
    public static let standingPresence = ActivityKind(known: "standing-presence")
    public static let navalActivity = ActivityKind(known: "naval-activity")
    public static let exercise = ActivityKind(known: "exercise")
    public static let missileLaunch = ActivityKind(known: "missile-launch")
    public static let airDefencePosture = ActivityKind(known: "air-defence-posture")
    public static let humanitarianMovement = ActivityKind(known: "humanitarian-movement")
    public static let searchAndRescue = ActivityKind(known: "search-and-rescue")
    public static let electronicInterference = ActivityKind(known: "electronic-interference")

    public static let wellKnown: [ActivityKind] = [
        airOperation, strike, artilleryFire, unmannedAircraft, groundMovement, standingPresence, navalActivity,
        exercise, missileLaunch, airDefencePosture, humanitarianMovement, searchAndRescue, electronicInterference,
    ]
}
