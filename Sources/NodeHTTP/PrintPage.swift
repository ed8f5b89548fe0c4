import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NodeRuntime
import Notation
import Records

/// The printed picture and the action cards.
extension DeskAPI {
    /// - Parameter folder: the node's, for `phones.json`.
    func addPrint(to api: RouterGroup<DeskContext>, folder: NodeFolder) {
        api.get("print") { request, context in
            _ = try officer(context)
            let page = try await printed(in: try language(request), folder: folder)
            var headers = HTTPFields()
            headers[.contentType] = "text/html; charset=utf-8"
            headers[.cacheControl] = "no-store"
            // Whatever a text of it may hold, nothing on this page runs or is fetched.
            headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
        }
        api.get("cards") { request, context in
            _ = try officer(context)
            return Response.json(try cards(in: try language(request)).json)
        }
    }

    private func language(_ request: Request) throws -> MessageLanguage {
        guard let text = request.uri.queryParameters["language"].map(String.init) else { return .english }
        guard let language = MessageLanguage(rawValue: text), MessageLanguage.ofCatalogue.contains(language) else {
            let words = MessageLanguage.ofCatalogue.map(\.rawValue).joined(separator: ", ")
            throw Problem.badRequest("language is one of \(words).", field: "language")
        }
        return language
    }

    private func cards(in language: MessageLanguage) throws -> ActionCardTexts {
        do throws(CatalogueRejection) {
            return try ActionCardCatalogue.load().texts(in: language)
        } catch {
            throw Problem(
                status: .internalServerError, name: "noCards", detail: "The action cards cannot be read: \(error.sentence).")
        }
    }

    private func printed(in language: MessageLanguage, folder: NodeFolder) async throws -> String {
        let stops = await stops.read { board, now in StopView(board: board, now: now, isDurable: true).all }
        let terms = try StrictJSON.read(node.terms.bytes, limit: Limits.termsBytes)
        let picture = await view { view in
            let open = view.mechanism.openCalls.map(\.id)
            let book = view.mechanism.calls
            return JSONValue.object([
                JSONMember("status", view.status()), JSONMember("terms", terms), JSONMember("stops", .array(stops)),
                JSONMember(
                    "notices", .array(view.mechanism.notices.values.filter { $0.status != .ended }.map(view.notice))),
                JSONMember(
                    "conflicts", .array(view.mechanism.conflicts.values.filter { $0.state != .cleared }.map(view.conflict))),
                JSONMember("alarms", .array(view.mechanism.alarms.values.filter { $0.state != .cleared }.map(view.alarm))),
                JSONMember("calls", .array(open.compactMap { book.messages[$0] }.map(view.call))),
                JSONMember("presence", .array(open.compactMap { book.presence[$0] }.map(view.presence))),
            ])
        }
        let (phones, problem) = PrintPage.phones(in: folder)
        return PrintedPicture(
            snapshot: picture, phones: phones, phonesProblem: problem, cards: try cards(in: language)
        ).html
    }
}

enum PrintPage {
    static let phonesFile = "phones.json"

    /// - Returns: the list, or why it cannot be used: a page without it is worth more than none.
    static func phones(in folder: NodeFolder) -> (PhoneList, problem: String?) {
        let file = folder.url.appendingPathComponent(phonesFile)
        guard FileManager.default.fileExists(atPath: file.path) else { return (PhoneList(), nil) }
        do {
            let bytes = try folder.read(file, limit: PhoneList.fileBytes)
            return (try PhoneList(try StrictJSON.read(bytes, limit: PhoneList.fileBytes)), nil)
        } catch let rejection as FieldRejection {
            return (PhoneList(), rejection.sentence)
        } catch let rejection as JSONRejection {
            return (PhoneList(), "not strict JSON at byte \(rejection.offset): \(rejection.reason.rawValue)")
        } catch {
            return (PhoneList(), "\(error)")
        }
    }
}
