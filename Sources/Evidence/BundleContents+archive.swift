import JointLog
import Kernel
import Records

extension BundleContents {
    /// The bundle: every file in its canonical form, the manifest signed, and the whole checked as a stranger would
    /// check it, so that no bundle leaves that would be refused.
    ///
    /// - Parameters:
    ///   - publicKey: the exporter's node key.
    ///   - sign: signs bytes with that key.
    /// - Throws: what the check would say of what was gathered.
    public func archive(publicKey: Hash32, sign: ([UInt8]) -> [UInt8]) throws(BundleRejection) -> [UInt8] {
        let files = try files().sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let manifest = BundleManifest(
            mechanism: terms.mechanism, exported: exported, exporter: exporter,
            lines: files.map { BundleManifest.Line($0) })
        let first = BundleArchive.File(
            path: BundlePath.manifest, bytes: manifest.signed(publicKey: publicKey, sign: sign))
        let bytes = try BundleArchive(files: [first] + files).encoded()
        _ = try CheckedBundle(bytes, mechanism: terms.mechanism)
        return bytes
    }

    private func files() throws(BundleRejection) -> [BundleArchive.File] {
        var files: [BundleArchive.File] = []
        func add(_ path: BundlePath, _ bytes: some Sequence<UInt8>) {
            files.append(BundleArchive.File(path: path.path, bytes: Array(bytes)))
        }
        let ordered = statements.sorted { ($0.party, $0.sequence) < ($1.party, $1.sequence) }
            .map { $0.withoutStrangers(terms) }
        let keys = try BundleKeys(terms, statements: ordered.map { ($0.party, $0.sequence, $0.note) })
        guard let policy = BundlePolicy.text(terms: terms, keys: keys) else {
            throw BundleRejection(BundlePath.policy.path, .malformed)
        }
        add(.readme, BundleReadme.text.utf8)
        add(.terms, terms.bytes)
        add(.policy, policy.utf8)
        for statement in ordered {
            add(.statement(statement.party, sequence: statement.sequence), statement.note.utf8)
        }
        for (party, key) in postQuantumKeys { add(.postQuantumKey(party), key.bytes) }
        let verifier = HeadNote.Verifier(terms: terms, keys: keys, postQuantumKeys: postQuantumKeys)
        for log in logs {
            var newest: HeadNote?
            for head in log.heads.sorted(by: { $0.size < $1.size }) {
                let path = BundlePath.head(log.id, size: head.size)
                let note = try HeadNote.merging(head.notes, of: log.id, path: path.path, by: verifier)
                guard note.checkpoint.size == head.size else { throw BundleRejection(path.path, .misplaced) }
                add(path, note.full.utf8)
                newest = note
            }
            for head in log.heads where head.size != newest?.checkpoint.size {
                add(.consistency(log.id, size: head.size), HashLines.text(head.consistency).utf8)
            }
            for record in log.records {
                for (part, bytes) in try record.parts(of: log.id, start: keys.start(of: log.id), newest: newest) {
                    add(.record(log.id, record.index, part), bytes)
                }
            }
        }
        var count = SortedMap<LogID, UInt64>()
        for fork in forks {
            count[fork.log, default: 0] += 1
            let path = BundlePath.fork(fork.log, number: count[fork.log] ?? 1)
            add(path, try fork.canonical(path: path.path, by: verifier).utf8)
        }
        return files
    }
}

extension BundleContents.Statement {
    /// Without lines that no root key of the party made, which whoever sent the note could have added.
    fileprivate func withoutStrangers(_ terms: Terms) -> BundleContents.Statement {
        guard let signed = SignedNote(encoded: note), let roots = terms.party(party)?.roots else { return self }
        let name = RootKeys.keyName(mechanism: terms.mechanism, party: party)
        let keys = roots.keys.map { NoteKey(name: name, algorithm: .ed25519, publicKey: $0) }
        let lines = signed.signatures.filter { line in
            keys.contains {
                $0.name == line.keyName && $0.keyID == line.keyID && $0.isValid(line.signature, of: signed.text)
            }
        }
        return BundleContents.Statement(
            party: party, sequence: sequence, note: SignedNote(text: signed.text, signatures: lines).encoded)
    }
}

extension BundleContents.Record {
    fileprivate func parts(
        of log: LogID, start: LogIndex, newest: HeadNote?
    ) throws(BundleRejection) -> [(BundlePath.RecordPart, [UInt8])] {
        let path = BundlePath.record(log, index, .proof).path
        guard let newest else { throw BundleRejection(path, .proofHead) }
        guard index >= start, let proof = TlogProof(index: index - start, hashes: inclusion, note: newest.plain)
        else { throw BundleRejection(path, .notIncluded) }
        var parts: [(BundlePath.RecordPart, [UInt8])] = [
            (.header, header), (.signature, signature), (.proof, Array(proof.encoded.utf8)),
        ]
        switch disclosure {
        case .withheld: break
        case .open(let body, let salt): parts += [(.body, body), (.salt, Array("\(salt.hex)\n".utf8))]
        case .sealed(let sealed, let contentKey):
            parts += [(.sealed, sealed), (.key, Array("\(contentKey.hex)\n".utf8))]
        }
        return parts
    }
}

extension BundleContents.Fork {
    /// The proof without lines that the bundle's keys do not verify.
    fileprivate func canonical(path: String, by verifier: HeadNote.Verifier) throws(BundleRejection) -> String {
        let first = try HeadNote.merging([proof.first.note], of: log, path: path, by: verifier, anyTenure: true)
        let second = try HeadNote.merging([proof.second.note], of: log, path: path, by: verifier, anyTenure: true)
        let origin = Checkpoint.origin(mechanism: verifier.terms.mechanism, log: log)
        guard
            let canonical = ForkProof(
                first.full, second.full, impliedRoot: proof.impliedRoot, consistency: proof.consistency,
                origin: origin, publicKeys: verifier.keys.nodeKeys(of: log))
        else { throw BundleRejection(path, .notAFork) }
        return canonical.encoded
    }
}
