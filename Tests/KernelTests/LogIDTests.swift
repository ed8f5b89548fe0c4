import Kernel
import Testing

@Suite struct LogIDTests {
    private let party = PartyID("turkiye")!

    @Test(arguments: [("turkiye", UInt64(0)), ("turkiye/1", 1), ("turkiye/1000", 1_000)])
    func aLogIsReadAndWrittenTheSame(text: String, epoch: UInt64) {
        let log = LogID(text)
        #expect(log == LogID(party: party, epoch: epoch))
        #expect(log?.description == text)
    }

    @Test(arguments: ["", "/", "turkiye/", "turkiye/0", "turkiye/01", "turkiye/+1", "turkiye/1001", "turkiye/1/1", "Turkiye", "turkiye/x"])
    func aTextThatWouldNotBeWrittenSoIsRefused(text: String) {
        #expect(LogID(text) == nil)
    }

    @Test func logsAreInOrderOfPartyAndThenOfEpochAsANumber() {
        let texts = ["israel/2", "turkiye/10", "turkiye", "israel", "turkiye/9"]
        #expect(texts.compactMap(LogID.init).sorted().map(\.description) == ["israel", "israel/2", "turkiye", "turkiye/9", "turkiye/10"])
    }
}
