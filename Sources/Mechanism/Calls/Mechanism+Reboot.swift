import Kernel

extension Mechanism {
    /// After a start whose monotonic clock shows less than before, as after a reboot: what is to come keeps its
    /// distance less the time that has passed by UTC, and no wait grows; what lies behind proves nothing any more.
    mutating func rebase(to now: Now) {
        guard let last = clock.last, now.monotonic < last.monotonic else { return }
        let away = max(.zero, now.utc.duration(since: last.utc))
        func moved(_ at: MonotonicInstant) -> MonotonicInstant {
            now.monotonic.advanced(by: max(.zero, at.duration(since: last.monotonic) - away))
        }
        dueAlarms = SortedSet()
        for (id, alarm) in alarms {
            guard let dueAt = alarm.dueAt else { continue }
            alarms.update(id) { $0.dueAt = moved(dueAt) }
            dueAlarms.insert(DueAlarm(at: moved(dueAt), alarm: id))
        }
        for (id, at) in calls.waits { calls.waits[id] = moved(at) }
        for (member, at) in calls.checksDue { calls.checksDue[member] = moved(at) }
        humanActAt = nil
        if clock.steppedAt != nil { clock.steppedAt = now.monotonic }
        for id in links.keys {
            links.update(id) { link in
                link.humanActAt = nil
                link.tookAt = nil
                if link.receiptedAt != nil { link.receiptedAt = now.monotonic }
                if link.unreceiptedSince != nil { link.unreceiptedSince = now.monotonic }
            }
        }
        for id in logs.keys { logs.update(id) { if $0.missingSince != nil { $0.missingSince = now.monotonic } } }
        for (id, lodging) in lodgings where lodging.statedAt != nil { lodgings.update(id) { $0.statedAt = nil } }
    }
}
