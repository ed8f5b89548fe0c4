import Kernel
import Records
import Testing

/// Found with the property of the fuzzing targets that a field has one name: its name in another spelling was read as the field.
@Suite("Names of fields")
struct FieldNameCrashTests {
    /// K and the Kelvin sign, which Unicode counts as one letter.
    static let kelvin = "\u{212A}"

    @Test("a name with the Kelvin sign is another name than the one with a K")
    func kelvinSign() throws {
        let value = try StrictJSON.read(Array("{\"node\(Self.kelvin)ey\":1}".utf8), limit: 100)
        var reader = try FieldReader(value)
        #expect(reader.optional("nodeKey") == nil)
        #expect(throws: FieldRejection(path: "node\(Self.kelvin)ey", problem: .unknownField)) { try reader.finish() }
    }

    @Test("terms that spell a field's name with the Kelvin sign are refused")
    func terms() throws {
        let text = String(decoding: sampleTerms.bytes, as: UTF8.self)
        let changed = text.replacing("\"nodeKey\"", with: "\"node\(Self.kelvin)ey\"")
        #expect(changed.utf8.count > text.utf8.count)
        #expect(throws: TermsRejection.self) { try Terms.read(Array(changed.utf8), mechanism: nil) }
    }

    @Test("a body that spells a field's name with the Kelvin sign is refused")
    func body() throws {
        let vector = try #require(recordVectors.first { $0.body.contains("\"postQuantumKey\"") })
        let changed = vector.body.replacing("\"postQuantumKey\"", with: "\"postQuantum\(Self.kelvin)ey\"")
        #expect(throws: Never.self) { try RecordBody.read(vector.bodyBytes) }
        #expect(throws: BodyRejection.self) { try RecordBody.read(Array(changed.utf8)) }
    }
}
