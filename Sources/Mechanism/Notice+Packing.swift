import Kernel
import Records

/// A notice with all the facts about it, as a snapshot keeps it.
extension Notice {
    func pack(into writer: inout PackedWriter) {
        writer.put(id)
        writer.put(word: mode.rawValue)
        writer.put(audience) { $0.put($1) }
        writer.put(record)
        writer.put(leaf)
        writer.put(officer) { $0.put(word: $1) }
        writer.put(createdAt.microseconds)
        writer.put(filedAt.microseconds)
        writer.put(version)
        fields.pack(into: &writer)
        writer.put(flags) { $0.put(word: $1.rawValue) }
        writer.put(word: precedence.rawValue)
        writer.put(word: status.rawValue)
        writer.put(ended) { $1.pack(into: &$0) }
        writer.put(facts.keys) { $0.put($1) }
        for (_, fact) in facts { fact.pack(into: &writer) }
        writer.put(passedOn.keys) { $0.put($1) }
        for (_, fact) in passedOn { fact.pack(into: &writer) }
        writer.put(readBacks) { $1.pack(into: &$0) }
        writer.put(conflicts.elements) { $0.put($1) }
    }

    init(from reader: inout PackedReader) throws(PackedRejection) {
        self.init(
            id: try reader.recordID(), mode: try reader.word(as: Mode.self),
            audience: try reader.array { reader throws(PackedRejection) in try reader.party() },
            record: try reader.recordID(), leaf: try reader.hash(),
            officer: try reader.optional { reader throws(PackedRejection) in try reader.word() },
            createdAt: try UTCInstant(from: &reader), filedAt: try UTCInstant(from: &reader), version: try reader.number(),
            fields: try NoticeFields(from: &reader),
            flags: try reader.array { reader throws(PackedRejection) in try reader.word(as: IrregularFlag.self) },
            precedence: try reader.word(as: Precedence.self), status: try reader.word(as: NoticeStatus.self),
            ended: try reader.optional { reader throws(PackedRejection) in try EndFact(from: &reader) },
            facts: try reader.byParty { reader throws(PackedRejection) in try DeliveryFacts(from: &reader) },
            passedOn: try reader.byParty { reader throws(PackedRejection) in try PassedOnFact(from: &reader) },
            readBacks: try reader.array { reader throws(PackedRejection) in try ReadBackFact(from: &reader) },
            conflicts: SortedSet(try reader.array { reader throws(PackedRejection) in try reader.hash() }))
    }
}

extension PackedWriter {
    fileprivate mutating func put(_ party: PartyID) { put(word: party.name) }

    fileprivate mutating func put(_ record: RecordID) {
        put(record.party)
        put(record.index)
    }

    fileprivate mutating func put(_ instant: UTCInstant?) { put(instant) { $0.put($1.microseconds) } }
}

extension PackedReader {
    fileprivate mutating func party() throws(PackedRejection) -> PartyID {
        guard let party = PartyID(try word()) else { throw rejection("no party") }
        return party
    }

    fileprivate mutating func recordID() throws(PackedRejection) -> RecordID {
        RecordID(party: try party(), index: try number())
    }

    fileprivate mutating func instant() throws(PackedRejection) -> UTCInstant? {
        try optional { reader throws(PackedRejection) in try UTCInstant(from: &reader) }
    }

    /// Keys first, then as many values.
    fileprivate mutating func byParty<Value>(
        _ read: (inout PackedReader) throws(PackedRejection) -> Value
    ) throws(PackedRejection) -> SortedMap<PartyID, Value> {
        let parties = try array { reader throws(PackedRejection) in try reader.party() }
        var map = SortedMap<PartyID, Value>()
        for party in parties { map[party] = try read(&self) }
        return map
    }
}

extension EndFact {
    fileprivate func pack(into writer: inout PackedWriter) {
        writer.put(word: reason.rawValue)
        writer.put(at.microseconds)
        writer.put(record)
    }

    fileprivate init(from reader: inout PackedReader) throws(PackedRejection) {
        self.init(
            reason: try reader.word(as: NoticeEnd.Reason.self), at: try UTCInstant(from: &reader),
            record: try reader.recordID())
    }
}

extension DeliveryFacts {
    fileprivate func pack(into writer: inout PackedWriter) {
        writer.put(receiptedAt)
        writer.put(lodgedAt)
        writer.put(lodgedWith) { $0.put($1) }
        writer.put(evaluatedAt)
        writer.put(acknowledgedAt)
        writer.put(acknowledgedBy) { $0.put(word: $1) }
    }

    fileprivate init(from reader: inout PackedReader) throws(PackedRejection) {
        self.init()
        receiptedAt = try reader.instant()
        lodgedAt = try reader.instant()
        lodgedWith = try reader.optional { reader throws(PackedRejection) in try reader.party() }
        evaluatedAt = try reader.instant()
        acknowledgedAt = try reader.instant()
        acknowledgedBy = try reader.optional { reader throws(PackedRejection) in try reader.word() }
    }
}

extension PassedOnFact {
    fileprivate func pack(into writer: inout PackedWriter) {
        writer.put(reached)
        writer.put(of)
        writer.put(units) { $0.put(word: $1) }
        writer.put(officer) { $0.put(word: $1) }
        writer.put(at.microseconds)
        writer.put(record)
    }

    fileprivate init(from reader: inout PackedReader) throws(PackedRejection) {
        self.init(
            reached: try reader.number(), of: try reader.number(),
            units: try reader.array { reader throws(PackedRejection) in try reader.word() },
            officer: try reader.optional { reader throws(PackedRejection) in try reader.word() },
            at: try UTCInstant(from: &reader), record: try reader.recordID())
    }
}

extension ReadBackFact {
    fileprivate func pack(into writer: inout PackedWriter) {
        writer.put(party)
        writer.put(officer) { $0.put(word: $1) }
        writer.put(at.microseconds)
        writer.put(version)
        writer.put(mismatches) { $0.put(word: $1.rawValue) }
    }

    fileprivate init(from reader: inout PackedReader) throws(PackedRejection) {
        self.init(
            party: try reader.party(), officer: try reader.optional { reader throws(PackedRejection) in try reader.word() },
            at: try UTCInstant(from: &reader), version: try reader.number(),
            mismatches: try reader.array { reader throws(PackedRejection) in try reader.word(as: ReadBackMismatch.self) })
    }
}
