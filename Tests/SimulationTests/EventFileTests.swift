import Kernel
import Mechanism
import Simulation
import Testing

@Suite("An event file")
struct EventFileTests {
    @Test("replayed gives every record that the nodes wrote, and their states")
    func replay() throws {
        var simulation = Simulation(seed: 31, mediator: "azerbaijan")
        var history = RandomHistory(seed: 31)
        history.play(&simulation, actions: 30)
        let file = try EventFile.lines(of: simulation)
        let replayed = try EventFile.replay(lines: file)
        #expect(try EventFile.replay(lines: file) == replayed)
        let lines = replayed.split(separator: "\n")
        let records = simulation.nodes.reduce(0) { $0 + $1.held.values.reduce(0) { $0 + $1.count } }
        #expect(lines.filter { $0.hasPrefix("record ") }.count == records)
        for node in simulation.nodes {
            #expect(lines.contains("state \(try EventFile.digest(of: node.mechanism).hex)"))
        }
        let newest = try #require(simulation["turkiye"].held.last?.value.last)
        #expect(replayed.contains(newest.hex))
        #expect(lines.filter { $0.hasPrefix("assurance ") }.count > 3)
    }

    @Test("of one seed is always the same, and of another seed another")
    func sameSeed() throws {
        let first = try EventFile.sample(seed: 4, actions: 30)
        #expect(try EventFile.sample(seed: 4, actions: 30) == first)
        #expect(try EventFile.sample(seed: 5, actions: 30) != first)
    }

    @Test("that was changed in one signature, one event or one character is refused by line")
    func tampered() throws {
        let file = try EventFile.sample(seed: 32, actions: 5)
        var lines = file.split(separator: "\n").map(String.init)
        let first = try #require(lines.firstIndex { $0.contains("\"event\"") })
        let good = lines[first]
        lines[first] = String(good.dropLast())
        #expect(throws: EventFile.Failure.malformed(line: first + 1)) {
            try EventFile.replay(lines: lines.joined(separator: "\n"))
        }
        // The first event writes the acceptance of the terms: without it the next records do not follow.
        lines.remove(at: first)
        #expect(throws: EventFile.Failure.self) { try EventFile.replay(lines: lines.joined(separator: "\n")) }
    }
}
