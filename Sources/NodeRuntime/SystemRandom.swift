/// The system's random numbers.
public struct SystemRandom: RandomNumberGenerator, Sendable {
    private var system = SystemRandomNumberGenerator()
    /// Swift's own generator has no bytes, and so no address: a build under Thread Sanitizer looks at the address of
    /// whatever is passed `inout`, and falls.
    private var byte: UInt8 = 0

    public init() {}

    public mutating func next() -> UInt64 { system.next() }
}
