import Hummingbird
import Kernel
import NodeRuntime
import Records

/// Bells outside the browser: how each stands, and a trial.
extension DeskAPI {
    func addBells(to api: RouterGroup<DeskContext>) {
        api.get("bells") { _, context in
            _ = try officer(context)
            return Response.json(["bells": .array(bells.status.map(\.json))])
        }
        api.post("bells/trial") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let name = try reader.optionalString("name", limit: 200)
            try reader.finish()
            guard bells.tryOut(name, by: officer.officer) else { throw Problem.noSuch("Bell", name ?? "") }
            return Response.json(["bells": .array(bells.status.map(\.json))])
        }
    }
}
