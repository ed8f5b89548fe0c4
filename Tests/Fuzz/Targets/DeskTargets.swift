import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore
import NIOEmbedded
import Notation
import Records
import Storage

@testable import NodeHTTP
@testable import NodeRuntime

/// Requests of officers and their programs, by the desk's own handlers in front of a real node that stores in memory.
/// The first line is method and path, the rest is the body.
let deskTargets: [FuzzTarget] = [
    FuzzTarget("desk", longest: 6_144, words: jsonWords + bodyWords + deskWords, seeds: { texts(prepared + deskRequests) }) { bytes in
        guard let end = bytes.firstIndex(of: 0x0A) else { return }
        let words = bytes[..<end].split(separator: 0x20)
        guard words.count == 2, words[1].first == UInt8(ascii: "/"), words[1].allSatisfy({ (0x21...0x7E).contains($0) })
        else { return }
        let method: HTTPRequest.Method = words[0].elementsEqual("GET".utf8) ? .get : .post
        let path = String(decoding: words[1], as: UTF8.self)
        let status = DeskRig.current.answer(method, path, Array(bytes[(end + 1)...]))
        require(status != .internalServerError, "whatever is asked is answered or refused by name")
    }
]

private final class DeskRig {
    private let node: Node
    private let stops: StopDesk
    private let responder: RouterResponder<DeskContext>
    private var answered = 0

    /// Below the rate that a desk is held to, and few enough that a node's memory does not grow.
    private static let most = 300
    nonisolated(unsafe) private static var rig: DeskRig?
    private static let channel = NIOAsyncTestingChannel()
    private static let templates: TemplateCatalogue = {
        do { return try TemplateCatalogue.load() } catch { preconditionFailure("\(error)") }
    }()
    private static let logger: Logger = {
        var logger = Logger(label: "fuzz")
        logger.logLevel = .critical
        return logger
    }()

    static var current: DeskRig {
        if let rig, rig.answered < most { return rig }
        rig?.node.stop()
        do {
            let next = try DeskRig()
            rig = next
            return next
        } catch {
            preconditionFailure("no desk: \(error)")
        }
    }

    private init() throws {
        let place = DeskFolder.shared
        for file in [place.folder.stops, place.folder.consoles] { try? FileManager.default.removeItem(at: file) }
        node = try Node(
            configuration: place.configuration, terms: place.terms, keys: place.keys, store: try MemoryStore(),
            logger: DeskRig.logger)
        let node = node
        Task.detached { try? await node.run() }
        stops = try node.stopDesk(place.folder)
        let console = try StaticFiles()
        let desk = DeskAPI(
            node: node, accounts: try OfficerAccounts(folder: place.folder), consoles: try Consoles(folder: place.folder),
            stops: stops,
            bells: Bells(BellConfiguration(), folder: place.folder, party: node.party, clock: node.clock, logger: DeskRig.logger),
            privateChecks: try PrivateCheckDesk(node: node, folder: place.folder, logger: DeskRig.logger),
            folder: place.folder, templates: DeskRig.templates, stream: DeskStream(),
            gazetteer: GazetteerFile.read(console.bytes("data/levant/airfields.csv") ?? []), console: console,
            connections: DeskFolder.table, peerConnections: DeskFolder.table, line: StopLine())
        // Everything but sign-in and accounts, whose hashes take their time by design.
        let router = Router(context: DeskContext.self)
        router.add(middleware: EdgeMiddleware())
        let api = router.group("api/v1")
        desk.addNotices(to: api)
        desk.addConflicts(to: api)
        desk.addDesk(to: api)
        desk.addPlaces(to: api)
        desk.addLogs(to: api)
        desk.addRecord(to: api)
        desk.addStops(to: api)
        desk.addCalls(to: api)
        desk.addWatch(to: api)
        desk.addTemplates(to: api)
        responder = router.buildResponder()
        for request in prepared {
            let parts = request.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let path = String(parts[0].dropFirst(5))
            let status = answer(.post, path, Array(parts[1].utf8))
            require(status.code < 300, "\(path) is done: \(status)")
        }
        answered = 0
    }

