import Geodesy
import JointLog
import Kernel
import Mechanism

@testable import NodeRuntime
@testable import Records

/// The STOP path: what must be read on the worst day.
let stopTargets: [FuzzTarget] = [
    FuzzTarget("stop", longest: 8_192, words: jsonWords + stopWords, seeds: { stopSeeds }) { bytes in
        if let notes = try? StopPeerMessages.notes(bytes) {
            require(notes.count <= StopPeerMessages.notesMost, "notes within their limit")
            let again = try? StopPeerMessages.notes(StopPeerMessages.notes(notes).bytes)
            require(again == notes, "notes that were read are written and read as the same")
        }
        guard let text = text(bytes) else { return }
        _ = StopMessage.claimedReceipt(note: text)
        if let message = try? StopMessage.read(note: text, terms: Samples.terms) {
            require(message.text.utf8.elementsEqual(SignedNote(encoded: text)?.text.utf8 ?? "".utf8), "one form")
            board(message)
        }
        guard let message = StopMessage(text: text) else { return }
        require(message.text.utf8.elementsEqual(text.utf8), "a STOP message has one form")
    },
    // The text signed by its author's key, so that what stands behind the signature is reached.
    FuzzTarget("stop-signed", longest: 8_192, words: jsonWords + stopWords, seeds: { stopTextSeeds }) { bytes in
        guard let text = text(bytes), text.utf8.last == 0x0A else { return }
        let name = StopMessage.keyName(mechanism: terms.mechanism, party: author)
        let key = NoteKey(name: name, algorithm: .ed25519, publicKey: stopKey.publicKey)
        let note = SignedNote(text: text, signatures: [key.signing(text) { stopKey.sign($0) }]).encoded
        guard let message = try? StopMessage.read(note: note, terms: terms) else { return }
        require(message.text.utf8.elementsEqual(text.utf8), "a STOP message has one form")
        require(message.author == author, "only its author signs")
        board(message)
    },
    FuzzTarget("relay", longest: 12_288, words: jsonWords + ["\"party\":\"turkiye\"", "\"sealed\":"], seeds: { relaySeeds }) { bytes in
        if let relayed = try? StopPeerMessages.Relayed(bytes) {
            let again = try? StopPeerMessages.Relayed(relayed.json.bytes)
            require(again == relayed, "what was read is written and read as the same")
            _ = open(relayed.sealed)
        }
        _ = open(bytes)
        // Sealed as it should be, around any plain text.
        let plain = Array(bytes.prefix(StopRelaySeal.plainBytes))
        let padded = plain + [UInt8](repeating: 0, count: StopRelaySeal.plainBytes - plain.count)
        let sealed =
            encapsulation.encapsulated
            + SealCipher.sealing(padded, key: encapsulation.key, nonce: SealCipher.bodyNonce, context: info)
        guard let note = open(sealed) else { return }
        let count = note.utf8.count
        require([UInt8(count >> 8), UInt8(count & 0xFF)] + Array(note.utf8) == Array(padded.prefix(2 + count)), "the note as sealed")
    },
]

private let stopWords = [
    "parley stop v1\n", "stop\n", "answer\n", "effect\n", "lift\n", "received\n", "escalation\n", "\"covers\":[", "\"mode\":\"real\"",
    "\"repeats\":\"", "\"officer\":", "\"station\":", "\"words\":{\"text\":", "\"message\":\"",
]

/// Puts a message on a board, twice: what is known already changes nothing.
private func board(_ message: StopMessage) {
    let now = Now(utc: UTCInstant(microseconds: 1_795_000_000_000_000), monotonic: MonotonicInstant(nanoseconds: 1_000_000_000))
    var board = StopBoard(party: addressee, terms: terms)
    takeStop(message, on: &board, now: now)
}

private let author = Samples.party
private let stopKey: Ed25519PrivateKey = {
    guard let key = Ed25519PrivateKey(seed: Array(0..<32)) else { preconditionFailure("32 bytes") }
    return key
}()

