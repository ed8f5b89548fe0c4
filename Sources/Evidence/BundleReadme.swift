/// The text that every bundle carries: one and the same, so that no bundle can advise whoever checks it.
public enum BundleReadme {
    public static let text = """
        This is an evidence bundle of Parley: signed records of parties that deconflict
        military activities, with what a stranger needs to check them.

        manifest            the hash of every file, signed by the node that exported them
        terms.json          the terms; their SHA-256 is the fingerprint of the mechanism
        policy              the keys that follow from the terms (C2SP tlog-policy)
        statements/         changes of keys, signed by root keys (C2SP signed-note)
        keys/               ML-DSA-65 public keys, whose SHA-256 stands in the terms
        logs/LOG/heads/     signed heads of each log (C2SP tlog-checkpoint), with receipts
                            (C2SP tlog-cosignature); .consistency leads to the newest head
        logs/LOG/records/   .header: the signed bytes, the leaf of the log
                            .signature: Ed25519, 64 bytes
                            .proof: that the leaf is in the log (C2SP tlog-proof)
                            .body, .salt: what the commitment in the header opens to
                            .sealed, .key: the sealed body, and the key of this body alone
        forks/              proofs that an author signed two histories of one log

        A record without .body and .key is withheld: its order, time and receipt are proven
        all the same.

        To check everything:

            parley-audit BUNDLE --mechanism FINGERPRINT

        Take the fingerprint from a party to the mechanism, not from this bundle: the parties
        compared it in person. The signature of the manifest says who put the bundle together;
        that the records are genuine does not rest on it.

        """
}
