import Geodesy
import Kernel

extension GeometryRejection {
    /// One clause for a person, to follow the field's name.
    public var sentence: String {
        switch self {
        case .notANumber(let vertex): "vertex \(vertex) is not a number"
        case .outOfRange(let vertex): "vertex \(vertex) lies outside ±90 degrees of latitude or ±180 of longitude"
        case .tooFewVertices(let found, let needed): "\(found) vertices, and at least \(needed) are needed"
        case .tooManyVertices(let found, let allowed): "\(found) vertices, and at most \(allowed) are allowed"
        case .repeatedVertex(let index): "vertex \(index) repeats the one before it"
        case .edgeTooLong(let index, let metres):
            "edge \(index) is \(Int64(metres / 1000)) km long, and at most \(Int64(Limits.edgeLongestMetres / 1000)) km are allowed"
        case .selfCrossing(let edge, let other): "edges \(edge) and \(other) cross or touch"
        case .tooIntricate: "too many of its edges run almost along one another"
        case .zeroArea: "it encloses no area"
        case .tooWide: "it spans too much of the earth"
        case .radiusNotANumber: "the radius is not a number"
        case .radiusOutOfRange: "the radius must be 0 to \(Int64(Limits.radiusLargestMetres)) m"
        }
    }
}
