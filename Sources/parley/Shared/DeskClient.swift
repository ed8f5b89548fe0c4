import AsyncHTTPClient
import Foundation
import Kernel
import NIOCore
import Records

/// One officer's connection to a node's desk API.
struct DeskClient: Sendable {
    /// Such as `http://127.0.0.1:7401`, without a slash at the end.
    let url: String
    var token: String?

    /// For the life of the process. No read timeout: an event stream may be silent for as long as it likes.
    static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(3), read: nil)
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// A list of every notice of a full node is large.
    static let answerBytes = 256 * 1024 * 1024

    init(url: String, token: String? = nil) {
        var url = url.hasPrefix("http://") || url.hasPrefix("https://") ? url : "http://\(url)"
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        self.token = token
    }

    func get(_ path: String) async throws -> JSONValue { try await answer("GET", path, nil) }

    func post(_ path: String, _ body: JSONValue) async throws -> JSONValue { try await answer("POST", path, body.bytes) }

    /// Sends bytes as they are: what a file holds is the node's to judge.
    func post(_ path: String, bytes: [UInt8]) async throws -> JSONValue { try await answer("POST", path, bytes) }

    func signOut() async throws { _ = try await answer("DELETE", "/api/v1/session", nil) }

    /// - Returns: the session as the node gives it, token included.
    func signIn(_ officer: String, passphrase: String) async throws -> JSONValue {
        try await post("/api/v1/session", ["officer": .string(officer), "passphrase": .string(passphrase)])
    }

    /// Whether a node answers at all.
    func isUp() async -> Bool { (try? await answer("GET", "/healthz", nil)) != nil }

    func request(_ method: String, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        request.headers.add(name: "Accept", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return request
    }

    private func answer(_ method: String, _ path: String, _ body: [UInt8]?) async throws -> JSONValue {
        var request = request(method, path)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let status: Int
        let bytes: [UInt8]
        do {
            let response = try await DeskClient.http.execute(request, timeout: .seconds(30))
            status = Int(response.status.code)
            bytes = Array(try await response.body.collect(upTo: DeskClient.answerBytes).readableBytesView)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw unreachable(error)
        }
        let value = bytes.isEmpty ? .null : try? StrictJSON.read(bytes, limit: DeskClient.answerBytes)
        guard (200..<300).contains(status) else { throw DeskClient.failure(status, value) }
        guard let value else {
            throw CommandFailure(.unreachable, "notANode", "what answers at \(url) is not a Parley node")
        }
        return value
    }

    /// An answer that is no JSON, such as a file.
    func bytes(_ path: String) async throws -> [UInt8] {
        let status: Int
        let bytes: [UInt8]
        do {
            let response = try await DeskClient.http.execute(request("GET", path), timeout: .seconds(300))
            status = Int(response.status.code)
            bytes = Array(try await response.body.collect(upTo: DeskClient.answerBytes).readableBytesView)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw unreachable(error)
        }
        guard (200..<300).contains(status) else {
            throw DeskClient.failure(status, try? StrictJSON.read(bytes, limit: 1 << 20))
        }
        return bytes
    }

    func unreachable(_ error: any Error) -> CommandFailure {
        CommandFailure(.unreachable, "unreachable", "no node answers at \(url): \(error)")
    }

    static func failure(_ status: Int, _ problem: JSONValue?) -> CommandFailure {
        let name = problem?.string("name") ?? "status\(status)"
        let detail = problem?.string("detail") ?? problem?.string("title") ?? "the node answered with status \(status)"
        let exit: ExitStatus =
            switch status {
            case 401, 423: .notSignedIn
            case 403 where name == "notAllowed": .notSignedIn
            default: .refused
            }
        return CommandFailure(exit, name, detail, field: problem?.string("field"))
    }
}

extension String {
    /// Safe as one segment of a path.
    var asPathSegment: String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~:")
        return addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
