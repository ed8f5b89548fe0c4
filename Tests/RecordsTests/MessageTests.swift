import Geodesy
import Kernel
import Records
import Testing

/// A valid value of each type, as on the wire.
private func sample(_ field: MessageFieldName) -> JSONValue {
    switch field.type {
    case .position: ["position": [38.3169, 34.5574], "original": "T4, pist 27"]
    case .altitudeBand:
        [
            "lower": ["value": 3000.0, "unit": "feet", "datum": "amsl"],
            "upper": ["value": 150.0, "unit": "flightLevel", "datum": "flightLevel"],
        ]
    case .time: .string(field == .end ? "2026-11-22T21:00:00.000000Z" : "2026-11-22T19:17:00.000000Z")
    case .duration: 600
    case .distance: 5000.0
    case .bearing: 45
    case .unit: "3. Zırhlı Tugay"
    case .frequency: 121_500_000
    case .number: 2
    case .notice: "turkiye-12"
    case .reason: .string(field.reasons[0].rawValue)
    case .text: ["text": "שלום\nעולם", "language": "he"]
    }
}

private func message(_ template: MessageTemplate, _ fields: [MessageField]) -> JSONValue {
    var members = [JSONMember("role", "watch"), JSONMember("template", .string(template.rawValue))]
    members.append(JSONMember("fields", .object(fields.map { JSONMember($0.name.rawValue, sample($0.name)) })))
    if template.isReply { members.append(JSONMember("inReplyTo", "israel-40")) }
    return .object(members)
}

private func read(_ json: JSONValue) throws(FieldRejection) -> MessageContent {
    var reader = try FieldReader(json, path: "content")
    let content = try MessageContent(&reader)
    try reader.finish()
    return content
}

private func rejection(_ json: JSONValue) -> FieldRejection? {
    do throws(FieldRejection) {
        _ = try read(json)
        return nil
    } catch {
        return error
    }
}

private let hazard = message(.hazardAviation, MessageTemplate.hazardAviation.fields)

@Suite struct MessageTests {
    @Test("every template comes back from its own text, with all fields and with the required ones", arguments: MessageTemplate.allCases)
    func roundTrip(template: MessageTemplate) throws {
        for fields in [template.fields, template.fields.filter(\.isRequired)] {
            let content = try read(message(template, fields))
            #expect(content.template == template)
            #expect(content.precedence == template.defaultPrecedence)
            guard case .template(let body) = content.body else {
                Issue.record("no template")
                continue
            }
            #expect(body.values.map(\.name) == fields.map(\.name))
            let text = try StrictJSON.read(content.json.bytes, limit: Limits.messageBytes)
            #expect(try read(text) == content)
            #expect(try TemplateMessage(template, body.values) == body)
        }
    }

    @Test("free text comes back from its own text in every language that it may name", arguments: MessageLanguage.allCases)
    func freeText(language: MessageLanguage) throws {
        let json: JSONValue = [
            "role": "releasing", "precedence": "immediate", "text": "سلام ‌می‌خواهم\n12", "language": .string(language.rawValue),
            "about": "turkiye-12", "inReplyTo": "israel-40", "due": "2026-11-22T19:17:00.000000Z",
        ]
        let content = try read(json)
        #expect(content.json == json)
        #expect(content.templateClass == .ordinary)
        #expect(content.readBack.isEmpty)
    }

    @Test("a report of danger is sent by one press: its code and nothing else")
    func onePress() throws {
        // HOT-8: distress, inadvertent entry and hazard.
        let danger: [MessageTemplate] = [
            .distress, .assistanceRequest, .aircraftDown, .personnelRecovery, .medicalEvacuation, .aircraftCrossed,
            .groundCrossed, .vesselCrossed, .crossingOver, .hazardAviation, .hazardShipping, .hazardDebris,
            .hazardOrdnance, .hazardSatelliteNavigation, .hazardLaser, .fireObserved,
        ]
        #expect(MessageTemplate.allCases.filter(\.isOnePress) == danger)
        for template in danger {
            let content = try read(["role": "watch", "template": .string(template.rawValue)])
            #expect(content.templateClass.passesSuspension)
            #expect(content.readBack.isEmpty, "nothing was stated that could be read back")
        }
    }

    @Test("no required field may be missing, and each is named", arguments: MessageTemplate.allCases)
    func requiredFields(template: MessageTemplate) {
        let whole = message(template, template.fields)
        for field in template.fields {
            let name = "fields.\(field.name.rawValue)"
            for absent in [whole.with(name, nil), whole.with(name, .null)] {
                let expected =
                    field.isRequired
                    ? FieldRejection(path: "content.\(name)", problem: .missing) : nil
                // The radius goes with its position.
                if field.name == .position, !field.isRequired, template.fields.contains(where: { $0.name == .radius }) {
                    #expect(rejection(absent)?.path == "content.fields.radius")
                } else {
                    #expect(rejection(absent) == expected, "\(template) without \(name)")
                }
            }
        }
    }

