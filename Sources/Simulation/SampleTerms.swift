import Geodesy
import JointLog
import Kernel
import Records
import Separation

/// Complete, valid terms for made-up parties: what simulations, tests and demonstrations rest on.
public enum SampleTerms {
    /// One party of the terms.
    public struct Member: Sendable {
        public var id: String
        public var name: String
        public var role: TermsParty.Role
        public var nodeKey: Hash32
        public var stopKey: Hash32
        public var tlsKeyHash: Hash32
        /// `host:port`.
        public var address: String
        /// Needed when the terms seal.
        public var sealKey: SealPublicKey?
        public var postQuantumKeyHash: Hash32?
        public var roots: RootKeys?

        public init(
            id: String, name: String, role: TermsParty.Role, nodeKey: Hash32, stopKey: Hash32, tlsKeyHash: Hash32,
            address: String, sealKey: SealPublicKey? = nil, postQuantumKeyHash: Hash32? = nil, roots: RootKeys? = nil
        ) {
            self.id = id
            self.name = name
            self.role = role
            self.nodeKey = nodeKey
            self.stopKey = stopKey
            self.tlsKeyHash = tlsKeyHash
            self.address = address
            self.sealKey = sealKey
            self.postQuantumKeyHash = postQuantumKeyHash
            self.roots = roots
        }
    }

    /// Seconds.
    public struct Timing: Sendable {
        public var heartbeatS: Int64
        public var staleAfterS: Int64
        public var skewMaxS: Int64 = 2
        public var unstaffedAfterS: Int64

        /// For demonstrations and simulations: a silence shows after six seconds.
        public static let short = Timing(heartbeatS: 2, staleAfterS: 6, unstaffedAfterS: 600)
        public static let usual = Timing(heartbeatS: 30, staleAfterS: 90, unstaffedAfterS: 3_600)

        public init(heartbeatS: Int64, staleAfterS: Int64, skewMaxS: Int64 = 2, unstaffedAfterS: Int64) {
            self.heartbeatS = heartbeatS
            self.staleAfterS = staleAfterS
            self.skewMaxS = skewMaxS
            self.unstaffedAfterS = unstaffedAfterS
        }
    }

    /// What terms may ask of people, and these do not unless told to.
    public struct Demands: Sendable {
        /// A second officer for whatever removes a warning.
        public var twoOfficers = false
        /// And for every notice of these kinds.
        public var twoOfficersFor: [ActivityKind] = []
        /// Strikes are clear only when they have been passed on to every unit concerned.
        public var strikesPassedOn = false
        /// Private checks, as the terms' file has them.
        public var privateCheck: JSONValue?

        public init() {}

        /// Small private checks, three a day; through the mediator, if there is one.
        public static func privateChecks(throughMediator: Bool) -> Demands {
            var demands = Demands()
            demands.privateCheck = [
                "level": 10, "lowestBand": -2, "highestBand": 60, "sizeClass": 10, "cap": 900, "output": "cells",
                "windowS": 7_200, "withinS": 600, "perDay": 3, "throughMediator": .bool(throughMediator),
            ]
            return demands
        }

        public static let twoOfficers: Demands = {
            var demands = Demands()
            demands.twoOfficers = true
            return demands
        }()

        public static let strikesPassedOn: Demands = {
            var demands = Demands()
            demands.strikesPassedOn = true
            return demands
        }()
    }

    /// The file's bytes; members in any order. Members' seal keys are left out where nothing is sealed.
    public static func bytes(
        _ members: [Member], timing: Timing, sealing: Sealing = .none, demands: Demands = Demands()
    ) -> [UInt8] {
        var document: JSONValue = [
            "parley": "terms v1",
            "name": "Sample mechanism over central Syria",
            "version": 1,
            "effectiveAt": "2026-11-01T00:00:00.000000Z",
            "sealing": .string(sealing.rawValue),
            "parties": .array(members.sorted { $0.id < $1.id }.map { json($0, sealing) }),
            "kinds": .array(kinds(demands)),
            "minima": .array(minima),
            "area": ["westDeg": 34.4, "southDeg": 31.4, "eastDeg": 43.6, "northDeg": 38.2],
            "vertical": ["terrainFloorM": -430.0, "terrainCeilingM": 3_200.0, "pressureBoundM": 1_500.0],
            "timing": [
                "heartbeatS": .integer(timing.heartbeatS), "staleAfterS": .integer(timing.staleAfterS),
                "skewMaxS": .integer(timing.skewMaxS), "unstaffedAfterS": .integer(timing.unstaffedAfterS),
                "acknowledgeFlashS": 60, "acknowledgeImmediateS": 300, "acknowledgePriorityS": 1_800,
                "acknowledgeRoutineS": 21_600, "acknowledgeMarginS": 600, "climbS": 300, "stopNextRoleS": 15,
                "stopTopS": 60, "commCheckS": 28_800, "shiftS": 28_800,
            ],
            "readBack": ["tightM": 100.0, "looseM": 500.0, "altitudeM": 30.0, "startS": 60],
            "twoOfficers": [
                "removals": .bool(demands.twoOfficers),
                "kinds": .array(demands.twoOfficersFor.map { .string($0.name) }),
            ],
        ]
        if let agreed = demands.privateCheck, case .object(let members) = document {
            document = .object(members + [JSONMember("privateCheck", agreed)])
        }
        return Array(document.prettyText.utf8)
    }

