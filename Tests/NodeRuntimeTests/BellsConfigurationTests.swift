import Foundation
import Kernel
import Mechanism
import Notation
import Records
import Testing

@testable import NodeRuntime

@Suite("bells.json")
struct BellsConfigurationTests {
    private func read(_ text: String) throws -> Result<BellConfiguration, BellConfigurationError> {
        let folder = try BellFolder()
        defer { folder.remove() }
        try folder.write("bells.json", text)
        do throws(BellConfigurationError) {
            return .success(try BellConfiguration.load(from: folder.url))
        } catch {
            return .failure(error)
        }
    }

    @Test("a command and a webhook are read with what they ring for")
    func reads() throws {
        let bells = try read(
            """
            [{"name":"siren","command":["/usr/bin/ring","--long"],"from":"flash","roles":["watch"],"drills":true},
             {"name":"pager-2","webhook":"https://pager.example:8443/a%20b?x=1","keyFile":"keys/pager.key"}]
            """
        ).get().bells
        try #require(bells.count == 2)
        #expect(bells[0].means == .command(["/usr/bin/ring", "--long"]))
        #expect(bells[0].from == .flash && bells[0].roles == [.watch] && bells[0].drills)
        #expect(bells[1].from == .routine && bells[1].roles == DeskRole.allCases && !bells[1].drills)
        guard case .webhook(let webhook) = bells[1].means else {
            Issue.record("no webhook")
            return
        }
        #expect(webhook.host == "pager.example" && webhook.port == 8443 && webhook.usesTLS)
        #expect(webhook.target == "/a%20b?x=1")
        #expect(webhook.keyFile.hasPrefix("/") && webhook.keyFile.hasSuffix("/keys/pager.key"))
    }

    @Test("a node without the file has no bells")
    func absent() throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        #expect(try BellConfiguration.load(from: folder.url).bells.isEmpty)
    }

    @Test("what is wrong is refused, and the field is named", arguments: [
        (#"{"bells":[]}"#, ""),
        (#"[{"command":["/bin/true"]}]"#, "[0].name"),
        (#"[{"name":"Siren","command":["/bin/true"]}]"#, "[0].name"),
        (#"[{"name":"a"}]"#, "[0].command"),
        (#"[{"name":"a","command":[]}]"#, "[0].command"),
        (#"[{"name":"a","command":"/bin/true"}]"#, "[0].command"),
        (#"[{"name":"a","command":["true"]}]"#, "[0].command"),
        (#"[{"name":"a","command":["/bin/true"],"webhook":"https://x/","keyFile":"k"}]"#, "[0].webhook"),
        (#"[{"name":"a","command":["/bin/true"],"keyFile":"k"}]"#, "[0].keyFile"),
        (#"[{"name":"a","webhook":"https://x/"}]"#, "[0].keyFile"),
        (#"[{"name":"a","webhook":"ftp://x/","keyFile":"k"}]"#, "[0].webhook"),
        (#"[{"name":"a","webhook":"https://u:p@x/","keyFile":"k"}]"#, "[0].webhook"),
        (#"[{"name":"a","webhook":"https://x/ y","keyFile":"k"}]"#, "[0].webhook"),
        (#"[{"name":"a","webhook":"http://pager.example/","keyFile":"k"}]"#, "[0].webhook"),
        (#"[{"name":"a","webhook":"http://127.0.0.1.example/","keyFile":"k"}]"#, "[0].webhook"),
        (#"[{"name":"a","webhook":"http://127.0.0.1/","keyFile":"k","authorities":"ca.pem"}]"#, "[0].authorities"),
        (#"[{"name":"a","command":["/bin/true"],"from":"urgent"}]"#, "[0].from"),
        (#"[{"name":"a","command":["/bin/true"],"roles":[]}]"#, "[0].roles"),
        (#"[{"name":"a","command":["/bin/true"],"roles":["watch","watch"]}]"#, "[0].roles[1]"),
        (#"[{"name":"a","command":["/bin/true"],"drills":"yes"}]"#, "[0].drills"),
        (#"[{"name":"a","command":["/bin/true"],"drill":true}]"#, "[0].drill"),
        (#"[{"name":"a","command":["/bin/true"]},{"name":"a","command":["/bin/true"]}]"#, "[1].name"),
    ])
    func refuses(text: String, path: String) throws {
        guard case .failure(.field(_, let rejection)) = try read(text) else {
            Issue.record("taken: \(text)")
            return
        }
        #expect(rejection.path == path)
    }

    @Test("plain http is taken to this machine only", arguments: ["127.0.0.1:8080", "127.8.9.1", "localhost:1", "[::1]:81"])
    func loopback(host: String) throws {
        #expect(try read(#"[{"name":"a","webhook":"http://\#(host)/ring","keyFile":"k"}]"#).get().bells.count == 1)
    }

    @Test("what is no JSON is refused at its byte")
    func notJSON() throws {
        guard case .failure(let error) = try read(#"[{"name":"a",}]"#) else {
            Issue.record("taken")
            return
        }
        #expect(error.description.contains("byte 13"))
    }

    @Test("each kind of alarm has a card of its own, which the catalogue holds")
    func cards() throws {
        let texts = try ActionCardCatalogue.load().texts(in: .english)
        let codes = Alarm.Kind.allCases.map(\.card)
        #expect(Set(codes).count == Alarm.Kind.allCases.count)
        for code in codes { #expect(texts.card(code) != nil) }
        #expect(!codes.contains(.stopRings) && !codes.contains(.stopPressed))
        // Whoever has the alarm's kind finds the card without this table.
        #expect(zip(Alarm.Kind.allCases, codes).allSatisfy { $0.rawValue == $1.rawValue })
    }
}