    func answer(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]) -> HTTPResponse.Status {
        answered += 1
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "desk", path: path, headerFields: fields),
            body: RequestBody(buffer: ByteBuffer(bytes: body)))
        var context = DeskContext(source: ApplicationRequestContextSource(channel: DeskRig.channel, logger: DeskRig.logger))
        context.session = OfficerSession(
            officer: "anna", role: .administrator, token: "", expiresAt: UTCInstant(microseconds: 4_000_000_000_000_000))
        let (asked, responder) = (context, responder)
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var status = HTTPResponse.Status.internalServerError
        Task.detached {
            if let response = try? await responder.respond(to: request, context: asked) { status = response.status }
            done.signal()
        }
        done.wait()
        return status
    }
}

/// Keys and terms of a node, in a folder in memory that lasts as long as the process.
private struct DeskFolder: Sendable {
    let folder: NodeFolder
    let configuration: NodeConfiguration
    let keys: NodeKeys
    let terms: Terms

    static let table = ConnectionTable(.init(unknown: 16, known: 16, perSource: 16, needsName: false))
    static let shared: DeskFolder = {
        do { return try DeskFolder() } catch { preconditionFailure("no folder for a desk: \(error)") }
    }()

    private init() throws {
        folder = NodeFolder(path: "\(Samples.memory)/desk")
        try? FileManager.default.removeItem(at: folder.url)
        try folder.create()
        var random = SystemRandom()
        keys = try NodeKeys.create(in: folder, name: "alpha", random: &random)
        configuration = try DeskFolder.configuration("alpha")
        let other = PartyCard(try DeskFolder.configuration("bravo"), try temporaryKeys())
        var draft = TermsDraft(
            name: "fuzz", parties: [PartyCard(configuration, keys), other], effectiveAt: UTCInstant(microseconds: 0))
        draft.sealing = .none
        terms = try Terms.read(DeskFolder.withoutSecondSignatures(draft.json).bytes, mechanism: nil)
    }

    /// They would take nearly all of a run's time.
    private static func withoutSecondSignatures(_ json: JSONValue) -> JSONValue {
        guard case .object(let members) = json else { return json }
        return .object(
            members.map { member in
                guard member.name == "parties" else { return member }
                let parties = member.value.items.map { party -> JSONValue in
                    guard case .object(let members) = party else { return party }
                    return .object(members.filter { $0.name != "postQuantumKeyHash" })
                }
                return JSONMember(member.name, .array(parties))
            })
    }

    private static func configuration(_ name: String) throws -> NodeConfiguration {
        try NodeConfiguration(Array(
            #"{"party":"\#(name)","name":"\#(name)","role":"principal","desk":"127.0.0.1:1","peers":"127.0.0.1:2","address":"127.0.0.1:2"}"#
                .utf8))
    }
}

private func hoursFromNow(_ hours: Int64) -> String {
    UTCInstant(microseconds: Int64(Date().timeIntervalSince1970) * 1_000_000).advanced(by: .hours(hours)).rfc3339
}

private let volume: String = {
    let place = #""footprint":{"type":"Point","coordinates":[38.3169,34.5574],"radiusM":3000}"#
    let lower = #""lower":{"value":1000,"unit":"feet","datum":"amsl"}"#
    let upper = #""upper":{"value":250,"unit":"flightLevel","datum":"flightLevel"}"#
    return "{\(place),\"altitude\":{\(lower),\(upper)},\"start\":\"\(hoursFromNow(3))\",\"end\":\"\(hoursFromNow(5))\"}"
}()
private let notice = #"{"kind":"air-operation","contact":"line 1","mode":"real","volumes":[\#(volume)]}"#

