import Foundation
import JointLog
import Kernel
import NodeRuntime
import Records

/// The public part of prepared keys, as it goes from a node to the machine of the root keys. Nothing in it is secret;
/// what counts is that nobody exchanged it on the way.
struct PreparedKeys {
    let party: PartyID
    /// Of the statement that comes next.
    let sequence: UInt64
    let keys: NodePublicKeys

    init(party: PartyID, sequence: UInt64, keys: NodePublicKeys) {
        self.party = party
        self.sequence = sequence
        self.keys = keys
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try FieldReader(try StrictJSON.read(bytes, limit: 8_192))
        party = try reader.party("party")
        sequence = UInt64(try reader.integer("sequence", in: 1...Int64(Limits.largestInteger)))
        let node = try reader.hash("node")
        let tls = try reader.hash("tls")
        var seal: SealPublicKey?
        if let text = try reader.optionalString("seal") {
            guard let key = SealPublicKey(base64: text) else {
                throw reader.rejection("seal", .notAllowed(rule: "an X-Wing public key in base64"))
            }
            seal = key
        }
        keys = NodePublicKeys(node: node, tls: tls, seal: seal)
        try reader.finish()
    }

    var json: JSONValue {
        [
            "party": .string(party.name), "sequence": .integer(Int64(sequence)), "node": .string(keys.node.hex),
            "tls": .string(keys.tls.hex), "seal": keys.seal.map { .string($0.base64) } ?? .null,
        ]
    }
}

/// Statements in files: the text alone, or with signature lines.
enum StatementFile {
    static func read(_ path: String) throws -> SignedRootStatement {
        let text = String(decoding: try File.read(path, limit: SignedRootStatement.largestBytes), as: UTF8.self)
        if let bare = RootStatement(text: text) { return SignedRootStatement(bare) }
        guard let signed = SignedRootStatement(note: text) else {
            throw CommandFailure(.unusableFile, "malformed", "\(path) is not a statement of root keys")
        }
        return signed
    }

    /// The text alone as long as nobody has signed.
    static func write(_ signed: SignedRootStatement, to path: String) throws {
        let text = signed.signatureCount == 0 ? signed.statement.text : signed.encoded
        try NodeFolder(path: ".").write(Array(text.utf8), to: URL(fileURLWithPath: path))
    }
}

/// Keys and statements as people read them to each other.
enum KeyText {
    static func lines(_ keys: NodePublicKeys) -> String {
        let seal = keys.seal.map { Fingerprint.shown(MerkleHash.sha256($0.bytes)) } ?? "none"
        return """
              node key  \(Fingerprint.shown(keys.node))
              TLS key   \(Fingerprint.shown(keys.tls))
              seal key  \(seal)
            """
    }

    static func lines(_ roots: RootKeys?) -> String {
        guard let roots else { return "  root keys none: a lost or stolen key cannot be replaced" }
        return (["  root keys \(roots.threshold) of"] + roots.keys.map { "            " + Fingerprint.shown($0) })
            .joined(separator: "\n")
    }

    static func text(_ signed: SignedRootStatement) -> String {
        let statement = signed.statement
        let what =
            switch statement {
            case .keyChange(let change):
                "\(change.reason.rawValue) of the keys of \(statement.party), from index \(change.from)"
            case .epoch(let epoch):
                """
                epoch \(epoch.epoch) of \(statement.party), after two histories:
                  size \(epoch.first.size)  \(Fingerprint.shown(epoch.first.root))
                  size \(epoch.second.size)  \(Fingerprint.shown(epoch.second.root))
                """
            }
        return """
            Statement \(statement.sequence): \(what)
              mechanism \(Fingerprint.shown(statement.mechanism))
            \(lines(statement.keys))
              this text \(Fingerprint.shown(MerkleHash.sha256(Array(statement.text.utf8))))
            """
    }
}
