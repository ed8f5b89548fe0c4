import HTTPTypes
import Hummingbird
import JointLog
import Kernel
import NodeRuntime
import Records

/// One log as a tree of static resources below its own prefix: C2SP `tlog-tiles`. Peers and this node's own officers
/// read the same.
struct LogAPI: Sendable {
    let node: Node

    /// Answers `<log>/checkpoint`, `<log>/tile/<level>/<index>` and `<log>/tile/entries/<index>`.
    ///
    /// - Parameter path: the parts of the path below the prefix of all logs.
    func response(_ path: [String], _ request: Request) async throws -> Response {
        let name = path.first ?? ""
        guard let log = PeerMessages.log(pathName: name) else { throw Problem.noSuch("Log", name) }
        let resource = path.dropFirst().joined(separator: "/")
        if resource == "checkpoint" {
            guard let note = try await checkpoint(of: log, request) else { throw Problem.noSuch("Log", name) }
            return LogAPI.resource(Array(note.utf8), type: "text/plain; charset=utf-8", caching: "no-store")
        }
        guard let bytes = try await part(resource, of: log) else { throw Problem.noSuch("Tile", resource) }
        return LogAPI.resource(bytes, type: "application/octet-stream", caching: "private, max-age=31536000, immutable")
    }

    /// The newest, or with `?size=` the one that its author has signed over exactly so many records.
    private func checkpoint(of log: LogID, _ request: Request) async throws -> String? {
        guard let text = request.uri.queryParameters["size"] else { return try await node.checkpoint(of: log) }
        return try await node.signedHead(of: log, size: try LogAPI.number(text, "size", atMost: Limits.largestInteger))
    }

    private func part(_ resource: String, of log: LogID) async throws -> [UInt8]? {
        if let bundle = EntryBundle(path: resource) { return try await node.entryBundle(bundle, of: log) }
        if let tile = Tile(path: resource) { return try await node.tile(tile, of: log) }
        return nil
    }

    /// A whole number without sign or leading zero.
    static func number(_ text: Substring, _ name: String, atMost largest: UInt64) throws -> UInt64 {
        guard let number = UInt64(text), number <= largest, String(number) == text else {
            throw Problem.badRequest("\(name) is a whole number, at most \(largest).", field: name)
        }
        return number
    }

    private static func resource(_ bytes: [UInt8], type: String, caching: String) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = caching
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension DeskAPI {
    /// For an auditor's tools: the same resources that peers read.
    func addLogs(to api: RouterGroup<DeskContext>) {
        let logs = LogAPI(node: node)
        api.get("logs/**") { request, context in
            _ = try officer(context)
            return try await logs.response(context.parameters.getCatchAll().map(String.init), request)
        }
    }
}
