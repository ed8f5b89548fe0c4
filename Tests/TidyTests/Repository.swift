import Foundation

/// The repository that these tests stand in, as read from disk.
struct Repository {
    let root: URL
    /// Every file, what set-up and builds leave behind excepted. Text that is not UTF-8 is left out.
    let files: [SourceFile]

    enum Missing: Error { case root(from: String), file(String) }

    static let shared = Result { try Repository(from: #filePath) }

    /// The nearest folder above this file that holds both a manifest and a repository's `.git`.
    init(from filePath: String) throws {
        var folder = URL(fileURLWithPath: filePath).resolvingSymlinksInPath()
        func holds(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
        }
        repeat {
            guard folder.pathComponents.count > 1 else { throw Missing.root(from: filePath) }
            folder.deleteLastPathComponent()
        } while !(holds("Package.swift") && holds(".git"))
        root = folder
        files = try Repository.texts(below: folder)
    }

    func file(_ path: String) throws -> SourceFile {
        guard let file = files.first(where: { $0.path == path }) else { throw Missing.file(path) }
        return file
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// As .gitignore has it.
    private static func isLeftBehind(_ path: String, name: String) -> Bool {
        name == ".git" || name.hasPrefix(".build") || name == "__pycache__" || name.hasSuffix(".pyc")
            || path == ".setup" || path == "Package.resolved" || path == "Sources/NodeHTTP/Console/vendor"
    }

    private static func texts(below root: URL) throws -> [SourceFile] {
        var found: [SourceFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            for name in try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder) {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                guard !isLeftBehind(path, name: name) else { continue }
                let url = root.appendingPathComponent(path)
                let values = try url.resourceValues(forKeys: [.isDirectoryKey, .isRegularFileKey])
                if values.isDirectory == true {
                    folders.append(path)
                } else if values.isRegularFile == true {
                    guard let text = String(data: try Data(contentsOf: url), encoding: .utf8) else { continue }
                    found.append(SourceFile(path: path, text: text))
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }
}
