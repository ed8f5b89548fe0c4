import Foundation
import Kernel
import NIOCore
import Records

/// The bells of a node, from `bells.json` in its folder.
///
/// ```json
/// [
///   {"name": "siren", "command": ["/usr/local/bin/siren", "--long"], "from": "flash"},
///   {"name": "pager", "webhook": "https://pager.example/ring", "keyFile": "keys/pager.key",
///    "from": "immediate", "roles": ["releasing", "command"], "drills": true}
/// ]
/// ```
public struct BellConfiguration: Hashable, Sendable {
    public let bells: [Bell]

    public init(bells: [Bell] = []) { self.bells = bells }

    /// One bell.
    public struct Bell: Hashable, Sendable {
        /// 1 to 40 of `a`–`z`, `0`–`9` and `-`; no two alike.
        public let name: String
        public let means: Means
        /// Rings of this precedence and more urgent ones. A STOP is FLASH.
        public let from: Precedence
        /// Rings that call one of these roles.
        public let roles: [DeskRole]
        /// Whether it rings in drills as well.
        public let drills: Bool

        public init(
            name: String, means: Means, from: Precedence = .routine, roles: [DeskRole] = DeskRole.allCases,
            drills: Bool = false
        ) {
            self.name = name
            self.means = means
            self.from = from
            self.roles = roles
            self.drills = drills
        }

        func takes(_ ring: BellRing) -> Bool {
            ring.precedence <= from && (ring.mode == .real || drills) && ring.roles.contains { roles.contains($0) }
        }
    }

    public enum Means: Hashable, Sendable {
        /// An absolute path and its arguments, run without a shell.
        case command([String])
        case webhook(Webhook)
    }

    public struct Webhook: Hashable, Sendable {
        public let host: String
        public let port: Int
        public let usesTLS: Bool
        /// Path and query.
        public let target: String
        /// Absolute path of the file with the signing key.
        public let keyFile: String
        /// Absolute path of the authorities to trust, in PEM; `nil` for the system's.
        public let authorities: String?
    }

    static let bellsMost = 16
    static let argumentsMost = 32
    static let fileBytes = 64 * 1024
}

extension BellConfiguration {
    public static let fileName = "bells.json"

    /// No bells when the file is not there.
    ///
    /// - Parameter folder: the node's; relative names of key files start from it.
    /// - Throws: ``BellConfigurationError``.
    public static func load(from folder: URL) throws(BellConfigurationError) -> BellConfiguration {
        let url = folder.appendingPathComponent(fileName)
        guard FileManager.default.fileExists(atPath: url.path) else { return BellConfiguration() }
        guard let data = FileManager.default.contents(atPath: url.path), data.count <= fileBytes else {
            throw .unreadable(url.path)
        }
        let json: JSONValue
        do {
            json = try StrictJSON.read(Array(data), limit: fileBytes)
        } catch {
            throw .notJSON(url.path, error)
        }
        do {
            return try BellConfiguration(json, folder: folder)
        } catch {
            throw .field(url.path, error)
        }
    }

    init(_ json: JSONValue, folder: URL) throws(FieldRejection) {
        guard case .array(let elements) = json, elements.count <= BellConfiguration.bellsMost else {
            throw FieldRejection(
                path: "", problem: .wrongType(expected: "a list of at most \(BellConfiguration.bellsMost) bells"))
        }
        var bells: [Bell] = []
        for (i, element) in elements.enumerated() {
            var fields = try FieldReader(element, path: "[\(i)]")
            let bell = try Bell(&fields, folder: folder)
            guard !bells.contains(where: { $0.name == bell.name }) else {
                throw fields.rejection("name", .notAllowed(rule: "each bell has a name of its own"))
            }
            bells.append(bell)
        }
        self.bells = bells
    }
}

