/// The language that free text names for itself, as a BCP 47 tag. The catalogue has its texts in the first six.
public enum MessageLanguage: String, Hashable, Sendable, Codable, CaseIterable {
    case english = "en"
    case turkish = "tr"
    case hebrew = "he"
    case arabic = "ar"
    case azerbaijani = "az"
    case russian = "ru"
    case armenian = "hy"
    case chinese = "zh"
    case french = "fr"
    case georgian = "ka"
    case german = "de"
    case greek = "el"
    case hindi = "hi"
    case korean = "ko"
    case kurdish = "ku"
    case persian = "fa"
    case spanish = "es"
    case ukrainian = "uk"
    case urdu = "ur"

    /// Those in which every template has its text.
    public static let ofCatalogue: [MessageLanguage] = [.english, .turkish, .hebrew, .arabic, .azerbaijani, .russian]

    /// Whether it is written from right to left.
    public var isRightToLeft: Bool {
        switch self {
        case .hebrew, .arabic, .persian, .urdu: true
        case .english, .turkish, .azerbaijani, .russian, .armenian, .chinese, .french, .georgian, .german, .greek,
            .hindi, .korean, .kurdish, .spanish, .ukrainian:
            false
        }
    }
}
