import Kernel
import Records

extension GeoJSON {
    /// The members of one object, with errors that name them.
    struct Members {
        let path: String
        private let members: [JSONMember]

        init(_ json: JSONValue, path: String) throws(GeometryJSONRejection) {
            guard case .object(let members) = json else {
                throw GeometryJSONRejection(path: path, reason: .wrongType(expected: "an object"))
            }
            self.members = members
            self.path = path
        }

        func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

        subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

        func value(_ name: String) throws(GeometryJSONRejection) -> JSONValue {
            guard let value = self[name], value != .null else {
                throw GeometryJSONRejection(path: path(of: name), reason: .missing)
            }
            return value
        }

        func type() throws(GeometryJSONRejection) -> String {
            guard case .string(let type) = try value("type") else {
                throw GeometryJSONRejection(path: path(of: "type"), reason: .wrongType(expected: "a text"))
            }
            return type
        }

        func radiusM() throws(GeometryJSONRejection) -> Double {
            guard let value = self["radiusM"] else { return 0 }
            guard let radiusM = value.asNumber else {
                throw GeometryJSONRejection(path: path(of: "radiusM"), reason: .wrongType(expected: "a number"))
            }
            guard (0...Limits.radiusLargestMetres).contains(radiusM) else {
                throw GeometryJSONRejection(path: path(of: "radiusM"), reason: .radiusOutOfRange)
            }
            return radiusM
        }

        func allow(_ names: [String]) throws(GeometryJSONRejection) {
            for member in members where !names.contains(member.name) {
                throw GeometryJSONRejection(path: path(of: member.name), reason: .unknownMember)
            }
        }
    }
}
