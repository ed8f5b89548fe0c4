import Kernel
import Notation
import Records
import Separation

/// Terms as two delegations read them across a table.
enum TermsSummary {
    static func text(_ terms: Terms) -> String {
        [
            head(terms), section("Bodies", sealing(terms)), section("Parties", parties(terms)), section("Kinds", kinds(terms)),
            section("Minima (kinds that the table lacks take the worst: \(shown(terms.minima.worst)))", minima(terms)),
            section("Area and heights", area(terms)), section("Times", times(terms)),
            """
            A notice is neither permission nor immunity.

            Fingerprint, to compare in person:
              \(Fingerprint.shown(terms.fingerprint))
            """,
        ].joined(separator: "\n\n")
    }

    private static func head(_ terms: Terms) -> String {
        "\(terms.name), version \(terms.version), from \(DateTimeGroup.format(terms.effectiveAt))"
    }

    private static func section(_ title: String, _ body: String) -> String {
        title + "\n" + body.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    }

    private static func sealing(_ terms: Terms) -> String {
        switch terms.sealing {
        case .none: "not encrypted: whoever reads a node's disk or a private link reads them"
        case .xWing: "encrypted to their audience (HPKE, X-Wing); the mediator cannot read them"
        }
    }

    private static func parties(_ terms: Terms) -> String {
        terms.parties.map { party in
            """
            \(party.id)  \(party.name), \(party.role.rawValue), at \(party.address)
            \(KeyText.lines(party.publicKeys))
              STOP key  \(Fingerprint.shown(party.stopKey))
              ML-DSA    \(party.postQuantumKeyHash.map(Fingerprint.shown) ?? "none: checkpoints are signed with Ed25519 alone")
            \(KeyText.lines(party.roots))
            """
        }.joined(separator: "\n")
    }

    private static func kinds(_ terms: Terms) -> String {
        var table = TextTable("kind", "precedence", "notice before", "read-back needed", "tolerance", "standing")
        for kind in terms.kinds {
            table.add(
                kind.kind.name, kind.precedence.rawValue.uppercased(), shown(kind.leadTime),
                kind.needsAcknowledgement ? "yes" : "no",
                metres(kind.tightReadBack ? terms.readBack.tightM : terms.readBack.looseM),
                kind.standing ? "yes" : "no")
        }
        return table.text
    }

    /// One line for each kind and distance, because most pairs share theirs.
    private static func minima(_ terms: Terms) -> String {
        var lines: [(first: ActivityKind, minima: Minima, others: [String])] = []
        for row in terms.minima.rows {
            if let i = lines.firstIndex(where: { $0.first == row.first && $0.minima == row.minima }) {
                lines[i].others.append(row.second.name)
            } else {
                lines.append((row.first, row.minima, [row.second.name]))
            }
        }
        return lines.map { line in
            "\(line.first) – \(line.others.joined(separator: ", ")):\n  \(shown(line.minima))"
        }.joined(separator: "\n")
    }

    private static func area(_ terms: Terms) -> String {
        let area = terms.area
        let vertical = terms.vertical
        return """
            west \(area.westDeg)°, south \(area.southDeg)°, east \(area.eastDeg)°, north \(area.northDeg)°
            ground from \(metres(vertical.terrainFloorM)) to \(metres(vertical.terrainCeilingM)) AMSL
            pressure altitudes within \(metres(vertical.pressureBoundM)) of the true one
            geoid \(vertical.geoidSHA256.map { "EGM96, SHA-256 \($0.hex.prefix(16))…" } ?? "none agreed: its worst case holds")
            """
    }

    private static func times(_ terms: Terms) -> String {
        let timing = terms.timing
        return """
            heartbeat \(shown(timing.heartbeat)); silence is UNKNOWN after \(shown(timing.staleAfter)); clocks within \(shown(timing.skewMax))
            a desk is unstaffed after \(shown(timing.unstaffedAfter)) without a human act
            read-back due: FLASH \(shown(timing.acknowledgeFlash)), IMMEDIATE \(shown(timing.acknowledgeImmediate)), PRIORITY \(shown(timing.acknowledgePriority)), ROUTINE \(shown(timing.acknowledgeRoutine)),
            and never later than \(shown(timing.acknowledgeMargin)) before the start
            read-back tolerance: \(metres(terms.readBack.tightM)) or \(metres(terms.readBack.looseM)), altitude \(metres(terms.readBack.altitudeM)), start \(shown(terms.readBack.start))
            """
    }

    private static func shown(_ minima: Minima) -> String {
        let vertical =
            switch minima.vertical {
            case .all: "at any altitude"
            case .metres(let metresApart): "\(metres(metresApart)) vertically"
            }
        return "\(metres(minima.horizontalM)), \(vertical), \(shown(minima.time))"
    }

    private static func metres(_ value: Double) -> String {
        let whole = value.rounded()
        return (value == whole ? String(Int64(whole)) : "\(value)") + " m"
    }

    private static func shown(_ duration: Duration) -> String {
        let seconds = duration.wholeMicroseconds / 1_000_000
        if seconds >= 86_400, seconds % 86_400 == 0 { return "\(seconds / 86_400) d" }
        if seconds >= 3_600, seconds % 3_600 == 0 { return "\(seconds / 3_600) h" }
        if seconds >= 60, seconds % 60 == 0 { return "\(seconds / 60) min" }
        return "\(seconds) s"
    }
}
