import HTTPTypes
import Hummingbird
import Kernel
import Notation
import Records

/// The catalogue of call templates, for desks that render it themselves. Nothing in it is secret.
extension DeskAPI {
    func addTemplates(to api: RouterGroup<DeskContext>) {
        api.get("templates") { _, context in
            _ = try officer(context)
            return Response.json([
                "structure": TemplateCatalogue.structure,
                "languages": .array(MessageLanguage.ofCatalogue.map { .string($0.rawValue) }),
            ])
        }
        api.get("templates/:language") { _, context in
            _ = try officer(context)
            let name = context.parameters.get("language") ?? ""
            guard let language = MessageLanguage(rawValue: name), MessageLanguage.ofCatalogue.contains(language),
                let file = templates.files.first(where: { $0.name == "\(language.rawValue).json" })
            else { throw Problem.noSuch("Language", name) }
            var headers = HTTPFields()
            headers[.contentType] = "application/json"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
        }
    }
}
