import CSodium
import Kernel

/// REMASK as it lies in the record where a mediator gives out both sides' answers together: locked under a key that its
/// maker leaves with the mediator, who has no copy of what it opens.
public enum LockedAnswer {
    /// XSalsa20-Poly1305 under a key that is used once, hence without a nonce.
    public static func lock(_ message: [UInt8], key: Hash32) -> [UInt8] {
        Sodium.start()
        var locked = [UInt8](repeating: 0, count: message.count + tagBytes)
        _ = crypto_secretbox_easy(&locked, message, UInt64(message.count), nonce, key.bytes)
        return locked
    }

    /// - Returns: `nil` for anything else than what was locked under this key.
    public static func open(_ locked: [UInt8], key: Hash32) -> [UInt8]? {
        Sodium.start()
        guard locked.count >= tagBytes else { return nil }
        var message = [UInt8](repeating: 0, count: locked.count - tagBytes)
        guard crypto_secretbox_open_easy(&message, locked, UInt64(locked.count), nonce, key.bytes) == 0 else {
            return nil
        }
        return message
    }

    private static let tagBytes = Int(crypto_secretbox_MACBYTES)
    private static let nonce = [UInt8](repeating: 0, count: Int(crypto_secretbox_NONCEBYTES))
}

extension CheckSession {
    /// What locks our REMASK; `nil` when the session is over.
    public var answerKey: Hash32? { input.flatMap { Hash32($0.seed.derived("answer key")) } }

    /// Which message of ours these bytes are.
    public static func kind(of message: [UInt8]) -> MessageKind? {
        message.count > 1 ? MessageKind(rawValue: message[1]) : nil
    }

    /// Says that an officer does not want the check that was proposed.
    public static var declining: [UInt8] {
        var message = MessageWriter(.end)
        message.put(Hash32(label: "none").bytes)
        message.put(UInt8(0))
        return message.bytes
    }
}
