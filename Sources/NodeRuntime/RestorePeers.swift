import JointLog
import Kernel
import Mechanism
import NIOCore
import Records

/// The peers of a node that is being restored, reached with its own TLS key while they run as usual.
struct RestorePeers {
    private let terms: Terms
    private let keys: NodeKeys
    private let group: any EventLoopGroup
    private var connections: [PeerConnection] = []
    private(set) var answered: [(any RestoreSource, MirrorIndex)] = []
    private(set) var problems: [RestoreProblem] = []
    /// No records; the keys that all statements seen so far have put in force.
    private(set) var rules: Mechanism

    init(terms: Terms, keys: NodeKeys, group: any EventLoopGroup, rules: Mechanism) {
        self.terms = terms
        self.keys = keys
        self.group = group
        self.rules = rules
    }

    /// Asks each for what it holds. A peer whose TLS key has changed is found once another has shown the statement.
    ///
    /// - Throws: `noPeer`, `termsDiffer`.
    mutating func ask(_ parties: [PartyID]) async throws {
        var missing = parties
        while !missing.isEmpty {
            problems = []
            let known = rules.statementsInForce
            var others: [PartyID] = []
            for party in missing { if try await !ask(party) { others.append(party) } }
            let isNews = rules.statementsInForce != known
            missing = others
            guard isNews else { break }
        }
        let differing = answered.filter { $0.1.mechanism != terms.mechanism }.map(\.0.party)
        answered.removeAll { $0.1.mechanism != terms.mechanism }
        for party in differing { problems.append(RestoreProblem(party: party, reason: "it works under other terms")) }
        guard answered.isEmpty else { return }
        await close()
        throw differing.isEmpty ? RestoreFailure.noPeer(problems) : RestoreFailure.termsDiffer(differing)
    }

    func close() async {
        for connection in connections { await connection.close() }
    }

    private mutating func ask(_ party: PartyID) async throws -> Bool {
        guard let address = terms.party(party)?.address, let endpoint = NodeConfiguration.Endpoint(address) else {
            problems.append(RestoreProblem(party: party, reason: "its address in the terms is none"))
            return false
        }
        let tls = try PeerTLS(keys: keys, pins: PeerPins(rules))
        let connection = PeerConnection([endpoint], peer: party, tls: tls, group: group)
        connections.append(connection)
        let peer = RestorePeer(party: party, connection: connection)
        do {
            let index = try await peer.index()
            if index.mechanism == terms.mechanism { for note in index.statements { rules.follow(note) } }
            answered.append((peer, index))
            return true
        } catch {
            problems.append(RestoreProblem(party: party, reason: "\(endpoint): \(error)"))
            return false
        }
    }
}
