import JointLog
import Kernel
import PrivateCheck
import Records

/// What the terms make of a private check: everything but the moment.
extension Terms {
    /// The parameters of a check that one proposes to the other now.
    ///
    /// - Returns: `nil` where the terms have no private checks, or the moment lies outside what slots can name.
    public func privateCheck(between one: PartyID, _ other: PartyID, at now: UTCInstant) -> CheckParameters? {
        guard let agreed = privateCheck else { return nil }
        let first = now.microseconds / CheckGrid.slotMicroseconds
        let last = now.advanced(by: agreed.window).microseconds / CheckGrid.slotMicroseconds
        guard first >= 0, first <= last,
            let grid = try? CheckGrid(level: agreed.level, bands: agreed.bands, slots: first...last)
        else { return nil }
        let output: CheckParameters.Output =
            switch agreed.output {
            case .cells: .cells
            case .count: .count
            case .coarse: .coarse(level: agreed.coarseLevel ?? 0)
            }
        return try? CheckParameters(
            context: privateCheckContext(one, other), grid: grid, sizeClass: agreed.sizeClass, cap: agreed.cap,
            output: output, deadline: now.advanced(by: agreed.within))
    }

    /// Whether a proposal is exactly what these terms make of the moment at which it was made.
    func agrees(to parameters: CheckParameters, between one: PartyID, _ other: PartyID, at proposed: UTCInstant) -> Bool {
        // Its author wrote the proposal a little before the record that carries it.
        let slack = parameters.deadline.duration(since: proposed) - (privateCheck?.within ?? .zero)
        guard slack <= .zero, slack >= .seconds(-60) else { return false }
        return privateCheck(between: one, other, at: parameters.deadline.advanced(by: .zero - (privateCheck?.within ?? .zero)))
            == parameters
    }

    /// Elements of one pair in one mechanism never equal those of another.
    private func privateCheckContext(_ one: PartyID, _ other: PartyID) -> Hash32 {
        let pair = [one, other].sorted().map(\.name).joined(separator: " ")
        return MerkleHash.sha256(Array("parley private check context 1 \(mechanism) \(pair)".utf8))
    }
}
