import Foundation
import Kernel
import Synchronization

/// Stands before one node's peer port, so that the link from any one other node can be cut as a cable can.
///
/// It passes bytes and reads none: the two nodes' TLS goes through it. Who connects is known by whose process holds
/// the other end.
final class LocalRelay: Sendable {
    private struct Pair {
        let from: PartyID?
        let near: Int32
        let far: Int32
        var pumps = 2
    }

    private struct State {
        var cut: Set<PartyID> = []
        var pairs: [Int: Pair] = [:]
        var next = 0
        var hasEnded = false
    }

    private let listening: Int32
    private let port: Int
    private let target: Int
    private let owner: @Sendable (SocketOwner.Connection) -> PartyID?
    private let state = Mutex(State())

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - port: of loopback, where peers connect.
    ///   - target: of loopback, where the node listens.
    ///   - owner: whose process holds the connecting end.
    init(port: Int, target: Int, owner: @escaping @Sendable (SocketOwner.Connection) -> PartyID?) throws {
        guard let listening = Loopback.listen(port) else {
            throw CommandFailure(.unusableFile, "portTaken", "port \(port) cannot be listened on")
        }
        self.listening = listening
        self.port = port
        self.target = target
        self.owner = owner
        Thread.detachNewThread { [self] in accepting() }
    }

    /// Cuts what stands from `party` and refuses what comes, until ``restore(from:)``.
    func cut(from party: PartyID) {
        state.withLock { state in
            state.cut.insert(party)
            for pair in state.pairs.values where pair.from == party { LocalRelay.end(pair) }
        }
    }

    func restore(from party: PartyID) { state.withLock { _ = $0.cut.remove(party) } }

    func stop() {
        state.withLock { state in
            state.hasEnded = true
            for pair in state.pairs.values { LocalRelay.end(pair) }
        }
        shutdown(listening, Int32(SHUT_RDWR))
    }

    private static func end(_ pair: Pair) {
        shutdown(pair.near, Int32(SHUT_RDWR))
        shutdown(pair.far, Int32(SHUT_RDWR))
    }

    private func accepting() {
        while true {
            let (near, remotePort) = Loopback.accept(listening)
            guard let near else {
                if state.withLock({ $0.hasEnded }) { break }
                // Out of descriptors or the like: not at once again.
                usleep(10_000)
                continue
            }
            pass(near, from: owner(SocketOwner.Connection(local: remotePort, remote: port)))
        }
        close(listening)
    }

    private func pass(_ near: Int32, from party: PartyID?) {
        Loopback.sendAtOnce(near)
        guard let far = Loopback.connect(target) else {
            close(near)
            return
        }
        let number: Int? = state.withLock { state in
            guard !state.hasEnded, !(party.map { state.cut.contains($0) } ?? false) else { return nil }
            state.next += 1
            state.pairs[state.next] = Pair(from: party, near: near, far: far)
            return state.next
        }
        guard let number else {
            close(near)
            close(far)
            return
        }
        for (source, sink) in [(near, far), (far, near)] {
            Thread.detachNewThread { [self] in
                Loopback.pump(from: source, to: sink)
                finished(number)
            }
        }
    }

    /// One direction has ended, so the other does; the last one closes both.
    private func finished(_ number: Int) {
        state.withLock { state in
            guard var pair = state.pairs[number] else { return }
            LocalRelay.end(pair)
            pair.pumps -= 1
            state.pairs[number] = pair.pumps > 0 ? pair : nil
            if pair.pumps == 0 {
                close(pair.near)
                close(pair.far)
            }
        }
    }
}
