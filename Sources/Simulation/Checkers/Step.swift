import JointLog
import Kernel
import Mechanism

/// What has just happened, as ``InvariantChecker``s are told.
public struct Step: Sendable {
    /// Where; `nil` for a beat of the whole world.
    public let party: PartyID?
    let kind: Kind
    /// What the node shows and holds now, for what it handled and for its beats while it is up; filled in by
    /// ``Checkers``.
    var sight: Sight?

    enum Kind: Sendable {
        /// The node accepted an event, journalled it and stored what it wrote.
        case handled(Event, Handled)
        /// The node's turn to beat: nothing but time has changed.
        case beat
        /// The node handed a message to the network, whether or not that loses it.
        case sent(VirtualNetwork.Message, to: PartyID)
        /// The process ended; the disk stays.
        case crashed
        /// A crash after which the disk is an older copy: a declared fault, not a loss of the node's making.
        case diskPutBack
        /// Links were cut or joined, clocks stepped, or the world is looked at as a whole.
        case world
    }

    init(_ party: PartyID?, _ kind: Kind) {
        self.party = party
        self.kind = kind
    }
}
