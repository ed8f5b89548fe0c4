import JointLog
import Kernel
import Mechanism
import Records
import Simulation

/// What a peer that may sign says, after its signature holds: the core decides on it.
let mechanismTargets: [FuzzTarget] = [
    FuzzTarget("received", longest: 12_288, words: jsonWords + bodyWords, seeds: { Samples.bodies + watchBodies }) { bytes in
        guard bytes.count <= Limits.recordBytes else { return }
        var peer = watch.peer
        peer.write(rawBody: bytes)
        var mechanism = watch.mechanism
        var authority = SeededAuthority(seed: 5)
        let size = UInt64(peer.envelopes.count - 1)
        // Whatever its body says, a record that its author signed is held: refusing it would stop the log.
        let handled = try? mechanism.handle(peer.push(from: size, withProof: true), now: watch.now, authority: &authority)
        require(handled != nil, "a signed record is held, whatever it says")
        look(&mechanism, &authority)
    },
    // The rest of what a peer can bring to the core, unsigned or signed by anybody.
    FuzzTarget("event", longest: 12_288, words: ["parley/", "\u{2014} "], seeds: { eventSeeds }) { bytes in
        guard let first = bytes.first, let text = text(Array(bytes.dropFirst())) else { return }
        var mechanism = watch.mechanism
        var authority = SeededAuthority(seed: 5)
        let event: Event =
            switch first % 5 {
            case 0: .receipt(from: watch.peer.party, note: text, root: nil)
            case 1: .heads(from: watch.peer.party, [ShownHead(log: LogID(party: watch.peer.party), note: text, relation: nil)])
            case 2: .statement(note: text)
            case 3: .stop(note: text)
            default:
                .entries(from: watch.peer.party, first: watch.peer.size, envelopes: [Bytes(Array(text.utf8))], checkpoint: text)
            }
        _ = try? mechanism.handle(event, now: watch.now, authority: &authority)
        look(&mechanism, &authority)
    },
]

/// Everything that a desk may be shown, now and a minute later.
private func look(_ mechanism: inout Mechanism, _ authority: inout SeededAuthority) {
    for now in [watch.now, watch.later] {
        let assurance = mechanism.assurance(now: now)
        require(!(assurance.answer == .clear && !mechanism.conflicts.isEmpty && isAnyOpen(mechanism)), "no clear over a conflict")
        for id in mechanism.notices.keys.prefix(8) { _ = mechanism.assurance(of: id, now: now) }
        _ = (mechanism.openCalls, mechanism.board(now: now), mechanism.nextDeadline)
        _ = try? mechanism.handle(.tick, now: now, authority: &authority)
    }
}

private func isAnyOpen(_ mechanism: Mechanism) -> Bool {
    mechanism.conflicts.values.contains { $0.state == .open }
}

private struct Watch: Sendable {
    let mechanism: Mechanism
    let peer: ScriptedPeer
    let now: Now
    let later: Now
}

/// Türkiye's node after a short watch with Israel and Azerbaijan, and Israel's key.
private let watch: Watch = {
    var simulation = Simulation(seed: 7, principals: ["israel", "turkiye"], mediator: "azerbaijan")
    var history = RandomHistory(seed: 7)
    history.withFaults = false
    history.play(&simulation, actions: 16)
    simulation.run(for: .seconds(5))
    guard let turkiye = PartyID("turkiye") else { preconditionFailure("a party") }
    let now = simulation.now(at: turkiye)
    return Watch(
        mechanism: simulation[turkiye].mechanism, peer: ScriptedPeer(stealing: simulation["israel"]), now: now,
        later: Now(utc: now.utc.advanced(by: .seconds(60)), monotonic: now.monotonic.advanced(by: .seconds(60))))
}()

/// What the peer has said in that watch.
private let watchBodies: [[UInt8]] = watch.peer.envelopes.suffix(24).compactMap { bytes in
    guard let record = try? VerifiedRecord(fromOwnJournal: bytes), case .open(let body) = record.body else { return nil }
    return body.json.bytes
}

private let eventSeeds: [[UInt8]] = {
    let head = watch.peer.head()
    let notes = (Samples.notes["receipts"]?.items ?? []).prefix(2).map { $0.text("note") }
    let statement = Samples.statements[0].text("note")
    return [[0] + Array((notes.first ?? "").utf8), [1] + Array(head.note.utf8), [2] + Array(statement.utf8), [4] + Array(head.note.utf8)]
}()
