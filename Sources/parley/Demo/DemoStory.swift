import Foundation
import Geodesy
import Kernel
import Notation
import Records

/// The founding case, step by step. Every step is checked against what the nodes themselves show.
struct DemoStory: Sendable {
    let mechanism: LocalMechanism
    let turkiye: DemoDesk
    let israel: DemoDesk
    let azerbaijan: DemoDesk
    let places: DemoPlaces
    let report: DemoReport

    private var desks: [DemoDesk] { [turkiye, israel, azerbaijan] }
    private var staleAfter: Duration { mechanism.terms.timing.staleAfter }
    var clock: ContinuousClock { ContinuousClock() }

    func play() async throws {
        try await start()
        let presence = try await filePresence()
        let (strike, conflict) = try await fileStrike(against: presence)
        try await mediatorSeesHeadersOnly()
        try await readBackStrikeWrongly(strike)
        try await readBackStrike(strike, version: 1, hours: 2)
        try await readBackPresence(presence)
        try await moveStrike(strike, conflict)
        try await readBackStrike(strike, version: 2, hours: 26)
        try await passOn(strike)
        try await bothAreClear(strike)
        try await loseTurkiye(strike)
        let flight = try await fileWhileTurkiyeIsDown()
        try await turkiyeReturns(flight)
        try await clearAgain(strike)
        try await pressStop()
    }

    // MARK: Three processes

    private func start() async throws {
        try await report.step("Three nodes start, each a process of its own, and find each other") { measured in
            let begin = clock.now
            for desk in desks { try desk.node.start() }
            for desk in desks {
                guard await desk.node.isUp(within: .seconds(30)) else {
                    throw DemoFailure("\(desk.name)'s node does not answer: \(desk.node.lastWords().joined(separator: "\n"))")
                }
            }
            let up = measured.note("all answer", clock.now - begin)
            for desk in desks { try await desk.takeOver() }
            for desk in [turkiye, israel] {
                try await desk.eventually("its links to the others are up", within: .seconds(20)) {
                    try await desk.get("links").array("links").allSatisfy { $0.string("state") == "up" }
                }
            }
            let linked = measured.note("linked", clock.now - begin)
            let numbers = desks.map { "\($0.name) \($0.node.processID ?? 0)" }.joined(separator: ", ")
            return "Processes: \(numbers). All answered after \(up), linked by mutual TLS after \(linked)."
        }
    }

    // MARK: Presence, strike, conflict

    /// - Returns: the notice of the presence at T4.
    private func filePresence() async throws -> String {
        let first = Box("")
        try await report.step("Türkiye files where it stands: T4, Palmyra, Hama, the border zone") { measured in
            var slowest = Duration.zero
            for (site, fields) in places.presences {
                let mark = await israel.watch.mark
                let begin = clock.now
                let (id, _) = try await turkiye.file(fields)
                let ring = try await israel.hears("the notice of \(site) rings", since: mark) {
                    $0.rings("notice", subject: id)
                }
                slowest = max(slowest, ring.at - begin)
                if first.value.isEmpty { first.set(id) }
            }
            let shown = measured.note("slowest ring", slowest)
            return "Four notices; \(first.value) is T4. Each rang Israel's desk, the slowest \(shown) after the filing began."
        }
        return first.value
    }