    @Test("a field of another template, or of none, is refused by its name", arguments: MessageTemplate.allCases)
    func unknownFields(template: MessageTemplate) {
        let whole = message(template, template.fields)
        for name in MessageFieldName.allCases where !template.fields.contains(where: { $0.name == name }) {
            let path = "fields.\(name.rawValue)"
            #expect(
                rejection(whole.with(path, sample(name)))
                    == FieldRejection(path: "content.\(path)", problem: .unknownField))
        }
        #expect(rejection(whole.with("fields.later", 1))?.problem == .unknownField)
        #expect(rejection(whole.with("later", 1))?.problem == .unknownField)
    }

    @Test("a value of another type is refused by its field's name", arguments: MessageTemplate.allCases)
    func wrongTypes(template: MessageTemplate) {
        let whole = message(template, template.fields)
        for field in template.fields {
            for wrong in [.bool(true), .array([.null]), .object([JSONMember("later", 1)])] as [JSONValue] {
                let found = rejection(whole.with("fields.\(field.name.rawValue)", wrong))
                #expect(found?.path.hasPrefix("content.fields.\(field.name.rawValue)") == true)
            }
        }
    }

    @Test("a radius needs its position, an end does not precede its start, a lower limit lies not above the upper")
    func consistency() {
        #expect(rejection(hazard) == nil)
        #expect(rejection(hazard.with("fields.position", nil))?.path == "content.fields.radius")
        #expect(rejection(hazard.with("fields.end", "2026-11-22T19:16:59.999999Z"))?.path == "content.fields.end")
        #expect(rejection(hazard.with("fields.end", "2026-11-22T19:17:00Z")) == nil)
        let low: JSONValue = ["value": 2999.0, "unit": "feet", "datum": "amsl"]
        #expect(rejection(hazard.with("fields.altitude.upper", low))?.path == "content.fields.altitude")
    }

    @Test("an answer says what it answers")
    func replies() {
        #expect(
            MessageTemplate.allCases.filter(\.isReply) == [
                .dangerOver, .holdConfirmed, .holdRefused, .holdEnded, .commCheckAnswer, .sayAgain, .waitOut,
            ])
        for template in MessageTemplate.allCases where template.isReply {
            let alone = message(template, template.fields).with("inReplyTo", nil)
            #expect(rejection(alone) == FieldRejection(path: "content.inReplyTo", problem: .missing))
        }
    }

    @Test("a message is about one notice, wherever it is named")
    func concernedNotice() throws {
        let request = message(.noticeEndRequest, MessageTemplate.noticeEndRequest.fields)
        let twelve = NoticeID("turkiye-12")
        #expect(try read(request).concernedNotice == twelve)
        #expect(try read(request.with("about", "turkiye-12")).concernedNotice == twelve)
        #expect(rejection(request.with("about", "turkiye-13"))?.path == "content.about")
        let distress = message(.distress, [])
        #expect(try read(distress).concernedNotice == nil)
        #expect(try read(distress.with("about", "turkiye-12")).concernedNotice == twelve)
    }

    @Test("danger rings with at least its template's precedence, however it was sent")
    func precedence() throws {
        for template in MessageTemplate.allCases {
            for stated in Precedence.allCases {
                let json = message(template, template.fields).with("precedence", .string(stated.rawValue))
                let content = try read(json)
                #expect(content.precedence == stated)
                switch template.templateClass {
                case .distress, .crossing, .hazard:
                    #expect(content.ringsAs <= template.defaultPrecedence)
                    #expect(content.ringsAs <= stated)
                case .commCheck, .ordinary: #expect(content.ringsAs == stated)
                }
            }
        }
        #expect(MessageTemplate.distress.defaultPrecedence == .flash)
    }

    @Test("while the mechanism is suspended danger, the line and what it takes to resume go on, and nothing else")
    func suspension() {
        let stops = MessageTemplate.allCases.filter { !$0.templateClass.passesSuspension }
        #expect(
            stops == [
                .holdRequest, .holdConfirmed, .holdRefused, .holdEnded, .forcesQuestion, .forcesPresent, .noticeDoubt,
                .noticeExtendRequest, .noticeEndRequest, .activityComplete, .drillStarts, .drillEnds, .recommendation,
            ])
        #expect(MessageTemplate.resumeReady.templateClass == .commCheck)
    }

    @Test("only a mediator recommends, and it neither asks for a hold nor answers for forces")
    func senders() {
        #expect(MessageTemplate.allCases.filter { !$0.senders.include(.principal) } == [.recommendation])
        for template in [.holdRequest, .holdConfirmed, .notOurs, .forcesPresent, .aircraftCrossed] as [MessageTemplate] {
            #expect(!template.senders.include(.mediator))
        }
    }

    @Test("a field is read back only where its template has it")
    func readBack() throws {
        for template in MessageTemplate.allCases {
            #expect(template.readBack.allSatisfy { name in template.fields.contains { $0.name == name } })
            #expect(try read(message(template, template.fields)).readBack == template.readBack)
        }
        #expect(MessageTemplate.holdRequest.readBack.contains(.position))
        #expect(MessageTemplate.commCheck.readBack.isEmpty)
    }
}
