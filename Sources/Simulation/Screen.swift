import Kernel
import Mechanism

/// What one line of a node's screen says of a notice, or of the mechanism (`notice` is `nil`).
public struct Screen: Sendable, Hashable {
    public let notice: NoticeID?
    public var answer: Assurance.Answer
    public var validUntil: MonotonicInstant?

    public init(_ assurance: Assurance) {
        notice = assurance.notice
        answer = assurance.answer
        validUntil = assurance.validUntil
    }
}
