import Foundation
import Kernel
import Mechanism

/// Writes records that say nothing, at random times and of random length, so that whoever counts this party's records
/// learns less of what it does. Off unless `node.json` has `coverEveryS`.
public struct CoverWriter: Sendable {
    private let node: Node
    private let meanS: Double

    /// Bytes of noise at most, before base64: with the rest of a record about the length of a notice of some volumes.
    static let noiseMost = 3_000

    /// - Returns: `nil` when the configuration asks for none.
    public init?(_ node: Node) {
        guard let everyS = node.configuration.coverEveryS else { return nil }
        self.node = node
        meanS = Double(everyS)
    }

    /// Until cancelled.
    public func run() async {
        var random = SystemRandom()
        while !Task.isCancelled {
            // Exponential: the time since the last one says nothing of the next.
            let wait = -log(1 - Double.random(in: 0..<1, using: &random)) * meanS
            try? await node.clock.sleep(for: .seconds(min(wait, 10 * meanS)))
            if Task.isCancelled { return }
            let noise = (0..<Int.random(in: 0...CoverWriter.noiseMost, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // A node that may not sign, or has too much to do, writes none.
            _ = try? await node.submit(.cover(noise: Bytes(noise)))
        }
    }
}
