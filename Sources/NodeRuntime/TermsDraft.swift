import Kernel
import Records
import Separation

/// A proposal of terms, complete, to be read and changed by people before anybody accepts it.
///
/// The defaults are those from which talks can start; none of them holds unless the parties sign it.
public struct TermsDraft: Sendable {
    public var name: String
    /// Any order; the file has them by id.
    public var parties: [PartyCard]
    public var effectiveAt: UTCInstant
    public var sealing = Sealing.xWing
    public var area = Area()
    public var vertical: Vertical
    public var timing = Timing()
    public var readBack = ReadBack()
    /// Whether ending, shrinking and settling, and notices of these kinds, take two officers.
    public var twoOfficers = (removals: false, kinds: [ActivityKind]())
    public var kinds: [Kind]
    public var minima: [MinimaTable.Row]
    /// `nil` where there are to be no private checks.
    public var privateCheck: PrivateCheck?

    /// Of plans up to half a day ahead, once a shift and when an officer asks.
    public struct PrivateCheck: Sendable {
        /// About 5 km.
        public var level: Int64 = 11
        public var lowestBand: Int64 = -2
        public var highestBand: Int64 = 60
        public var sizeClass: Int64 = 14
        public var cap: Int64 = 15_000
        public var output = TermsPrivateCheck.Output.cells
        public var windowS: Int64 = 43_200
        public var withinS: Int64 = 1_800
        public var everyS: Int64 = 28_800
        public var perDay: Int64 = 6

        public init() {}
    }

    /// Degrees: Syria and about 100 km around it. West may exceed east across the antimeridian.
    public struct Area: Sendable {
        public var westDeg = 34.4
        public var southDeg = 31.4
        public var eastDeg = 43.6
        public var northDeg = 38.2
    }

    public struct Vertical: Sendable {
        /// Metres above mean sea level: the shore of the Dead Sea.
        public var terrainFloorM = -430.0
        /// Syria and 100 km around it: Qurnat as Sawda has 3,088 m. Peaks farther away are higher.
        public var terrainCeilingM = 3_200.0
        /// Pressure 50 hPa off the standard moves a flight level by about 430 m, air 30 K warmer or colder by a
        /// tenth of its height.
        public var pressureBoundM = 1_500.0
        public var geoidSHA256: Hash32?
    }

    /// Seconds.
    public struct Timing: Sendable {
        public var heartbeatS: Int64 = 30
        public var staleAfterS: Int64 = 90
        public var skewMaxS: Int64 = 2
        public var unstaffedAfterS: Int64 = 3_600
        public var acknowledgeFlashS: Int64 = 60
        public var acknowledgeImmediateS: Int64 = 300
        public var acknowledgePriorityS: Int64 = 1_800
        public var acknowledgeRoutineS: Int64 = 21_600
        public var acknowledgeMarginS: Int64 = 600
        public var climbS: Int64 = 300
        public var stopNextRoleS: Int64 = 15
        public var stopTopS: Int64 = 60
        public var commCheckS: Int64 = 28_800
        public var shiftS: Int64 = 28_800

        public init() {}
    }

    public struct ReadBack: Sendable {
        public var tightM = 100.0
        public var looseM = 500.0
        /// About 100 ft.
        public var altitudeM = 30.0
        /// A date-time group has no seconds.
        public var startS: Int64 = 60
    }

    public struct Kind: Sendable {
        public let kind: ActivityKind
        public var precedence: Precedence
        public var leadTimeS: Int64
        public var needsAcknowledgement = false
        public var needsPassingOn = false
        public var tightReadBack = false
        public var standing = false
    }

    public init(name: String, parties: [PartyCard], effectiveAt: UTCInstant) {
        self.name = name
        self.parties = parties
        self.effectiveAt = effectiveAt
        vertical = Vertical(geoidSHA256: GeoidFile.installedHash())
        kinds = TermsDraft.usualKinds
        minima = UsualMinima.rows
    }

    /// The file, as all parties will accept it byte for byte.
    ///
    /// Indented, but with one line for each kind and each pair: a table is read by its rows, and sixteen parties' keys
    /// leave room for nothing else.
    public var bytes: [UInt8] {
        guard case .object(let members) = json else { return [] }
        let texts = members.map { member in
            let name = JSONValue.string(member.name).text
            guard ["kinds", "minima"].contains(member.name), case .array(let rows) = member.value else {
                return "  \(name): \(member.value.prettyText.dropLast().replacing("\n", with: "\n  "))"
            }
            return "  \(name): [\n" + rows.map { "    " + $0.text }.joined(separator: ",\n") + "\n  ]"
        }
        return Array(("{\n" + texts.joined(separator: ",\n") + "\n}\n").utf8)
    }

    /// - Throws: what a party would be told that reads the file: terms that cannot be accepted are not drafted.
    public func terms() throws(TermsRejection) -> Terms { try Terms.read(bytes, mechanism: nil) }

