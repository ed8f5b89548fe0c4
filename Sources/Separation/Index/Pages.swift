/// A long array in pages, so that growing moves a page and not all of it, and copying after a change copies a page.
struct Pages<Element: Sendable>: Sendable {
    private var pages: [[Element]] = []
    private(set) var count = 0

    private static var bits: Int { 9 }
    private static var mask: Int { 1 << bits - 1 }

    @inline(__always)
    subscript(index: Int) -> Element {
        get { pages[index >> Self.bits][index & Self.mask] }
        set { pages[index >> Self.bits][index & Self.mask] = newValue }
        _modify { yield &pages[index >> Self.bits][index & Self.mask] }
    }

    mutating func append(_ element: Element) {
        if count & Self.mask == 0 {
            pages.append([])
            pages[pages.count - 1].reserveCapacity(1 << Self.bits)
        }
        pages[pages.count - 1].append(element)
        count += 1
    }
}
