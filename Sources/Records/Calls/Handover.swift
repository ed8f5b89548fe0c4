import Kernel

/// One officer has taken the watch over from another, with everything that was open.
public struct Handover: Hashable, Sendable, WireCodable {
    public let from: String
    public let to: String
    /// Open items that the incoming officer accepted one by one.
    public let items: UInt64
    public let remarks: String?

    public init(from: String, to: String, items: UInt64, remarks: String?) {
        self.from = from
        self.to = to
        self.items = items
        self.remarks = remarks
    }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        from = try reader.string("from", limit: Limits.officerNameBytes)
        to = try reader.string("to", limit: Limits.officerNameBytes)
        for (name, officer) in [("from", from), ("to", to)] {
            try PlainText.check(officer, path: reader.path(of: name), allowsLines: false)
        }
        guard from != to else { throw reader.rejection("to", .notAllowed(rule: "another officer than from")) }
        items = UInt64(try reader.integer("items", in: 0...Int64(Limits.largestInteger)))
        remarks = try PlainText.optional("remarks", &reader)
    }

    public var json: JSONValue {
        var members = [
            JSONMember("from", .string(from)), JSONMember("to", .string(to)),
            JSONMember("items", .integer(Int64(items))),
        ]
        if let remarks { members.append(JSONMember("remarks", .string(remarks))) }
        return .object(members)
    }
}
