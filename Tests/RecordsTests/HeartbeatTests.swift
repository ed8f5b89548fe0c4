import Kernel
import Records
import Testing

@Suite struct HeartbeatTests {
    private let answer = HeartbeatAnswer(
        party: party("israel"), challenge: sampleTerms.mechanism, utc: UTCInstant(microseconds: 1_795_375_020_000_001),
        logSize: 7, holds: 9, humanActAgeS: 12, suspended: false, termsFingerprint: sampleTerms.fingerprint)

    @Test("an answer comes back from its text, with and without a human act")
    func roundTrip() {
        #expect(HeartbeatAnswer(text: answer.text) == answer)
        for age in [nil, 0, 1_000_000_000] as [Int64?] {
            for suspended in [false, true] {
                let other = HeartbeatAnswer(
                    party: answer.party, challenge: answer.challenge, utc: answer.utc,
                    logSize: Limits.largestInteger, holds: 0, humanActAgeS: age, suspended: suspended,
                    termsFingerprint: answer.termsFingerprint)
                #expect(HeartbeatAnswer(text: other.text) == other)
            }
        }
    }

    @Test(
        "a text with a field in any other form is refused",
        arguments: [
            ("heartbeat v1", "heartbeat v2"), ("party israel", "party Israel"), ("party israel", "party "),
            ("challenge ", "challenge 0"), ("challenge ", "challenge"), (".000001Z", "Z"),
            (".000001Z", ".000001+00:00"),
            ("size 7", "size 07"), ("size 7", "size +7"), ("size 7", "size -7"), ("size 7", "size 9007199254740993"),
            ("size 7", "size 18446744073709551616"), ("holds 9", "holds"), ("holds 9", "holds 9 "),
            ("holds 9", "holds 9007199254740993"), ("human 12", "human -1"), ("human 12", "human 1000000001"),
            ("human 12", "human 012"), ("human 12", "human +12"), ("human 12", "human Never"), ("human 12", "human "),
            ("suspended no", "suspended false"), ("suspended no", "suspended No"), ("suspended no", "suspended "),
            ("\n", "\r\n"), ("terms ", "terms  "), ("human 12\n", ""), ("human 12\n", "human 12\nhuman 12\n"),
            ("size 7\nholds 9", "holds 9\nsize 7"), ("parley", "\u{FEFF}parley"),
        ])
    func malformed(from: String, to: String) {
        let changed = answer.text.replacing(from, with: to)
        #expect(changed != answer.text)
        #expect(HeartbeatAnswer(text: changed) == nil)
    }

    @Test("a text with any one byte changed is refused or is another answer that is written just so")
    func oneByteChanges() {
        let bytes = Array(answer.text.utf8)
        for i in bytes.indices {
            for byte in [0x0A, 0x0D, 0x20, 0x2B, 0x30, 0x35, 0x61, 0x7A, 0xC3] as [UInt8] where byte != bytes[i] {
                var changed = bytes
                changed[i] = byte
                guard let text = String(validating: changed, as: UTF8.self), let read = HeartbeatAnswer(text: text)
                else { continue }
                #expect(read != answer)
                #expect(Array(read.text.utf8) == changed)
            }
        }
    }

    @Test("a text cut off or continued is refused")
    func frames() {
        for length in 0..<answer.text.count {
            #expect(HeartbeatAnswer(text: String(answer.text.prefix(length))) == nil)
        }
        for more in ["\n", "x", "x\n", answer.text] { #expect(HeartbeatAnswer(text: answer.text + more) == nil) }
    }
}
