import Evidence
import EvidenceSamples
import Foundation
import Kernel

/// Writes sample bundles into a folder, with what the independent verifier needs to know of each: one line of
/// `name fingerprint exporter's-seed` per bundle on standard output. The keys are made up and of no use elsewhere.
guard CommandLine.arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: BundleWriter FOLDER\n".utf8))
    exit(2)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])
for sample in try SampleBundle.all() {
    try Data(sample.bytes).write(to: folder.appendingPathComponent(sample.name))
    print(sample.name, sample.mechanism.hex, sample.seed.hex)
}