    private static func json(_ member: Member, _ sealing: Sealing) -> JSONValue {
        var members = [
            JSONMember("id", .string(member.id)), JSONMember("name", .string(member.name)),
            JSONMember("role", .string(member.role.rawValue)), JSONMember("nodeKey", .string(member.nodeKey.hex)),
            JSONMember("stopKey", .string(member.stopKey.hex)),
            JSONMember("tlsKeyHash", .string(member.tlsKeyHash.hex)), JSONMember("address", .string(member.address)),
        ]
        if sealing == .xWing, let key = member.sealKey {
            members.append(JSONMember("sealKey", .string(key.base64)))
        }
        if let hash = member.postQuantumKeyHash { members.append(JSONMember("postQuantumKeyHash", .string(hash.hex))) }
        if let roots = member.roots { members.append(JSONMember("roots", roots.json)) }
        return .object(members)
    }

    private static func kind(
        _ name: String, _ precedence: Precedence, leadTimeS: Int64, acknowledged: Bool = false, tight: Bool = false,
        standing: Bool = false, passedOn: Bool = false
    ) -> JSONValue {
        [
            "kind": .string(name), "precedence": .string(precedence.rawValue), "leadTimeS": .integer(leadTimeS),
            "needsAcknowledgement": .bool(acknowledged), "needsPassingOn": .bool(passedOn),
            "tightReadBack": .bool(tight), "standing": .bool(standing),
        ]
    }

    private static func kinds(_ demands: Demands) -> [JSONValue] {
        [
            kind("air-operation", .immediate, leadTimeS: 3_600),
            kind(
                "strike", .immediate, leadTimeS: 1_800, acknowledged: true, tight: true,
                passedOn: demands.strikesPassedOn),
            kind("standing-presence", .priority, leadTimeS: 0, tight: true, standing: true),
            kind("ground-movement", .priority, leadTimeS: 172_800),
            kind("search-and-rescue", .immediate, leadTimeS: 0),
        ]
    }

    private static func row(
        _ a: String, _ b: String, horizontalM: Double, verticalM: JSONValue, timeS: Int64
    ) -> JSONValue {
        [
            "between": [.string(a), .string(b)], "horizontalM": .number(horizontalM), "verticalM": verticalM,
            "timeS": .integer(timeS),
        ]
    }

    private static let minima: [JSONValue] = [
        row("strike", "standing-presence", horizontalM: 5_000, verticalM: "all", timeS: 1_800),
        row("strike", "strike", horizontalM: 10_000, verticalM: "all", timeS: 1_800),
        row("strike", "air-operation", horizontalM: 18_520, verticalM: "all", timeS: 1_800),
        row("air-operation", "air-operation", horizontalM: 9_260, verticalM: 304.8, timeS: 600),
        row("air-operation", "standing-presence", horizontalM: 1_000, verticalM: 304.8, timeS: 600),
        row("standing-presence", "standing-presence", horizontalM: 1_000, verticalM: "all", timeS: 1_800),
    ]
}

extension VerticalReference {
    /// The bounds that terms state, without a geoid grid: its worst case holds.
    public init(bounds terms: Terms) {
        self =
            VerticalReference(
                terrainFloorM: terms.vertical.terrainFloorM, terrainCeilingM: terms.vertical.terrainCeilingM,
                pressureDeviationM: terms.vertical.pressureBoundM) ?? .anywhere
    }
}
