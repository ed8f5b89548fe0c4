import Foundation
import HTTPTypes
import Hummingbird

/// The console's files, read once at the start: nothing outside them can be asked for.
struct StaticFiles: Sendable {
    private struct File: Sendable {
        let bytes: [UInt8]
        let type: String
    }

    private let files: [String: File]

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "json": "application/json", "geojson": "application/geo+json", "csv": "text/csv; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "md": "text/markdown; charset=utf-8", "txt": "text/plain; charset=utf-8",
    ]

    init() throws {
        let root = Bundle.module.bundleURL.appendingPathComponent("Console", isDirectory: true)
        var files: [String: File] = [:]
        let names = FileManager.default.enumerator(atPath: root.path)
        while let name = names?.nextObject() as? String {
            guard let type = StaticFiles.types[(name as NSString).pathExtension],
                let data = FileManager.default.contents(atPath: root.appendingPathComponent(name).path)
            else { continue }
            files[name] = File(bytes: Array(data), type: type)
        }
        self.files = files
    }

    func bytes(_ name: String) -> [UInt8]? { files[name]?.bytes }

    func response(_ name: String) throws -> Response {
        guard let file = files[name] else {
            throw Problem(status: .notFound, name: "noSuchPath", detail: "There is nothing at this path.")
        }
        var headers = HTTPFields()
        headers[.contentType] = file.type
        headers[.cacheControl] = "no-cache"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}
