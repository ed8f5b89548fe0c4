import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import PrivateCheck
import Records

/// Plans that are told to nobody, and checks of them against another principal's.
extension DeskAPI {
    func addPrivateChecks(to api: RouterGroup<DeskContext>) {
        api.get("sealed-plans") { _, context in
            _ = try officer(context)
            return await view { Response.json($0.sealedPlans()) }
        }
        api.post("sealed-plans") { request, context in
            let officer = try officer(context)
            var reader = try FieldReader(try await body(request))
            let fields = try NoticeFields(&reader)
            try reader.finish()
            guard case .sealed(let id) = try await submit(.plan(.seal(fields)), by: officer) else {
                throw Problem(status: .internalServerError, name: "internal", detail: "The node answered out of turn.")
            }
            return try await plan(id, status: .created)
        }
        api.post("sealed-plans/:id/end") { _, context in
            let officer = try officer(context)
            let text = context.parameters.get("id") ?? ""
            guard let id = SealedPlanID(text) else { throw Problem.noSuch("SealedPlan", text) }
            _ = try await submit(.plan(.end(id)), by: officer)
            return try await plan(id, status: .ok)
        }
        api.get("private-checks") { _, context in
            _ = try officer(context)
            return await view { Response.json($0.privateChecks()) }
        }
        api.post("private-checks") { request, context in
            let officer = try acting(context)
            var reader = try FieldReader(try await body(request))
            let other = try reader.party("with")
            try reader.finish()
            let id = try await privately { try await privateChecks.propose(to: other, officer: officer.officer) }
            return try await check(id, status: .created)
        }
        api.get("private-checks/:id") { _, context in
            _ = try officer(context)
            return try await check(try checkID(context), status: .ok)
        }
        api.post("private-checks/:id/accept") { _, context in
            let officer = try acting(context)
            let id = try checkID(context)
            try await privately { try await privateChecks.accept(id, officer: officer.officer) }
            return try await check(id, status: .accepted)
        }
        api.post("private-checks/:id/decline") { _, context in
            let officer = try acting(context)
            let id = try checkID(context)
            try await privately { try await privateChecks.decline(id, officer: officer.officer) }
            return try await check(id, status: .ok)
        }
    }

    private func checkID(_ context: DeskContext) throws -> Hash32 {
        let text = context.parameters.get("id") ?? ""
        guard let id = Hash32(hex: text) else { throw Problem.noSuch("PrivateCheck", text) }
        return id
    }

    private func plan(_ id: SealedPlanID, status: HTTPResponse.Status) async throws -> Response {
        try await view { view in
            guard let plan = view.mechanism.checks.plans[id] else { throw Problem.noSuch("SealedPlan", "\(id)") }
            return Response.json(["plan": view.sealedPlan(plan)], status: status)
        }
    }

    private func check(_ id: Hash32, status: HTTPResponse.Status) async throws -> Response {
        try await view { view in
            guard let check = view.mechanism.checks.checks[id] else { throw Problem.noSuch("PrivateCheck", id.hex) }
            return Response.json(["check": view.privateCheck(check)], status: status)
        }
    }

    /// What the private checks refuse, as a problem.
    private func privately<Value>(_ act: () async throws -> Value) async throws -> Value {
        do { return try await act() } catch {
            guard let failure = error as? PrivateCheckFailure else { throw error }
            if case .node(let error) = failure { throw error }
            throw Problem(failure)
        }
    }
}

extension Problem {
    init(_ failure: PrivateCheckFailure) {
        self =
            switch failure {
            case .node(.refused(let refusal)): Problem(refusal)
            case .node(let error):
                Problem(status: .serviceUnavailable, name: "notStored", detail: "Nothing was done: \(error).")
            case .plans(let rejection):
                Problem(status: .conflict, name: "plansTooLarge", detail: "The sealed plans do not fit into one check: \(rejection).")
            case .notWaiting(let id):
                Problem(status: .conflict, name: "checkOver", detail: "No proposal \(id.hex.prefix(12)) of another party waits here.")
            case .notAgreed:
                Problem(
                    status: .conflict, name: "checkNotAgreed",
                    detail: "The proposal is not what the terms say. It can only be declined.")
            case .deadlinePassed(let id):
                Problem(status: .conflict, name: "checkOver", detail: "The time of check \(id.hex.prefix(12)) has passed.")
            case .notStored(let why):
                Problem(status: .serviceUnavailable, name: "notStored", detail: "Nothing was said: \(why).")
            }
    }
}
