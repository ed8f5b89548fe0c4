import ArgumentParser
import Kernel
import NodeRuntime

/// A clock that is not the machine's, for replays of what happened. Hidden: no node that serves for real has it.
struct ClockOptions: ParsableArguments {
    @Option(
        name: .customLong("clock-scale"),
        help: ArgumentHelp("For replays: seconds shown for each that passes, 1 to 1000.", visibility: .hidden))
    var scale: Int?

    @Option(
        name: .customLong("clock-start"),
        help: ArgumentHelp(
            "For replays: the time that the clock shows now, or with @N when this machine had been up N nanoseconds.",
            visibility: .hidden))
    var start: String?

    /// Makes this process's clocks follow the options; without them nothing changes.
    ///
    /// - Returns: what the clocks follow.
    func apply() throws -> ClockScale? {
        guard scale != nil || start != nil else { return nil }
        let parts = (start ?? "").split(separator: "@", maxSplits: 1).map(String.init)
        let shown = parts.first.map { UTCInstant(rfc3339: $0) } ?? SystemClock(continuing: nil, scale: nil).now.utc
        let anchor = parts.count > 1 ? Int64(parts[1]) : nil
        guard let shown, parts.count < 2 || anchor != nil else {
            throw CommandFailure(.usage, "badClock", "write a time in UTC, such as 2016-09-17T12:55:00Z", field: "--clock-start")
        }
        guard let made = ClockScale(factor: scale ?? 1, start: shown, anchorNs: anchor) else {
            throw CommandFailure(
                .usage, "badClock", "a scale is 1 to 1000, and an anchor is within a day of now", field: "--clock-scale")
        }
        ClockScale.use(made)
        return made
    }
}

extension ClockScale {
    /// The options with which another process shows the same time.
    var arguments: [String] {
        ["--clock-scale", String(factor), "--clock-start", "\(start.rfc3339)@\(anchorNs)"]
    }
}
