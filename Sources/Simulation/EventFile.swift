import Foundation
import JointLog
import Kernel
import Mechanism
import Records

/// A mechanism's whole history as text: one JSON line for the terms, one for each node, then one for every event
/// that a node accepted. Feeding it again gives the same bytes in every process.
public enum EventFile {
    public enum Failure: Error, Hashable, Sendable {
        /// Counted from 1.
        case malformed(line: Int)
        case terms
        /// The event was refused, or led to other signatures than the file holds.
        case diverged(line: Int)
    }

    private enum Line: Codable {
        case terms(String)
        case node(PartyID)
        case event(PartyID, RecordedEvent)
    }

    /// The journals of all nodes of a simulation.
    public static func lines(of simulation: Simulation) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = [Line.terms(String(decoding: simulation.terms.bytes, as: UTF8.self))]
        lines += simulation.nodes.map { .node($0.party) }
        for node in simulation.nodes { lines += node.journal.map { .event(node.party, $0) } }
        return try lines.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
    }

    /// A history that a seed makes: two principals and a mediator on a bad network.
    public static func sample(seed: UInt64, actions: Int = 60) throws -> String {
        var simulation = Simulation(seed: seed, mediator: "azerbaijan")
        var history = RandomHistory(seed: seed)
        history.play(&simulation, actions: actions)
        return try lines(of: simulation)
    }

    /// Feeds every node its events and writes down all that follows from them: each envelope that the node stored
    /// (hexadecimal), a SHA-256 of its whole state, and what its screens said at its last event.
    ///
    /// - Throws: ``Failure``.
    public static func replay(lines text: String) throws -> String {
        let decoder = JSONDecoder()
        var terms: Terms?
        var nodes = SortedMap<PartyID, Replayed>()
        for (i, bytes) in text.split(separator: "\n").enumerated() {
            guard let line = try? decoder.decode(Line.self, from: Data(bytes.utf8)) else {
                throw Failure.malformed(line: i + 1)
            }
            switch line {
            case .terms(let file):
                guard let read = try? Terms.read(Array(file.utf8), mechanism: nil) else { throw Failure.terms }
                terms = read
            case .node(let party):
                guard let terms, terms.party(party) != nil else { throw Failure.malformed(line: i + 1) }
                nodes[party] = Replayed(party: party, terms: terms)
            case .event(let party, let recorded):
                guard nodes.contains(party) else { throw Failure.malformed(line: i + 1) }
                var isSame = false
                nodes.update(party) { isSame = $0.feed(recorded) }
                guard isSame else { throw Failure.diverged(line: i + 1) }
            }
        }
        return try nodes.values.map { try $0.summary() }.joined()
    }

    /// SHA-256 of a node's whole state, written as JSON with sorted names.
    public static func digest(of mechanism: Mechanism) throws -> Hash32 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return MerkleHash.sha256(Array(try encoder.encode(mechanism.snapshot)))
    }

    private struct Replayed: Sendable {
        var mechanism: Mechanism
        var writes: [LogWrite] = []
        var last: Now?

        init(party: PartyID, terms: Terms) {
            mechanism = Mechanism(party: party, terms: terms, reference: .init(bounds: terms))
        }

        mutating func feed(_ recorded: RecordedEvent) -> Bool {
            var authority = ReplayingAuthority(recorded.given)
            guard
                let handled = try? mechanism.handle(
                    recorded.event, now: recorded.now, authority: &authority, isReplay: true)
            else { return false }
            writes += handled.writes
            last = recorded.now
            return authority.isSpent
        }

        func summary() throws -> String {
            var lines = ["node \(mechanism.party)"]
            lines += writes.map { "record \($0.record) \($0.envelope.hex)" }
            lines.append("state \(try EventFile.digest(of: mechanism).hex)")
            if let last {
                for id in mechanism.notices.keys {
                    if let assurance = mechanism.assurance(of: id, now: last) { lines.append(line(assurance)) }
                }
                lines.append(line(mechanism.assurance(now: last)))
            }
            return lines.map { $0 + "\n" }.joined()
        }

        private func line(_ assurance: Assurance) -> String {
            let subject = assurance.notice?.description ?? "mechanism"
            let reasons = assurance.reasons.map(\.sentence).joined(separator: " ")
            return "assurance \(subject) \(assurance.answer.rawValue) \(reasons)"
        }
    }
}