/// The terms of the vectors with a STOP key of ours for the first principal.
private let terms: Terms = {
    let old = Samples.terms.party(author)?.stopKey.hex ?? ""
    let file = String(decoding: Samples.terms.bytes, as: UTF8.self).replacing(old, with: stopKey.publicKey.hex)
    guard let terms = try? Terms.read(Array(file.utf8), mechanism: nil) else {
        preconditionFailure("the changed terms are readable")
    }
    return terms
}()

private let stopRecords = Samples.records.compactMap { record -> String? in
    guard let body = try? RecordBody.read(Array(record.text("body").utf8)) else { return nil }
    return switch body.content {
    case .stop(let stop), .stopAnswer(let stop), .stopEffect(let stop): stop.note
    default: nil
    }
}

private let stopSeeds: [[UInt8]] = texts(stopRecords) + [StopPeerMessages.notes(stopRecords).bytes] + stopTextSeeds

/// A message of every kind, in the mechanism above.
private let stopTextSeeds: [[UInt8]] = {
    let id = MerkleHash.sha256([9])
    let time = UTCInstant(microseconds: 1_795_000_000_000_000)
    let area = try? Footprint(json: ["type": "Point", "coordinates": [38.3169, 34.5574], "radiusM": 3000], path: "")
    let contents: [StopContent] = [
        .stop(StopPress(area: area, notice: RecordID("israel-1"), words: StopWords(text: "Dur!", language: "tr"), officer: "Kaya")),
        .stop(StopPress(mode: .drill, station: "ops room", repeats: id)),
        .received(message: id),
    ]
    let ours = contents.compactMap { content -> [UInt8]? in
        let message = StopMessage(
            mechanism: terms.mechanism, author: author, createdAt: time, nonce: Bytes([UInt8](repeating: 7, count: 16)),
            content: content)
        return message.map { Array($0.text.utf8) }
    }
    return ours + texts(stopRecords.compactMap { SignedNote(encoded: $0)?.text })
}()

private let info = StopRelaySeal.info(Samples.terms.mechanism, from: Samples.party, to: addressee)
private let addressee = Samples.terms.principals[1].id
private let sealKey = Samples.sealKey(of: addressee)
private let encapsulation: Encapsulation = {
    guard let encapsulation = sealKey.publicKey.encapsulate(info: info) else { preconditionFailure("no encapsulation") }
    return encapsulation
}()

private func open(_ sealed: [UInt8]) -> String? {
    StopRelaySeal.open(sealed, mechanism: Samples.terms.mechanism, from: Samples.party, to: addressee, key: sealKey)
}

private let relaySeeds: [[UInt8]] = {
    let note = Array((stopRecords.first ?? "").utf8)
    let plain = [UInt8(note.count >> 8), UInt8(note.count & 0xFF)] + note
    let sealed = StopRelaySeal.seal(
        stopRecords.first ?? "", mechanism: Samples.terms.mechanism, from: Samples.party, to: addressee, key: sealKey.publicKey)
    return [plain, StopPeerMessages.Relayed(party: addressee, sealed: Array((sealed ?? []).prefix(600))).json.bytes]
}()

private func takeStop(_ message: StopMessage, on board: inout StopBoard, now: Now) {
    guard let note = stopNote(message) else { return }
    guard (try? board.handle(.received(note: note, via: message.author), now: now)) != nil else { return }
    let calls = board.calls
    _ = try? board.handle(.received(note: note, via: message.author), now: now)
    require(board.calls == calls, "what is known already changes nothing")
    _ = try? board.handle(.tick, now: Now(utc: now.utc, monotonic: MonotonicInstant(nanoseconds: 90_000_000_000)))
    for peer in Samples.terms.parties where peer.id != board.party { _ = board.exchange(with: peer.id) }
}

private func stopNote(_ message: StopMessage) -> String? {
    guard message.author == author, message.mechanism == terms.mechanism else { return nil }
    return message.signed(publicKey: stopKey.publicKey) { stopKey.sign($0) }
}
