import Foundation
import Kernel
import NodeRuntime
import Records

/// Several parties' nodes on this machine under one terms document.
struct LocalMechanism: Sendable {
    let nodes: [LocalNode]
    let terms: Terms

    /// Makes the nodes, draws up their terms and has each accept them, in the way that people would.
    ///
    /// - Parameter changing: what the terms settle otherwise than terms usually do.
    static func create(
        _ nodes: [LocalNode], name: String, timing: TermsDraft.Timing, changing: (inout TermsDraft) -> Void = { _ in }
    ) throws -> LocalMechanism {
        try usingFiles {
            let cards = try nodes.map { try $0.create() }
            let now = SystemClock(continuing: nil).now.utc
            let second = UTCInstant(microseconds: now.microseconds.flooredQuotient(by: 1_000_000) * 1_000_000)
            var draft = TermsDraft(name: name, parties: cards, effectiveAt: second)
            draft.timing = timing
            changing(&draft)
            let terms = try draft.terms()
            for node in nodes {
                _ = try NodeSetup.accept(draft.bytes, fingerprint: terms.fingerprint, in: node.folder)
            }
            return LocalMechanism(nodes: nodes, terms: terms)
        }
    }

    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { await node.stop() } }
        }
    }

    /// Two seconds between heartbeats, silence is unknown after six: for demonstrations and measurements.
    static var quickTiming: TermsDraft.Timing {
        var timing = TermsDraft.Timing()
        timing.heartbeatS = 2
        timing.staleAfterS = 6
        return timing
    }
}

/// A folder for a run: the one that was asked for, which stays, or a temporary one, which does not.
struct RunFolder {
    let url: URL
    let isTemporary: Bool

    init(_ wanted: String?, prefix: String) throws {
        if let wanted {
            url = URL(fileURLWithPath: wanted, isDirectory: true)
            isTemporary = false
            let held = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            guard held.isEmpty else {
                throw CommandFailure(.unusableFile, "notEmpty", "\(url.path) is not empty", field: "--dir")
            }
        } else {
            let number = UInt32.random(in: .min ... .max)
            url = FileManager.default.temporaryDirectory.appendingPathComponent("\(prefix)-\(String(number, radix: 36))")
            isTemporary = true
        }
        let url = url
        try usingFiles {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    func remove() {
        if isTemporary { try? FileManager.default.removeItem(at: url) }
    }
}
