import Foundation
import Records

/// Follows one desk's event stream and remembers all of it, so that a story can wait for what happened and say
/// when it did.
actor DeskWatch {
    private var events: [DeskEvent] = []
    private var waiting: [Int: Waiting] = [:]
    private var nextWaiting = 0
    private var hasEnded = false

    private struct Waiting {
        let matches: @Sendable (DeskEvent) -> Bool
        let continuation: CheckedContinuation<DeskEvent?, Never>
    }

    /// Reads until the stream ends or the task is cancelled.
    nonisolated func follow(_ client: DeskClient) async {
        try? await client.events { event in
            await self.take(event)
            return true
        }
        await end()
    }

    private func end() {
        hasEnded = true
        for waiting in waiting.values { waiting.continuation.resume(returning: nil) }
        waiting = [:]
    }

    /// A place in what has been seen, to wait for what comes after it.
    var mark: Int { events.count }

    /// - Returns: the first event since `mark` that matches, or `nil` when the time is up.
    func first(
        since mark: Int = 0, within limit: Duration, where matches: @escaping @Sendable (DeskEvent) -> Bool
    ) async -> DeskEvent? {
        if let seen = events[min(mark, events.count)...].first(where: matches) { return seen }
        guard !hasEnded, !Task.isCancelled else { return nil }
        let number = nextWaiting
        nextWaiting += 1
        let timer = Task {
            try? await Task.sleep(for: limit)
            self.give(up: number)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiting[number] = Waiting(matches: matches, continuation: $0) }
        } onCancel: {
            Task { await self.give(up: number) }
        }
    }

    private func give(up number: Int) {
        waiting.removeValue(forKey: number)?.continuation.resume(returning: nil)
    }

    private func take(_ event: DeskEvent) {
        keep(event)
        guard event.name == "reset" else { return }
        // A snapshot says at once what events would have said one by one.
        for (list, name) in [("alarms", "alarm"), ("conflicts", "conflict"), ("notices", "notice")] {
            for data in event.data.array(list) { keep(DeskEvent(name: name, id: event.id, data: data, at: event.at)) }
        }
    }

    private func keep(_ event: DeskEvent) {
        events.append(event)
        for (number, waiting) in waiting where waiting.matches(event) {
            self.waiting[number] = nil
            waiting.continuation.resume(returning: event)
        }
    }
}

extension DeskEvent {
    /// An alarm that rings.
    func rings(_ kind: String, subject: String? = nil) -> Bool {
        name == "alarm" && data.string("state") == "ringing" && data.string("kind") == kind
            && (subject == nil || data.string("subject") == subject)
    }
}
