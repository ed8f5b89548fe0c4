import Foundation
import Kernel
import Notation
import Records
import Testing

private func refusal(_ change: (String) -> String) throws -> CatalogueRejection? {
    let english = try #require(try ActionCardCatalogue.load().files.first { $0.name == "en.json" })
    do throws(CatalogueRejection) {
        _ = try ActionCardCatalogue.parsed(
            Array(change(String(decoding: english.bytes, as: UTF8.self)).utf8), file: "x", language: .english)
        return nil
    } catch {
        return error
    }
}

private func names(_ json: JSONValue?) -> [String] {
    guard case .object(let members)? = json else { return [] }
    return members.map(\.name)
}

@Suite("action cards")
struct ActionCardTests {
    @Test("every language that has cards has every card, with three to five steps")
    func complete() throws {
        let catalogue = try ActionCardCatalogue.load()
        #expect(catalogue.texts.first?.language == .english)
        for texts in catalogue.texts {
            let file = try #require(catalogue.files.first { $0.name == "\(texts.language.rawValue).json" })
            // The file itself, not what the reader made of it.
            let json = try StrictJSON.read(file.bytes, limit: 1 << 20)
            #expect(names(json["cards"]).sorted() == ActionCardCode.allCases.map(\.rawValue).sorted())
            for code in ActionCardCode.allCases {
                let card = try #require(texts.card(code))
                #expect((3...5).contains(card.steps.count), "\(texts.language) \(code)")
                #expect((1...3).contains(card.doNot.count), "\(texts.language) \(code)")
            }
        }
    }

    @Test("no two cards of a language have the same title or the same steps")
    func distinct() throws {
        for texts in try ActionCardCatalogue.load().texts {
            #expect(Set(texts.cards.map(\.title)).count == texts.cards.count)
            #expect(Set(texts.cards.map(\.steps)).count == texts.cards.count)
        }
    }

    @Test("the schema asks for the cards that there are")
    func schema() throws {
        let file = try #require(try ActionCardCatalogue.load().files.first { $0.name == "schema.json" })
        let cards = try StrictJSON.read(file.bytes, limit: 1 << 20)["properties"]?["cards"]
        #expect(names(cards?["properties"]).sorted() == ActionCardCode.allCases.map(\.rawValue).sorted())
        guard case .array(let required)? = cards?["required"] else {
            Issue.record("the schema requires nothing")
            return
        }
        #expect(required.count == ActionCardCode.allCases.count)
    }

    @Test("a language without cards is answered in English")
    func fallback() throws {
        #expect(try ActionCardCatalogue.load().texts(in: .korean).language == .english)
    }

    @Test("a file that lacks a card is refused by the card's name")
    func missingCard() throws {
        let wrong = try refusal { $0.replacing("\"commCheck\": {", with: "\"commChecks\": {") }
        guard case .field(_, let rejection)? = wrong else {
            Issue.record("read as if nothing were missing: \(String(describing: wrong))")
            return
        }
        #expect(rejection.path == "cards.commCheck")
        #expect(rejection.problem == .missing)
    }

    @Test("a step that turns the direction of what follows is refused")
    func directionCharacter() throws {
        let wrong = try refusal { $0.replacing("Make a comm check", with: "\u{202E}Make a comm check") }
        guard case .field(_, let rejection)? = wrong else {
            Issue.record("read in spite of it: \(String(describing: wrong))")
            return
        }
        #expect(rejection.path.hasPrefix("cards.commCheck.do"))
    }

    @Test("a file of another language than its name says is refused")
    func wrongLanguage() throws {
        #expect(try refusal { $0.replacing("\"language\": \"en\"", with: "\"language\": \"tr\"") } != nil)
        #expect(try refusal { $0.replacing("\"direction\": \"ltr\"", with: "\"direction\": \"rtl\"") } != nil)
    }

    @Test("the STOP cards leave no doubt about who ends a STOP")
    func stopEnds() throws {
        let texts = try ActionCardCatalogue.load().texts(in: .english)
        let rings = try #require(texts.card(.stopRings))
        #expect(rings.steps[0].contains("heard"))
        #expect(rings.whoEndsIt.contains("Only the party that pressed it"))
    }
}
