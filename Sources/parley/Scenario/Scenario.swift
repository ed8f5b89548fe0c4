import Kernel
import Records

/// What happened once, as reported, and what Parley must ring when it happens again. `docs/scenarios.md` has the file.
struct Scenario: Sendable {
    let name: String
    let title: String
    let summary: String
    /// All other times count from it.
    let start: UTCInstant
    /// Scenario seconds for each second of the replay.
    let scale: Int
    let sources: [Source]
    let history: [Fact]
    let terms: TermsChoice
    let parties: [Party]
    let cast: String?
    /// In order of their times.
    let steps: [Step]
    let expectations: [Expectation]

    struct Source: Sendable {
        let id: String
        let publication: String
        let title: String
        let date: String
        let url: String?
        let remarks: String?
    }

    /// Something that happened then.
    struct Fact: Sendable {
        enum Certainty: String, Sendable, CaseIterable { case reported, uncertain }

        let id: String
        let at: Duration
        let what: String
        let certainty: Certainty
        let sources: [String]
    }

    struct Party: Sendable {
        let id: PartyID
        let name: String
        let role: TermsParty.Role
        /// The first takes the watch when the replay begins, unless it begins unstaffed.
        let officers: [String]
        let isAbsent: Bool
        let standsFor: String?
    }

    /// What the terms of the replay settle otherwise than terms usually do.
    struct TermsChoice: Sendable {
        var timing: [(name: String, seconds: Int64)] = []
        var area: Area?
        var terrainFloorM: Double?
        var terrainCeilingM: Double?

        /// Degrees.
        struct Area: Sendable {
            let west: Double
            let south: Double
            let east: Double
            let north: Double
        }
    }

    struct Step: Sendable {
        /// By which later steps and expectations name what it made, and expectations the step itself.
        let label: String?
        let at: Duration
        let party: PartyID?
        let act: Act
        /// The label of what it acts on.
        let on: String?
        /// The body, or what an act of the world needs.
        let with: JSONValue
        let says: String
        /// The name of the refusal that it must meet.
        let refused: String?
        /// What the node's answer must say.
        let answers: JSONValue?
    }

    enum Act: String, Sendable, CaseIterable {
        // At a desk, through its API.
        case file, amend, end, check, readBack, settle, message, acknowledge, stop, answerStop, effect, lift
        case presenceQuery, presenceAnswer, units, concerns, passedOn, suspend, resume, acknowledgeAlarm, signIn, signOut
        // To the world around the nodes.
        case cut, restore, kill, startNode = "start", skip

        var isOfTheWorld: Bool {
            switch self {
            case .cut, .restore, .kill, .startNode, .skip: true
            default: false
            }
        }

        /// Whether it acts on something that an earlier step made.
        var needsOn: Bool {
            switch self {
            case .amend, .end, .readBack, .settle, .acknowledge, .answerStop, .effect, .lift, .presenceAnswer,
                .acknowledgeAlarm:
                true
            default: false
            }
        }

        /// Whether it makes something that can be named.
        var makes: Bool {
            switch self {
            case .file, .message, .stop, .presenceQuery: true
            default: false
            }
        }
    }

    struct Expectation: Sendable {
        let id: String
        /// In words: what Parley does here.
        let means: String
        let at: PartyID
        let see: Sight
        /// Labels of what it is about.
        let of: [String]
        let with: JSONValue
        /// Only what is seen after this step counts.
        let after: String?
        let by: Duration
        /// Whether it must not be seen until then.
        let isNever: Bool
        /// The fact that it precedes, and by how much at least.
        let before: String?
        let earlier: Duration?
    }

    /// What a desk is shown: events of its stream, and what it may ask.
    enum Sight: String, Sendable, CaseIterable {
        case alarm, notice, conflict, link, stop, call, presence, passing, assurance
    }
}
