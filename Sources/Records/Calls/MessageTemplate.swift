import Kernel

/// The codes of the call templates: what officers of two sides can say to each other without a common language.
/// The raw value is the code on the wire and never changes its meaning.
///
/// A template speaks of its sender and of its addressee by their names, never of "ours" and "yours", so that it says
/// the same on every screen that shows it.
public enum MessageTemplate: String, Hashable, Sendable, Codable, CaseIterable {
    // Lives in danger.
    case distress
    case assistanceRequest = "assistance-request"
    case aircraftDown = "aircraft-down"
    case personnelRecovery = "personnel-recovery"
    case medicalEvacuation = "medical-evacuation"

    // Where somebody is without notice.
    /// The sender's own aircraft, ground forces or vessels are where they should not be.
    case aircraftCrossed = "aircraft-crossed"
    case groundCrossed = "ground-crossed"
    case vesselCrossed = "vessel-crossed"
    /// They have left again.
    case crossingOver = "crossing-over"
    case crossingExplained = "crossing-explained"
    /// The addressee's, as far as the sender can tell, are where no notice covers them.
    case aircraftUnnotified = "aircraft-unnotified"
    case groundUnnotified = "ground-unnotified"
    case vesselUnnotified = "vessel-unnotified"
    /// What was seen does not belong to the sender.
    case notOurs = "not-ours"

    // Hazards to everybody.
    case hazardAviation = "hazard-aviation"
    case hazardShipping = "hazard-shipping"
    case hazardDebris = "hazard-debris"
    case hazardOrdnance = "hazard-ordnance"
    case hazardSatelliteNavigation = "hazard-gnss"
    case hazardLaser = "hazard-laser"
    case fireObserved = "fire-observed"
    /// What an earlier message of the sender reported as distress, rescue or hazard is over.
    case dangerOver = "danger-over"

    // Holding.
    case holdRequest = "hold-request"
    case holdConfirmed = "hold-confirmed"
    case holdRefused = "hold-refused"
    /// The sender's request to hold is at an end.
    case holdEnded = "hold-ended"

    // Presence. That there are none is said by a presence answer only, which is signed with its validity.
    case forcesQuestion = "forces-question"
    case forcesPresent = "forces-present"

    // The line itself.
    case commCheck = "comm-check"
    case commCheckAnswer = "comm-check-answer"
    case sayAgain = "say-again"
    case waitOut = "wait-out"
    case contactFrequency = "contact-frequency"
    case voiceRequest = "voice-request"
    case resumeReady = "resume-ready"

    // Notices.
    case noticeDoubt = "notice-doubt"
    case noticeExtendRequest = "notice-extend-request"
    case noticeEndRequest = "notice-end-request"
    case activityComplete = "activity-complete"

    // Drills of desks.
    case drillStarts = "drill-starts"
    case drillEnds = "drill-ends"

    case recommendation
}

extension MessageTemplate {
    public enum Class: String, Hashable, Sendable, Codable, CaseIterable {
        case distress, crossing, hazard
        /// Whether the line works, and what it takes to be understood over it.
        case commCheck
        case ordinary

        /// Whether it may be sent while a party has suspended the mechanism.
        public var passesSuspension: Bool { self != .ordinary }
    }

    public enum Senders: String, Hashable, Sendable, Codable, CaseIterable {
        case principals, mediators, everyone

        public func include(_ role: TermsParty.Role) -> Bool {
            switch self {
            case .principals: role == .principal
            case .mediators: role == .mediator
            case .everyone: true
            }
        }
    }

    public var templateClass: Class { entry.templateClass }

    /// What it is sent with unless the officer says otherwise.
    public var defaultPrecedence: Precedence { entry.precedence }

    public var senders: Senders { entry.senders }

    /// Required ones first; the order in which a form asks for them.
    public var fields: [MessageField] {
        entry.required.map { MessageField($0, isRequired: true) }
            + entry.optional.map { MessageField($0, isRequired: false) }
    }

    /// What the reader reads back, as far as the message has it; empty when acknowledgement takes no read-back.
    public var readBack: [MessageFieldName] { entry.readBack }

    /// Whether it means nothing without the call that it answers: `inReplyTo` is then required.
    public var isReply: Bool { entry.isReply }

    /// Whether one press sends it: a report of danger that has no required field.
    public var isOnePress: Bool {
        switch templateClass {
        case .distress, .crossing, .hazard: entry.required.isEmpty && !isReply
        case .commCheck, .ordinary: false
        }
    }
}
