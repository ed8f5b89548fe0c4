import Foundation
import Geodesy
import Kernel
import Mechanism
import Simulation
import Testing

@Suite("The fold")
struct ReplayTests {
    private func bytes(_ mechanism: Mechanism) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(mechanism.snapshot)
    }

    private func history(seed: UInt64) -> Simulation {
        var simulation = Simulation(seed: seed, mediator: "azerbaijan")
        var history = RandomHistory(seed: seed)
        history.play(&simulation, actions: 40)
        simulation.start()
        return simulation
    }

    @Test("folding the journal again reaches the live state", arguments: UInt64(100)..<104)
    func replayEqualsLive(seed: UInt64) throws {
        for node in history(seed: seed).nodes {
            let folded = try #require(node.folded(), "\(node.party)'s journal leads elsewhere")
            #expect(try bytes(folded) == bytes(node.mechanism))
            #expect(folded.nextDeadline == node.mechanism.nextDeadline)
        }
    }

    @Test("a snapshot restored equals the live state, also in what follows from it", arguments: UInt64(100)..<104)
    func snapshotEqualsLive(seed: UInt64) throws {
        let simulation = history(seed: seed)
        for node in simulation.nodes {
            let snapshot = try JSONDecoder().decode(MechanismSnapshot.self, from: try bytes(node.mechanism))
            let reference = VerticalReference(bounds: node.terms)
            var restored = try #require(
                Mechanism(snapshot, party: node.party, terms: node.terms, reference: reference))
            #expect(try bytes(restored) == bytes(node.mechanism))
            #expect(restored.nextDeadline == node.mechanism.nextDeadline)
            // What the restored one decides from here on is the same too: hours pass, then an officer files.
            var live = node.mechanism
            var first = SeededAuthority(seed: 5)
            var second = SeededAuthority(seed: 5)
            let now = simulation.now(at: node.party)
            let events: [(Event, Duration)] = [
                (.tick, .hours(3)),
                (.command(.file(Founding.strike(now.utc), mode: .real, audience: nil), officer: "x"), .hours(4)),
                (.tick, .hours(30)),
            ]
            for (event, after) in events {
                let later = Now(utc: now.utc.advanced(by: after), monotonic: now.monotonic.advanced(by: after))
                let a = try? live.handle(event, now: later, authority: &first)
                let b = try? restored.handle(event, now: later, authority: &second)
                #expect(a?.writes == b?.writes && a?.reply == b?.reply && a?.effects == b?.effects)
            }
            #expect(try bytes(restored) == bytes(live))
        }
    }

    @Test("a snapshot of another party or other terms is refused")
    func foreignSnapshot() throws {
        let simulation = history(seed: 100)
        let node = simulation.nodes[0]
        let reference = VerticalReference(bounds: node.terms)
        let other = Simulation(seed: 999).terms
        let snapshot = node.mechanism.snapshot
        let asAnother = Mechanism(
            snapshot, party: simulation.nodes[1].party, terms: node.terms, reference: reference)
        let underOthers = Mechanism(snapshot, party: node.party, terms: other, reference: reference)
        #expect(asAnother.map(\.party) == nil)
        #expect(underOthers.map(\.party) == nil)
    }

    @Test("a journal that lost what the authority gave does not pass for a fold")
    func lostSignatures() throws {
        let node = history(seed: 100).nodes[0]
        let place = try #require(node.journal.firstIndex { !$0.given.isEmpty })
        let recorded = node.journal[place]
        var mechanism = Mechanism(
            party: node.party, terms: node.terms, reference: VerticalReference(bounds: node.terms))
        for earlier in node.journal[..<place] {
            var authority = ReplayingAuthority([])
            _ = try mechanism.handle(earlier.event, now: earlier.now, authority: &authority, isReplay: true)
        }
        var authority = ReplayingAuthority(Array(recorded.given.dropLast()))
        _ = try? mechanism.handle(recorded.event, now: recorded.now, authority: &authority, isReplay: true)
        #expect(authority.isExhausted && !authority.isSpent)
    }
}
