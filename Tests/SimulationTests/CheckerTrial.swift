import Kernel
import Mechanism
import Records
import Simulation

/// A short history in which a planted defect has its chance.
struct CheckerTrial {
    var simulation: Simulation
    private var history: RandomHistory

    init(
        seed: UInt64, mutation: Mutation?, principals: [String] = ["israel", "turkiye"], mediator: String? = nil,
        sealing: Sealing = .none, withFaults: Bool = false
    ) {
        simulation = Simulation(seed: seed, principals: principals, mediator: mediator, sealing: sealing)
        simulation.checkers = Checkers()
        simulation.mutation = mutation
        history = RandomHistory(seed: seed)
        history.withFaults = withFaults
    }

    var violations: [Violation] { simulation.checkers?.violations ?? [] }

    mutating func play(actions: Int) { history.play(&simulation, actions: actions) }

    mutating func heal() {
        history.heal(&simulation)
        simulation.endChecks()
    }

    /// The history that suits a defect, or the same without one.
    static func played(_ mutation: Mutation, isPlanted: Bool, seed: UInt64) -> CheckerTrial {
        let planted = isPlanted ? mutation : nil
        switch mutation {
        case .hidesConflicts, .screenSticks, .hidesConditions: return ordinary(planted, seed)
        case .hidesDoubt: return ordinary(planted, seed, withFaults: true)
        case .losesConflicts, .namesConflictsOtherwise: return healed(planted, seed)
        case .commitsLate, .receiptsEarly, .rewritesLog: return crashing(planted, seed)
        case .sendsEveryBody: return talking(planted, seed, .none)
        case .reusesContentKey: return talking(planted, seed, .xWing)
        case .hidesHeads: return forked(planted, seed)
        case .neverRestores: return putBack(planted, seed)
        case .queuesGrow: return silent(planted, seed)
        case .answersBreed: return ordinary(planted, seed)
        case .unseeded, .stopSentOnce, .stopForgotten, .ringsForgotten:
            preconditionFailure("\(mutation) has no history of its own")
        }
    }

    private static func ordinary(_ mutation: Mutation?, _ seed: UInt64, withFaults: Bool = false) -> CheckerTrial {
        var trial = CheckerTrial(seed: seed, mutation: mutation, withFaults: withFaults)
        trial.play(actions: 25)
        return trial
    }

    private static func healed(_ mutation: Mutation?, _ seed: UInt64) -> CheckerTrial {
        var trial = CheckerTrial(seed: seed, mutation: mutation)
        trial.play(actions: 15)
        trial.heal()
        return trial
    }

    /// Every machine falls now and then.
    private static func crashing(_ mutation: Mutation?, _ seed: UInt64) -> CheckerTrial {
        var trial = CheckerTrial(seed: seed, mutation: mutation)
        for _ in 0..<3 {
            trial.play(actions: 3)
            for node in trial.simulation.nodes { trial.simulation.crash(node.party) }
        }
        trial.simulation.start()
        return trial
    }

    /// Principals say to each other what is not for their mediator.
    private static func talking(_ mutation: Mutation?, _ seed: UInt64, _ sealing: Sealing) -> CheckerTrial {
        var trial = CheckerTrial(seed: seed, mutation: mutation, mediator: "azerbaijan", sealing: sealing)
        trial.play(actions: 2)
        return trial
    }

    /// The disk of a node that has filed is put back to before that.
    private static func putBack(_ mutation: Mutation?, _ seed: UInt64) -> CheckerTrial {
        var trial = CheckerTrial(seed: seed, mutation: mutation)
        trial.play(actions: 15)
        for node in trial.simulation.nodes {
            trial.simulation.restoreOldCopy(of: node.party, events: node.journal.count / 2)
            trial.simulation.start()
            trial.simulation.run(for: .seconds(20))
            trial.history.heal(&trial.simulation)
        }
        trial.simulation.endChecks()
        return trial
    }

    private static func silent(_ mutation: Mutation?, _ seed: UInt64) -> CheckerTrial {
        var trial = CheckerTrial(seed: seed, mutation: mutation)
        trial.play(actions: 1)
        trial.simulation.crash(trial.simulation.nodes[0].party)
        trial.simulation.run(for: .seconds(20))
        return trial
    }

    /// Israel's disk is put back; under an officer's answer it signs another history and shows that to its mediator
    /// only. Türkiye, which has the first one, and the mediator talk.
    private static func forked(_ mutation: Mutation?, _ seed: UInt64) -> CheckerTrial {
        var trial = CheckerTrial(seed: seed, mutation: mutation, mediator: "azerbaijan")
        trial.play(actions: 0)
        let (israel, turkiye) = (trial.simulation["israel"].party, trial.simulation["turkiye"].party)
        let azerbaijan = trial.simulation["azerbaijan"].party
        let before = trial.simulation[israel].journal.count
        trial.simulation.network.part(israel, azerbaijan)
        _ = try? trial.simulation.command(.suspend(true, reason: nil), at: israel)
        trial.simulation.run(for: .seconds(1))
        trial.simulation.network.part(israel, turkiye)
        trial.simulation.network.part(turkiye, azerbaijan)
        trial.simulation.restoreOldCopy(of: israel, events: before)
        trial.simulation.start()
        _ = try? trial.simulation.command(.signUnconfirmed(reason: "planted"), at: israel)
        _ = try? trial.simulation.command(.suspend(true, reason: "another history"), at: israel)
        trial.simulation.network.join(israel, azerbaijan)
        trial.simulation.run(for: .seconds(3))
        trial.simulation.network.join(turkiye, azerbaijan)
        trial.simulation.run(for: .seconds(15))
        return trial
    }
}
