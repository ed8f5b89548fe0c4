import Geodesy
import Kernel
import Mechanism
import Records
import Separation
import Simulation
import Testing

/// What officers say to each other in these tests.
enum SampleCalls {
    static func message(
        _ template: MessageTemplate, _ values: [TemplateMessage.Entry] = [], precedence: Precedence? = nil,
        role: DeskRole = .watch, about: NoticeID? = nil, inReplyTo: RecordID? = nil, due: UTCInstant? = nil
    ) throws -> MessageContent {
        try MessageContent(
            role: role, precedence: precedence ?? template.defaultPrecedence,
            body: .template(try TemplateMessage(template, values)), about: about, inReplyTo: inReplyTo, due: due)
    }

    static func text(_ precedence: Precedence = .routine) throws -> MessageContent {
        try MessageContent(role: .watch, precedence: precedence, body: .text("Good morning.", language: .english))
    }

    /// Position and altitude are read back.
    static func crossed() throws -> MessageContent { try message(.aircraftCrossed, crossing) }

    static let crossing: [TemplateMessage.Entry] = [position(.palmyra), altitude(3_000, 4_000)]

    static func position(_ place: SamplePlace, northDeg: Double = 0) -> TemplateMessage.Entry {
        let at = place.position
        let moved = Position(latitudeDeg: at.latitudeDeg + northDeg, longitudeDeg: at.longitudeDeg)
        return TemplateMessage.Entry(.position, .position(moved ?? at, original: nil))
    }

    static func altitude(_ lowerM: Double, _ upperM: Double) -> TemplateMessage.Entry {
        guard let lower = Altitude(value: lowerM, unit: .metres, datum: .amsl),
            let upper = Altitude(value: upperM, unit: .metres, datum: .amsl)
        else { preconditionFailure("a sample altitude is valid") }
        return TemplateMessage.Entry(.altitude, .altitudeBand(AltitudeBand(lower: lower, upper: upper)))
    }

    /// Around a place, from now for as long.
    static func query(
        at place: SamplePlace, radiusM: Double = 5_000, from start: UTCInstant, lasting: Duration = .hours(2),
        precedence: Precedence = .immediate, due: UTCInstant? = nil
    ) -> PresenceQuery {
        let fields = SampleNotices.fields(
            .strike, at: place.position, radiusM: radiusM, from: start, lasting: lasting, reviewBy: nil)
        return PresenceQuery(volume: fields.volumes[0], precedence: precedence, due: due, remarks: nil)
    }

    static func answer(
        _ answer: PresenceAnswer.Answer, to query: RecordID, until: UTCInstant, _ affiliated: PresenceAnswer.Affiliated = .covered
    ) -> PresenceAnswer {
        answer == .decline
            ? PresenceAnswer(query: query, answer: .decline, affiliated: nil, validUntil: nil, remarks: nil)
            : PresenceAnswer(query: query, answer: answer, affiliated: affiliated, validUntil: until, remarks: nil)
    }
}

extension Bench {
    mutating func recorded(_ command: CallCommand) throws -> RecordID {
        let reply = try self.command(.call(command))
        guard case .recorded(let id) = reply else {
            Issue.record("the call was answered by \(reply)")
            return RecordID(party: turkiye, index: 0)
        }
        return id
    }

    mutating func send(_ content: MessageContent, mode: Mode = .real, to: [PartyID]? = nil) throws -> RecordID {
        try recorded(.send(content, mode: mode, to: to))
    }

    mutating func acknowledge(_ id: RecordID, _ readBack: [TemplateMessage.Entry] = []) throws {
        _ = try recorded(.acknowledge(MessageAcknowledgement(message: id, readBack: readBack)))
    }

    /// Israel says something, and delivers it.
    @discardableResult
    mutating func israelWrites(
        _ content: RecordContent, mode: Mode = .real, officer: String? = "Maj. Scripted", audience: [PartyID]? = nil
    ) throws -> RecordID {
        let id = israel.write(content, mode: mode, at: utc, officer: officer, audience: audience ?? [turkiye])
        try deliver()
        return id
    }

    mutating func israelAcknowledges(_ id: RecordID, _ readBack: [TemplateMessage.Entry] = []) throws {
        try israelWrites(.messageAcknowledgement(MessageAcknowledgement(message: id, readBack: readBack)))
    }

    /// Time passes and the other side's node stays in touch, so that no link changes.
    mutating func waitInTouch(_ duration: Duration) throws {
        let end = now.monotonic.advanced(by: duration)
        while now.monotonic < end {
            wait(min(.seconds(300), end.duration(since: now.monotonic)))
            try beat()
        }
    }

    func isUnreadable(_ record: RecordID) -> Bool {
        mechanism.logs[record.party]?.unreadable[record.index] != nil
    }

    func facts(_ id: RecordID) -> CallFacts? { mechanism.calls.messages[id]?.facts[israel.party] }
}

/// The refusal of a command, `nil` when it was accepted.
func refusal(_ command: CallCommand, _ bench: inout Bench) -> Refusal? {
    do throws(Refusal) {
        try bench.simulation.command(.call(command), at: bench.turkiye)
        return nil
    } catch {
        return error
    }
}

/// Whole nodes with a mediator, in touch and staffed.
func nodesWithMediator(seed: UInt64 = 7, sealing: Sealing = .xWing) throws -> Simulation {
    var simulation = Simulation(seed: seed, mediator: "azerbaijan", sealing: sealing)
    simulation.start()
    simulation.run(for: .seconds(5))
    for node in simulation.nodes { try simulation.command(.present, at: node.party) }
    simulation.run(for: .seconds(5))
    return simulation
}
