import JointLog
import Kernel
import Mechanism
import PrivateCheck
import Records

/// What sealed plans put into a private check.
extension Mechanism {
    /// Plans that stay here and have not ended, with what they cover of a grid; those without anything there are left out.
    ///
    /// - Throws: `CoverRejection`: more than the check has room for.
    func sealedCovers(in grid: CheckGrid, cap: Int) throws(CoverRejection) -> [(plan: SealedPlanID, elements: [CheckElement])] {
        let buffers = HalfBuffers(table: terms.minima, kinds: terms.kinds.map(\.kind))
        var covers: [(SealedPlanID, [CheckElement])] = []
        for plan in checks.plans.values where plan.endedAt == nil {
            let elements = try PlanCover.elements(
                of: plan.fields.volumes.map { ($0.volume, buffers[plan.fields.kind]) }, grid: grid, reference: reference,
                room: cap)
            if !elements.isEmpty { covers.append((plan.id, elements)) }
        }
        return covers
    }

    /// - Throws: `CoverRejection.tooManyElements`.
    func checkInput(
        _ parameters: CheckParameters, seed: SecretSeed
    ) throws(CoverRejection) -> (input: CheckInput, plans: [SealedPlanID]) {
        let covers = try sealedCovers(in: parameters.grid, cap: parameters.cap)
        var elements = covers.flatMap(\.elements).sorted()
        var kept = 0
        for i in elements.indices where i == 0 || elements[i] != elements[kept - 1] {
            elements[kept] = elements[i]
            kept += 1
        }
        elements.removeSubrange(kept...)
        guard elements.count <= parameters.cap else { throw .tooManyElements(allowed: parameters.cap) }
        let plans = covers.map(\.plan)
        let fields = plans.compactMap { checks.plans[$0]?.fields }
        let root = MerkleHash.sha256(
            Array("parley private check plans 1\n".utf8) + fields.flatMap { $0.content.json.bytes + [0x0A] })
        let minutes = fields.flatMap(\.volumes).reduce(UInt64(0)) { sum, stated in
            sum + UInt64(clamping: stated.volume.window.end.duration(since: stated.volume.window.start).wholeMicroseconds / 60_000_000)
        }
        guard let input = try? CheckInput(elements: elements, planRoot: root, volumeHours: minutes, seed: seed) else {
            throw .tooManyElements(allowed: parameters.cap)
        }
        return (input, plans)
    }

    /// Of the plans that went in, those that something was found with; `nil` where only a number is shown.
    func hits(_ finding: CheckFinding?, of plans: [SealedPlanID], in parameters: CheckParameters) -> [SealedPlanID]? {
        guard let finding else { return [] }
        guard case .elements(let found) = finding else { return nil }
        guard !found.isEmpty, let covers = try? sealedCovers(in: parameters.grid, cap: parameters.cap) else { return [] }
        return covers.filter { cover in
            plans.contains(cover.plan)
                && cover.elements.contains { element in
                    let shown: CheckElement? =
                        if case .coarse(let level) = parameters.output { element.coarsened(toLevel: level) } else { element }
                    return shown.map { found.hasSorted($0) } ?? false
                }
        }
        .map(\.plan)
    }
}

extension NoticeFields {
    /// In the form of a record, though no record ever holds it.
    fileprivate var content: RecordContent {
        .notice(NoticeContent(
            notice: nil, version: 1, kind: kind, onBehalfOf: onBehalfOf, volumes: volumes, contact: contact,
            remarks: remarks, reviewBy: reviewBy))
    }
}

extension [CheckElement] {
    /// Of a sorted list.
    fileprivate func hasSorted(_ element: CheckElement) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == element
    }
}
