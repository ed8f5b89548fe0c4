import Geodesy

/// The named places that the node knows: the airfields of its base map.
enum GazetteerFile {
    /// Reads `icao,name,country,lat_deg,lon_deg,…`; a line that is not so is passed over.
    static func read(_ bytes: [UInt8]) -> Gazetteer {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst()
        return Gazetteer(
            lines.compactMap { line in
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                guard fields.count >= 5, let latitude = Double(fields[3]), let longitude = Double(fields[4]),
                    let position = Position(latitudeDeg: latitude, longitudeDeg: longitude)
                else { return nil }
                return NamedPlace(name: String(fields[1]), position: position)
            })
    }
}
