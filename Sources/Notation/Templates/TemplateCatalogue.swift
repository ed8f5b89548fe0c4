import Foundation
import Geodesy
import Kernel
import Records

/// Why the catalogue cannot be used.
public enum CatalogueRejection: Error, Hashable, Sendable {
    case missingFile(String)
    case notJSON(file: String, JSONRejection)
    case field(file: String, FieldRejection)

    public var sentence: String {
        switch self {
        case .missingFile(let name): "\(name) is not there"
        case .notJSON(let file, let rejection):
            "\(file): not strict JSON at byte \(rejection.offset): \(rejection.reason.rawValue)"
        case .field(let file, let rejection): "\(file): \(rejection.sentence)"
        }
    }
}

/// The texts of all call templates in all six languages, checked when loaded.
public struct TemplateCatalogue: Sendable {
    /// The files as they are, for whoever serves them: `en.json` … and `schema.json`.
    public let files: [(name: String, bytes: [UInt8])]
    private let texts: [MessageLanguage: MessageTexts]
    private let fallback: MessageTexts

    /// Reads the files that were built into the program.
    public static func load() throws(CatalogueRejection) -> TemplateCatalogue {
        #if SWIFT_MODULE_RESOURCE_BUNDLE_AVAILABLE
            try load(from: Bundle.module.bundleURL.appendingPathComponent("texts", isDirectory: true))
        #else
            // A package that takes these sources without their resources.
            throw .missingFile("texts")
        #endif
    }

    /// - Parameter folder: holds one file for each language of the catalogue, and the schema.
    public static func load(from folder: URL) throws(CatalogueRejection) -> TemplateCatalogue {
        var files: [(name: String, bytes: [UInt8])] = []
        var texts: [MessageLanguage: MessageTexts] = [:]
        for language in MessageLanguage.ofCatalogue {
            let file = "\(language.rawValue).json"
            let bytes = try read(file, in: folder)
            texts[language] = try parsed(bytes, file: file, language: language)
            files.append((file, bytes))
        }
        files.append(("schema.json", try read("schema.json", in: folder)))
        guard let english = texts[.english] else { throw .missingFile("en.json") }
        return TemplateCatalogue(files: files, texts: texts, fallback: english)
    }

    /// Reads one file's bytes.
    public static func parsed(
        _ bytes: [UInt8], file: String, language: MessageLanguage
    ) throws(CatalogueRejection) -> MessageTexts {
        let json: JSONValue
        do { json = try StrictJSON.read(bytes, limit: fileBytes) } catch { throw .notJSON(file: file, error) }
        do { return try MessageTexts(json, language: language) } catch { throw .field(file: file, error) }
    }

    private static let fileBytes = 256 * 1024

    private static func read(_ name: String, in folder: URL) throws(CatalogueRejection) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path) else {
            throw .missingFile(name)
        }
        return Array(data)
    }

    /// - Returns: the English texts for a language that the catalogue lacks.
    public func texts(in language: MessageLanguage) -> MessageTexts { texts[language] ?? fallback }

    public func label(_ field: MessageFieldName, in language: MessageLanguage) -> String {
        texts(in: language).labels[field] ?? field.rawValue
    }

    public func word(_ reason: MessageReason, in language: MessageLanguage) -> String {
        texts(in: language).reasons[reason] ?? reason.rawValue
    }

    public func word(_ precedence: Precedence, in language: MessageLanguage) -> String {
        texts(in: language).precedence[precedence] ?? precedence.rawValue
    }

    public func word(_ role: DeskRole, in language: MessageLanguage) -> String {
        texts(in: language).roles[role] ?? role.rawValue
    }

    public func word(_ word: CallWord, in language: MessageLanguage) -> String {
        texts(in: language).words[word] ?? word.rawValue
    }

    /// The name of a language, in another.
    public func name(of language: MessageLanguage, in reader: MessageLanguage) -> String {
        texts(in: reader).languages[language] ?? language.rawValue
    }
}
