import Evidence
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

/// What a desk asks of the joint record: a bundle of evidence, and leave to sign.
extension DeskAPI {
    func addRecord(to api: RouterGroup<DeskContext>) {
        api.get("evidence") { request, context in
            _ = try officer(context)
            let choice = try choice(request.uri.queryParameters)
            try await requireKnown(choice.records)
            let bytes: [UInt8]
            do { bytes = try await node.evidence(choice) } catch let rejection as BundleRejection {
                throw Problem(status: .internalServerError, name: "evidenceIncomplete", detail: rejection.sentence)
            }
            var headers = HTTPFields()
            headers[.contentType] = "application/x-tar"
            headers[.contentDisposition] = "attachment; filename=\"parley-evidence.tar\""
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        api.post("statements") { request, context in
            _ = try administrator(context)
            var reader = try FieldReader(try await body(request))
            let note = try reader.string("note", limit: SignedRootStatement.largestBytes)
            try reader.finish()
            // What is in force already is no error: statements come by several ways.
            if await node.isNews(note) { _ = try await node.submit(.statement(note: note)) }
            return await view { view in Response.json(view.status()) }
        }
        api.post("signing") { request, context in
            let officer = try administrator(context)
            var reader = try FieldReader(try await body(request))
            let reason = try reader.string("reason", limit: Limits.textBytes)
            guard !reason.isEmpty else { throw reader.rejection("reason", .notAllowed(rule: "a reason")) }
            try reader.finish()
            _ = try await submit(.signUnconfirmed(reason: reason), by: officer)
            return await view { view in Response.json(view.status()) }
        }
    }

    private func requireKnown(_ records: RecordChoice) async throws {
        try await view { view in
            switch records {
            case .all, .time: return
            case .notices(let ids):
                for id in ids where !view.mechanism.notices.contains(id) {
                    throw Problem.noSuch("Notice", id.description)
                }
            case .conflicts(let ids):
                for id in ids where !view.mechanism.conflicts.contains(id) { throw Problem.noSuch("Conflict", id.hex) }
            }
        }
    }

    /// One choice of records at most; without any, everything.
    private func choice(_ query: Parameters) throws -> EvidenceChoice {
        let bodies = query["bodies"].map { EvidenceChoice.Bodies(rawValue: String($0)) } ?? .open
        guard let bodies else { throw Problem.badRequest("bodies is open, withheld or sealed.", field: "bodies") }
        var records: [RecordChoice] = []
        if let text = query["notice"] {
            guard let id = RecordID(String(text)) else {
                throw Problem.badRequest("notice is a notice's id.", field: "notice")
            }
            records.append(.notices([id]))
        }
        if let text = query["conflict"] {
            guard let id = Hash32(hex: String(text)) else {
                throw Problem.badRequest("conflict is a conflict's id.", field: "conflict")
            }
            records.append(.conflicts([id]))
        }
        if query["from"] != nil || query["to"] != nil {
            guard let from = query["from"].flatMap({ UTCInstant(rfc3339: String($0)) }),
                let to = query["to"].flatMap({ UTCInstant(rfc3339: String($0)) }), from <= to
            else { throw Problem.badRequest("from and to are instants, in order.", field: "from") }
            records.append(.time(from: from, to: to))
        }
        guard records.count <= 1 else {
            throw Problem.badRequest("Give a notice, or a conflict, or a time.", field: "notice")
        }
        return EvidenceChoice(records: records.first ?? .all, bodies: bodies)
    }
}
