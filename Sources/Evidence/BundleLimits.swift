/// What a bundle may hold at most: named, so that a refusal can say which limit was met.
public enum BundleLimits {
    /// The whole archive.
    public static let archiveBytes = 512 * 1024 * 1024
    public static let files = 500_000
    /// Any file but the manifest.
    public static let fileBytes = 256 * 1024
    /// One line for each file.
    public static let manifestBytes = 96 * 1024 * 1024
    /// Statements of root keys, over all parties.
    public static let statements = 1_000
    public static let forks = 1_000
    /// A file's name within the archive, `parley-evidence/` included: the name field of ustar.
    public static let pathBytes = 100
}
