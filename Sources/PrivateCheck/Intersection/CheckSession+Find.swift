import Kernel

extension CheckSession {
    /// Holds the other side's answers to our points against our answers to theirs.
    ///
    /// - Parameter answers: of the size class's number.
    /// - Throws: `repeatedTag`, `reflected` or `canariesMissing`; what was found before that stays in ``finding``.
    mutating func find(_ answers: [CheckTag]) throws(CheckRefusal) {
        guard let input, let remask else { throw .malformed }
        let ours = CheckTag.list(remask.array.dropFirst(Self.headBytes)).sorted()
        let theirs = answers.sorted()
        guard zip(theirs, theirs.dropFirst()).allSatisfy({ $0 != $1 }) else { throw .repeatedTag }
        let canaries = Limits.privateCheckCanaries
        if case .count = parameters.output {
            // In any other order they would say more than they were asked for; nothing follows from it for us.
            let common = Self.common(ours, theirs)
            guard common >= canaries else { throw .canariesMissing(found: common, expected: canaries) }
            finding = .count(common - canaries)
            return
        }
        let order = MaskOrder(seed: input.seed, count: parameters.pointCount)
        var found = 0
        var matched: [CheckElement] = []
        for (place, answer) in answers.enumerated() where Self.holds(ours, answer) {
            if order.isCanary(place) { found += 1 }
            guard let element = order.element(at: place, of: input.elements) else { continue }
            matched.append(element)
        }
        if case .coarse(let level) = parameters.output {
            matched = matched.compactMap { $0.coarsened(toLevel: level) }
        }
        finding = .elements(SortedSet(matched).elements)
        guard found == canaries else { throw .canariesMissing(found: found, expected: canaries) }
    }

    private static func holds(_ sorted: [CheckTag], _ tag: CheckTag) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < tag { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == tag
    }

    private static func common(_ a: [CheckTag], _ b: [CheckTag]) -> Int {
        var (i, j, count) = (0, 0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] { count += 1 }
            if a[i] <= b[j] { i += 1 } else { j += 1 }
        }
        return count
    }
}
