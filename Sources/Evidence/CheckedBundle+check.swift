import JointLog
import Kernel
import Records

extension CheckedBundle {
    /// Checks every file of the bundle.
    ///
    /// - Parameter mechanism: the fingerprint that the parties compared; `nil` takes the one that the bundle names,
    ///   and its caller must compare it.
    init(_ bytes: [UInt8], mechanism: MechanismID?) throws(BundleRejection) {
        try self.init(try EvidenceBundle(try BundleArchive(bytes)), mechanism: mechanism)
    }

    init(_ bundle: EvidenceBundle, mechanism: MechanismID?) throws(BundleRejection) {
        terms = try CheckedBundle.terms(bundle, mechanism: mechanism)
        manifest = bundle.manifest
        guard terms.party(manifest.exporter) != nil else {
            throw BundleRejection(BundlePath.manifest, .unknownParty(manifest.exporter))
        }
        var statements: [(party: PartyID, sequence: UInt64, note: String)] = []
        for (party, sequence, bytes) in bundle.statements {
            guard let note = String(validating: bytes, as: UTF8.self) else {
                throw BundleRejection(BundlePath.statement(party, sequence: sequence).path, .malformed)
            }
            statements.append((party, sequence, note))
        }
        keys = try BundleKeys(terms, statements: statements)
        guard manifest.isSigned(by: keys.nodeKeys(of: manifest.exporter), line: bundle.manifestSignature) else {
            throw BundleRejection(BundlePath.manifest, .manifestSignature)
        }
        guard bundle.readme.elementsEqual(BundleReadme.text.utf8) else {
            throw BundleRejection(BundlePath.readme.path, .readmeChanged)
        }
        guard let policy = BundlePolicy.text(terms: terms, keys: keys), bundle.policy.elementsEqual(policy.utf8) else {
            throw BundleRejection(BundlePath.policy.path, .policyDiffers)
        }
        var postQuantumKeys = SortedMap<PartyID, PostQuantumKey>()
        for (party, bytes) in bundle.postQuantumKeys {
            guard let key = PostQuantumKey(bytes), terms.party(party)?.postQuantumKeyHash == key.hash else {
                throw BundleRejection(BundlePath.postQuantumKey(party).path, .wrongKey)
            }
            postQuantumKeys[party] = key
        }
        let verifier = HeadNote.Verifier(terms: terms, keys: keys, postQuantumKeys: postQuantumKeys)
        var logs: [CheckedLog] = []
        for (id, files) in bundle.logs { logs.append(try CheckedLog(id, files, by: verifier)) }
        self.logs = logs
        var forks: [CheckedFork] = []
        for (log, number, text) in bundle.forks {
            forks.append(try CheckedFork(log, text, path: BundlePath.fork(log, number: number).path, by: verifier))
        }
        self.forks = forks
    }

    private static func terms(_ bundle: EvidenceBundle, mechanism: MechanismID?) throws(BundleRejection) -> Terms {
        let named = bundle.manifest.mechanism
        guard named == mechanism ?? named else {
            throw BundleRejection(BundlePath.manifest, .wrongMechanism(found: named))
        }
        let path = BundlePath.terms.path
        let fingerprint = MerkleHash.sha256(bundle.terms)
        guard fingerprint == named else { throw BundleRejection(path, .wrongMechanism(found: fingerprint)) }
        do { return try Terms.read(bundle.terms, mechanism: nil) } catch {
            throw BundleRejection(path, .termsRefused(sentence: error.sentence))
        }
    }
}

extension CheckedLog {
    init(_ id: LogID, _ files: EvidenceBundle.LogFiles, by verifier: HeadNote.Verifier) throws(BundleRejection) {
        var heads: [HeadNote] = []
        for (size, bytes) in files.heads {
            let path = BundlePath.head(id, size: size).path
            let head = try HeadNote.reading(bytes, of: id, path: path, by: verifier)
            guard head.checkpoint.size == size else { throw BundleRejection(path, .misplaced) }
            heads.append(head)
        }
        // A log in a bundle has a head; a lone file of a log without one says which is missing.
        guard let newest = heads.last else { throw BundleRejection("logs/\(BundlePath.folder(id))/heads", .missingFile) }
        for (size, _) in files.consistency where files.heads[size] == nil || size == newest.checkpoint.size {
            throw BundleRejection(BundlePath.consistency(id, size: size).path, .unknownFile)
        }
        for head in heads.dropLast() { try CheckedLog.requireConsistent(head, newest, id, files) }
        var records: [CheckedRecord] = []
        for (index, parts) in files.records {
            records.append(try CheckedRecord(id, index, parts.parts, newest: newest, by: verifier))
        }
        self.id = id
        self.heads = heads
        self.records = records
    }

    private static func requireConsistent(
        _ head: HeadNote, _ newest: HeadNote, _ id: LogID, _ files: EvidenceBundle.LogFiles
    ) throws(BundleRejection) {
        let path = BundlePath.consistency(id, size: head.checkpoint.size).path
        guard let bytes = files.consistency[head.checkpoint.size] else { throw BundleRejection(path, .missingFile) }
        guard let text = String(validating: bytes, as: UTF8.self), let proof = HashLines.hashes(in: text),
            !text.isEmpty || bytes.isEmpty
        else { throw BundleRejection(path, .malformed) }
        guard
            MerkleProof.isConsistency(
                from: head.checkpoint.size, root: head.checkpoint.root, to: newest.checkpoint.size,
                root: newest.checkpoint.root, proof: proof)
        else { throw BundleRejection(path, .inconsistent) }
    }
}

