import Kernel

/// A PROPOSE as it came, for a desk to look at before anything is put in.
public struct CheckProposal: Hashable, Sendable, Codable {
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

    private init(_ parameters: CheckParameters, bytes: [UInt8]) {
        self.parameters = parameters
        self.bytes = bytes
    }

    /// As ``CheckParameters/unpadded(elements:)``: for measurements.
    package func unpadded(elements: Int) -> CheckProposal {
        CheckProposal(parameters.unpadded(elements: elements), bytes: bytes)
    }

    var hash: Hash32 { Hash32(label: "proposal", bytes) }

    /// The check's name from here on.
    public var id: Hash32 { hash }
}

/// Encoded as its bytes, so that there is one form.
extension CheckProposal {
    public init(from decoder: any Decoder) throws {
        let bytes = try decoder.singleValueContainer().decode(Bytes.self)
        do { try self.init(bytes.array) } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "check proposal"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Bytes(bytes))
    }
}
