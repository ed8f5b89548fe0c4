import ArgumentParser
import Foundation
import Kernel

extension BenchCommand {
    struct Conflicts: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From one volume to all stored volumes that it conflicts with, exact stage included.",
            discussion: """
                Reads CSV files of `id,cls,shape,t0,t1,alt_lo,alt_hi,param,wkt`: classes index the tables of minima, \
                times are Unix seconds, heights metres; the WKT polygon in longitude and latitude is the footprint, \
                its edges geodesics. The minima are JSON: {"horizontal_m": [[…]], "vertical_m": [[…]], \
                "time_s": [[…]]}, a height of null being `all`. Footprints count as validated before, as in a node's \
                own journal.
                """)

        @Option(help: ArgumentHelp("Volumes to store.", valueName: "csv")) var volumes: String
        @Option(help: ArgumentHelp("Volumes to ask about.", valueName: "csv")) var queries: String
        @Option(help: ArgumentHelp("Minima by class.", valueName: "json")) var minima: String
        @Option(help: ArgumentHelp("Write `query,volume` lines here.", valueName: "csv")) var hits: String?
        @Option(help: "Threads for queries per second.") var threads: Int = 1
        @Flag(help: "Find all conflicts among the stored volumes, too.") var sweep = false
        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() throws {
            guard (1...256).contains(threads) else {
                throw CommandFailure(.usage, "badCount", "1 to 256", field: "--threads")
            }
            do {
                var measurement = try ConflictMeasurement(minima: minima)
                try measurement.build(volumes)
                try measurement.ask(queries)
                measurement.measureThroughput(threads: threads)
                try measurement.measureChanges()
                if sweep {
                    measurement.measureSweep(threads: threads) { done, parts in
                        FileHandle.standardError.write(Data("sweep: \(done) of \(parts) parts\n".utf8))
                    }
                }
                measurement.finish()
                if let hits { try measurement.writeHits(hits) }
                Terminal.say(measurement.report.json)
            } catch let failure as ConflictFile.Failure {
                throw CommandFailure(.usage, "badFile", failure.sentence)
            } catch let failure as ConflictMinima.Failure {
                throw CommandFailure(.usage, "badMinima", failure.sentence)
            } catch let failure as ConflictMeasurement.Failure {
                throw CommandFailure(.stepFailed, "stepFailed", failure.sentence)
            }
        }
    }
}
