import Foundation
import JointLog
import Kernel
import Mechanism
import Records

/// Say no more than was agreed.
public struct AddressedChecker: InvariantChecker {
    public static let name = "only-the-addressed-read"
    public static let sentence =
        "Nobody is sent, holds, can open with any key that it has been given, or knows a notice from the body of a record that is not addressed to it."
    private var list = ViolationList(name)
    /// By node: content keys of records that are addressed to it.
    private var keys = SortedMap<PartyID, SortedSet<Hash32>>()
    /// What is addressed to whom, by record.
    private var audiences: [RecordID: SortedSet<PartyID>] = [:]
    /// By record: a run of its body's text that nobody else may hold.
    private var texts: [RecordID: Data] = [:]

    public init() {}

    public var violations: [Violation] { list.all }

    public mutating func look(_ simulation: inout Simulation, after step: Step) {
        guard let party = step.party else { return }
        switch step.kind {
        case .handled(_, let handled): for write in handled.writes { judge(write, at: party, simulation) }
        case .sent(.push(let push, _), let peer): judge(push, from: party, to: peer, simulation)
        case .diskPutBack: texts = [:]
        case .beat, .sent, .crashed, .world: break
        }
        guard case .handled(_, let handled) = step.kind, !handled.writes.isEmpty, let sight = step.sight else { return }
        for id in sight.node.mechanism.notices.keys where !isAddressed(id, to: party, sight.view) {
            list.report(party, "it knows \(id), which is not addressed to it", simulation)
        }
    }

    private func isAddressed(_ record: RecordID, to party: PartyID, _ view: RecordView) -> Bool {
        guard record.party != party, view.holds(record) else { return true }
        return audiences[record]?.contains(party) ?? true
    }

    private mutating func judge(_ write: LogWrite, at party: PartyID, _ simulation: Simulation) {
        guard let record = try? VerifiedRecord(fromOwnJournal: write.envelope) else { return }
        let readers = SortedSet(record.header.audience + [record.header.author])
        audiences[write.record] = readers
        guard readers.contains(party) else {
            if let how = reading(of: record, in: write.log, by: party, simulation) {
                list.report(party, "\(how) \(write.record), which is not addressed to it", simulation)
            }
            return
        }
        let held = simulation.nodes[simulation.place(of: party)].held[write.record.party] ?? []
        var authority = simulation.nodes[simulation.place(of: party)].authorityForReading
        let key = record.contentKey(
            for: party, in: write.log,
            earlier: { index in
                held.indices.contains(Int(index)) ? try? VerifiedRecord(fromOwnJournal: held[Int(index)]) : nil
            }, decapsulate: { authority.decapsulate($0, info: $1) })
        if let key { keys[party, default: SortedSet()].insert(key) }
        let opened = key.map { record.opened(contentKey: $0, in: write.log) } ?? record.body
        guard write.record.party == party, case .open(let body) = opened else { return }
        // The middle: the first words are the same in many.
        let bytes = body.json.bytes
        texts[record.id] = Data(bytes[(bytes.count / 4)..<(bytes.count / 4 + min(48, bytes.count / 2))])
    }

    /// How somebody reads a record that is not addressed to it; `nil` when it cannot.
    private func reading(
        of record: VerifiedRecord, in log: LogID, by party: PartyID, _ simulation: Simulation
    ) -> String? {
        let sealed = record.envelope.sealed
        guard !sealed.isEmpty else { return nil }
        if simulation.terms.sealing == .none { return "it holds the body of" }
        if let text = texts[record.id], Data(sealed).range(of: text) != nil { return "it holds the text of" }
        var epochs = OpenedEpochs()
        var authority = simulation.nodes[simulation.place(of: party)].authorityForReading
        let opened = record.opened(by: party, in: log, sealing: simulation.terms.sealing, epochs: &epochs) {
            authority.decapsulate($0, info: $1)
        }
        if case .open = opened { return "its own key opens" }
        for key in keys[party] ?? SortedSet() {
            if case .open = record.opened(contentKey: key, in: log) { return "a key of another record opens" }
        }
        return nil
    }

    private mutating func judge(_ push: Push, from: PartyID, to peer: PartyID, _ simulation: Simulation) {
        guard !simulation.isDishonest(from) else { return }
        // Ciphertext of a mirror is no body.
        let isMirror = simulation.terms.sealing == .xWing && simulation.terms.party(peer)?.role == .mediator
        for bytes in push.envelopes {
            guard let record = try? UnverifiedRecord(bytes.array), !record.envelope.sealed.isEmpty, !isMirror,
                !record.header.audience.contains(peer), record.header.author != peer
            else { continue }
            list.report(
                from, "it sends \(peer) the body of \(record.header.id), which is not addressed to it", simulation)
        }
    }
}
