import ArgumentParser
import Foundation
import Records
import Simulation

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Play mechanisms on which everything goes wrong, and look for a false clear.",
        discussion: """
            Whole mechanisms of two to five parties in memory: clocks, network, disks, machines, officers and lying peers \
            fail as a seed has it, while checkers of their own look at every step. One seed gives the same bytes on \
            every machine. Exits with 1 when a sentence was broken; docs/assurance.md has the sentences.

              parley simulate --seed 17 --steps       every event of one seed, one a line
              parley simulate --seed 17 --shrink      the shortest plan that breaks the same sentence
              parley simulate --seeds 0..2000         these, on all cores
              parley simulate --for 45m               new ones for that long
              parley simulate --defects               in which of 200 seeds each planted defect is found
            """)

    @Option(help: ArgumentHelp("One seed.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Seeds from the first to before the second.", valueName: "a..b"))
    var seeds: String?

    @Option(name: .customLong("for"), help: ArgumentHelp("New seeds for that long: 90s, 45m, 8h.", valueName: "time"))
    var time: String?

    @Option(help: ArgumentHelp("The first seed of `--for`. Without it the clock chooses.", valueName: "n"))
    var from: UInt64?

    @Flag(help: "Of one seed: print the event log.")
    var steps = false

    @Flag(help: "Of one seed: leave out all that is not needed to break the same sentence.")
    var shrink = false

    @Flag(help: "Play each planted defect until it is found, in the first 200 seeds or those of --seeds.")
    var defects = false

    @Option(help: ArgumentHelp("Play a build with this planted defect.", valueName: "name"))
    var mutation: String?

    @Option(help: ArgumentHelp("Without this kind of fault. Can be repeated.", valueName: "kind"))
    var without: [String] = []

    @Option(help: ArgumentHelp("Play every n-th seed again, whole and without each of its faults.", valueName: "n"))
    var sample: UInt64 = 8

    @Flag(help: "Answer in JSON.")
    var json = false

    func run() async throws {
        let faults = try kinds()
        let mutation = try defect()
        if defects {
            guard seed == nil, time == nil, !steps, !shrink, self.mutation == nil else {
                throw CommandFailure(.usage, "defectsAlone", "--defects takes --seeds and nothing else", field: "--defects")
            }
            return try await DefectTable(seeds: seeds.map(range) ?? 0..<200, asJSON: json).run()
        }
        let wanted = [seed != nil, seeds != nil, time != nil].count { $0 }
        guard wanted == 1 else {
            throw CommandFailure(.usage, "whatToPlay", "one of --seed, --seeds and --for", field: "--seed")
        }
        guard sample > 0 else { throw CommandFailure(.usage, "badSample", "1 or more", field: "--sample") }
        if let seed {
            let play = OneSeed(seed: seed, faults: faults, mutation: mutation, asJSON: json)
            return try shrink ? play.shrink(steps: steps) : play.run(steps: steps)
        }
        guard !steps, !shrink else {
            throw CommandFailure(.usage, "oneSeed", "--steps and --shrink are of one seed", field: "--seed")
        }
        let work: SwarmWork =
            if let seeds { .seeds(try range(seeds)) } else { .time(try duration(time ?? ""), first: from ?? SwarmWork.newSeed) }
        try await ManySeeds(work: work, faults: faults, mutation: mutation, sample: sample, asJSON: json).run()
    }

    private func kinds() throws -> [FaultKind] {
        let names = FaultKind.allCases.map(\.rawValue)
        for name in without where !names.contains(name) {
            throw CommandFailure(.usage, "noSuchFault", "one of \(names.joined(separator: ", "))", field: "--without")
        }
        return FaultKind.allCases.filter { !without.contains($0.rawValue) }
    }

    private func defect() throws -> Mutation? {
        guard let mutation else { return nil }
        guard let found = Mutation(rawValue: mutation) else {
            let names = Mutation.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(.usage, "noSuchMutation", "one of \(names)", field: "--mutation")
        }
        return found
    }

    private func range(_ text: String) throws -> Range<UInt64> {
        let parts = text.components(separatedBy: "..").map { UInt64($0) }
        guard parts.count == 2, let low = parts[0], let high = parts[1], low < high else {
            throw CommandFailure(.usage, "badSeeds", "such as 0..2000, the second not included", field: "--seeds")
        }
        return low..<high
    }

    private func duration(_ text: String) throws -> Duration {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), (1...100_000).contains(count)
        else { throw CommandFailure(.usage, "badTime", "such as 90s, 45m or 8h", field: "--for") }
        return .seconds(count * unit)
    }
}
