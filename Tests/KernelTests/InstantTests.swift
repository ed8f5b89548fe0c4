import Foundation
import Kernel
import Testing

@Suite struct InstantTests {
    @Test("adding to an instant saturates at both ends of the scale")
    func advancing() {
        let now = UTCInstant(microseconds: 1_795_375_020_000_000)
        #expect(now.advanced(by: .seconds(1)).microseconds == 1_795_375_021_000_000)
        #expect(now.advanced(by: .seconds(-1)) < now)
        #expect(UTCInstant.distantFuture.advanced(by: .microseconds(1)) == .distantFuture)
        #expect(UTCInstant.distantPast.advanced(by: .microseconds(-1)) == .distantPast)
        #expect(now.advanced(by: .seconds(Int64.max)) == .distantFuture)
        #expect(now.advanced(by: .seconds(Int64.min)).microseconds < 0)
        let later = MonotonicInstant(nanoseconds: .max - 1)
        #expect(later.advanced(by: .nanoseconds(1)).nanoseconds == .max)
        #expect(later.advanced(by: .nanoseconds(2)).nanoseconds == .max)
        #expect(MonotonicInstant(nanoseconds: .min + 1).advanced(by: .seconds(-5)).nanoseconds == .min)
    }

    @Test("the time between two instants is exact, and saturates towards the side it lies on")
    func differences() {
        let a = UTCInstant(microseconds: -5)
        let b = UTCInstant(microseconds: 7)
        #expect(b.duration(since: a) == .microseconds(12))
        #expect(a.duration(since: b) == .microseconds(-12))
        #expect(UTCInstant.distantFuture.duration(since: a) >= UTCInstant.distantFuture.duration(since: b))
        #expect(UTCInstant.distantFuture.duration(since: .distantPast) >= .microseconds(Int64.max))
        #expect(UTCInstant.distantPast.duration(since: .distantFuture) <= .microseconds(-Int64.max))
        let first = MonotonicInstant(nanoseconds: .min)
        let last = MonotonicInstant(nanoseconds: .max)
        #expect(last.duration(since: first) == .nanoseconds(Int64.max))
        #expect(first.duration(since: last) < .zero)
    }

    @Test("whole units of a duration go towards zero and saturate")
    func wholeUnits() {
        #expect(Duration.nanoseconds(1_999).wholeMicroseconds == 1)
        #expect(Duration.nanoseconds(-1_999).wholeMicroseconds == -1)
        #expect(Duration.seconds(3).wholeNanoseconds == 3_000_000_000)
        #expect(Duration(secondsComponent: 0, attosecondsComponent: 999_999_999).wholeNanoseconds == 0)
        #expect(Duration.seconds(Int64.max).wholeMicroseconds == .max)
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeMicroseconds == .min)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
        #expect(Duration.microseconds(Int64.max).wholeMicroseconds == .max)
        #expect(Duration.microseconds(Int64.min).wholeMicroseconds == .min)
        #expect(Duration.seconds(9_223_372_036_854).wholeMicroseconds == 9_223_372_036_854_000_000)
        #expect(Duration.seconds(9_223_372_036_855).wholeMicroseconds == .max)
        #expect(Duration.minutes(2) == .seconds(120))
        #expect(Duration.hours(-2).magnitude == .seconds(7_200))
        #expect(Duration.milliseconds(1_500).inSeconds == 1.5)
    }

    @Test("a quotient is rounded towards negative infinity")
    func flooring() {
        for value in -20...20 as ClosedRange<Int64> {
            let expected = Int64((Double(value) / 7).rounded(.down))
            #expect(value.flooredQuotient(by: 7) == expected)
        }
        #expect(Int64.min.flooredQuotient(by: 1_000_000) == -9_223_372_036_855)
    }

    @Test("instants come back from their coded form, which is one number")
    func coding() throws {
        let now = Now(utc: .distantPast, monotonic: MonotonicInstant(nanoseconds: 17))
        let data = try JSONEncoder().encode(now)
        #expect(try JSONDecoder().decode(Now.self, from: data) == now)
        #expect(String(decoding: data, as: UTF8.self).contains("\"monotonic\":17"))
    }
}
