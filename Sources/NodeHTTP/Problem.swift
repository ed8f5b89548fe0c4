import HTTPTypes
import Hummingbird
import Kernel
import Mechanism
import Notation
import NodeRuntime
import Records

/// An RFC 9457 problem: what went wrong, under a name that does not change.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    let name: String
    let detail: String
    /// Path of the field at fault.
    var field: String?
    /// Further members, such as `expected`.
    var more: [JSONMember] = []

    var response: Response {
        var members = [
            JSONMember("type", .string("about:blank#\(name)")), JSONMember("title", .string(status.reasonPhrase)),
            JSONMember("status", .integer(Int64(status.code))), JSONMember("detail", .string(detail)),
            JSONMember("name", .string(name)),
        ]
        if let field { members.append(JSONMember("field", .string(field))) }
        var response = Response.json(.object(members + more), status: status, type: "application/problem+json")
        if isForNow { response.headers[.retryAfter] = "1" }
        return response
    }

    /// Whether the same request may well succeed in a second.
    var isForNow: Bool { status == .tooManyRequests || status == .serviceUnavailable }

    static let notSignedIn = Problem(status: .unauthorized, name: "notSignedIn", detail: "Sign in first.")
    static let notAllowed = Problem(
        status: .forbidden, name: "notAllowed", detail: "Your role does not allow this.")
    static func noSuch(_ what: String, _ id: String) -> Problem {
        Problem(status: .notFound, name: "noSuch\(what)", detail: "There is no \(what.lowercased()) \(id.prefix(80)) here.")
    }
    static func badRequest(_ detail: String, field: String? = nil) -> Problem {
        Problem(status: .badRequest, name: "badRequest", detail: detail, field: field)
    }
    static let tooLarge = Problem(
        status: .contentTooLarge, name: "tooLarge", detail: "A request has at most \(Limits.requestBytes) bytes.")
    static let notJSON = Problem(
        status: .unsupportedMediaType, name: "notJSON", detail: "The body must be declared as application/json.")
    static let tooMany = Problem(
        status: .tooManyRequests, name: "tooManyRequests", detail: "Too many requests; try again in a second.")
    static let tooManyAtOnce = Problem(
        status: .tooManyRequests, name: "tooManyAtOnce", detail: "Too many requests of yours are under way; try again in a second.")
    static let nothingToState = Problem(
        status: .conflict, name: "nothingToState",
        detail: "Only NO KNOWN CONFLICT, with conditions or without, can be stated; this node's answer is another.")
    static let overloaded = Problem(
        status: .serviceUnavailable, name: "overloaded", detail: "The node has too much to do; try again.")
    static let tooManyStreams = Problem(
        status: .serviceUnavailable, name: "tooManyStreams", detail: "\(Limits.streamSubscribers) event streams are open.")
}

extension Problem {
    init(_ rejection: FieldRejection) {
        self.init(status: .badRequest, name: rejection.name, detail: rejection.sentence, field: rejection.path)
    }

    init(_ rejection: JSONRejection) {
        self.init(
            status: .badRequest, name: rejection.reason.rawValue,
            detail: "The body is not strict JSON at byte \(rejection.offset): \(rejection.reason.rawValue).")
    }

    init(_ error: NodeError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .overloaded: self = .overloaded
        case .tooManyAtOnce: self = .tooManyAtOnce
        case .notStored(let why):
            self.init(status: .insufficientStorage, name: "notStored", detail: "The disk did not take it; nothing was recorded: \(why).")
        case .stopped:
            self.init(status: .serviceUnavailable, name: "stopped", detail: "The node is stopping.")
        }
    }

    init(_ refusal: AdmissionGate.Refusal) {
        switch refusal {
        case .tooManyAtOnce: self = .tooManyAtOnce
        case .overloaded: self = .overloaded
        }
    }

    init(_ error: OfficerAccounts.Refusal) {
        switch error {
        case .wrongNameOrPassphrase:
            self.init(status: .unauthorized, name: "wrongNameOrPassphrase", detail: "Name or passphrase is wrong.")
        case .lockedOut(let seconds):
            self.init(status: .locked, name: "lockedOut", detail: "Too many wrong passphrases; try again in \(seconds) s.")
        case .nameTaken: self.init(status: .conflict, name: "nameTaken", detail: "There is an officer of that name.")
        case .badName:
            self.init(
                status: .badRequest, name: "badName",
                detail: "A name has 1 to \(Limits.officerNameBytes) bytes and no control characters.", field: "officer")
        case .badPassphrase:
            self.init(
                status: .badRequest, name: "badPassphrase", detail: "A passphrase has 10 to 1 024 bytes.",
                field: "passphrase")
        case .tooManySignIns:
            self.init(status: .serviceUnavailable, name: "overloaded", detail: "Too many sign-ins wait; try again.")
        case .tooManySessions:
            self.init(status: .serviceUnavailable, name: "tooManySessions", detail: "Too many officers are signed in.")
        }
    }
}

extension Problem {
    init(_ error: Consoles.Refusal) {
        switch error {
        case .badName:
            self.init(
                status: .badRequest, name: "badName", detail: "A console's name is one line of 1 to 64 bytes.",
                field: "console")
        case .tooMany:
            self.init(status: .conflict, name: "tooManyConsoles", detail: "At most \(Consoles.most) consoles are enrolled.")
        }
    }
}

extension HTTPResponse.Status {
    static let locked = HTTPResponse.Status(code: 423, reasonPhrase: "Locked")
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}

extension Response {
    static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, type: String = "application/json"
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.bytes)))
    }
}
