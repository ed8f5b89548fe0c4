import JointLog
import Kernel

/// A tree that grows and hands out its tiles as they fill.
package struct TileBuilder: Sendable {
    package let log: LogID
    package private(set) var tree: TileTree
    /// Full and not yet stored, in the order that a commit wants.
    package private(set) var pending: [TileWrite] = []

    package init(log: LogID, tree: TileTree = TileTree()) {
        self.log = log
        self.tree = tree
    }

    package var size: UInt64 { tree.size }

    package mutating func append(_ leaf: Hash32) {
        pending += tree.append(leaf).map {
            TileWrite(log: log, level: $0.level, index: $0.index, hashes: Tile.encode($0.hashes))
        }
    }

    package mutating func stored() { pending = [] }
}
