import JointLog
import Kernel
import Records

extension SampleMechanism {
    /// Türkiye writes two records, signs another history of five, and goes on in a new log; Israel sees both logs. A
    /// minute passes before each exchange but the first.
    public static func afterFork() -> SampleMechanism {
        var sample = SampleMechanism([
            SampleParty("israel", .principal, number: 2), SampleParty("turkiye", .principal, number: 3),
        ])
        let nothing = RecordContent.suspension(Suspension(suspended: false, reason: nil))
        sample.write("turkiye", nothing)
        sample.write("turkiye", nothing)
        sample.receipt("israel", of: "turkiye")
        sample.pass(60)
        sample.write("israel", nothing)
        sample.receipt("turkiye", of: "israel")
        sample.pass(60)
        sample.fork("turkiye", otherSize: 5)
        sample.write("turkiye", nothing)
        sample.receipt("israel", of: "turkiye")
        sample.pass(60)
        sample.write("israel", nothing)
        sample.receipt("turkiye", of: "israel")
        return sample
    }
}
