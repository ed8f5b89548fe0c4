import Foundation
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

extension DeskAPI {
    func addDesk(to api: RouterGroup<DeskContext>) {
        api.get("status") { _, context in
            _ = try officer(context)
            return await view { view in Response.json(view.status()) }
        }
        api.get("terms") { _, context in
            _ = try officer(context)
            return Response.json(try StrictJSON.read(node.terms.bytes, limit: Limits.termsBytes))
        }
        api.get("assurance") { _, context in
            _ = try officer(context)
            return await view { view in Response.json(view.assurance(view.mechanism.assurance(now: view.now))) }
        }
        api.get("assurance/statement") { _, context in
            _ = try officer(context)
            return try await statement(of: nil)
        }
        api.get("links") { _, context in
            _ = try officer(context)
            return await view { view in Response.json(["links": .array(view.links())]) }
        }
        api.get("alarms") { request, context in
            _ = try officer(context)
            let wanted = request.uri.queryParameters["all"] ?? "false"
            guard wanted == "true" || wanted == "false" else {
                throw Problem.badRequest("all is true or false.", field: "all")
            }
            let all = wanted == "true"
            return await view { view in
                let alarms = view.mechanism.alarms.values.filter { all || $0.state != .cleared }
                return Response.json(["alarms": .array(alarms.map(view.alarm))])
            }
        }
        api.post("alarms/:id/acknowledge") { _, context in
            let officer = try officer(context)
            let text = context.parameters.get("id") ?? ""
            let id = text.removingPercentEncoding ?? text
            _ = try await submit(.acknowledgeAlarm(id), by: officer)
            return try await view { view in
                guard let alarm = view.mechanism.alarms[id] else { throw Problem.noSuch("Alarm", id) }
                return Response.json(["alarm": view.alarm(alarm)])
            }
        }
        api.post("suspension") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let suspended = try reader.bool("suspended")
            let reason = try reader.optionalString("reason")
            try reader.finish()
            _ = try await submit(.suspend(suspended, reason: reason), by: officer)
            return await view { view in
                Response.json([
                    "suspended": .bool(view.mechanism.suspendedBy.contains(view.mechanism.party)),
                    "links": .array(view.links()),
                ])
            }
        }
    }
}