    private func fileStrike(against presence: String) async throws -> (strike: String, conflict: String) {
        try await report.step("Israel checks a strike whose hazard area reaches T4: nothing leaves its node") { _ in
            let before = try await turkiye.get("notices?party=israel").array("notices").count
            let check = try await israel.post("check", places.strike(fromHours: 2).with("mode", "real"))
            guard check.array("collisions").contains(where: { $0.string("notice") == presence }) else {
                throw DemoFailure("the check does not see \(presence)")
            }
            let place = check.array("nearest").first
            let after = try await turkiye.get("notices?party=israel").array("notices").count
            guard before == after else { throw DemoFailure("a check has reached Türkiye") }
            return "It would collide with \(presence); \(Int64((place?.number("distanceM") ?? 0).rounded())) m from \(place?.string("name") ?? "?")."
        }
        let found = Box((strike: "", conflict: ""))
        try await report.step("Israel files it all the same; both desks ring with the same conflict") { measured in
            let marks = (await turkiye.watch.mark, await israel.watch.mark)
            let begin = clock.now
            let (id, answer) = try await israel.file(places.strike(fromHours: 2).with("mode", "real"))
            let filed = measured.note("filed", clock.now - begin)
            guard answer.array("collisions").contains(where: { $0.string("notice") == presence }) else {
                throw DemoFailure("the filing does not name \(presence)")
            }
            let ring = try await turkiye.hears("the strike's notice rings", since: marks.0) {
                $0.rings("notice", subject: id)
            }
            let theirs = try await turkiye.hears("the conflict rings", since: marks.0) { $0.rings("conflict") }
            let ours = try await israel.hears("the conflict rings", since: marks.1) { $0.rings("conflict") }
            guard let conflict = theirs.data.string("subject"), conflict == ours.data.string("subject") else {
                throw DemoFailure("the two desks name different conflicts")
            }
            for desk in [turkiye, israel] {
                try await desk.eventually("both parties have found \(conflict)") {
                    let shown = try await desk.get("conflicts/\(conflict)")
                    let notices = [shown["first"], shown["second"]].compactMap { $0?.string("notice") }
                    return shown.string("state") == "open" && Set(notices) == [id, presence]
                        && Set(shown.strings("foundBy")) == ["israel", "turkiye"]
                }
                _ = try await desk.sees("conflict", for: id, within: .seconds(5))
            }
            found.set((id, conflict))
            return """
                \(id), durable at Israel after \(filed). From the start of the filing request:
                Türkiye's desk rang for the notice after \(measured.note("notice rings there", ring.at - begin)),
                Türkiye's for the conflict after \(measured.note("conflict rings there", theirs.at - begin)), Israel's after \(measured.note("conflict rings here", ours.at - begin)).
                Conflict \(conflict.prefix(16))… on both, found by both, CONFLICT shown by both.
                """
        }
        return found.value
    }

    private func mediatorSeesHeadersOnly() async throws {
        try await report.step("Azerbaijan witnesses every record and reads none") { _ in
            let sizes = try await [turkiye, israel].asyncMap { desk in
                (desk.party.name, try await desk.get("links").array("links").first?.integer("ourSize") ?? 0)
            }
            for (party, size) in sizes {
                try await azerbaijan.eventually("it holds \(size) records of \(party)") {
                    try await azerbaijan.get("links").array("links").contains {
                        $0.string("party") == party && ($0.integer("holdsOfTheirs") ?? 0) >= size
                    }
                }
            }
            let notices = try await azerbaijan.get("notices?state=all").array("notices").count
            guard notices == 0 else { throw DemoFailure("the mediator can read \(notices) notices") }
            return "It holds " + sizes.map { "\($0.1) records of \($0.0)" }.joined(separator: " and ") + ", and no notice of either."
        }
    }

    // MARK: Read-back

    private func readBackStrikeWrongly(_ strike: String) async throws {
        try await report.step("Türkiye reads the strike back 9 km off: refused, and both sides see it") { _ in
            let mark = await israel.watch.mark
            let wrong = try await turkiye.readBack(
                strike, version: 1, position: CoordinateText.format(places.misplaced, as: .mgrs), lower: "GND",
                start: places.group(hours: 2))
            guard wrong == ["position"] else { throw DemoFailure("mismatches are \(wrong), not the position") }
            _ = try await israel.hears("the refused read-back", since: mark) {
                $0.name == "notice" && $0.data.string("id") == strike && DemoStory.refused($0.data)
            }
            for desk in [turkiye, israel] {
                let notice = try await desk.get("notices/\(strike)")
                guard DemoStory.refused(notice), !DemoStory.isReadBack(notice, by: "turkiye") else {
                    throw DemoFailure("\(desk.name) does not show the refused read-back as what it is")
                }
            }
            return "Only \"position\" is said to differ, never what is right. The notice stays unacknowledged on both."
        }
    }

