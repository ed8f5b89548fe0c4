import Kernel

/// What each client has asked of one list: cells, counting the whole batch, since whoever holds the list cannot tell a
/// dummy from a question. A value that outlives restarts; a new list begins with a new one.
public struct SiteAllowance: Equatable, Sendable, Codable {
    /// Number of the epoch.
    public let list: UInt64
    private var clients = SortedMap<PartyID, Spent>()

    private struct Spent: Hashable, Sendable, Codable {
        var cells = 0
        /// A request that is sent again is answered again, the same.
        var last: Hash32?
    }

    public init(list: UInt64) { self.list = list }

    /// Cells that a client may still ask.
    public func left(_ client: PartyID) -> Int {
        max(0, Limits.siteCellsPerEpoch - (clients[client]?.cells ?? 0))
    }

    /// Charges a batch, unless it is the one charged last.
    ///
    /// - Throws: `allowanceSpent`, `tooManyClients`.
    mutating func charge(_ client: PartyID, request: Hash32) throws(SiteRefusal) {
        var spent = clients[client] ?? Spent()
        guard spent.last != request else { return }
        guard spent.cells <= Limits.siteCellsPerEpoch - Limits.oprfBatch else {
            throw .allowanceSpent(list: list, left: left(client), allowed: Limits.siteCellsPerEpoch)
        }
        guard clients.contains(client) || clients.count < Limits.siteClients else { throw .tooManyClients }
        spent.cells += Limits.oprfBatch
        spent.last = request
        clients[client] = spent
    }
}
