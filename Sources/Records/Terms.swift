import Geodesy
import JointLog
import Kernel
import Separation

/// The signed arrangement among fixed parties: who they are, what is notified, how far apart activities
/// stay, and who is rung when. A readable JSON file, identified by the SHA-256 of its exact bytes.
public struct Terms: Hashable, Sendable {
    /// The bytes as every party accepted them.
    public let bytes: [UInt8]
    /// SHA-256 of `bytes`: what the parties compare in person.
    public let fingerprint: Hash32
    public let name: String
    public let version: UInt64
    /// Fingerprint of the version before, `nil` for version 1.
    public let previous: Hash32?
    public let effectiveAt: UTCInstant
    public let sealing: Sealing
    /// In order of id; at least two principals, at most ``Limits/peers`` in all.
    public let parties: [TermsParty]
    public let kinds: [TermsKind]
    public let minima: MinimaTable
    /// Activities are expected within it; one beyond it is accepted, flagged and raised.
    public let area: TermsArea
    public let vertical: TermsVertical
    public let timing: TermsTiming
    public let readBack: TermsReadBack
    public let twoOfficers: TwoOfficers
    /// `nil` where the parties have not agreed on private checks: then there are none.
    public let privateCheck: TermsPrivateCheck?
    /// The fingerprint of version 1, which every later version keeps.
    public let mechanism: MechanismID

    public var principals: [TermsParty] { parties.filter { $0.role == .principal } }

    public func party(_ id: PartyID) -> TermsParty? { parties.first { $0.id == id } }

    public func kind(_ kind: ActivityKind) -> TermsKind? { kinds.first { $0.kind == kind } }
}

/// Whether the bodies of records are encrypted to their audience.
public enum Sealing: String, Hashable, Sendable, Codable, CaseIterable {
    /// Bodies are readable wherever they are stored and on every link that carries them; the mediator gets none.
    case none
    /// HPKE with the X-Wing hybrid: only the audience opens a body; the mediator holds what it cannot read.
    case xWing = "x-wing"
}

public struct TermsParty: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable { case principal, mediator }

    public let id: PartyID
    /// As shown to people.
    public let name: String
    public let role: Role
    /// Ed25519 public key of the party's node.
    public let nodeKey: Hash32
    /// Ed25519 public key under which the party's STOP messages are signed, and nothing else.
    public let stopKey: Hash32
    /// SHA-256 of the node's TLS public key (its SubjectPublicKeyInfo, DER).
    public let tlsKeyHash: Hash32
    /// `host:port` at which its node listens for peers.
    public let address: String
    /// To which bodies are sealed; there exactly when the terms seal with X-Wing.
    public let sealKey: SealPublicKey?
    /// SHA-256 of the ML-DSA-65 public key under which the party signs its checkpoints a second time.
    public let postQuantumKeyHash: Hash32?
    /// Which keys, kept offline, may replace the keys above. Without them nothing can: only new terms.
    public let roots: RootKeys?
}

/// What the terms say of one kind of activity.
public struct TermsKind: Hashable, Sendable {
    public let kind: ActivityKind
    public let precedence: Precedence
    /// Notice less than this before the start is flagged as short.
    public let leadTime: Duration
    /// Assurance stays `unknown` until every other principal has acknowledged.
    public let needsAcknowledgement: Bool
    /// Assurance stays `unknown` until every other principal has said that all its units concerned have it.
    public let needsPassingOn: Bool
    /// Read-back of a position is held to the tight tolerance.
    public let tightReadBack: Bool
    /// Standing: reviewed by a date instead of being over at the end of its window.
    public let standing: Bool
}

/// A box in degrees; `west` may exceed `east` across the antimeridian.
public struct TermsArea: Hashable, Sendable {
    public let westDeg: Double
    public let southDeg: Double
    public let eastDeg: Double
    public let northDeg: Double

    public func contains(_ position: Position) -> Bool {
        guard position.latitudeDeg >= southDeg, position.latitudeDeg <= northDeg else { return false }
        return westDeg <= eastDeg
            ? position.longitudeDeg >= westDeg && position.longitudeDeg <= eastDeg
            : position.longitudeDeg >= westDeg || position.longitudeDeg <= eastDeg
    }
}

/// Bounds that turn stated altitudes into conservative ellipsoid heights.
public struct TermsVertical: Hashable, Sendable {
    /// Lowest and highest ground of the area, metres above mean sea level.
    public let terrainFloorM: Double
    public let terrainCeilingM: Double
    /// How far a pressure altitude may lie from the true one, metres.
    public let pressureBoundM: Double
    /// SHA-256 of the geoid grid that all parties use; without one, the worst case of the whole earth holds.
    public let geoidSHA256: Hash32?
}

public struct TermsTiming: Hashable, Sendable {
    public let heartbeat: Duration
    public let staleAfter: Duration
    public let skewMax: Duration
    /// A desk without a human act for this long is unstaffed.
    public let unstaffedAfter: Duration
    public let acknowledgeFlash: Duration
    public let acknowledgeImmediate: Duration
    public let acknowledgePriority: Duration
    public let acknowledgeRoutine: Duration
    /// Acknowledgement is due at the latest this long before the activity starts.
    public let acknowledgeMargin: Duration
    /// What nobody has answered in time rings the next role up, and again after each such time.
    public let climb: Duration
    /// A STOP that nobody has heard rings the next role after the first time, and the top of the desk and the mediators
    /// after the second; both from its receipt.
    public let stopNextRole: Duration
    public let stopTop: Duration
    /// Officers of two desks speak to each other at least this often.
    public let commCheck: Duration
    /// After this time of one watch a handover is due.
    public let shift: Duration

    public func acknowledgeWithin(_ precedence: Precedence) -> Duration {
        switch precedence {
        case .flash: acknowledgeFlash
        case .immediate: acknowledgeImmediate
        case .priority: acknowledgePriority
        case .routine: acknowledgeRoutine
        }
    }
}

/// Acts for which one officer is not enough.
public struct TwoOfficers: Hashable, Sendable {
    /// Ending, shrinking and settling: whatever removes a warning.
    public let removals: Bool
    /// Filing or amending a notice of these kinds.
    public let kinds: [ActivityKind]
}

public struct TermsReadBack: Hashable, Sendable {
    public let tightM: Double
    public let looseM: Double
    /// Of a stated altitude limit, metres.
    public let altitudeM: Double
    /// Of a stated start.
    public let start: Duration
}