    private static func refused(_ notice: JSONValue) -> Bool {
        notice.array("readBacks").contains {
            $0.string("party") == "turkiye" && $0.bool("accepted") == false && $0.strings("mismatches") == ["position"]
        }
    }

    private static func isReadBack(_ notice: JSONValue, by party: String) -> Bool {
        notice.array("facts").contains { $0.string("party") == party && $0.string("acknowledgedAt") != nil }
    }

    private func readBackStrike(_ strike: String, version: Int64, hours: Int64) async throws {
        let title =
            version == 1
            ? "Türkiye plots it again and reads it back rightly, in MGRS"
            : "Türkiye reads the new version back: an amendment is acknowledged anew"
        try await report.step(title) { measured in
            if version > 1 {
                try await turkiye.eventually("it holds version \(version)") {
                    try await turkiye.get("notices/\(strike)").integer("version") == version
                }
            }
            let mark = await israel.watch.mark
            let text = CoordinateText.format(places.target, as: .mgrs)
            let begin = clock.now
            let wrong = try await turkiye.readBack(
                strike, version: version, position: text, lower: "GND", start: places.group(hours: hours))
            guard wrong.isEmpty else { throw DemoFailure("refused: \(wrong)") }
            let seen = try await israel.hears("the acknowledgement", since: mark) {
                $0.name == "notice" && $0.data.string("id") == strike && $0.data.integer("version") == version
                    && DemoStory.isReadBack($0.data, by: "turkiye")
            }
            return "\(text), GND, \(places.group(hours: hours)): accepted. Israel saw it \(measured.note("seen there", seen.at - begin)) after."
        }
    }

    private func readBackPresence(_ presence: String) async throws {
        try await report.step("Israel reads Türkiye's presence at T4 back, in degrees and minutes") { measured in
            let mark = await turkiye.watch.mark
            let text = CoordinateText.format(places.tiyas, as: .degreesMinutes)
            let begin = clock.now
            let wrong = try await israel.readBack(
                presence, version: 1, position: text, lower: "GND",
                start: DateTimeGroup.format(places.now.advanced(by: .minutes(5))))
            guard wrong.isEmpty else { throw DemoFailure("refused: \(wrong)") }
            let seen = try await turkiye.hears("the acknowledgement", since: mark) {
                $0.name == "notice" && $0.data.string("id") == presence && DemoStory.isReadBack($0.data, by: "israel")
            }
            return "\(text): accepted. Türkiye saw it \(measured.note("seen there", seen.at - begin)) after."
        }
    }

    // MARK: The conflict clears

    private func moveStrike(_ strike: String, _ conflict: String) async throws {
        try await report.step("Israel moves the strike to after the team has left: the conflict clears on both") { measured in
            let marks = (await turkiye.watch.mark, await israel.watch.mark)
            let begin = clock.now
            _ = try await israel.post(
                "notices/\(strike)/versions", places.strike(fromHours: 26).with("expectedVersion", 1))
            let cleared: @Sendable (DeskEvent) -> Bool = {
                $0.name == "conflict" && $0.data.string("id") == conflict && $0.data.string("state") == "cleared"
            }
            let ours = try await israel.hears("the conflict clears", since: marks.1, where: cleared)
            let theirs = try await turkiye.hears("the conflict clears", since: marks.0, where: cleared)
            for desk in [turkiye, israel] {
                guard try await desk.get("conflicts").array("conflicts").isEmpty else {
                    throw DemoFailure("\(desk.name) still shows a conflict")
                }
            }
            return "From \(places.group(hours: 2)) to \(places.group(hours: 26)). Cleared at Israel after \(measured.note("here", ours.at - begin)), at Türkiye after \(measured.note("there", theirs.at - begin))."
        }
    }