/// What each desk has done before the first input.
private let prepared: [String] = [
    "POST /api/v1/signing\n{\"reason\":\"a new node\"}",
    "POST /api/v1/notices\n\(notice)",
    "POST /api/v1/units\n{\"unit\":\"1st battery\"}",
    "POST /api/v1/stop\n{\"mode\":\"drill\",\"text\":\"Dur!\",\"language\":\"tr\"}",
]

private let deskWords = [
    "POST /api/v1/", "GET /api/v1/", "notices", "conflicts", "alpha-1", "calls", "watch", "stop", "stops", "units", "passing", "presence",
    "\"readBack\":{\"text\":\"34.5574N 38.3169E\",\"lower\":\"FL250\",\"start\":\"221917ZNOV26\"}", "?limit=1&after=alpha-1", "%00", "%f0",
]

private let deskRequests: [String] = [
    "POST /api/v1/check\n\(notice)",
    "POST /api/v1/notices/alpha-1/versions\n" + notice.replacingOccurrences(of: "\"mode\":\"real\"", with: "\"expectedVersion\":1"),
    "POST /api/v1/notices/alpha-1/end\n{\"reason\":\"completed\",\"remarks\":\"over\"}",
    "POST /api/v1/notices/alpha-1/acknowledgements\n{\"version\":1,\"readBack\":{\"position\":\"37SDU3733124174\",\"lower\":\"1000 ft AMSL\",\"start\":\"221917ZNOV26\"}}",
    "POST /api/v1/conflicts/\(String(repeating: "ab", count: 32))/positions\n{\"stance\":\"conditions\",\"conditions\":[\"north of the road\"],\"remarks\":null}",
    "POST /api/v1/suspension\n{\"suspended\":true,\"reason\":\"a test\"}",
    "POST /api/v1/statements\n{\"note\":\"x\"}",
    "POST /api/v1/calls\n{\"mode\":\"real\",\"to\":[\"bravo\"],\"precedence\":\"ROUTINE\",\"text\":\"Hello\",\"language\":\"en\"}",
    "POST /api/v1/calls/alpha-3/acknowledge\n{\"readBack\":{\"position\":\"34.5N 38.3E\"}}",
    "POST /api/v1/presence\n{\"mode\":\"real\",\"area\":{\"type\":\"Point\",\"coordinates\":[38,34],\"radiusM\":100}}",
    "POST /api/v1/presence/bravo-1/answer\n{\"answer\":\"none\"}",
    "POST /api/v1/disclosures\n{\"record\":\"alpha-1\",\"to\":\"bravo\"}",
    "POST /api/v1/watch/take\n", "POST /api/v1/watch/handover\n{\"to\":\"bert\",\"remarks\":\"all quiet\"}",
    "POST /api/v1/passing\n{\"notice\":\"alpha-1\",\"version\":1,\"units\":[\"1st battery\"]}",
    "POST /api/v1/passing/concerns\n{\"notice\":\"alpha-1\",\"version\":1,\"units\":[]}",
    "POST /api/v1/stops/\(String(repeating: "ab", count: 32))/answer\n{\"answer\":\"ordered\",\"units\":[\"1st battery\"]}",
    "POST /api/v1/stops/\(String(repeating: "ab", count: 32))/lift\n{\"outcome\":\"observed\"}",
    "POST /api/v1/alarms/x/acknowledge\n", "GET /api/v1/notices?party=alpha&state=all&limit=2&after=alpha-0\n", "GET /api/v1/calls?state=open\n",
    "GET /api/v1/coordinates?text=34.5574N%2038.3169E\n", "GET /api/v1/gazetteer/nearest?lat=34.5&lon=38.3\n", "GET /api/v1/logs/alpha/tile/0/000\n",
    "GET /api/v1/evidence?bodies=withheld&notice=alpha-1\n", "GET /api/v1/notices/alpha-1/assurance\n", "GET /api/v1/status\n", "GET /api/v1/watch\n",
]
