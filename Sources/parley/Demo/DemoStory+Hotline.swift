import Foundation
import Kernel
import Records

/// Word that reaches the last unit, and a STOP.
extension DemoStory {
    func passOn(_ strike: String) async throws {
        try await report.step("Both desks pass the strike on to their units: received is not passed on") { _ in
            let units = [(israel, "140 Squadron"), (turkiye, "Survey team T4")]
            for (desk, unit) in units {
                let before = try await desk.assurance(strike)
                guard before.array("reasons").contains(where: { $0.string("name") == "needsPassingOn" }) else {
                    throw DemoFailure("\(desk.name) does not ask for passing on")
                }
                let subject: [(String, JSONValue?)] = [("notice", .string(strike)), ("version", 2)]
                let named = subject + [("units", .array([.string(unit)]))]
                _ = try await desk.post("units", ["unit": .string(unit)])
                _ = try await desk.post("passing/concerns", .members(named))
                _ = try await desk.post("passing", .members(named))
            }
            return units.map { "\($0.0.name): \($0.1) has it. The other side sees 1 of 1, and no name." }
                .joined(separator: "\n")
        }
    }

    func pressStop() async throws {
        try await report.step("Türkiye presses STOP: Israel's desk rings, answers, and Türkiye lifts it on what it sees") {
            measured in
            let marks = (turkiye: await turkiye.watch.mark, israel: await israel.watch.mark)
            let begin = clock.now
            guard let stop = try await turkiye.post("stop", [:])["stop"]?.string("id") else {
                throw DemoFailure("no id for a STOP")
            }
            let ring = try await israel.hears("STOP rings", since: marks.israel) {
                $0.name == "stop-ring" && $0.data.string("stop") == stop
            }
            let rang = measured.note("rings", ring.at - begin)
            for word in ["heard", "ordered", "ceaseReported"] {
                _ = try await israel.post("stops/\(stop)/answer", ["answer": .string(word)])
            }
            _ = try await turkiye.hears("the answer", since: marks.turkiye) {
                $0.name == "stop" && $0.data.array("addressees").contains { $0.string("state") == "ceaseReported" }
            }
            guard try await turkiye.get("stops/\(stop)")["stop"]?.bool("isOpen") == true else {
                throw DemoFailure("a reported cease has ended the STOP")
            }
            _ = try await turkiye.post("stops/\(stop)/effect", ["observed": true])
            _ = try await turkiye.post("stops/\(stop)/lift", ["outcome": "effectObserved"])
            _ = try await israel.hears("the lift", since: marks.israel) {
                $0.name == "stop" && $0.data.string("id") == stop && $0.data.bool("isOpen") == false
            }
            return "It rang after \(rang). \"Cease reported\" ended nothing; what Türkiye saw did."
        }
    }
}
