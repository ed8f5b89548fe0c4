import Foundation
import Kernel
import NodeRuntime
import Records

/// Files notice after notice at one node and waits for each to ring at the other.
struct RingBench: Sendable {
    let from: DemoDesk
    let to: DemoDesk
    let count: Int

    struct Times: Sendable {
        /// From the start of the filing request to the answer, and to the ring at the other desk.
        var filed: [Duration] = []
        var rung: [Duration] = []
        var total: Duration = .zero
    }

    init(from: DemoDesk, to: DemoDesk, count: Int) {
        self.from = from
        self.to = to
        self.count = count
    }

    func measure() async throws -> Times {
        for desk in [from, to] { try desk.node.start() }
        for desk in [from, to] {
            guard await desk.node.isUp(within: .seconds(60)) else {
                throw DemoFailure("\(desk.name) does not answer: \(desk.node.lastWords().joined(separator: "\n"))")
            }
            try await desk.takeOver()
        }
        for desk in [from, to] {
            try await desk.eventually("its link is up", within: .seconds(30)) {
                try await desk.get("links").array("links").allSatisfy { $0.string("state") == "up" }
            }
        }
        let clock = ContinuousClock()
        let now = SystemClock(continuing: nil).now.utc
        var times = Times()
        let begin = clock.now
        for i in 0..<count {
            try Task.checkCancellation()
            let mark = await to.watch.mark
            let start = clock.now
            let (id, _) = try await from.file(RingBench.fields(i, now: now))
            times.filed.append(clock.now - start)
            let ring = try await to.hears("\(id) rings", since: mark, within: .seconds(30)) {
                $0.rings("notice", subject: id)
            }
            times.rung.append(ring.at - start)
            progress(i + 1)
        }
        times.total = clock.now - begin
        return times
    }

    private func progress(_ done: Int) {
        guard Terminal.isInteractive, done % 20 == 0 || done == count else { return }
        Terminal.complain("\r\(done) of \(count)" + (done == count ? "\n" : ""))
    }

    /// Apart from each other, so that every filing costs the same: a grid over the terms' area.
    static func fields(_ i: Int, now: UTCInstant) -> JSONValue {
        let column = Double(i % 36)
        let row = Double(i / 36 % 26)
        let layer = Int64(i / (36 * 26))
        let start = now.advanced(by: .hours(72 + 4 * layer))
        return [
            "mode": "real", "kind": "ground-movement",
            "volumes": [
                [
                    "footprint": [
                        "type": "Point", "coordinates": [.number(35 + column * 0.23), .number(31.6 + row * 0.24)],
                        "radiusM": 2_000,
                    ],
                    "altitude": [
                        "lower": ["value": 0, "unit": "metres", "datum": "agl"],
                        "upper": ["value": 100, "unit": "metres", "datum": "agl"],
                    ],
                    "start": .string(start.rfc3339), "end": .string(start.advanced(by: .hours(2)).rfc3339),
                ]
            ],
            "contact": "Measurement",
        ]
    }

    static func json(_ times: Times, disk: [DiskRate]) -> JSONValue {
        [
            "measured": "start of the filing request to the ring on the other desk's event stream",
            "count": .integer(Int64(times.rung.count)),
            "perSecond": .number((Double(times.rung.count) / times.total.inSeconds * 10).rounded() / 10),
            "ring": percentiles(times.rung), "filed": percentiles(times.filed),
            "fdatasync": .array(disk.map(\.json)),
        ]
    }

    static func percentiles(_ durations: [Duration]) -> JSONValue {
        let sorted = durations.sorted()
        // Nearest rank.
        func percentile(_ p: Double) -> JSONValue {
            let rank = max(1, Int((p * Double(sorted.count)).rounded(.up)))
            return milliseconds(sorted[min(rank, sorted.count) - 1])
        }
        guard let worst = sorted.last else { return .null }
        return ["p50Ms": percentile(0.5), "p99Ms": percentile(0.99), "worstMs": milliseconds(worst)]
    }

    private static func milliseconds(_ duration: Duration) -> JSONValue {
        .number((duration.inSeconds * 100_000).rounded() / 100)
    }
}
