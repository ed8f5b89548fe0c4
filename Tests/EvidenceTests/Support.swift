import Evidence
import EvidenceSamples
import JointLog
import Kernel
import Records

/// Made once: the founding case, and its whole bundle as Türkiye's node exports it.
let founding = SampleMechanism.foundingCase()
let foundingBundle: [UInt8] = bundle(founding, founding.contents(by: "turkiye"))

func bundle(_ sample: SampleMechanism, _ contents: BundleContents) -> [UInt8] {
    do {
        return try sample.archive(contents)
    } catch {
        preconditionFailure("a sample bundle holds: \(error)")
    }
}

func files(of bundle: [UInt8]) -> [BundleArchive.File] {
    do {
        return try BundleArchive(bundle).files
    } catch {
        preconditionFailure("a sample bundle is an archive: \(error)")
    }
}

/// The bundle with its files changed, and a manifest that the exporter signed over them anew: only what stands below
/// the manifest can refuse it.
func resigned(
    _ bundle: [UInt8], by exporter: String = "turkiye", of sample: SampleMechanism = founding,
    _ change: (inout [BundleArchive.File]) -> Void
) -> [UInt8] {
    var changed = Array(files(of: bundle).dropFirst())
    change(&changed)
    changed.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let party = sample.party(exporter)
    let manifest = BundleManifest(
        mechanism: sample.terms.mechanism, exported: sample.now, exporter: party.id,
        lines: changed.map { BundleManifest.Line($0) })
    let first = BundleArchive.File(
        path: BundlePath.manifest, bytes: manifest.signed(publicKey: party.node.publicKey, sign: party.node.sign))
    do {
        return try BundleArchive(files: [first] + changed).encoded()
    } catch {
        preconditionFailure("a changed bundle is an archive: \(error)")
    }
}

extension Array where Element == BundleArchive.File {
    mutating func replace(_ path: String, with bytes: [UInt8]) {
        guard let i = firstIndex(where: { $0.path == path }) else { preconditionFailure("no \(path)") }
        self[i] = BundleArchive.File(path: path, bytes: bytes)
    }

    mutating func remove(_ path: String) {
        guard let i = firstIndex(where: { $0.path == path }) else { preconditionFailure("no \(path)") }
        remove(at: i)
    }

    func bytes(_ path: String) -> [UInt8] { first { $0.path == path }?.bytes ?? [] }
}

/// How a bundle was refused: reason and file; `nil` when it was not.
func refusal(_ bundle: [UInt8], mechanism: MechanismID? = founding.terms.mechanism) -> String? {
    do throws(BundleRejection) {
        _ = try AuditReport.checking(bundle, mechanism: mechanism)
        return nil
    } catch {
        return error.path.isEmpty ? error.name : "\(error.name) \(error.path)"
    }
}

func report(_ bundle: [UInt8], of sample: SampleMechanism = founding) -> AuditReport {
    do {
        return try AuditReport.checking(bundle, mechanism: sample.terms.mechanism)
    } catch {
        preconditionFailure("the bundle holds: \(error)")
    }
}
