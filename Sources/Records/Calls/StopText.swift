import Geodesy
import Kernel

/// Texts of people in STOP messages: one line, not empty, without characters that do not show or that turn the direction
/// of others (``PlainText``).
public enum StopText {
    /// Of remarks.
    public static let remarksBytes = 1_000

    static func isPlain(_ text: String, limit: Int) -> Bool {
        !text.isEmpty && text.utf8.count <= limit && PlainText.firstForbidden(in: text, allowsLines: false) == nil
    }

    /// The text as it may be sent: what may not stand in it becomes a space, what is too long is cut.
    ///
    /// - Returns: `nil` when nothing is left.
    public static func fitted(_ text: String?, limit: Int) -> String? {
        guard let text else { return nil }
        var fitted = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            let isForbidden = PlainText.firstForbidden(in: String(scalar), allowsLines: false) != nil
            let kept: Unicode.Scalar = isForbidden ? " " : scalar
            bytes += UTF8.width(kept)
            guard bytes <= limit else { break }
            fitted.append(kept)
        }
        return fitted.allSatisfy { $0 == " " } ? nil : String(fitted)
    }
}

extension StopContent {
    /// The same, brought within the limits, so that nothing an officer types or draws keeps a STOP from being sent: texts
    /// are cut, and an area of too many vertices becomes the disc that holds it. A name of which nothing is left becomes
    /// `?`.
    public var fitted: StopContent {
        switch self {
        case .stop(let press): return .stop(press.fitted)
        case .answer(var answer):
            answer.officer = StopContent.name(answer.officer)
            answer.units = answer.units.compactMap { StopText.fitted($0, limit: StopAnswer.unitBytes) }
            answer.units = Array(answer.units.prefix(StopAnswer.mostUnits))
            answer.remarks = StopText.fitted(answer.remarks, limit: StopText.remarksBytes)
            return .answer(answer)
        case .effect(var report):
            report.officer = StopContent.name(report.officer)
            report.remarks = StopText.fitted(report.remarks, limit: StopText.remarksBytes)
            return .effect(report)
        case .lift(var lift):
            lift.officer = StopContent.name(lift.officer)
            lift.remarks = StopText.fitted(lift.remarks, limit: StopText.remarksBytes)
            lift.covers = StopContent.covers(lift.covers)
            return .lift(lift)
        case .received: return self
        case .escalation(var escalation):
            escalation.round = min(max(escalation.round, 1), StopEscalation.mostRounds)
            escalation.covers = escalation.over ? StopContent.covers(escalation.covers) : []
            return .escalation(escalation)
        }
    }

    private static func name(_ text: String) -> String {
        StopText.fitted(text, limit: Limits.officerNameBytes) ?? "?"
    }

    private static func covers(_ ids: [Hash32]) -> [Hash32] { SortedSet(ids.suffix(coversMost)).elements }
}

extension StopPress {
    fileprivate var fitted: StopPress {
        var press = self
        press.area = area.flatMap(StopPress.fitted)
        press.officer = StopText.fitted(officer, limit: Limits.officerNameBytes)
        press.station = StopText.fitted(station, limit: StopPress.stationBytes)
        if press.officer == nil, press.station == nil { press.station = "?" }
        press.words = words.flatMap { words in
            StopText.fitted(words.text, limit: StopWords.textBytes).map {
                StopWords(text: $0, language: words.language.flatMap { StopWords.isLanguage($0) ? $0 : nil })
            }
        }
        return press
    }

    private static func fitted(_ area: Footprint) -> Footprint? {
        if isSendable(area) { return area }
        let cap = area.boundingCap
        // Rounded up to a metre: the disc may be larger than what it holds, never smaller.
        let radiusM = min((cap.radiusM + 1).rounded(.up), Limits.radiusLargestMetres)
        guard cap.radiusM <= radiusM, let disc = try? Footprint(validating: .point(cap.centre), radiusM: radiusM),
            isSendable(disc)
        else { return nil }
        return disc
    }

    /// Whether the area's JSON is short enough and reads back as the same JSON.
    static func isSendable(_ area: Footprint) -> Bool {
        let json = area.json
        let bytes = json.bytes
        guard bytes.count <= areaBytes, let value = try? StrictJSON.read(bytes, limit: areaBytes),
            let again = try? Footprint(json: value, path: "area")
        else { return false }
        return again.json.bytes == bytes
    }
}

extension StopWords {
    static func isLanguage(_ text: String) -> Bool {
        (2...35).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
            }
    }
}
