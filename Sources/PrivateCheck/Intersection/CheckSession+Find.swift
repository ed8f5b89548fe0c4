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
        if parameters.output.isCounted {
            // In any other order they would say more than they were asked for; nothing follows from it for us.
            let common = Self.common(ours, theirs)
            guard common >= canaries else { throw .canariesMissing(found: common, expected: canaries) }
            finding = .count(common - canaries)
            return
        }
        var (matched, found) = Self.matched(
            answers, ours: ours, order: MaskOrder(seed: input.seed, count: parameters.pointCount), input.elements)
        if case .coarse(let level) = parameters.output {
            matched = SortedSet(matched.compactMap { $0.coarsened(toLevel: level) }).elements
        }
        finding = .elements(matched)
        guard found == canaries else { throw .canariesMissing(found: found, expected: canaries) }
    }

    /// - Parameters:
    ///   - answers: of the other side, in the order of our points.
    ///   - ours: our own answers, sorted.
    /// - Returns: our elements that both have, and how many canaries were answered.
    static func matched(
        _ answers: [CheckTag], ours: [CheckTag], order: MaskOrder, _ elements: [CheckElement]
    ) -> (elements: [CheckElement], canaries: Int) {
        // By what stood in each place, whether it is an element or not, so that the time hardly tells how many matched.
        var isAnswered = [Bool](repeating: false, count: order.sources.count)
        for (source, answer) in zip(order.sources, answers) { isAnswered[Int(source)] = holds(ours, answer) }
        let canaries = Limits.privateCheckCanaries
        let matched = zip(elements, isAnswered.dropFirst(canaries)).compactMap { $1 ? $0 : nil }
        return (matched, isAnswered.prefix(canaries).count { $0 })
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
