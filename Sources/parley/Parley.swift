import ArgumentParser
import Foundation

/// The command. Every subcommand takes `--json`; the exit codes are those of ``ExitStatus``.
struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "A deconfliction mechanism that two opposing forces can run.",
        discussion: """
            Each party runs its own node. A new party: `init`, exchange cards, `terms draft`, compare the \
            fingerprint in person, `terms accept`, `serve`. At the desk: `sign-in`, `notice file`, `watch`, `ack`. \
            When it is urgent: `stop`.

            A notice is neither permission nor immunity.

            Officers: PARLEY_OFFICER and PARLEY_PASSPHRASE sign in without `sign-in`; PARLEY_DIR and PARLEY_DESK \
            stand for --dir and --desk. PARLEY_LANGUAGE is the language in which calls are shown and written.

            EXIT CODES:
            \(ExitStatus.table)
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "A party's node",
                subcommands: [InitCommand.self, OfficerCommand.self, TermsCommand.self, ServeCommand.self]),
            CommandGroup(name: "Keys", subcommands: [KeyCommand.self, RootCommand.self]),
            CommandGroup(
                name: "Notices",
                subcommands: [
                    NoticeCommand.self, CheckCommand.self, AdviseCommand.self, AckCommand.self, ConflictCommand.self,
                ]),
            CommandGroup(
                name: "The watch",
                subcommands: [
                    SignInCommand.self, SignOutCommand.self, StatusCommand.self, AssuranceCommand.self,
                    WatchCommand.self, AlarmCommand.self, SuspendCommand.self, ResumeCommand.self, PrintCommand.self,
                    SignUnconfirmedCommand.self,
                ]),
            CommandGroup(
                name: "The hotline", subcommands: [StopCommand.self, CallCommand.self, PresenceCommand.self]),
            CommandGroup(name: "Private checks", subcommands: [SealedPlanCommand.self, PrivateCheckCommand.self]),
            CommandGroup(
                name: "The desk",
                subcommands: [
                    UnitCommand.self, PassCommand.self, BoardCommand.self, HandoverCommand.self, ApproveCommand.self,
                    WithdrawActCommand.self, ConsoleCommand.self, DiscloseCommand.self, DisclosuresCommand.self,
                ]),
            CommandGroup(name: "The record", subcommands: [EvidenceCommand.self, FsckCommand.self, RestoreCommand.self]),
            CommandGroup(
                name: "Showing and measuring",
                subcommands: [DemoCommand.self, ReplayCommand.self, SimulateCommand.self, BenchCommand.self, FoldCommand.self]),
        ])
}

@main
enum Entry {
    static func main() async {
        exit(await run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    static func run(_ arguments: [String]) async -> ExitStatus {
        do {
            var command = try Parley.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .done
        } catch let status as ExitStatus {
            return status
        } catch let failure as CommandFailure {
            failure.report(asJSON: arguments.contains("--json"))
            return failure.status
        } catch {
            // What the argument parser throws: help and version are no failure.
            let message = Parley.fullMessage(for: error)
            guard Parley.exitCode(for: error).isSuccess else {
                guard arguments.contains("--json") else {
                    Terminal.complain(message + "\n")
                    return .usage
                }
                CommandFailure(.usage, "usage", Parley.message(for: error)).report(asJSON: true)
                return .usage
            }
            Terminal.say(message + "\n")
            return .done
        }
    }
}
