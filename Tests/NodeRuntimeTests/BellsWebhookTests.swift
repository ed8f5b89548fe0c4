import Foundation
import Kernel
import Records
import Testing

@testable import NodeRuntime

/// A small server in Python that judges signatures by itself, as Standard Webhooks 1.0 says.
private final class Receiver {
    /// Arguments: the key in base64, the status to answer with, then `tls` certificate key, or `plain`.
    private static let program = #"""
        import base64, hashlib, hmac, json, ssl, sys
        from http.server import BaseHTTPRequestHandler, HTTPServer
        key, status = base64.b64decode(sys.argv[1]), int(sys.argv[2])

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                signed = (self.headers["webhook-id"] + "." + self.headers["webhook-timestamp"] + ".").encode() + body
                right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
                print(json.dumps({"path": self.path, "host": self.headers["host"], "id": self.headers["webhook-id"],
                    "timestamp": self.headers["webhook-timestamp"], "type": self.headers["content-type"],
                    "isRight": right == self.headers["webhook-signature"], "body": body.decode()}), flush=True)
                if status == 0:
                    self.rfile.read(1)
                    return
                self.send_response(status)
                self.send_header("content-length", "0")
                self.send_header("location", "/elsewhere")
                self.end_headers()
            def log_message(self, *arguments): pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        if sys.argv[3] == "tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[4], sys.argv[5])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        while True:
            try: server.handle_request()
            except Exception: pass
        """#

    let port: Int
    private let process = Process()
    private let output = Pipe()
    private var buffered = Data()

    init(key: String, status: Int, tls: (certificate: String, key: String)? = nil) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Receiver.program, key, "\(status)"]
            + (tls.map { ["tls", $0.certificate, $0.key] } ?? ["plain"])
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard let line = Receiver.line(output, &buffered), let port = Int(line) else {
            throw BellFailure("the receiver did not start")
        }
        self.port = port
    }

    /// The next request, as the receiver saw it.
    func request() throws -> JSONValue {
        let line = try #require(Receiver.line(output, &buffered))
        return try StrictJSON.read(Array(line.utf8), limit: 1 << 20)
    }

    private static func line(_ pipe: Pipe, _ buffered: inout Data) -> String? {
        while !buffered.contains(10) {
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { return nil }
            buffered += more
        }
        let end = buffered.firstIndex(of: 10) ?? buffered.endIndex
        defer { buffered.removeSubrange(...end) }
        return String(decoding: buffered[..<end], as: UTF8.self)
    }

    deinit {
        // It may have come with SIGTERM blocked, as the threads of a test are.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

@Suite("bells: webhooks", .timeLimit(.minutes(1)), .serialized)
struct BellsWebhookTests {
    private let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    private let ring: JSONValue = ["ring": "stop/07/1/0/0", "sentence": "STOP, pressed by bravo. Answer it. ✓"]

    private func webhook(
        _ port: Int, folder: BellFolder, host: String = "127.0.0.1", tls: Bool = false, authorities: String? = nil,
        timeout: Duration = .seconds(20)
    ) -> BellWebhook {
        BellWebhook(
            BellConfiguration.Webhook(
                host: host, port: port, usesTLS: tls, target: "/ring?desk=1", keyFile: folder.path("pager.key"),
                authorities: authorities),
            timeout: timeout)
    }

    @Test("a ring is posted with a signature that another implementation finds right")
    func signed() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("pager.key", "whsec_\(key)\n")
        let receiver = try Receiver(key: key, status: 204)
        let failure = await webhook(receiver.port, folder: folder).post(ring, id: "stop/07/1/0/0", at: bellTime)
        #expect(failure == nil)
        let seen = try receiver.request()
        #expect(seen["isRight"] == true)
        #expect(seen["path"] == "/ring?desk=1" && seen["type"] == "application/json")
        #expect(seen["host"] == .string("127.0.0.1:\(receiver.port)"))
        #expect(seen["id"] == "stop/07/1/0/0" && seen["timestamp"] == "1795375050")
        #expect(seen["body"] == .string(ring.text))
    }

    @Test("with another key the receiver finds the signature wrong")
    func otherKey() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("pager.key", key)
        let receiver = try Receiver(key: Data(repeating: 1, count: 32).base64EncodedString(), status: 200)
        _ = await webhook(receiver.port, folder: folder).post(ring, id: "x", at: bellTime)
        #expect(try receiver.request()["isRight"] == false)
    }

    @Test("any other answer than 2xx has failed, a redirection too", arguments: [301, 404, 500])
    func refused(status: Int) async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("pager.key", key)
        let receiver = try Receiver(key: key, status: status)
        let failure = await webhook(receiver.port, folder: folder).post(ring, id: "x", at: bellTime)
        #expect(failure?.reason == "answered with status \(status)")
    }

    @Test("a receiver that keeps silent is given up at the timeout")
    func silent() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("pager.key", key)
        let receiver = try Receiver(key: key, status: 0)
        let failure = await webhook(receiver.port, folder: folder, timeout: .milliseconds(800)).post(ring, id: "x", at: bellTime)
        #expect(failure?.reason == "no answer within 0.8 s")
    }

    @Test("nobody at the other end is a failure that says so")
    func nobody() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("pager.key", key)
        // Of a server that is gone.
        let port = try Receiver(key: key, status: 200).port
        let failure = await webhook(port, folder: folder).post(ring, id: "x", at: bellTime)
        #expect(failure?.reason.hasPrefix("no connection to 127.0.0.1") == true)
    }

    @Test("a key file that others can read, or that holds no key, posts nothing", arguments: [(0o644, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="), (0o600, "c2hvcnQ="), (0o600, "not base64!")])
    func badKey(mode: Int, text: String) async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("pager.key", text, mode: mode)
        let receiver = try Receiver(key: key, status: 200)
        let bell = webhook(receiver.port, folder: folder)
        #expect(bell.problem != nil)
        let failure = try #require(await bell.post(ring, id: "x", at: bellTime))
        #expect(failure.reason.contains("pager.key"))
        #expect(!failure.reason.contains(text))
    }

    @Test("over https the certificate's authority and name are checked")
    func https() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("pager.key", key)
        try certificate("IP:127.0.0.1", "address", in: folder)
        try certificate("DNS:pager.example", "name", in: folder)
        func failure(_ certificate: String, _ host: String, trusts: String?) async throws -> (String?, Receiver) {
            let receiver = try Receiver(
                key: key, status: 200, tls: (folder.path("\(certificate).pem"), folder.path("\(certificate).key")))
            let bell = webhook(
                receiver.port, folder: folder, host: host, tls: true, authorities: trusts.map(folder.path))
            return (await bell.post(ring, id: "x", at: bellTime)?.reason, receiver)
        }
        let (right, receiver) = try await failure("address", "127.0.0.1", trusts: "address.pem")
        #expect(right == nil)
        #expect(try receiver.request()["isRight"] == true)
        // Nobody the system trusts has signed it.
        #expect(try await failure("address", "127.0.0.1", trusts: nil).0?.hasPrefix("TLS failed") == true)
        // Trusted, and for another host.
        #expect(try await failure("name", "localhost", trusts: "name.pem").0?.hasPrefix("TLS failed") == true)
        #expect(try await failure("name", "127.0.0.1", trusts: "name.pem").0?.hasPrefix("TLS failed") == true)
        #expect(
            try await failure("address", "127.0.0.1", trusts: "absent.pem").0
                == "\(folder.path("absent.pem")) holds no certificates in PEM")
    }

    private func certificate(_ name: String, _ file: String, in folder: BellFolder) throws {
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=receiver", "-addext", "subjectAltName=\(name)", "-keyout", folder.path("\(file).key"), "-out",
            folder.path("\(file).pem"),
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
    }
}
