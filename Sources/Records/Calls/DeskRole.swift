/// Who at a desk is called. A call goes to a role, never to a person: anyone who serves in it may answer.
public enum DeskRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// The watch officer: always there.
    case watch
    /// The releasing officer, who may say for the party what removes a warning.
    case releasing
    /// The next rank.
    case command
}
