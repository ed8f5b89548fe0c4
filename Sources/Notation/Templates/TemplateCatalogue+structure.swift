import Kernel
import Records

extension TemplateCatalogue {
    /// The templates without their texts, for a form that asks for the fields: codes, classes, precedence, types.
    public static var structure: JSONValue {
        .array(
            MessageTemplate.allCases.map { template in
                [
                    "code": .string(template.rawValue), "class": .string(template.templateClass.rawValue),
                    "precedence": .string(template.defaultPrecedence.rawValue),
                    "senders": .string(template.senders.rawValue), "onePress": .bool(template.isOnePress),
                    "reply": .bool(template.isReply),
                    "readBack": .array(template.readBack.map { .string($0.rawValue) }),
                    "fields": .array(template.fields.map(field)),
                ]
            })
    }

    private static func field(_ field: MessageField) -> JSONValue {
        var members = [
            JSONMember("name", .string(field.name.rawValue)), JSONMember("type", .string(field.type.rawValue)),
            JSONMember("required", .bool(field.isRequired)),
        ]
        if field.type == .reason {
            members.append(JSONMember("reasons", .array(field.name.reasons.map { .string($0.rawValue) })))
        }
        return .object(members)
    }
}
