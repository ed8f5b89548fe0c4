import Geodesy
import Hummingbird
import Kernel
import Notation
import Records

extension DeskAPI {
    func addPlaces(to api: RouterGroup<DeskContext>) {
        api.get("gazetteer/nearest") { request, context in
            _ = try officer(context)
            let query = request.uri.queryParameters
            guard let latitude = query["lat"].flatMap({ Double($0) }),
                let longitude = query["lon"].flatMap({ Double($0) }),
                let position = Position(latitudeDeg: latitude, longitudeDeg: longitude)
            else { throw Problem.badRequest("lat and lon are degrees, within ±90 and ±180.", field: "lat") }
            guard let nearest = gazetteer.nearest(to: position) else { throw Problem.noSuch("Place", "near") }
            return Response.json([
                "name": .string(nearest.place.name), "position": nearest.place.position.json,
                "distanceM": .number(nearest.distanceM), "bearingDeg": .number(nearest.bearingDeg),
            ])
        }
        api.get("coordinates") { request, context in
            _ = try officer(context)
            guard let text = request.uri.queryParameters["text"] else {
                throw Problem.badRequest("text is missing.", field: "text")
            }
            do {
                let parsed = try CoordinateText.parse(String(text))
                return Response.json([
                    "position": parsed.position.json, "notation": .string(parsed.notation.rawValue),
                    "uncertaintyM": .number(parsed.uncertaintyM), "notations": View.notations(parsed.position),
                ])
            } catch let rejection as CoordinateRejection {
                throw Problem.badRequest(rejection.explanation, field: "text")
            }
        }
    }
}
