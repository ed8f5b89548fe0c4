import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

/// The STOP path between nodes: beside everything else, and without its limits of rate.
extension PeerAPI {
    func addStops(to router: Router<PeerContext>) {
        router.post(RouterPath(StopPeerMessages.stopsPath)) { request, context in
            await answer {
                let party = try await pinned(context)
                let notes = try StopPeerMessages.notes(try await body(request))
                return .json(StopPeerMessages.notes(await stops.desk.take(notes, from: party)))
            }
        }
        router.post(RouterPath(StopPeerMessages.relayPath)) { request, context in
            await answer {
                let party = try await pinned(context)
                let asked = try StopPeerMessages.Relayed(try await body(request))
                guard stops.relay.hold(asked.sealed, from: party, to: asked.party) else {
                    throw Problem(status: .unprocessableContent, name: "notARelay", detail: "We do not relay for them.")
                }
                return .json(["held": true])
            }
        }
        router.post(RouterPath(StopPeerMessages.relayedPath)) { request, context in
            await answer {
                let mediator = try await pinned(context)
                let relayed = try StopPeerMessages.Relayed(try await body(request))
                guard await stops.desk.take(relayed: relayed.sealed, from: relayed.party, by: mediator) else {
                    throw Problem(
                        status: .unprocessableContent, name: "badRelay", detail: "Not sealed to us by that party.")
                }
                return .json([:])
            }
        }
    }
}