    private func bothAreClear(_ strike: String) async throws {
        try await report.step("Both nodes say of the strike: NO KNOWN CONFLICT") { _ in
            var lines: [String] = []
            for desk in [israel, turkiye] {
                let assurance = try await desk.sees("clear", for: strike, within: .seconds(15))
                guard assurance.string("shown") == "NO KNOWN CONFLICT", let seconds = assurance.number("validForS"),
                    !assurance.array("evidence").isEmpty
                else { throw DemoFailure("\(desk.name)'s answer names no evidence or does not expire") }
                lines.append("\(desk.name): for \(Duration.seconds(seconds).shown), unless more is heard.")
            }
            return lines.joined(separator: "\n") + "\nIt is neither permission nor immunity."
        }
    }

    // MARK: A node is lost and returns

    private func loseTurkiye(_ strike: String) async throws {
        try await report.step("Türkiye's node is killed: Israel's answer becomes UNKNOWN by itself") { measured in
            let mark = await israel.watch.mark
            turkiye.leave()
            let begin = clock.now
            await turkiye.node.kill()
            let pushed = try await israel.hears("its assurance is UNKNOWN", since: mark, within: staleAfter + .seconds(3)) {
                $0.name == "assurance" && $0.data.string("answer") == "unknown"
            }
            let assurance = try await israel.sees("unknown", for: strike, within: .seconds(1))
            let took = pushed.at - begin
            guard took <= staleAfter + .milliseconds(500) else { throw DemoFailure("only after \(took.shown)") }
            let reasons = assurance.array("reasons").filter { $0.string("party") == "turkiye" }
            guard reasons.contains(where: { $0.string("name") == "evidenceStale" }) else {
                throw DemoFailure("the reason is not that nothing is heard from Türkiye")
            }
            return "After \(measured.note("unknown", took)), with \(staleAfter.shown) agreed: \(reasons.compactMap { $0.string("sentence") }.joined(separator: " "))"
        }
    }

    private func fileWhileTurkiyeIsDown() async throws -> String {
        let flight = Box("")
        try await report.step("Israel files a patrol flight meanwhile: filed, and shown as not received") { _ in
            let (id, _) = try await israel.file(places.patrolFlight)
            let assurance = try await israel.sees("unknown", for: id, within: .seconds(1))
            guard assurance.array("reasons").contains(where: { $0.string("name") == "notReceipted" }) else {
                throw DemoFailure("it is not shown as unreceipted")
            }
            flight.set(id)
            return "\(id): durable at Israel, UNKNOWN because Türkiye has not receipted it."
        }
        return flight.value
    }

    private func turkiyeReturns(_ flight: String) async throws {
        try await report.step("Türkiye's node returns, catches up, and rings for what it missed") { measured in
            let begin = clock.now
            try turkiye.node.start()
            guard await turkiye.node.isUp(within: .seconds(30)) else {
                throw DemoFailure("it does not answer: \(turkiye.node.lastWords().joined(separator: "\n"))")
            }
            let up = measured.note("answers", clock.now - begin)
            try await turkiye.takeOver()
            let ring = try await turkiye.hears("the patrol flight rings", since: 0, within: .seconds(15)) {
                $0.rings("notice", subject: flight)
            }
            let rang = measured.note("rings", ring.at - begin)
            let wrong = try await turkiye.readBack(
                flight, version: 1, position: CoordinateText.format(places.patrol, as: .degreesMinutesSeconds),
                lower: "FL200", start: places.group(hours: 3))
            guard wrong.isEmpty else { throw DemoFailure("the read-back is refused: \(wrong)") }
            try await israel.eventually("it sees \(flight) received and read back") {
                let notice = try await israel.get("notices/\(flight)")
                return DemoStory.isReadBack(notice, by: "turkiye")
                    && notice.array("facts").allSatisfy { $0.string("receiptedAt") != nil }
            }
            return "It answered \(up) after its start and rang for \(flight) after \(rang); its officer read it back."
        }
    }

    private func clearAgain(_ strike: String) async throws {
        try await report.step("Both nodes say NO KNOWN CONFLICT again") { measured in
            let begin = clock.now
            for desk in [israel, turkiye] { _ = try await desk.sees("clear", for: strike, within: .seconds(15)) }
            return "After another \(measured.note("clear", clock.now - begin))."
        }
    }
}
