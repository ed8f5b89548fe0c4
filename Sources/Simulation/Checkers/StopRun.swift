import Kernel

/// STOP is heard or climbs: the sentence of the STOP path, which has a world of its own beside the simulation.
public struct StopRun: Sendable {
    public static let name = "stop-is-heard-or-climbs"
    public static let sentence =
        "A STOP reaches the other desk wherever some path stands for ten seconds, climbs to the top within 90 s wherever nobody hears it, goes on ringing after every restart, and never falls back."
    /// How long a world is played, seconds.
    public static let lastsS: Int64 = 240

    public let world: StopWorld

    /// Plays the STOP world of a seed to its end.
    public init(seed: UInt64, mutation: Mutation? = nil) {
        var settings = StopSettings(seed: seed)
        settings.lossPercent = seed % 10 * 10
        settings.mutation = mutation?.stop
        var world = StopWorld(settings)
        world.run(untilS: StopRun.lastsS)
        self.world = world
    }

    public var violations: [Violation] {
        world.checker.violations.prefix(Violation.kept).map {
            Violation(checker: StopRun.name, party: nil, timeNs: world.timeNs, sentence: $0)
        }
    }
}
