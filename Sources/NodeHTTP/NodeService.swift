import Foundation
import Geodesy
import Hummingbird
import Kernel
import Logging
import NodeRuntime
import Notation
import Records

/// A whole node: its store, its driver, its peers and its desk.
public struct NodeService: Sendable {
    public let node: Node
    private let accounts: OfficerAccounts
    private let consoles: Consoles
    private let stops: StopService
    private let bells: Bells
    private let privateChecks: PrivateCheckDesk
    private let folder: NodeFolder
    private let tls: PeerTLS
    private let logger: Logger

    /// Opens the folder, folds the journal and binds nothing yet.
    public init(folder: NodeFolder, logger: Logger) throws {
        node = try Node.open(folder, logger: logger)
        accounts = try OfficerAccounts(folder: folder)
        consoles = try Consoles(folder: folder)
        tls = try node.peerTLS()
        stops = try StopService(node: node, desk: try node.stopDesk(folder), tls: tls)
        bells = Bells(
            try BellConfiguration.load(from: folder.url), folder: folder, party: node.party, clock: node.clock,
            logger: logger)
        privateChecks = try PrivateCheckDesk(node: node, folder: folder, logger: logger)
        self.folder = folder
        self.logger = logger
    }

    /// Connections that the system keeps until they are accepted: a rush must not make a STOP wait for its next try.
    private static let backlog = 4_096

    /// Runs until the task is cancelled or the process is asked to end.
    public func run() async throws {
        let console = try StaticFiles()
        let stream = DeskStream()
        await node.observe(stream)
        await stops.desk.observe(stream)
        await node.observe(bells)
        await stops.desk.observe(bells)
        await node.observe(privateChecks)
        await node.read { [bells] mechanism, _ in bells.resume(mechanism) }
        OpenFiles.raise()
        let deskTable = ConnectionTable(
            .init(
                unknown: Limits.unknownConnections, known: Limits.knownConnections,
                perSource: Limits.connectionsPerOfficer, needsName: false))
        let peerTable = ConnectionTable(
            .init(
                unknown: Limits.unknownConnections, known: Limits.knownConnections,
                perSource: Limits.connectionsPerPeer, needsName: true))
        let desk = DeskAPI(
            node: node, accounts: accounts, consoles: consoles, stops: stops.desk, bells: bells, privateChecks: privateChecks, folder: folder,
            templates: try TemplateCatalogue.load(),
            stream: stream,
            gazetteer: GazetteerFile.read(console.bytes("data/levant/airfields.csv") ?? []), console: console,
            connections: deskTable, peerConnections: peerTable, line: StopLine())
        let configuration = node.configuration
        let deskServer = Application(
            router: desk.router(), server: .desk(deskTable, clock: node.clock),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.desk.host, port: configuration.desk.port), serverName: "parley",
                backlog: NodeService.backlog),
            onServerRunning: { [logger] _ in
                logger.notice("ready", metadata: ["desk": "http://\(configuration.desk)/", "party": "\(configuration.party)"])
            },
            logger: logger)
        let peerServer = Application(
            router: PeerAPI(node: node, tls: tls, stops: stops, connections: peerTable).router(),
            server: .pinned(tls, peerTable, clock: node.clock),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.peers.host, port: configuration.peers.port), serverName: "parley",
                backlog: NodeService.backlog),
            logger: logger)
        let outbox = try PeerOutbox(node: node, tls: tls)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await node.run() }
            group.addTask { await outbox.run() }
            group.addTask { await stops.run() }
            group.addTask { await privateChecks.run() }
            group.addTask { [clock = node.clock] in
                while !Task.isCancelled {
                    for table in [deskTable, peerTable] { table.sweep(at: clock.now.monotonic) }
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            if let cover = CoverWriter(node) { group.addTask { await cover.run() } }
            // Without bells it would end at once, and the node with it.
            if !bells.status.isEmpty { group.addTask { await bells.run() } }
            group.addTask { try await peerServer.runService(gracefulShutdownSignals: []) }
            group.addTask { try await deskServer.runService() }
            // Whichever ends first, by a signal or by an error, ends all.
            defer {
                node.stop()
                group.cancelAll()
            }
            _ = try await group.next()
        }
    }
}