extension BellConfiguration.Bell {
    fileprivate init(_ reader: inout FieldReader, folder: URL) throws(FieldRejection) {
        name = try reader.string("name", limit: 40)
        guard !name.isEmpty, name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
        else { throw reader.rejection("name", .notAllowed(rule: "1 to 40 of a-z, 0-9 and -")) }
        let command = reader.optional("command")
        let webhook = try reader.optionalString("webhook", limit: 2_000)
        switch (command, webhook) {
        case (.some(let command), nil): means = .command(try Self.command(command, path: reader.path(of: "command")))
        case (nil, .some(let url)): means = .webhook(try Self.webhook(url, &reader, folder: folder))
        case (nil, nil): throw reader.rejection("command", .missing)
        case (.some, .some): throw reader.rejection("webhook", .notAllowed(rule: "a command or a webhook, not both"))
        }
        from = try reader.word("from", Precedence.self, default: .routine)
        var roles: [DeskRole] = []
        if reader.optional("roles") != nil {
            for (i, element) in try reader.array("roles", count: 1...DeskRole.allCases.count).enumerated() {
                guard case .string(let text) = element, let role = DeskRole(rawValue: text), !roles.contains(role) else {
                    let words = DeskRole.allCases.map(\.rawValue).joined(separator: ", ")
                    throw reader.rejection("roles[\(i)]", .notAllowed(rule: "each once, of \(words)"))
                }
                roles.append(role)
            }
        }
        self.roles = roles.isEmpty ? DeskRole.allCases : roles
        drills = try reader.bool("drills", default: false)
        try reader.finish()
    }

    private static func command(_ json: JSONValue, path: String) throws(FieldRejection) -> [String] {
        func rejection(_ problem: FieldRejection.Problem) -> FieldRejection { FieldRejection(path: path, problem: problem) }
        guard case .array(let elements) = json, (1...BellConfiguration.argumentsMost).contains(elements.count) else {
            throw rejection(.wrongType(expected: "a list of 1 to \(BellConfiguration.argumentsMost) texts"))
        }
        var words: [String] = []
        for element in elements {
            guard case .string(let word) = element, !word.utf8.contains(0) else {
                throw rejection(.wrongType(expected: "a list of texts"))
            }
            words.append(word)
        }
        guard words[0].hasPrefix("/") else {
            throw rejection(.notAllowed(rule: "the whole path of the program, from /; no shell looks for it"))
        }
        return words
    }

    private static func webhook(
        _ text: String, _ reader: inout FieldReader, folder: URL
    ) throws(FieldRejection) -> BellConfiguration.Webhook {
        let rule = "http://127.0.0.1:port/path or https://host/path, without a user or a fragment"
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), var host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil, parts.fragment == nil, text.utf8.allSatisfy({ (33...126).contains($0) })
        else { throw reader.rejection("webhook", .notAllowed(rule: rule)) }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let usesTLS = scheme == "https"
        guard usesTLS || isThisMachine(host) else {
            throw reader.rejection("webhook", .notAllowed(rule: "plain http only to this machine; use https"))
        }
        let port = parts.port ?? (usesTLS ? 443 : 80)
        guard (1...65_535).contains(port) else { throw reader.rejection("webhook", .notAllowed(rule: rule)) }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        let authorities = try reader.optionalString("authorities")
        guard usesTLS || authorities == nil else {
            throw reader.rejection("authorities", .notAllowed(rule: "for https only"))
        }
        return BellConfiguration.Webhook(
            host: host, port: port, usesTLS: usesTLS,
            target: path + (parts.percentEncodedQuery.map { "?\($0)" } ?? ""),
            keyFile: absolute(try reader.string("keyFile"), in: folder),
            authorities: authorities.map { absolute($0, in: folder) })
    }

    private static func absolute(_ path: String, in folder: URL) -> String {
        path.hasPrefix("/") ? path : folder.appendingPathComponent(path).path
    }

    private static func isThisMachine(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return false }
        return address.protocol == .inet && host.hasPrefix("127.")
    }
}

/// Why `bells.json` cannot be used.
public enum BellConfigurationError: Error, CustomStringConvertible, Hashable, Sendable {
    /// Not to be read, or larger than 64 KiB.
    case unreadable(String)
    case notJSON(String, JSONRejection)
    case field(String, FieldRejection)

    public var name: String { "malformedBells" }

    public var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read, or is larger than 64 KiB"
        case .notJSON(let path, let error):
            "\(path): not strict JSON at byte \(error.offset): \(error.reason.rawValue)"
        case .field(let path, let error): "\(path): \(error.sentence)"
        }
    }
}
