import Geodesy
import Kernel
import Records

/// Compares what was read back of a message with what it says. A pure function of both and the terms, so that all
/// nodes reach the same answer.
public enum MessageReadBack {
    /// - Returns: the fields to be read back that are missing or differ by more than the terms' tolerance, in the
    ///   template's order. What was read back beyond them is not compared.
    public static func mismatches(
        _ readBack: [TemplateMessage.Entry], with content: MessageContent, terms: Terms
    ) -> [MessageFieldName] {
        guard case .template(let message) = content.body else { return [] }
        return content.readBack.filter { name in
            guard let stated = message[name], let read = readBack.first(where: { $0.name == name })?.value else {
                return true
            }
            return !agree(stated, read, terms.readBack)
        }
    }

    /// Positions within the tight tolerance, altitudes and times within theirs; anything else exactly.
    private static func agree(_ stated: MessageValue, _ read: MessageValue, _ tolerance: TermsReadBack) -> Bool {
        switch (stated, read) {
        case (.position(let a, _), .position(let b, _)): Geodesic.distanceM(a, b) <= tolerance.tightM
        case (.altitudeBand(let a), .altitudeBand(let b)):
            ReadBackComparison.agree(a.lower, b.lower, withinM: tolerance.altitudeM)
                && ReadBackComparison.agree(a.upper, b.upper, withinM: tolerance.altitudeM)
        case (.time(let a), .time(let b)): a.duration(since: b).magnitude <= tolerance.start
        default: stated == read
        }
    }
}
