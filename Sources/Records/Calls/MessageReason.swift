/// A coded word that a field of a template may take. The catalogue says it in every language.
public enum MessageReason: String, Hashable, Sendable, Codable, CaseIterable {
    // What has happened to those in distress.
    case underFire = "under-fire"
    case collision
    case fire
    case engineFailure = "engine-failure"
    case sinking
    case medical
    case lost

    // What help is needed.
    case searchAndRescue = "search-and-rescue"
    case medicalHelp = "medical-help"
    case evacuation
    case fireFighting = "fire-fighting"
    case explosiveDisposal = "explosive-disposal"
    case towing

    // Why a line was crossed.
    case navigationError = "navigation-error"
    case navigationFailure = "navigation-failure"
    case lostControl = "lost-control"
    case weather
    case emergency
    case pursuit

    // What makes a hazard.
    case airDefence = "air-defence"
    case missileFlight = "missile-flight"
    case gunfire
    case uncrewedAircraft = "uncrewed-aircraft"
    case balloon
    case smoke
    case driftingMine = "drifting-mine"

    // How satellite navigation is disturbed.
    case jamming
    case spoofing

    // Whose doing it is, as far as the sender knows.
    case ownActivity = "own-activity"
    case notOwnActivity = "not-own-activity"

    // What is to be held.
    case allActivity = "all-activity"
    case allFire = "all-fire"
    case airStrikes = "air-strikes"
    case artilleryFire = "artillery-fire"
    case airDefenceFire = "air-defence-fire"
    case flights
    case groundMovement = "ground-movement"
    case vesselMovement = "vessel-movement"

    // Why a hold cannot be had.
    case tooLate = "too-late"
    case noContactWithUnit = "no-contact-with-unit"
    case notOurForces = "not-our-forces"
    case selfDefence = "self-defence"
    case noAuthority = "no-authority"

    // What is to be repeated.
    case everything
    case position
    case altitude
    case time
    case unit

    // What was seen firing.
    case smallArms = "small-arms"
    case mortar
    case artillery
    case rockets
    case missile
    case airWeapon = "air-weapon"

    // What a mediator recommends.
    case speakDirectly = "speak-directly"
    case amendNotice = "amend-notice"
    case holdActivity = "hold-activity"
    case repeatReadBack = "repeat-read-back"

    case unknown
    case other
}