    private static let usualKinds: [Kind] = [
        Kind(kind: .airOperation, precedence: .immediate, leadTimeS: 3_600),
        Kind(
            kind: .strike, precedence: .immediate, leadTimeS: 1_800, needsAcknowledgement: true, needsPassingOn: true,
            tightReadBack: true),
        Kind(
            kind: .artilleryFire, precedence: .immediate, leadTimeS: 1_800, needsAcknowledgement: true,
            needsPassingOn: true, tightReadBack: true),
        Kind(kind: .unmannedAircraft, precedence: .priority, leadTimeS: 3_600),
        Kind(kind: .groundMovement, precedence: .priority, leadTimeS: 172_800),
        Kind(kind: .standingPresence, precedence: .priority, leadTimeS: 0, tightReadBack: true, standing: true),
        Kind(kind: .navalActivity, precedence: .priority, leadTimeS: 86_400),
        Kind(kind: .exercise, precedence: .routine, leadTimeS: 1_296_000),
        Kind(
            kind: .missileLaunch, precedence: .immediate, leadTimeS: 259_200, needsAcknowledgement: true,
            needsPassingOn: true, tightReadBack: true),
        Kind(kind: .airDefencePosture, precedence: .immediate, leadTimeS: 3_600, tightReadBack: true, standing: true),
        Kind(kind: .humanitarianMovement, precedence: .priority, leadTimeS: 172_800, tightReadBack: true),
        Kind(kind: .searchAndRescue, precedence: .immediate, leadTimeS: 0),
        Kind(kind: .electronicInterference, precedence: .priority, leadTimeS: 3_600),
    ]
}

extension TermsDraft {
    public var json: JSONValue {
        guard let privateCheck, case .object(let members) = agreed else { return agreed }
        return .object(members + [JSONMember("privateCheck", json(privateCheck))])
    }

    private func json(_ check: PrivateCheck) -> JSONValue {
        [
            "level": .integer(check.level), "lowestBand": .integer(check.lowestBand),
            "highestBand": .integer(check.highestBand), "sizeClass": .integer(check.sizeClass),
            "cap": .integer(check.cap), "output": .string(check.output.rawValue), "windowS": .integer(check.windowS),
            "withinS": .integer(check.withinS), "everyS": .integer(check.everyS), "perDay": .integer(check.perDay),
            "throughMediator": .bool(parties.contains { $0.role == .mediator }),
        ]
    }

    /// What every terms settle.
    private var agreed: JSONValue {
        [
            "parley": "terms v1",
            "name": .string(name),
            "version": 1,
            "effectiveAt": .string(effectiveAt.rfc3339),
            "sealing": .string(sealing.rawValue),
            "parties": .array(parties.sorted { $0.id < $1.id }.map { $0.termsJSON(sealing) }),
            "kinds": .array(kinds.map(\.json)),
            "minima": .array(minima.map(TermsDraft.json)),
            "area": [
                "westDeg": .number(area.westDeg), "southDeg": .number(area.southDeg),
                "eastDeg": .number(area.eastDeg), "northDeg": .number(area.northDeg),
            ],
            "vertical": verticalJSON,
            "timing": [
                "heartbeatS": .integer(timing.heartbeatS), "staleAfterS": .integer(timing.staleAfterS),
                "skewMaxS": .integer(timing.skewMaxS), "unstaffedAfterS": .integer(timing.unstaffedAfterS),
                "acknowledgeFlashS": .integer(timing.acknowledgeFlashS),
                "acknowledgeImmediateS": .integer(timing.acknowledgeImmediateS),
                "acknowledgePriorityS": .integer(timing.acknowledgePriorityS),
                "acknowledgeRoutineS": .integer(timing.acknowledgeRoutineS),
                "acknowledgeMarginS": .integer(timing.acknowledgeMarginS), "climbS": .integer(timing.climbS),
                "stopNextRoleS": .integer(timing.stopNextRoleS), "stopTopS": .integer(timing.stopTopS),
                "commCheckS": .integer(timing.commCheckS), "shiftS": .integer(timing.shiftS),
            ],
            "readBack": [
                "tightM": .number(readBack.tightM), "looseM": .number(readBack.looseM),
                "altitudeM": .number(readBack.altitudeM), "startS": .integer(readBack.startS),
            ],
            "twoOfficers": [
                "removals": .bool(twoOfficers.removals), "kinds": .array(twoOfficers.kinds.map { .string($0.name) }),
            ],
        ]
    }

    private var verticalJSON: JSONValue {
        var members = [
            JSONMember("terrainFloorM", .number(vertical.terrainFloorM)),
            JSONMember("terrainCeilingM", .number(vertical.terrainCeilingM)),
            JSONMember("pressureBoundM", .number(vertical.pressureBoundM)),
        ]
        if let geoid = vertical.geoidSHA256 { members.append(JSONMember("geoidSHA256", .string(geoid.hex))) }
        return .object(members)
    }

    private static func json(_ row: MinimaTable.Row) -> JSONValue {
        let vertical: JSONValue =
            switch row.minima.vertical {
            case .all: "all"
            case .metres(let metres): .number(metres)
            }
        return [
            "between": [.string(row.first.name), .string(row.second.name)],
            "horizontalM": .number(row.minima.horizontalM), "verticalM": vertical,
            "timeS": .integer(row.minima.time.wholeMicroseconds / 1_000_000),
        ]
    }
}

extension TermsDraft.Kind {
    var json: JSONValue {
        [
            "kind": .string(kind.name), "precedence": .string(precedence.rawValue), "leadTimeS": .integer(leadTimeS),
            "needsAcknowledgement": .bool(needsAcknowledgement), "needsPassingOn": .bool(needsPassingOn),
            "tightReadBack": .bool(tightReadBack), "standing": .bool(standing),
        ]
    }
}
