import Kernel

/// What a template asks for. A name has one type and one meaning in every template.
public enum MessageFieldName: String, Hashable, Sendable, Codable, CaseIterable {
    /// Where it is or was; with a radius, the centre of the area.
    case position
    /// Whence fire came, and where it struck.
    case origin, impact
    case destination
    /// Of the area around the position.
    case radius
    case altitude
    /// Direction of movement over the ground.
    case course
    /// When it happened or was seen.
    case time
    /// When it begins and ends, both inclusive.
    case start, end
    /// How long until an answer is to be expected, at the latest.
    case wait
    /// How many aircraft, vehicles or vessels.
    case count
    /// How many people.
    case persons
    /// Of a communication check, chosen by who checks.
    case checkNumber
    case unit, callsign
    /// A telephone number, or another way to speak.
    case contact
    case frequency
    case notice
    case nature, need, cause, hazard, interference, source, activity, obstacle, part, weapon, advice
    case remarks

    public var type: MessageFieldType {
        switch self {
        case .position, .origin, .impact, .destination: .position
        case .radius: .distance
        case .altitude: .altitudeBand
        case .course: .bearing
        case .time, .start, .end: .time
        case .wait: .duration
        case .count, .persons, .checkNumber: .number
        case .unit, .callsign, .contact: .unit
        case .frequency: .frequency
        case .notice: .notice
        case .nature, .need, .cause, .hazard, .interference, .source, .activity, .obstacle, .part, .weapon, .advice: .reason
        case .remarks: .text
        }
    }

    /// The words that a field of type `reason` may take, in the order in which they are offered; empty for others.
    public var reasons: [MessageReason] {
        switch self {
        case .nature: [.underFire, .collision, .fire, .engineFailure, .sinking, .medical, .lost, .other]
        case .need: [.searchAndRescue, .medicalHelp, .evacuation, .fireFighting, .explosiveDisposal, .towing, .other]
        case .cause:
            [.navigationError, .navigationFailure, .lostControl, .weather, .emergency, .pursuit, .unknown, .other]
        case .hazard:
            [.airDefence, .missileFlight, .gunfire, .uncrewedAircraft, .balloon, .smoke, .driftingMine, .other]
        case .interference: [.jamming, .spoofing, .unknown]
        case .source: [.ownActivity, .notOwnActivity, .unknown]
        case .activity:
            [
                .allActivity, .allFire, .airStrikes, .artilleryFire, .airDefenceFire, .flights, .groundMovement,
                .vesselMovement,
            ]
        case .obstacle: [.tooLate, .noContactWithUnit, .notOurForces, .selfDefence, .noAuthority, .other]
        case .part: [.everything, .position, .altitude, .time, .unit]
        case .weapon: [.smallArms, .mortar, .artillery, .rockets, .missile, .airWeapon, .airDefence, .unknown]
        case .advice: [.speakDirectly, .amendNotice, .holdActivity, .repeatReadBack, .other]
        case .position, .origin, .impact, .destination, .radius, .altitude, .course, .time, .start, .end, .wait,
            .count, .persons, .checkNumber, .unit, .callsign, .contact, .frequency, .notice, .remarks:
            []
        }
    }
}

/// The type of a field, which fixes its JSON form: see ``MessageValue``.
public enum MessageFieldType: String, Hashable, Sendable, Codable, CaseIterable {
    case position, altitudeBand, time, duration, distance, bearing, unit, frequency, number, notice, reason, text
}

/// A field as one template has it.
public struct MessageField: Hashable, Sendable {
    public let name: MessageFieldName
    /// Without it the message is refused.
    public let isRequired: Bool

    public init(_ name: MessageFieldName, isRequired: Bool) {
        self.name = name
        self.isRequired = isRequired
    }

    public var type: MessageFieldType { name.type }
}
