import Geodesy
import Notation
import Records

/// A notice, its collisions and its assurance as lines for a person.
enum NoticeText {
    static func list(_ notices: [JSONValue]) -> String {
        var table = TextTable("notice", "v", "kind", "status", "from", "to", "assurance", "read back by", "flags")
        for notice in notices {
            let volumes = notice.array("volumes")
            table.add(
                notice.string("id") ?? "", String(notice.integer("version") ?? 0), kind(notice),
                notice.string("status") ?? "", TimeText.shown(volumes.compactMap { $0["start"] }.min(by: order)),
                TimeText.shown(volumes.compactMap { $0["end"] }.max(by: order)),
                Words.shown(answer: notice.string("assurance")),
                notice.array("facts").filter { $0.string("acknowledgedAt") != nil }.compactMap { $0.string("party") }
                    .joined(separator: " "),
                notice.strings("flags").joined(separator: " "))
        }
        return table.isEmpty ? "No notices." : table.text
    }

    private static func order(_ a: JSONValue, _ b: JSONValue) -> Bool { (a.asText ?? "") < (b.asText ?? "") }

    private static func kind(_ notice: JSONValue) -> String {
        (notice.string("kind") ?? "") + (notice.string("mode") == "drill" ? " (drill)" : "")
    }

    static func whole(_ notice: JSONValue) -> String {
        var lines = [
            "\(notice.string("id") ?? "")  \(kind(notice)), version \(notice.integer("version") ?? 0), \(notice.string("status") ?? ""), \((notice.string("precedence") ?? "").uppercased())"
        ]
        if let forces = notice.string("onBehalfOf") { lines.append("on behalf of \(forces)") }
        let flags = notice.strings("flags")
        if !flags.isEmpty { lines.append("irregular: " + flags.map(Words.flag).joined(separator: ", ")) }
        for (i, volume) in notice.array("volumes").enumerated() { lines.append("volume \(i): " + shown(volume)) }
        lines.append("contact \(notice.string("contact") ?? "")")
        if let remarks = notice.string("remarks") { lines.append("remarks \(remarks)") }
        if let review = notice["reviewBy"], review != .null { lines.append("review by \(TimeText.shown(review))") }
        if let ended = notice["ended"], ended != .null {
            lines.append("ended \(TimeText.shown(ended["at"])): \(ended.string("reason") ?? "")")
        }
        for fact in notice.array("facts") {
            lines.append(
                "\(fact.string("party") ?? ""): received \(TimeText.shown(fact["receiptedAt"])), judged \(TimeText.shown(fact["evaluatedAt"])), read back \(TimeText.shown(fact["acknowledgedAt"]))"
                    + (fact.string("acknowledgedBy").map { " by \($0), attested by \(fact.string("attestedBy") ?? "")'s node" } ?? ""))
        }
        for readBack in notice.array("readBacks") where readBack.bool("accepted") == false {
            lines.append(
                "refused read-back by \(readBack.string("officer") ?? readBack.string("party") ?? "") of \(readBack.string("party") ?? "") at \(TimeText.shown(readBack["at"])): \(readBack.strings("mismatches").joined(separator: ", "))")
        }
        for conflict in notice.strings("conflicts") { lines.append("conflict \(conflict)") }
        lines.append("assurance \(Words.shown(answer: notice.string("assurance")))")
        return lines.joined(separator: "\n")
    }

    private static func shown(_ volume: JSONValue) -> String {
        let footprint = volume["footprint"]
        let type = footprint?.string("type") ?? ""
        let radius = footprint?.number("radiusM") ?? 0
        let what =
            switch type {
            case "Point": radius > 0 ? "circle of \(Int64(radius)) m around" : "point"
            case "LineString": radius > 0 ? "corridor of \(Int64(radius)) m either side of" : "line"
            default: radius > 0 ? "polygon widened by \(Int64(radius)) m" : "polygon"
            }
        let place = volume.string("original") ?? (footprint?["coordinates"]?.text ?? "")
        let altitude = volume["altitude"]
        return "\(what) \(place), \(shown(altitude: altitude?["lower"])) to \(shown(altitude: altitude?["upper"])), \(TimeText.shown(volume["start"])) to \(TimeText.shown(volume["end"]))"
    }

    private static func shown(altitude: JSONValue?) -> String {
        guard let altitude, let read = try? Altitude(json: altitude, path: "") else { return "?" }
        return AltitudeText.format(read)
    }

    /// What a check or a filing found.
    static func collisions(_ hits: [JSONValue]) -> String {
        guard !hits.isEmpty else { return "Collides with no notice that this node holds." }
        var table = TextTable("collides with", "of", "kind", "apart", "needed", "")
        for hit in hits {
            table.add(
                hit.string("notice") ?? "", hit.string("owner") ?? "", hit.string("kind") ?? "",
                hit.number("distanceM").map { "\(Int64($0.rounded())) m" } ?? "?",
                hit.number("requiredM").map { "\(Int64($0.rounded())) m" } ?? "?",
                (hit.bool("proven") == true ? "" : "within the error bound, so it counts")
                    + (hit.string("conflict").map { "conflict \($0.prefix(16))…" } ?? ""))
        }
        return table.text
    }
}

/// The API's words as people read them.
enum Words {
    static func shown(answer: String?) -> String {
        switch answer {
        case "clear": "NO KNOWN CONFLICT"
        case "conditions": "NO KNOWN CONFLICT UNDER CONDITIONS"
        case "conflict": "CONFLICT"
        default: "UNKNOWN"
        }
    }

    static func flag(_ flag: String) -> String {
        switch flag {
        case "shortLead": "at short notice"
        case "alreadyBegun": "already begun"
        case "beyondArea": "reaching beyond the area"
        default: flag
        }
    }
}
