import Kernel
import NodeRuntime
import Records

/// Everything that every desk of a replay has been shown, in the order in which it came, with the scenario's time.
actor ScenarioLog {
    struct Seen: Sendable {
        let desk: PartyID
        /// Such as `alarm`, `notice`, `stop`.
        let name: String
        let data: JSONValue
        /// On the scenario's clock, when the replay had read it.
        let at: UTCInstant
    }

    private(set) var seen: [Seen] = []
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiting = 0

    func take(_ event: DeskEvent, at desk: PartyID) {
        let now = SystemClock(continuing: nil).now.utc
        if event.name == "reset" {
            // A snapshot says at once what events would have said one by one.
            for (list, name) in ScenarioLog.lists {
                let data = event.data.array(list) + (event.data["status"]?.array(list) ?? [])
                for data in data { seen.append(Seen(desk: desk, name: name, data: data, at: now)) }
            }
        }
        seen.append(Seen(desk: desk, name: event.name, data: event.data, at: now))
        wakeAll()
    }

    /// Lists of a snapshot, and the events that say the same of one element.
    private static let lists = [
        ("notices", "notice"), ("conflicts", "conflict"), ("alarms", "alarm"), ("links", "link"), ("stops", "stop"),
        ("calls", "call"), ("presence", "presence"), ("passing", "passing"),
    ]

    /// Returns when there is more than `count`, or the time is up, or the task is cancelled.
    ///
    /// - Parameter limit: of real time.
    func more(than count: Int, within limit: Duration) async {
        guard seen.count <= count, limit > .zero, !Task.isCancelled else { return }
        let number = nextWaiting
        nextWaiting += 1
        let timer = Task {
            try? await Task.sleep(for: limit)
            self.wake(number)
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiting[number] = $0 }
        } onCancel: {
            Task { await self.wake(number) }
        }
    }

    private func wake(_ number: Int) { waiting.removeValue(forKey: number)?.resume() }

    private func wakeAll() {
        for continuation in waiting.values { continuation.resume() }
        waiting = [:]
    }
}
