import Foundation
import Kernel
import Records

/// `node.json`: who this node is and where it listens.
public struct NodeConfiguration: Sendable {
    public let party: PartyID
    public let name: String
    public let role: TermsParty.Role
    /// `host:port` for officers: console, API and event stream, plain HTTP on loopback.
    public let desk: Endpoint
    /// `host:port` on which peers connect.
    public let peers: Endpoint
    /// `host:port` at which peers reach this node, as its card says.
    public let address: Endpoint

    public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
        public let host: String
        public let port: Int

        /// - Returns: `nil` unless the text is `host:port`.
        public init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
                return nil
            }
            var host = String(text[..<colon])
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            guard !host.isEmpty else { return nil }
            self.host = host
            self.port = Int(port)
        }

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    public init(
        party: PartyID, name: String, role: TermsParty.Role, desk: Endpoint, peers: Endpoint, address: Endpoint
    ) {
        self.party = party
        self.name = name
        self.role = role
        self.desk = desk
        self.peers = peers
        self.address = address
    }

    public var json: JSONValue {
        [
            "party": .string(party.name), "name": .string(name), "role": .string(role.rawValue),
            "desk": .string(desk.description), "peers": .string(peers.description),
            "address": .string(address.description),
        ]
    }

    public init(_ bytes: [UInt8]) throws {
        let value = try StrictJSON.read(bytes, limit: 64 * 1024)
        var reader = try FieldReader(value)
        func endpoint(_ name: String) throws -> Endpoint {
            guard let endpoint = Endpoint(try reader.string(name, limit: 300)) else {
                throw reader.rejection(name, .notAllowed(rule: "host:port"))
            }
            return endpoint
        }
        party = try reader.party("party")
        name = try reader.string("name", limit: 100)
        role = try reader.word("role", TermsParty.Role.self)
        desk = try endpoint("desk")
        peers = try endpoint("peers")
        address = try endpoint("address")
        try reader.finish()
    }

    public static func load(_ folder: NodeFolder) throws -> NodeConfiguration {
        do {
            return try NodeConfiguration(folder.read(folder.configuration))
        } catch let error as FieldRejection {
            throw NodeFolderError.malformed(folder.configuration.path, error.sentence)
        } catch let error as JSONRejection {
            throw NodeFolderError.malformed(
                folder.configuration.path, "not JSON at byte \(error.offset): \(error.reason.rawValue)")
        }
    }
}
