import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

/// The STOP path between nodes: beside everything else, and without its limits.
extension PeerAPI {
    func addStops(to router: Router<PeerContext>) {
        router.post(RouterPath(StopPeerMessages.stopsPath)) { request, context in
            await stop(request, context) { party, bytes in
                let notes = try StopPeerMessages.notes(bytes)
                return .json(StopPeerMessages.notes(await stops.desk.take(notes, from: party)))
            }
        }
        router.post(RouterPath(StopPeerMessages.relayPath)) { request, context in
            await stop(request, context) { party, bytes in
                let asked = try StopPeerMessages.Relayed(bytes)
                guard stops.relay.hold(asked.sealed, from: party, to: asked.party) else {
                    throw Problem(status: .unprocessableContent, name: "notARelay", detail: "We do not relay for them.")
                }
                return .json(["held": true])
            }
        }
        router.post(RouterPath(StopPeerMessages.relayedPath)) { request, context in
            await stop(request, context) { mediator, bytes in
                let relayed = try StopPeerMessages.Relayed(bytes)
                guard await stops.desk.take(relayed: relayed.sealed, from: relayed.party, by: mediator) else {
                    throw Problem(
                        status: .unprocessableContent, name: "badRelay", detail: "Not sealed to us by that party.")
                }
                return .json([:])
            }
        }
    }
}
