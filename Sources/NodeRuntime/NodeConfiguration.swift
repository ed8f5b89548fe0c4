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
    /// Further addresses of peers, tried in turn after the one in the terms.
    public let routes: SortedMap<PartyID, [Endpoint]>

    /// Mean time between records that say nothing, seconds; `nil` writes none.
    public let coverEveryS: Int64?

    public static let routesMost = 8
    /// More often than this would fill the others' disks; more rarely hides nothing.
    public static let coverEverySAllowed: ClosedRange<Int64> = 10...86_400

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
            guard !host.isEmpty, !host.contains("["), !host.contains("]") else { return nil }
            self.host = host
            self.port = Int(port)
        }

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    public init(
        party: PartyID, name: String, role: TermsParty.Role, desk: Endpoint, peers: Endpoint, address: Endpoint,
        routes: SortedMap<PartyID, [Endpoint]> = SortedMap(), coverEveryS: Int64? = nil
    ) {
        self.party = party
        self.name = name
        self.role = role
        self.desk = desk
        self.peers = peers
        self.address = address
        self.routes = routes
        self.coverEveryS = coverEveryS
    }

    public var json: JSONValue {
        var members = [
            JSONMember("party", .string(party.name)), JSONMember("name", .string(name)),
            JSONMember("role", .string(role.rawValue)), JSONMember("desk", .string(desk.description)),
            JSONMember("peers", .string(peers.description)), JSONMember("address", .string(address.description)),
        ]
        if !routes.isEmpty {
            let each = routes.map { JSONMember($0.key.name, .array($0.value.map { .string($0.description) })) }
            members.append(JSONMember("routes", .object(each)))
        }
        if let coverEveryS { members.append(JSONMember("coverEveryS", .integer(coverEveryS))) }
        return .object(members)
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
        routes = try NodeConfiguration.routes(&reader)
        coverEveryS =
            reader.optional("coverEveryS") == nil
            ? nil : try reader.integer("coverEveryS", in: NodeConfiguration.coverEverySAllowed)
        try reader.finish()
    }

    private static func routes(_ reader: inout FieldReader) throws -> SortedMap<PartyID, [Endpoint]> {
        var routes = SortedMap<PartyID, [Endpoint]>()
        guard let value = reader.optional("routes") else { return routes }
        guard case .object(let members) = value else {
            throw reader.rejection("routes", .wrongType(expected: "an object of lists by party"))
        }
        for member in members {
            guard let party = PartyID(member.name), case .array(let texts) = member.value, texts.count <= routesMost else {
                throw reader.rejection("routes.\(member.name)", .notAllowed(rule: "up to \(routesMost) addresses of a party"))
            }
            routes[party] = try texts.map { text in
                guard case .string(let text) = text, let endpoint = Endpoint(text) else {
                    throw reader.rejection("routes.\(member.name)", .notAllowed(rule: "host:port"))
                }
                return endpoint
            }
        }
        return routes
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
