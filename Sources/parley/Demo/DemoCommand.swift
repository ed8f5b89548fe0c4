import ArgumentParser
import Foundation
import Kernel
import NodeRuntime
import Records

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Play the founding case with three nodes on this machine.",
        discussion: """
            Türkiye, Israel and a mediator, Azerbaijan, as three processes with their own folders, keys and ports \
            of loopback. Then the consoles stay up until Ctrl-C; nothing is left behind. Exits with 6 and names \
            the step when one does not go as it must.
            """)

    @Flag(help: "End after the last step instead of staying up.")
    var once = false

    @Option(
        help: ArgumentHelp(
            "Desks listen on this port + 1 to + 3, peers on + 11 to + 13. Without it 7400, or what is free.",
            valueName: "port"))
    var portBase: Int?

    @Option(help: ArgumentHelp("Keep the nodes' folders here; it must be empty.", valueName: "dir"))
    var dir: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    func run() async throws {
        let interruption = Interruption()
        let ports = try LocalPorts.choose(nodes: 3, base: portBase)
        let folder = try RunFolder(dir, prefix: "parley-demo")
        defer { folder.remove() }
        let report = DemoReport(isSilent: json)
        let mechanism = try mechanism(in: folder.url, ports)
        report.say(introduction(mechanism, folder))
        do {
            try await play(mechanism, report, interruption)
            await mechanism.stop()
        } catch {
            await mechanism.stop()
            guard let failed = report.failed else { throw error }
            conclude(report)
            for node in mechanism.nodes where !json {
                let words = node.lastWords().joined(separator: "\n  ")
                Terminal.complain("\(node.name)'s node said last:\n  \(words)\n")
            }
            throw CommandFailure(.stepFailed, "stepFailed", "\(failed.title): \(failed.outcome)")
        }
    }

    private func play(_ mechanism: LocalMechanism, _ report: DemoReport, _ interruption: Interruption) async throws {
        let desks = mechanism.nodes.map(DemoDesk.init)
        let places = try DemoPlaces(now: SystemClock(continuing: nil).now.utc)
        let story = DemoStory(
            mechanism: mechanism, turkiye: desks[0], israel: desks[1], azerbaijan: desks[2], places: places,
            report: report)
        try await interruption.during { try await story.play() }
        conclude(report)
        guard !once else { return }
        report.say("\n" + consoles(mechanism) + "\n\nThe consoles stay up. Ctrl-C ends it.")
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await interruption.wait() }
            group.addTask {
                // Nodes that end by themselves end it too.
                _ = await Wait.until(within: .hours(24 * 36_525), every: .seconds(1)) {
                    mechanism.nodes.contains { $0.isRunning } ? nil : true
                }
            }
            await group.next()
            group.cancelAll()
        }
        report.say("\nEnding the three nodes.")
    }

    private func conclude(_ report: DemoReport) {
        if json {
            Terminal.line(report.json.text)
        } else {
            Terminal.line("\n" + report.summary)
        }
    }

    private func mechanism(in folder: URL, _ ports: [(desk: Int, peers: Int)]) throws -> LocalMechanism {
        let cast: [(id: String, name: String, role: TermsParty.Role, officer: String)] = [
            ("turkiye", "Türkiye", .principal, "Elif Demir"), ("israel", "Israel", .principal, "Noa Levi"),
            ("azerbaijan", "Azerbaijan", .mediator, "Leyla Hasanova"),
        ]
        let nodes = try zip(cast, ports).map { party, ports in
            guard let id = PartyID(party.id) else { throw CommandFailure(.usage, "badParty", party.id) }
            return try LocalNode(
                party: id, name: party.name, role: party.role, in: folder, deskPort: ports.desk, peerPort: ports.peers,
                officer: party.officer)
        }
        return try LocalMechanism.create(
            nodes, name: "Syria deconfliction (demonstration)", timing: LocalMechanism.quickTiming)
    }

    private func introduction(_ mechanism: LocalMechanism, _ folder: RunFolder) -> String {
        """
        Parley: the founding case, by three nodes on this machine.
        \(consoles(mechanism))
        Terms, as all three have accepted them:
          \(Fingerprint.shown(mechanism.terms.fingerprint))
          heartbeat \(mechanism.terms.timing.heartbeat.shown), silence is UNKNOWN after \(mechanism.terms.timing.staleAfter.shown)
        Folders in \(folder.url.path)\(folder.isTemporary ? ", removed at the end" : "")
        """
    }

    private func consoles(_ mechanism: LocalMechanism) -> String {
        var table = TextTable("console", "", "officer", "passphrase")
        for node in mechanism.nodes {
            table.add("http://\(node.desk)/", node.name, node.officer, node.passphrase)
        }
        return table.text
    }
}
