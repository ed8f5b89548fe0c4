import ArgumentParser
import Foundation
import Kernel
import PrivateCheck
import Records

extension BenchCommand {
    struct Sites: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "1,024 cells tested against a list of protected sites: processor time and bytes.",
            discussion: """
                Client and custodian in one process, without a network: hiding the cells, the answers with their \
                proof, checking and comparing. `mapping` is what a hostile client may ask of one list, beside how many \
                cells a region of 500 km by 550 km has. Exits with 6 when an answer is wrong or, in an optimised \
                build, a target is missed.
                """)

        @Option(help: "Batches, one after the other.") var batches: Int = 20
        @Option(help: ArgumentHelp("Entries of the list, as a power of two.", valueName: "n")) var sizeClass: Int = 14
        @Option(help: "Of the sites and the cells.") var seed: UInt64 = 1
        @Flag(help: "Answer in JSON, which it does anyway.") var json = false

        func run() throws {
            guard (1...10_000).contains(batches), Limits.siteListClasses.contains(sizeClass) else {
                throw CommandFailure(.usage, "badCount", "1 to 10000 batches, lists of 2 to the power of 10 to 20")
            }
            var bench = SitesBench(sizeClass: sizeClass, seed: seed)
            let figures: SitesBench.Figures
            do {
                figures = try bench.measure(batches: batches)
            } catch {
                throw CommandFailure(.stepFailed, "stepFailed", "\(error)")
            }
            let targets = [
                Target(
                    name: "processor time of the client", measured: Self.median(figures.clientMs), wanted: 500,
                    isUpperLimit: true, unit: "ms"),
                Target(
                    name: "bytes both ways", measured: Double(figures.bytes), wanted: 80_000, isUpperLimit: true,
                    unit: "bytes"),
            ]
            let result: JSONValue = [
                "measured": .string("1,024 cells, dummies included, against a list of \(1 << sizeClass) entries"),
                "machine": Measurement.json, "batches": .integer(Int64(batches)),
                "client": Self.times(figures.clientMs), "clientByTheClock": Self.times(figures.clientClockMs),
                "custodian": Self.times(figures.custodianMs), "bytesBothWays": .integer(Int64(figures.bytes)),
                "list": [
                    "bytes": .integer(Int64(figures.listBytes)),
                    "custodianMs": .number(Measurement.rounded(figures.listMs)),
                ],
                "mapping": .array((8...16).map(Self.mapping)), "wrong": .integer(Int64(figures.wrong)),
                "targets": .array(targets.map(\.json)),
            ]
            Terminal.say(result.prettyText)
            guard figures.wrong == 0 else {
                throw CommandFailure(.stepFailed, "stepFailed", "\(figures.wrong) answers are wrong")
            }
            let missed = targets.filter { $0.isMet == false }.map(\.name)
            guard missed.isEmpty else {
                throw CommandFailure(.stepFailed, "targetMissed", missed.joined(separator: ", "))
            }
        }

        /// Cells of a mean size, of which a level has six times four to its power.
        private static func mapping(_ level: Int) -> JSONValue {
            let earthKm2 = 510_065_622.0
            let cells = (500 * 550 / (earthKm2 / (6 * pow(4, Double(level))))).rounded(.up)
            let cap = Double(Limits.siteCellsPerEpoch)
            return [
                "level": .integer(Int64(level)), "cells": .integer(Int64(cells)),
                "share": .number(Measurement.rounded(min(1, cap / cells))),
                "lists": .integer(Int64((cells / cap).rounded(.up))),
            ]
        }

        private static func times(_ values: [Double]) -> JSONValue {
            [
                "p50Ms": .number(Measurement.rounded(median(values))),
                "worstMs": .number(Measurement.rounded(values.max() ?? 0)),
            ]
        }

        private static func median(_ values: [Double]) -> Double {
            values.isEmpty ? 0 : values.sorted()[values.count / 2]
        }
    }
}
