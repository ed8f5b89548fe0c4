import Kernel
import Testing

@testable import PrivateCheck

/// RFC 9496, appendix A.2: encodings that must be refused, in its order.
private let invalidEncodings = [
    // Not the smallest form of a field element.
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    // Negative field elements.
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "f1c6165d33367351b0da8f6e4511010c68174a03b6581212c71c0e1d026c3c72",
    "87260f7a2f12495118360f02c26a470f450dadf34a413d21042b43b9d93e1309",
    // x² is no square.
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7b",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "2a292df7e32cababbd9de088d1d1abec9fc0440f637ed2fba145094dc14bea08",
    "f4a9e534fc0d216c44b218fa0c42d99635a0127ee2e53c712f70609649fdff22",
    "8268436f8c4126196cf64b3c7ddbda90746a378625f9813dd9b8457077256731",
    "2810e5cbc2cc4d4eece54f61c6f69758e289aa7ab440b3cbeaa21995c2f4232b",
    // xy is negative.
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
    "32888462f8b486c68ad7dd9610be5192bbeaf3b443951ac1a8118419d9fa097b",
    "227142501b9d4355ccba290404bde41575b037693cef1f438c47f8fbf35d1165",
    "5c37cc491da847cfeb9281d407efc41e15144c876e0170b499a96a22ed31e01e",
    "445425117cb8c90edcbc7c1cc0e74f747f2c1efa5630a967c64f287792a48a4b",
    // s = -1, hence y = 0.
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]

@Suite("points and scalars of ristretto255")
struct GroupTests {
    @Test("encodings that RFC 9496 refuses are refused, on reading and on multiplying", arguments: invalidEncodings)
    func invalid(hex: String) throws {
        let bytes = try #require([UInt8](hex: hex))
        #expect(throws: GroupPoint.Rejection.notCanonical) { try GroupPoint(bytes[...]) }
        #expect(times(GroupPoint(unchecked: bytes), 3) == nil)
    }

    @Test("the identity and other lengths are refused by name")
    func identity() {
        #expect(throws: GroupPoint.Rejection.identity) { try GroupPoint([UInt8](repeating: 0, count: 32)[...]) }
        #expect(throws: GroupPoint.Rejection.length(31)) { try GroupPoint([UInt8](repeating: 0, count: 31)[...]) }
        #expect(throws: GroupPoint.Rejection.length(33)) { try GroupPoint([UInt8](repeating: 0, count: 33)[...]) }
        #expect(times(GroupPoint(encoding: SIMD32()), 3) == nil)
    }

    @Test("the generator and its multiples are RFC 9496's")
    func multiples() throws {
        // Appendix A.1, 1, 2 and 15 times the generator.
        let expected = [
            1: "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
            2: "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
            15: "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e",
        ]
        for (times, hex) in expected {
            var number = [UInt8](repeating: 0, count: 64)
            number[0] = UInt8(times)
            let product = GroupPoint.generator.multiplied(by: SecretScalar(reducing: number))
            #expect(product?.bytes.hex == hex)
        }
    }

    @Test("uniform bytes map to RFC 9496's point")
    func map() throws {
        // Appendix A.3, first vector.
        let uniform = try #require(
            [UInt8](
                hex: "5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c1"
                    + "4d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6"))
        let expected = "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"
        #expect(GroupPoint(uniform: uniform).bytes.hex == expected)
    }

    @Test("scalars are read in one form only, and the order itself is none")
    func scalars() throws {
        // ℓ = 2²⁵² + 27742317777372353535851937790883648493, little-endian (RFC 9496 section 4.4).
        var order = try #require(
            [UInt8](hex: "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        #expect(!isScalar(order))
        order[0] -= 1
        #expect(isScalar(order))
        #expect(!isScalar([UInt8](repeating: 255, count: 32)))
        #expect(!isScalar([]))
        let zero = SecretScalar(reducing: [UInt8](repeating: 0, count: 64))
        let isZero = zero.isZero
        let hasInverse = zero.inverse() != nil
        #expect(isZero && !hasInverse)
    }

    @Test("masking twice is the same in either order, and unmasking takes it back")
    func commutes() throws {
        let point = GroupPoint(hashing: [1, 2, 3], tag: [4])
        let one = try #require(times(point, 5).flatMap { times($0, 6) })
        #expect(times(point, 6).flatMap { times($0, 5) } == one)
        guard let inverse = SecretScalar(reducing: [UInt8](repeating: 5, count: 64)).inverse() else {
            throw GroupPoint.Rejection.identity
        }
        let unmasked = one.multiplied(by: inverse)
        #expect(unmasked == times(point, 6))
    }

    @Test("a batch out of range is refused")
    func batch() throws {
        let suite = OprfSuite(.voprf)
        let point = GroupPoint(hashing: [1], tag: [2])
        func evaluated(_ points: [GroupPoint]) throws -> [GroupPoint] {
            try suite.evaluate(points, key: SecretScalar(reducing: [UInt8](repeating: 5, count: 64)))
        }
        #expect(throws: OprfSuite.Failure.count) { try evaluated([]) }
        #expect(throws: OprfSuite.Failure.count) {
            try evaluated([GroupPoint](repeating: point, count: Limits.oprfBatch + 1))
        }
        #expect(try evaluated([point, point]).count == 2)
        #expect(throws: OprfSuite.Failure.element(index: 1)) {
            try evaluated([point, GroupPoint(encoding: SIMD32(repeating: 255))])
        }
    }
}
