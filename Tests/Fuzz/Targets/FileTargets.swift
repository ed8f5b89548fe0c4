import Foundation
import Kernel
import Records

@testable import NodeRuntime
@testable import Notation

/// Files that people hand a node: configuration, cards, bells, telephone lists, texts, scenarios.
let fileTargets: [FuzzTarget] = [
    FuzzTarget("configuration", longest: 8_192, words: jsonWords + configurationWords, seeds: { configurationSeeds }) { bytes in
        if let configuration = try? NodeConfiguration(bytes) {
            let again = try? NodeConfiguration(configuration.json.bytes)
            require(again?.json.bytes == configuration.json.bytes, "a configuration is written and read as the same")
        }
        if let card = try? PartyCard(bytes) {
            requireNames(bytes)
            let again = try? PartyCard(card.json.bytes)
            require(again?.json.bytes == card.json.bytes, "a card that was read is written and read as the same")
        }
        if let key = KeyEncryption(bytes) { require(key.encoded == bytes, "an encrypted key has one form") }
        guard let text = text(bytes) else { return }
        if let endpoint = NodeConfiguration.Endpoint(text) {
            require(NodeConfiguration.Endpoint(endpoint.description) == endpoint, "an address is written and read as the same")
        }
        guard let json = try? StrictJSON.read(bytes, limit: 64 * 1024) else { return }
        _ = try? BellConfiguration(json, folder: URL(fileURLWithPath: "/nowhere"))
        _ = try? PhoneList(json)
    },
    FuzzTarget("texts", longest: 24_576, words: jsonWords + ["{", "}", "[", "|", "]", "{from}", "{to}"], seeds: { textSeeds }) { bytes in
        if let text = text(bytes), let sentence = TemplateSentence(text) { _ = sentence.segments }
        _ = try? TemplateCatalogue.parsed(bytes, file: "tr.json", language: .turkish)
        _ = try? ActionCardCatalogue.parsed(bytes, file: "en.json", language: .english)
    },
    FuzzTarget("scenario", longest: 16_384, words: jsonWords + scenarioWords, seeds: { Samples.files(in: "Scenarios", ending: "6.json") + Samples.files(in: "Scenarios", ending: "8.json") }) {
        // The reader takes a file: one in memory.
        guard FileManager.default.createFile(atPath: scenarioFile, contents: Data($0)) else { return }
        _ = try? Scenario(file: scenarioFile)
    },
]

private let scenarioFile = "\(Samples.memory)/scenario.json"

private let configurationWords = ["\"party\":", "\"desk\":", "\"peers\":", "\"address\":", "\"routes\":{", "\"coverEveryS\":", "127.0.0.1:1", "[::1]:65535"]
private let configurationSeeds: [[UInt8]] = {
    let files = [
        #"{"party":"alpha","name":"Alpha","role":"principal","desk":"127.0.0.1:7001","peers":"0.0.0.0:7443","address":"alpha.example:7443"}"#,
        #"{"party":"m","name":"M","role":"mediator","desk":"[::1]:7001","peers":"[::]:7443","address":"m.example:7443","routes":{"alpha":["10.0.0.1:7443"]},"coverEveryS":3600}"#,
        #"[{"name":"siren","command":["/usr/bin/siren","--loud"],"from":"FLASH","roles":["watch"],"perMinute":4}]"#,
        #"[{"name":"hook","webhook":"https://bells.example/ring","from":"IMMEDIATE"}]"#,
        #"[{"who":"bravo, desk","number":"+90 555 0100","when":"always"}]"#,
        "alpha.example:7443", "[::1]:7443", "127.0.0.1:1", "[[a]]:1",
        "parley encrypted key v1\npurpose node\nscrypt 16384 8 1 AAAAAAAAAAAAAAAAAAAAAA==\nchacha20-poly1305 AAAAAAAAAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    ]
    return texts(files) + cards + cards.map(kelvin)
}()

/// As `parley init` prints it.
private let cards: [[UInt8]] = {
    guard let configuration = try? NodeConfiguration(Array(
        #"{"party":"alpha","name":"Alpha","role":"principal","desk":"127.0.0.1:7001","peers":"0.0.0.0:7443","address":"alpha.example:7443"}"#.utf8)),
        let keys = try? temporaryKeys()
    else { return [] }
    return [PartyCard(configuration, keys).json.bytes]
}()

func temporaryKeys() throws -> NodeKeys {
    let folder = NodeFolder(path: "\(Samples.memory)/keys")
    defer { try? FileManager.default.removeItem(at: folder.url) }
    try folder.create()
    var random = SystemRandom()
    return try NodeKeys.create(in: folder, name: "alpha", random: &random)
}

private let textSeeds: [[UInt8]] =
    texts(["{from} asks {to} to stop[ at {position}|].", "[{unit}|Somebody] has it."])
    + Samples.files(in: "Sources/Notation/Templates/texts", ending: "tr.json")
    + Samples.files(in: "Sources/Notation/ActionCards/cards", ending: "en.json")

private let scenarioWords = [
    "\"format\":\"parley scenario 1\"", "\"steps\":[", "\"expect\":[", "\"parties\":[", "\"at\":\"+1h\"", "\"act\":", "\"with\":{", "\"label\":",
    "\"by\":", "\"history\":[", "\"sources\":[", "\"scale\":",
]
