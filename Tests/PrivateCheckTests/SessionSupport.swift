import Foundation
import Kernel
import Testing

@testable import PrivateCheck

let started = UTCInstant(microseconds: 1_790_000_000_000_000)

func checkGrid() throws -> CheckGrid {
    try CheckGrid(level: 8, bands: 0...9, slots: 5_000_000...5_000_099)
}

func parameters(
    sizeClass: Int = 10, output: CheckParameters.Output = .cells, cap: Int = 500
) throws -> CheckParameters {
    let context = try #require(Hash32([UInt8](repeating: 9, count: 32)))
    return try CheckParameters(
        context: context, grid: try checkGrid(), sizeClass: sizeClass, cap: cap, output: output,
        deadline: started.advanced(by: .minutes(10)))
}

/// Different elements at random, sorted.
func elements(_ count: Int, _ random: inout SeededGenerator) throws -> [CheckElement] {
    var found = SortedSet<CheckElement>()
    while found.count < count {
        let place = (UInt32(random.below(256)), UInt32(random.below(256)))
        let cell = try #require(Cell(face: Int(random.below(6)), level: 8, i: place.0, j: place.1))
        found.insert(
            CheckElement(cell: cell, band: Int16(random.below(10)), slot: 5_000_000 + Int64(random.below(100))))
    }
    return found.elements
}

func checkInput(_ elements: [CheckElement], _ seed: UInt8) throws -> CheckInput {
    let plan = try #require(Hash32([UInt8](repeating: 1, count: 32)))
    return try CheckInput(
        elements: elements.sorted(), planRoot: plan, volumeHours: 12,
        seed: try #require(SecretSeed([UInt8](repeating: seed, count: 32))))
}

/// Two sides and what lies between them.
struct Pairing {
    var a: CheckSession
    var b: CheckSession
    /// On the way to either, in order.
    var toA: [[UInt8]]
    var toB: [[UInt8]] = []
    /// Everything that either has sent, in order, as whoever carries it sees it.
    private(set) var seen: [(fromA: Bool, message: [UInt8])] = []

    init(_ parameters: CheckParameters, _ mine: [CheckElement], _ theirs: [CheckElement]) throws {
        a = try CheckSession(proposing: parameters, input: try checkInput(mine, 1), now: started)
        let proposal = try CheckProposal(a.sent[0].array)
        b = try CheckSession(accepting: proposal, input: try checkInput(theirs, 2), now: started)
        toA = b.sent.map(\.array)
        seen = a.sent.map { (true, $0.array) } + b.sent.map { (false, $0.array) }
    }

    var isQuiet: Bool { toA.isEmpty && toB.isEmpty }

    /// Delivers one message, to A first.
    mutating func step() {
        if !toA.isEmpty {
            let out = a.receive(toA.removeFirst(), now: started).outbound
            toB += out
            seen += out.map { (true, $0) }
        } else if !toB.isEmpty {
            let out = b.receive(toB.removeFirst(), now: started).outbound
            toA += out
            seen += out.map { (false, $0) }
        }
    }

    mutating func run() { while !isQuiet { step() } }

    /// Until the next message to A is of a kind.
    mutating func run(untilToA kind: MessageKind) {
        while !isQuiet, toA.first?[1] != kind.rawValue { step() }
    }

    /// As a crash and a restart from what was stored leave it.
    mutating func restart() throws {
        a = try JSONDecoder().decode(CheckSession.self, from: try JSONEncoder().encode(a))
        b = try JSONDecoder().decode(CheckSession.self, from: try JSONEncoder().encode(b))
    }
}

extension MaskOrder {
    /// The element that stands at a place; `nil` for canaries and dummies.
    func element(at place: Int, of elements: [CheckElement]) -> CheckElement? {
        let index = Int(sources[place]) - Limits.privateCheckCanaries
        return elements.indices.contains(index) ? elements[index] : nil
    }

    func isCanary(_ place: Int) -> Bool { sources[place] < UInt32(Limits.privateCheckCanaries) }
}
