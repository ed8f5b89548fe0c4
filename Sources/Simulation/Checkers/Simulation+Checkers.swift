import JointLog
import Kernel
import Mechanism
import Records

/// Where the simulation shows its steps to the checkers, and where defects are planted.
extension Simulation {
    /// Shows a step to all checkers.
    mutating func look(after step: Step) {
        guard var checkers else { return }
        self.checkers = nil
        checkers.look(&self, after: step)
        self.checkers = checkers
    }

    /// After healing: the checkers have the last word.
    public mutating func endChecks() {
        guard var checkers else { return }
        self.checkers = nil
        checkers.end(&self)
        self.checkers = checkers
    }

    func isDishonest(_ party: PartyID) -> Bool { dishonest.contains(party) }

    /// Hands a message to the network.
    mutating func post(_ message: VirtualNetwork.Message, from i: Int, to peer: PartyID) {
        let message = planted(message, from: i)
        network.send(message, from: nodes[i].party, to: peer, at: timeNs)
        // What a second face says is nobody's promise.
        if actingTwin == nil { look(after: Step(nodes[i].party, .sent(message, to: peer))) }
    }

    /// What a node shows of its conflicts.
    public func conflicts(of party: PartyID) -> [ConflictLine] {
        var lines = self[party].mechanism.conflicts.values.map(ConflictLine.init)
        guard party == mutated else { return lines }
        if mutation == .losesConflicts { lines.removeAll { $0.second.party == party } }
        if mutation == .namesConflictsOtherwise {
            for i in lines.indices { lines[i].id = MerkleHash.sha256(lines[i].id.bytes) }
        }
        return lines
    }

    // MARK: Planted defects

    /// The one node at which a defect is planted that is not everybody's.
    var mutated: PartyID? { terms.principals.last?.id }

    mutating func plant(_ screens: inout [Screen], of party: PartyID) {
        guard let mutation, party == mutated else { return }
        for i in screens.indices {
            switch (mutation, screens[i].answer) {
            case (.hidesConflicts, .conflict), (.hidesDoubt, .unknown), (.hidesConditions, .conditions):
                screens[i].answer = .clear
            case (.screenSticks, _):
                let name = screens[i].notice?.description ?? ""
                if let old = planted.shown[name] { screens[i] = old }
                if screens[i].answer == .clear { planted.shown[name] = screens[i] }
            default: break
            }
        }
    }

    private func planted(_ message: VirtualNetwork.Message, from i: Int) -> VirtualNetwork.Message {
        switch (mutation, message) {
        case (.sendsEveryBody, .push(let push, let statements)) where nodes[i].party == mutated:
            let first = Int(push.first)
            let held = (nodes[i].held[push.log.party] ?? [])[first..<(first + push.envelopes.count)]
            let whole = Push(
                from: push.from, log: push.log, first: push.first, envelopes: held.map { Bytes($0) },
                checkpoint: push.checkpoint, consistency: push.consistency)
            return .push(whole, statements: statements)
        case (.hidesHeads, .answer(let text, _, let aheadBy)): return .answer(text, heads: [], aheadBy: aheadBy)
        default: return message
        }
    }

    /// A crash that loses what a sound node would have written down before it answered.
    mutating func plantLoss(at i: Int) {
        switch mutation {
        case .commitsLate:
            let events = nodes[i].journal.count - 1
            if events > 0 { nodes[i].putBack(events: events) }
        case .receiptsEarly where nodes[i].party == mutated:
            let last = nodes[i].journal.lastIndex {
                if case .pushed = $0.event { true } else { false }
            }
            if let last { nodes[i].putBack(events: last) }
        default: break
        }
    }
}
