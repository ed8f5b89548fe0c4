import Kernel

/// What the catalogue fixes of one template.
struct TemplateEntry {
    let templateClass: MessageTemplate.Class
    let precedence: Precedence
    let senders: MessageTemplate.Senders
    let required: [MessageFieldName]
    let optional: [MessageFieldName]
    let readBack: [MessageFieldName]
    let isReply: Bool

    init(
        _ templateClass: MessageTemplate.Class, _ precedence: Precedence,
        from senders: MessageTemplate.Senders = .principals, required: [MessageFieldName] = [],
        optional: [MessageFieldName] = [], readBack: [MessageFieldName] = [], isReply: Bool = false
    ) {
        self.templateClass = templateClass
        self.precedence = precedence
        self.senders = senders
        self.required = required
        self.optional = optional
        self.readBack = readBack
        self.isReply = isReply
    }
}

extension MessageTemplate {
    var entry: TemplateEntry {
        switch self {
        case .distress:
            TemplateEntry(
                .distress, .flash, from: .everyone,
                optional: [.nature, .position, .altitude, .unit, .persons, .time, .frequency, .remarks],
                readBack: [.position])
        case .assistanceRequest:
            TemplateEntry(
                .distress, .flash, from: .everyone,
                optional: [.need, .position, .persons, .time, .frequency, .contact, .remarks], readBack: [.position])
        case .aircraftDown:
            TemplateEntry(
                .distress, .flash, optional: [.position, .time, .callsign, .persons, .remarks], readBack: [.position])
        case .personnelRecovery:
            TemplateEntry(
                .distress, .flash,
                optional: [.position, .radius, .altitude, .start, .end, .unit, .frequency, .remarks],
                readBack: [.position, .altitude, .start])
        case .medicalEvacuation:
            TemplateEntry(
                .distress, .immediate,
                optional: [
                    .position, .destination, .altitude, .start, .end, .callsign, .persons, .frequency, .remarks,
                ],
                readBack: [.position, .destination, .altitude, .start])

        case .aircraftCrossed:
            TemplateEntry(
                .crossing, .flash,
                optional: [.position, .altitude, .course, .time, .count, .callsign, .cause, .frequency, .remarks],
                readBack: [.position, .altitude])
        case .groundCrossed, .vesselCrossed:
            TemplateEntry(
                .crossing, .flash,
                optional: [.position, .course, .time, .count, .unit, .cause, .frequency, .remarks],
                readBack: [.position])
        case .crossingOver:
            TemplateEntry(.crossing, .immediate, optional: [.position, .time, .remarks])
        case .crossingExplained:
            TemplateEntry(.crossing, .priority, required: [.cause], optional: [.position, .time, .remarks])
        case .aircraftUnnotified:
            TemplateEntry(
                .crossing, .flash, required: [.position],
                optional: [.altitude, .course, .time, .count, .callsign, .frequency, .remarks],
                readBack: [.position, .altitude])
        case .groundUnnotified, .vesselUnnotified:
            TemplateEntry(
                .crossing, .immediate, required: [.position],
                optional: [.course, .time, .count, .unit, .frequency, .remarks], readBack: [.position])
        case .notOurs:
            TemplateEntry(
                .crossing, .immediate, required: [.position],
                optional: [.altitude, .course, .time, .count, .callsign, .remarks], readBack: [.position])

        case .hazardAviation:
            TemplateEntry(
                .hazard, .flash, from: .everyone,
                optional: [.hazard, .position, .radius, .altitude, .start, .end, .source, .remarks],
                readBack: [.position, .altitude, .start])
        case .hazardShipping:
            TemplateEntry(
                .hazard, .immediate, from: .everyone,
                optional: [.hazard, .position, .radius, .start, .end, .source, .remarks], readBack: [.position, .start])
        case .hazardDebris, .hazardLaser:
            TemplateEntry(
                .hazard, .immediate, from: .everyone,
                optional: [.position, .radius, .altitude, .start, .end, .source, .remarks],
                readBack: [.position, .start])
        case .hazardOrdnance:
            TemplateEntry(
                .hazard, .priority, from: .everyone, optional: [.position, .radius, .time, .remarks],
                readBack: [.position])
        case .hazardSatelliteNavigation:
            TemplateEntry(
                .hazard, .immediate, from: .everyone,
                optional: [.interference, .position, .radius, .frequency, .start, .end, .source, .remarks])
        case .fireObserved:
            TemplateEntry(
                .hazard, .flash, from: .everyone, optional: [.weapon, .origin, .impact, .time, .remarks],
                readBack: [.origin, .impact])
        case .dangerOver:
            TemplateEntry(.hazard, .priority, from: .everyone, optional: [.time, .remarks], isReply: true)

        case .holdRequest:
            TemplateEntry(
                .ordinary, .flash, required: [.activity, .position, .radius],
                optional: [.altitude, .start, .end, .notice, .remarks],
                readBack: [.activity, .position, .radius, .altitude, .start])
        case .holdConfirmed:
            TemplateEntry(
                .ordinary, .immediate, required: [.activity, .position, .radius],
                optional: [.altitude, .start, .end, .remarks], isReply: true)
        case .holdRefused:
            TemplateEntry(.ordinary, .immediate, required: [.obstacle], optional: [.remarks], isReply: true)
        case .holdEnded:
            TemplateEntry(.ordinary, .immediate, optional: [.remarks], isReply: true)

        case .forcesQuestion:
            TemplateEntry(
                .ordinary, .flash, required: [.position, .radius], optional: [.altitude, .start, .end, .remarks],
                readBack: [.position, .radius])
        case .forcesPresent:
            TemplateEntry(
                .ordinary, .flash, required: [.position],
                optional: [.radius, .altitude, .start, .end, .count, .unit, .frequency, .remarks],
                readBack: [.position])

        case .commCheck: TemplateEntry(.commCheck, .routine, from: .everyone, optional: [.checkNumber, .remarks])
        case .commCheckAnswer:
            TemplateEntry(
                .commCheck, .routine, from: .everyone, optional: [.checkNumber, .remarks], isReply: true)
        case .sayAgain:
            TemplateEntry(
                .commCheck, .immediate, from: .everyone, required: [.part], optional: [.remarks], isReply: true)
        case .waitOut:
            TemplateEntry(
                .commCheck, .immediate, from: .everyone, required: [.wait], optional: [.remarks], isReply: true)
        case .contactFrequency:
            TemplateEntry(
                .commCheck, .immediate, from: .everyone, required: [.frequency],
                optional: [.callsign, .start, .end, .remarks], readBack: [.frequency])
        case .voiceRequest:
            TemplateEntry(
                .commCheck, .immediate, from: .everyone, optional: [.contact, .frequency, .time, .remarks])
        case .resumeReady: TemplateEntry(.commCheck, .priority, optional: [.time, .remarks])

        case .noticeDoubt:
            TemplateEntry(.ordinary, .immediate, required: [.notice, .part], optional: [.remarks])
        case .noticeExtendRequest:
            TemplateEntry(.ordinary, .priority, required: [.notice, .end], optional: [.remarks], readBack: [.end])
        case .noticeEndRequest: TemplateEntry(.ordinary, .priority, required: [.notice], optional: [.remarks])
        case .activityComplete:
            TemplateEntry(.ordinary, .routine, required: [.notice], optional: [.time, .remarks])

        case .drillStarts:
            TemplateEntry(.ordinary, .priority, from: .everyone, optional: [.start, .end, .remarks])
        case .drillEnds: TemplateEntry(.ordinary, .priority, from: .everyone, optional: [.time, .remarks])

        case .recommendation:
            TemplateEntry(
                .ordinary, .immediate, from: .mediators, required: [.advice], optional: [.notice, .remarks])
        }
    }
}
