import JointLog
import Kernel
import Mechanism
import Records

@testable import NodeRuntime

/// Bodies of requests between nodes, and of the answers.
let peerTargets: [FuzzTarget] = [
    FuzzTarget("push", longest: 16_384, words: jsonWords + pushWords, seeds: { pushSeeds }) { bytes in
        guard let push = try? PeerMessages.EntriesRequest(bytes) else { return }
        requireNames(bytes)
        let written = push.json.bytes
        guard let again = try? PeerMessages.EntriesRequest(written) else {
            return require(false, "a push that was read is written as one")
        }
        require(again.json.bytes == written, "a push that was read is written and read as the same")
        require(push.envelopes.count <= Limits.pushEntries, "records within their limit")
        for envelope in push.envelopes { _ = try? UnverifiedRecord(envelope.array) }
    },
    FuzzTarget("heartbeat", words: jsonWords + ["challenge", "held", "human never", "suspended yes"], seeds: { heartbeatSeeds }) {
        if let request = try? PeerMessages.HeartbeatRequest($0) {
            let written = request.json.bytes
            let again = try? PeerMessages.HeartbeatRequest(written)
            require(again?.json.bytes == written, "a challenge that was read is written and read as the same")
        }
        if let text = text($0), let answer = HeartbeatAnswer(text: text) {
            require(answer.text.utf8.elementsEqual(text.utf8), "an answer has one form")
            require((answer.humanActAgeS ?? 0) >= 0, "nobody acts in the future")
        }
        let party = Samples.party
        let key = Samples.nodeKey(of: party).publicKey
        _ = PeerMessages.answer($0, from: party, nodeKey: key, challenge: challenge)
    },
    FuzzTarget("mirror", longest: 16_384, words: jsonWords + ["\"logs\":", "\"entries\":", "\"heads\":", "turkiye.1"], seeds: { mirrorSeeds }) {
        if let index = try? MirrorIndex($0) {
            let again = try? MirrorIndex(index.json.bytes)
            require(again?.json.bytes == index.json.bytes, "an index that was read is written and read as the same")
        }
        if let page = try? MirrorPage($0) {
            let again = try? MirrorPage(page.json.bytes)
            require(again?.json.bytes == page.json.bytes, "a page that was read is written and read as the same")
            require(page.end >= page.first, "a page ends behind its beginning")
        }
        if let text = text($0), let log = PeerMessages.log(pathName: text) {
            require(PeerMessages.pathName(of: log).utf8.elementsEqual(text.utf8), "a log has one name in paths")
        }
    },
]

private let challenge = MerkleHash.sha256([3])
private let pushWords = ["\"log\":\"turkiye\"", "\"first\":0", "\"entries\":[", "\"checkpoint\":", "\"consistency\":[", "\"statements\":["]
private let notes = (Samples.notes["checkpoints"]?.items ?? []).map { $0.text("note") }

private let pushSeeds: [[UInt8]] = (0..<4).map { i in
    PeerMessages.EntriesRequest(
        log: LogID(party: Samples.party), first: UInt64(i), envelopes: Samples.envelopes.dropFirst(i).prefix(i).map { Bytes($0) },
        checkpoint: notes[i], consistency: [challenge], statements: i == 2 ? [Samples.statements[0].text("note")] : []
    ).json.bytes
}

private let heartbeatSeeds: [[UInt8]] = {
    let party = Samples.party
    let key = Samples.nodeKey(of: party)
    let answer = HeartbeatAnswer(
        party: party, challenge: challenge, utc: UTCInstant(microseconds: 1_795_000_000_000_000), logSize: 3, holds: 2,
        humanActAgeS: 60, suspended: false, termsFingerprint: Samples.terms.fingerprint)
    let heads = notes.prefix(2).map { note in
        ShownHead(
            log: LogID(party: party), note: note, relation: ShownHead.Relation(size: 1, root: challenge, consistency: [challenge]))
    }
    let signed = PeerMessages.heartbeat(answer, signature: key.sign(Array(answer.text.utf8)), heads: Array(heads))
    let asked = PeerMessages.HeartbeatRequest(challenge: challenge, held: [(LogID(party: party), 4)])
    let texts = (Samples.notes["heartbeats"]?.items ?? []).map { Array($0.text("text").utf8) }
    return [signed.bytes, asked.json.bytes] + texts
}()

private let mirrorSeeds: [[UInt8]] = [
    MirrorIndex(
        mechanism: Samples.terms.mechanism, party: Samples.party,
        logs: [
            MirrorIndex.Log(id: LogID(party: Samples.party), checkpoint: notes[0]),
            MirrorIndex.Log(id: LogID(party: Samples.terms.principals[1].id, epoch: 2), checkpoint: nil),
        ], statements: [Samples.statements[0].text("note")]
    ).json.bytes,
    MirrorPage(first: 0, envelopes: [Bytes(Samples.envelopes[0])], heads: [notes[0]]).json.bytes,
    Array("turkiye.1".utf8), Array("israel".utf8),
]
