import Foundation
import Geodesy
import JointLog
import Kernel
import Records

/// Finds the geoid grid that the terms name.
public enum GeoidFile {
    /// Where Debian's `proj-data` has it.
    public static let path = "/usr/share/proj/egm96_15.gtx"

    /// SHA-256 of the installed grid, for terms that name it; `nil` when it is not installed.
    public static func installedHash() -> Hash32? {
        FileManager.default.contents(atPath: path).map { MerkleHash.sha256(Array($0)) }
    }

    /// - Throws: when the terms name a grid that is not the installed one: both nodes must compute alike.
    public static func reference(for terms: Terms) throws -> VerticalReference {
        var grid: GeoidGrid?
        if let wanted = terms.vertical.geoidSHA256 {
            guard let data = FileManager.default.contents(atPath: path) else { throw NodeFolderError.missing(path) }
            let bytes = Array(data)
            guard MerkleHash.sha256(bytes) == wanted else {
                throw NodeFolderError.malformed(path, "not the geoid grid that the terms name (SHA-256 \(wanted.hex))")
            }
            grid = try GeoidGrid(gtx: bytes)
        }
        guard
            let reference = VerticalReference(
                terrainFloorM: terms.vertical.terrainFloorM, terrainCeilingM: terms.vertical.terrainCeilingM,
                pressureDeviationM: terms.vertical.pressureBoundM, grid: grid)
        else { throw NodeFolderError.malformed("terms", "vertical bounds out of range") }
        return reference
    }
}
