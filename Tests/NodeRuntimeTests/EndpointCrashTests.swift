import NodeRuntime
import Testing

/// Found with the property of the fuzzing targets that an address is written as it is read: an address in two pairs of brackets was written as another address than it was read from.
@Suite("Addresses of nodes")
struct EndpointCrashTests {
    @Test(
        "brackets stand once, around the whole host",
        arguments: ["[[a]]:1", "[[::1]]:7443", "[a]]:1", "[[a]:1", "a]:1", "[a:1", "[]:1", ":1"])
    func refused(text: String) {
        #expect(NodeConfiguration.Endpoint(text) == nil)
    }

    @Test("an address is written as it is read", arguments: ["alpha.example:7443", "[::1]:7443", "127.0.0.1:1"])
    func same(text: String) {
        #expect(NodeConfiguration.Endpoint(text)?.description == text)
    }
}
