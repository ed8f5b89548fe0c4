import HTTPTypes
import Kernel
import Mechanism
import Records

extension Problem {
    /// One answer for each refusal of the core, by an exhaustive switch: a new case does not compile without one.
    init(_ refusal: Refusal) {
        func missing(_ name: String, _ detail: String) -> Problem { Problem(status: .notFound, name: name, detail: detail) }
        func conflict(_ name: String, _ detail: String) -> Problem { Problem(status: .conflict, name: name, detail: detail) }
        func forbidden(_ name: String, _ detail: String) -> Problem { Problem(status: .forbidden, name: name, detail: detail) }
        func bad(_ name: String, _ detail: String, _ field: String? = nil) -> Problem {
            Problem(status: .badRequest, name: name, detail: detail, field: field)
        }
        func peer(_ name: String, _ detail: String) -> Problem {
            Problem(status: .unprocessableContent, name: name, detail: detail)
        }
        switch refusal {
        case .field(let rejection): self.init(rejection)
        case .noSuchNotice(let id): self = missing("noSuchNotice", "There is no notice \(id) here.")
        case .notYourNotice(let id): self = forbidden("notYourNotice", "Notice \(id) is not yours.")
        case .yourOwnNotice(let id): self = forbidden("yourOwnNotice", "Notice \(id) is your own; the other side reads it back.")
        case .staleVersion(let id, let expected, let current):
            self = conflict("staleVersion", "Notice \(id) is at version \(current), not \(expected).")
        case .alreadyEnded(let id): self = conflict("alreadyEnded", "Notice \(id) has ended.")
        case .unknownKind(let kind): self = bad("unknownKind", "The terms know no kind \(kind).", "kind")
        case .unknownAudience(let party): self = bad("unknownAudience", "\(party) is not another principal.", "audience")
        case .reviewMissing: self = bad("reviewMissing", "A standing notice needs a review date.", "reviewBy")
        case .reviewTooFar: self = bad("reviewTooFar", "The review date is at most 90 days away.", "reviewBy")
        case .altitudeReversed(let volume):
            self = bad("altitudeReversed", "The lower limit lies above the upper one.", "volumes[\(volume)].altitude")
        case .tooManyNotices: self = conflict("tooManyNotices", "The node holds \(Limits.notices) notices.")
        case .tooManyReadBacks(let id): self = conflict("tooManyReadBacks", "Notice \(id) has been read back too often.")
        case .notAddressedToUs(let id): self = forbidden("notAddressedToUs", "Notice \(id) is not addressed to you.")
        case .noSuchConflict(let id): self = missing("noSuchConflict", "There is no conflict \(id) here.")
        case .conflictCleared(let id): self = conflict("conflictCleared", "Conflict \(id) is cleared.")
        case .notYourConflict(let id): self = forbidden("notYourConflict", "Neither notice of conflict \(id) is yours.")
        case .noSuchAlarm(let id): self = missing("noSuchAlarm", "There is no standing alarm \(id).")
        case .mediatorCannotFile: self = forbidden("mediatorCannotFile", "A mediator files nothing.")
        case .alreadySuspended: self = conflict("alreadySuspended", "You have suspended the mechanism already.")
        case .notSuspended: self = conflict("notSuspended", "You have not suspended the mechanism.")
        case .bodyTooLong: self = bad("bodyTooLong", "A record has at most \(Limits.recordBytes) bytes.")
        case .ownLogFrozen: self = conflict("ownLogFrozen", "Your own log is frozen.")
        case .sizeNotConfirmed:
            self = conflict(
                "sizeNotConfirmed",
                "This node has started, and no peer has confirmed yet how much of its log they hold. It signs nothing until then.")
        case .ownLogBehind(let held, let theirs):
            self = conflict(
                "ownLogBehind",
                "This node has \(held) of its own records, and a peer has shown \(theirs): restore it. It signs nothing until then.")
        case .alreadyConfirmed: self = conflict("alreadyConfirmed", "This node signs already, or has to be restored.")
        case .wrongEpoch(let log): self = peer("wrongEpoch", "\(log) is not the log in force here.")
        case .ownLogOffered: self = peer("ownLogOffered", "We write our own log.")
        case .badHead(let log): self = peer("badHead", "Not a head of \(log) by its author.")
        case .badStatement(let rejection):
            self = peer("badStatement", "The root statement changes nothing: \(rejection.sentence).")
        case .noSuchCall(let id): self = missing("noSuchCall", "There is no message \(id) here.")
        case .notYourCall(let id): self = forbidden("notYourCall", "Message \(id) is not addressed to you.")
        case .alreadyAcknowledged(let id): self = conflict("alreadyAcknowledged", "Message \(id) is acknowledged already.")
        case .noSuchQuery(let id): self = missing("noSuchQuery", "There is no presence query \(id) here.")
        case .tooManyCalls: self = conflict("tooManyCalls", "\(Limits.calls) messages are kept, and none of them is answered.")
        case .notYourPendingAct(let id):
            self = forbidden("notYourPendingAct", "Only the officer who asked for act \(id) withdraws it.")
        case .notOnDuty: self = forbidden("notOnDuty", "Only the officer who has the watch, or to whom it is offered, does this.")
        case .watchTaken(let officer):
            self = conflict("watchTaken", "\(officer) has the watch; it is handed over.")
        case .suspended(let party):
            self = conflict(
                "suspended",
                "\(party) has suspended the mechanism: STOP, distress, crossings, hazards and comm checks go on, nothing else.")
        case .templateNotForRole(let template):
            self = forbidden("templateNotForRole", "The template \(template.rawValue) is not for a party of your role.")
        case .noSuchUnit(let name): self = missing("noSuchUnit", "There is no unit \(name.prefix(80)) here.")
        case .unitExists(let name): self = conflict("unitExists", "There is a unit \(name.prefix(80)) already.")
        case .tooManyUnits: self = conflict("tooManyUnits", "At most \(Limits.units) units are registered.")
        case .noSuchPendingAct(let id): self = missing("noSuchPendingAct", "No act \(id) waits for a second officer.")
        case .tooManyPendingActs:
            self = conflict("tooManyPendingActs", "At most \(Limits.pendingActs) acts wait for a second officer.")
        case .sameOfficer: self = forbidden("sameOfficer", "A second officer is another one.")
        case .noHandover: self = missing("noHandover", "No handover is under way.")
        case .handoverUnderWay: self = conflict("handoverUnderWay", "A handover is under way already.")
        case .noSuchItem(let id): self = missing("noSuchItem", "No open item \(id.prefix(80)) waits to be accepted.")
        case .itemsLeft(let count): self = conflict("itemsLeft", "\(count) open items are not accepted yet.")
        case .notIncomingOfficer: self = forbidden("notIncomingOfficer", "Only the incoming officer accepts.")
        case .noSuchRecord(let id): self = missing("noSuchRecord", "There is no record \(id) here.")
        case .noPrivateChecks: self = conflict("noPrivateChecks", "The terms have no private checks.")
        case .noSuchCheck(let id): self = missing("noSuchPrivateCheck", "There is no private check \(id.hex.prefix(12)) here.")
        case .checkOver(let id): self = conflict("checkOver", "Private check \(id.hex.prefix(12)) is over.")
        case .tooManyChecks:
            self = conflict("tooManyChecks", "As many private checks as the terms allow in a day, or as may be open, are under way.")
        case .noSuchPlan(let id): self = missing("noSuchSealedPlan", "No sealed plan \(id) stands here.")
        case .tooManyPlans: self = conflict("tooManyPlans", "At most \(Limits.sealedPlans) sealed plans are kept.")
        case .badStop(let rejection): self = peer(rejection.name, "Not a STOP message: \(rejection.sentence).")
        case .notARelay(let party): self = peer("notARelay", "\(party) does not mediate.")
        case .unknownPeer(let party): self = peer("unknownPeer", "\(party) is not a peer.")
        case .notNext(let expected, let found):
            self.init(
                status: .conflict, name: "notNext", detail: "Expected record \(expected), found \(found).",
                more: [JSONMember("expected", .integer(Int64(expected)))])
        case .record(let index, let rejection): self = peer(rejection.name, "Record \(index): \(rejection.name).")
        case .badCheckpoint(let party): self = peer("badCheckpoint", "Not a checkpoint of \(party) over these records.")
        case .checkpointMismatch(let party, let size):
            self = peer("checkpointMismatch", "\(party)'s records do not lead to its root at size \(size).")
        case .logFrozen(let party): self = peer("logFrozen", "\(party)'s log is frozen here.")
        case .badReceipt(let party): self = peer("badReceipt", "Not a receipt of \(party) for our log.")
        case .staleChallenge(let party): self = peer("staleChallenge", "\(party) answered an older challenge.")
        }
    }
}
