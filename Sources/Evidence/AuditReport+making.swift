import JointLog
import Kernel
import Records

extension AuditReport {
    /// Checks a bundle and says what it proves. Any bytes may come; the limits are ``BundleLimits``.
    ///
    /// - Parameter mechanism: the fingerprint that the parties compared in person. With `nil` the report says which one
    ///   the bundle names, and proves nothing until somebody compares it.
    public static func checking(
        _ bytes: [UInt8], mechanism: MechanismID?
    ) throws(BundleRejection) -> AuditReport {
        AuditReport(try CheckedBundle(bytes, mechanism: mechanism), isMechanismGiven: mechanism != nil)
    }

    init(_ bundle: CheckedBundle, isMechanismGiven: Bool) {
        var cosigned = SortedMap<LogID, CosignedHeads>()
        for log in bundle.logs { cosigned[log.id] = CosignedHeads(log, keys: bundle.keys) }
        let citations = Citations(bundle)
        let entries = bundle.logs.flatMap { log in
            log.records.map { AuditReport.entry($0, citations, cosigned) }
        }
        var times = SortedMap<Place, UTCInstant>()
        for entry in entries { times[entry.place] = entry.claimed ?? entry.bracket.notAfter?.time ?? .distantPast }
        let timeline = JointTimeline(bundle, citations) { times[$0.place] ?? .distantPast }

        mechanism = bundle.terms.mechanism
        self.isMechanismGiven = isMechanismGiven
        termsName = bundle.terms.name
        parties = bundle.terms.parties.map(\.id)
        principals = bundle.terms.principals.map(\.id)
        exported = bundle.manifest.exported
        exporter = bundle.manifest.exporter
        logs = bundle.logs.compactMap { AuditReport.log($0, cosigned[$0.id]) }
        keyChanges = bundle.keys.changes
        forks = bundle.forks.map { Fork(log: $0.log, first: $0.first, second: $0.second) }
        self.entries = entries
        self.timeline = timeline.rows
        notices = NoticeFacts(entries).histories
        contradictions =
            AuditReport.contradicted(citations, in: bundle) + timeline.contradictions
            + AuditReport.clocks(entries, skewMax: bundle.terms.timing.skewMax)
            + SortedSet(bundle.forks.map(\.log)).elements.map { .fork($0) }
    }

    private static func entry(
        _ record: CheckedRecord, _ citations: Citations, _ cosigned: SortedMap<LogID, CosignedHeads>
    ) -> Entry {
        let own = cosigned[record.log]
        let cited = citations.of(record).compactMap { log, seen in
            cosigned[log]?.lacking(seen.size - 1, by: record.log.party)
        }
        let body: Entry.Body =
            switch record.body {
            case .open(let body): .open(body)
            case .withheld: .withheld
            case .unreadable(let sentence): .unreadable(sentence: sentence)
            }
        return Entry(
            place: record.place, header: record.header, body: body,
            bracket: TimeBracket(
                held: own?.covering(record.leaf) ?? [], lacked: own?.lacking(record.leaf) ?? [],
                cited: cited))
    }

    private static func log(_ log: CheckedLog, _ cosigned: CosignedHeads?) -> Log? {
        guard let newest = log.heads.last else { return nil }
        return Log(
            id: log.id, newest: newest.checkpoint, heads: log.heads.count, records: log.records.count,
            cosigned: cosigned?.covering(newest.checkpoint.size - 1) ?? [],
            postQuantumHeads: log.heads.filter(\.hasPostQuantumSignature).count)
    }

    /// Citations that do not fit the heads of the bundle, or each other.
    private static func contradicted(_ citations: Citations, in bundle: CheckedBundle) -> [Contradiction] {
        var found: [Contradiction] = []
        for log in bundle.logs {
            var most = SortedMap<LogID, UInt64>()
            for record in log.records {
                for (cited, seen) in citations.of(record) {
                    if let root = citations.root(of: cited, at: seen.size), root != seen.root {
                        found.append(.citesOtherRoot(record.place, log: cited, size: seen.size))
                    }
                    if seen.size < most[cited] ?? 0 {
                        found.append(.citesLess(record.place, log: cited, size: seen.size))
                    }
                    most[cited] = max(most[cited] ?? 0, seen.size)
                }
            }
        }
        return found
    }

    private static func clocks(_ entries: [Entry], skewMax: Duration) -> [Contradiction] {
        entries.compactMap { entry in
            // Cosignatures say whole seconds.
            guard let claimed = entry.claimed, let held = entry.bracket.notAfter,
                claimed > held.time.advanced(by: skewMax + .seconds(1))
            else { return nil }
            return .claimedAfterHeld(entry.place, claimed: claimed, held: held)
        }
    }
}
