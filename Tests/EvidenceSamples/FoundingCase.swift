import Evidence
import Geodesy
import JointLog
import Kernel
import Records
import Separation
import Simulation

extension SampleMechanism {
    /// Türkiye stands at T4, Israel files a strike, both nodes find the collision, an officer reads back, Israel
    /// changes its node key and Türkiye moves its notice, while Azerbaijan mirrors what it cannot read.
    public static func foundingCase(extraNotices: Int = 0) -> SampleMechanism {
        var sample = SampleMechanism([
            SampleParty("azerbaijan", .mediator, number: 1), SampleParty("israel", .principal, number: 2),
            SampleParty("turkiye", .principal, number: 3),
        ])
        let names = ["azerbaijan", "israel", "turkiye"]
        let file = String(decoding: sample.terms.bytes, as: UTF8.self)
        for name in names {
            sample.write(
                name,
                .termsAcceptance(
                    TermsAcceptance(
                        fingerprint: sample.terms.fingerprint, terms: file,
                        postQuantumKey: sample.party(name).postQuantum.publicKey.bytes)))
        }
        sample.exchange(names)
        sample.pass(60)

        let standing = SampleNotices.standingPresence(at: .t4, from: sample.now)
        let presence = sample.write("turkiye", .notice(content(standing)), officer: "Yılmaz")
        for i in 0..<extraNotices {
            sample.pass(1)
            let fields = SampleNotices.airOperation(at: .hama, from: sample.now.advanced(by: .hours(Int64(i + 1))))
            sample.write("turkiye", .notice(content(fields)), officer: "Yılmaz")
        }
        // Neither has heard of the other's notice.
        let strikeFields = SampleNotices.strike(at: .t4, from: sample.now.advanced(by: .hours(2)))
        let strike = sample.write("israel", .notice(content(strikeFields)), officer: "Levi")
        sample.pass(1)
        sample.exchange(names)
        sample.pass(1)

        let finding = Finding(
            conflict: MerkleHash.sha256(Array("a sample conflict".utf8)),
            first: NoticeVersion(notice: strike, version: 1), second: NoticeVersion(notice: presence, version: 1),
            proven: true)
        for (name, other) in [("israel", "turkiye"), ("turkiye", "israel")] {
            let size = sample.log(other).notes.last?.key ?? 0
            sample.write(name, .finding(finding))
            sample.write(name, .evaluated(Evaluated(party: sample.party(other).id, size: size, unreadable: [])))
        }
        sample.exchange(names)
        sample.pass(30)
        sample.write(
            "israel",
            .acknowledgement(
                Acknowledgement(
                    notice: presence, version: 1, leaf: sample.leaf(of: presence),
                    readBack: SampleNotices.rightReadBack(of: standing))),
            officer: "Levi")
        sample.receipt("turkiye", of: "israel")
        sample.receipt("azerbaijan", of: "israel")
        sample.pass(30)
        sample.rotate("israel")
        sample.write("israel", .noticeEnd(NoticeEnd(notice: strike, version: 1, reason: .cancelled, remarks: nil)))
        sample.exchange(names)
        sample.pass(5)
        return sample
    }

    public mutating func pass(_ seconds: Int64) { now = now.advanced(by: .seconds(seconds)) }

    /// Everybody receives and receipts everybody's log.
    public mutating func exchange(_ names: [String]) {
        for author in names { for holder in names where holder != author { receipt(holder, of: author) } }
    }

    static func content(_ fields: NoticeFields) -> NoticeContent {
        NoticeContent(
            notice: nil, version: 1, kind: fields.kind, onBehalfOf: fields.onBehalfOf, volumes: fields.volumes,
            contact: fields.contact, remarks: fields.remarks, reviewBy: fields.reviewBy)
    }
}