extension CheckedRecord {
    init(
        _ id: LogID, _ index: LogIndex, _ parts: SortedMap<BundlePath.RecordPart, [UInt8]>, newest: HeadNote,
        by verifier: HeadNote.Verifier
    ) throws(BundleRejection) {
        func path(_ part: BundlePath.RecordPart) -> String { BundlePath.record(id, index, part).path }
        func required(_ part: BundlePath.RecordPart) throws(BundleRejection) -> [UInt8] {
            guard let bytes = parts[part] else { throw BundleRejection(path(part), .missingFile) }
            return bytes
        }
        let signed = try required(.header)
        guard signed.count <= Envelope.largestHeader, let text = String(validating: signed, as: UTF8.self),
            let header = RecordHeader(text: text)
        else { throw BundleRejection(path(.header), .malformed) }
        let start = verifier.keys.start(of: id)
        guard header.mechanism == verifier.terms.mechanism, header.author == id.party, header.index == index,
            index >= start
        else { throw BundleRejection(path(.header), .misplaced) }
        leaf = index - start
        for party in header.audience + header.seen.map(\.party) where verifier.terms.party(party) == nil {
            throw BundleRejection(path(.header), .unknownParty(party))
        }
        guard let key = verifier.keys.nodeKey(of: id, leaf: leaf),
            Ed25519.isValid(signature: try required(.signature), of: signed, by: key)
        else { throw BundleRejection(path(.signature), .recordSignature) }

        guard let encoded = String(validating: try required(.proof), as: UTF8.self),
            let proof = TlogProof(encoded: encoded), proof.extra == nil
        else { throw BundleRejection(path(.proof), .malformed) }
        guard proof.note == newest.plain else { throw BundleRejection(path(.proof), .proofHead) }
        guard proof.index == leaf, proof.includes(leaf: MerkleHash.leaf(signed)) else {
            throw BundleRejection(path(.proof), .notIncluded)
        }
        log = id
        self.header = header
        body = try CheckedRecord.body(header, in: id, parts, path: path)
    }

    private static func body(
        _ header: RecordHeader, in id: LogID, _ parts: SortedMap<BundlePath.RecordPart, [UInt8]>,
        path: (BundlePath.RecordPart) -> String
    ) throws(BundleRejection) -> Body {
        var opened: [UInt8]?
        switch (parts[.body], parts[.salt]) {
        case (nil, nil): break
        case (nil, _): throw BundleRejection(path(.body), .missingFile)
        case (_, nil): throw BundleRejection(path(.salt), .missingFile)
        case (let body?, let saltFile?):
            guard let salt = hash(saltFile) else { throw BundleRejection(path(.salt), .malformed) }
            guard SealedBody.commitment(salt: salt, body: body) == header.commitment else {
                throw BundleRejection(path(.body), .commitment)
            }
            opened = body
        }
        switch (parts[.sealed], parts[.key]) {
        case (nil, nil): break
        case (nil, _): throw BundleRejection(path(.sealed), .missingFile)
        case (_, nil): throw BundleRejection(path(.key), .missingFile)
        case (let sealed?, let keyFile?):
            guard let key = hash(keyFile) else { throw BundleRejection(path(.key), .malformed) }
            guard sealed.count == header.paddedLength, MerkleHash.sha256(sealed) == header.sealedHash else {
                throw BundleRejection(path(.sealed), .sealedHash)
            }
            let binding = SealBinding(mechanism: header.mechanism, log: id, index: header.index)
            guard
                let body = SealedBody.opening(
                    sealed, contentKey: key, binding: binding, commitment: header.commitment)
            else { throw BundleRejection(path(.key), .contentKey) }
            opened = body
        }
        guard let opened else { return .withheld }
        do throws(BodyRejection) {
            return .open(try RecordBody.read(opened))
        } catch {
            return .unreadable(sentence: error.sentence)
        }
    }

    /// 64 hexadecimal digits and a newline.
    private static func hash(_ file: [UInt8]) -> Hash32? {
        guard file.last == 0x0A, let text = String(validating: file.dropLast(), as: UTF8.self) else { return nil }
        return Hash32(hex: text)
    }
}

extension CheckedFork {
    init(_ log: LogID, _ bytes: [UInt8], path: String, by verifier: HeadNote.Verifier) throws(BundleRejection) {
        let origin = Checkpoint.origin(mechanism: verifier.terms.mechanism, log: log)
        guard let text = String(validating: bytes, as: UTF8.self),
            let proof = ForkProof(encoded: text, origin: origin, publicKeys: verifier.keys.nodeKeys(of: log))
        else { throw BundleRejection(path, .notAFork) }
        // Neither note may carry a line that nobody verified.
        for head in [proof.first, proof.second] {
            _ = try HeadNote.reading(Array(head.note.utf8), of: log, path: path, by: verifier, anyTenure: true)
        }
        self.log = log
        first = proof.first.checkpoint
        second = proof.second.checkpoint
    }
}
