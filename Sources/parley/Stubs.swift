import ArgumentParser
struct BenchCommand: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "bench") }
struct ReplayCommand: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "replay") }
