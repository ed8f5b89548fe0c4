import Kernel

/// A PROPOSE as it came, for a desk to look at before anything is put in.
public struct CheckProposal: Hashable, Sendable {
    public let parameters: CheckParameters
    let bytes: [UInt8]

    /// - Throws: `malformed` unless these are exactly the bytes of a proposal within every limit.
    public init(_ bytes: [UInt8]) throws(CheckRefusal) {
        var reader = MessageReader(bytes)
        guard try reader.kind() == .propose else { throw .malformed }
        parameters = try CheckParameters(&reader)
        _ = try reader.hash()
        try reader.end()
        self.bytes = bytes
    }

    init(_ parameters: CheckParameters, nonce: [UInt8]) {
        var message = MessageWriter(.propose)
        message.put(parameters.bytes)
        message.put(nonce)
        self.parameters = parameters
        bytes = message.bytes
    }

    var hash: Hash32 { Hash32(label: "proposal", bytes) }
}
