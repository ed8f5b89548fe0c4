import Kernel
import Mechanism
import NodeRuntime
import Records

/// The desk's JSON of STOPs.
struct StopView {
    let board: StopBoard
    let now: Now
    let isDurable: Bool

    var all: [JSONValue] {
        board.calls.values.sorted { ($0.isOpen ? 1 : 0, $0.serial) > ($1.isOpen ? 1 : 0, $1.serial) }.map(stop)
    }

    func stop(_ call: StopCall) -> JSONValue {
        let press = call.press
        var members = [
            JSONMember("id", .string(call.id.hex)), JSONMember("author", .string(call.author.name)),
            JSONMember("mode", .string(call.mode.rawValue)), JSONMember("openedAt", .string(call.openedAt.rfc3339)),
            JSONMember("isOpen", .bool(call.isOpen)), JSONMember("closedAt", .optional(call.closedAt?.rfc3339)),
            JSONMember("state", .string(call.ladder.state.rawValue)), JSONMember("rung", .integer(Int64(call.ladder.rung))),
            JSONMember("round", .integer(Int64(call.ladder.round))),
            JSONMember("roles", .array(DeskRole.allCases.prefix(call.ladder.rung + 1).map { .string($0.rawValue) })),
            JSONMember("officer", .optional(press?.officer)), JSONMember("station", .optional(press?.station)),
            JSONMember("area", press?.area?.json ?? .null),
            JSONMember("notice", .optional(press?.notice?.description)),
            JSONMember("text", .optional(press?.words?.text)), JSONMember("language", .optional(press?.words?.language)),
        ]
        members.append(
            JSONMember("addressees", .array(board.addressees(of: call.author).map { addressee($0, call) })))
        members.append(JSONMember("messages", .array(call.messages.map(message))))
        members.append(JSONMember("durable", .bool(isDurable)))
        return .object(members)
    }

    private func addressee(_ party: PartyID, _ call: StopCall) -> JSONValue {
        let relays = SortedSet(call.messages.flatMap { ($0.handed[party] ?? SortedSet()).elements })
        return [
            "party": .string(party.name), "state": .string(board.standing(of: party, in: call).rawValue),
            "relays": .array(relays.map { .string($0.name) }),
        ]
    }

    private func message(_ held: StopHeld) -> JSONValue {
        var members = [
            JSONMember("id", .string(held.id.hex)), JSONMember("author", .string(held.message.author.name)),
            JSONMember("createdAt", .string(held.message.createdAt.rfc3339)), JSONMember("at", .string(held.at.rfc3339)),
            JSONMember("kind", .string(held.message.content.kind)),
            JSONMember("receivedBy", .array(held.received.map { .string($0.name) })),
            JSONMember("onRecord", .bool(held.isLogged)),
        ]
        switch held.message.content {
        case .stop(let press):
            members.append(JSONMember("officer", .optional(press.officer)))
            members.append(JSONMember("station", .optional(press.station)))
            members.append(JSONMember("text", .optional(press.words?.text)))
        case .answer(let answer):
            members.append(JSONMember("answer", .string(answer.word.rawValue)))
            members.append(JSONMember("officer", .string(answer.officer)))
            members.append(JSONMember("units", .array(answer.units.map(JSONValue.string))))
            members.append(JSONMember("remarks", .optional(answer.remarks)))
        case .effect(let report):
            members.append(JSONMember("observed", .bool(report.observed)))
            members.append(JSONMember("officer", .string(report.officer)))
            members.append(JSONMember("remarks", .optional(report.remarks)))
        case .lift(let lift):
            members.append(JSONMember("outcome", .string(lift.outcome.rawValue)))
            members.append(JSONMember("officer", .string(lift.officer)))
            members.append(JSONMember("remarks", .optional(lift.remarks)))
        case .escalation(let escalation):
            members.append(JSONMember("to", .string(escalation.to.name)))
            members.append(JSONMember("addressee", .string(escalation.addressee.name)))
            members.append(JSONMember("pressedAt", .string(escalation.pressedAt.rfc3339)))
            members.append(JSONMember("over", .bool(escalation.over)))
        case .received: break
        }
        return .object(members)
    }
}
