import AsyncHTTPClient
import Foundation
import NIOCore
import Records

/// One event of a desk's stream, and when this process had read it.
struct DeskEvent: Sendable {
    /// `reset`, `notice`, `conflict`, `alarm`, `link`, `assurance`.
    let name: String
    let id: String?
    let data: JSONValue
    let at: ContinuousClock.Instant
}

/// Server-sent events, as the HTML standard has them: fields of `data`, `event` and `id`, a blank line after each.
struct EventLines {
    private var line: [UInt8] = []
    private var name = "message"
    private var id: String?
    private var data: [String] = []

    /// - Returns: the event that `byte` completes.
    mutating func take(_ byte: UInt8) -> (name: String, id: String?, data: String)? {
        guard byte == UInt8(ascii: "\n") else {
            line.append(byte)
            return nil
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        guard text.isEmpty else {
            read(text)
            return nil
        }
        defer {
            name = "message"
            data = []
        }
        return data.isEmpty ? nil : (name, id, data.joined(separator: "\n"))
    }

    private mutating func read(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // A line that begins with a colon is a comment.
        guard let field = parts.first, !field.isEmpty else { return }
        var value = parts.count > 1 ? String(parts[1]) : ""
        if value.hasPrefix(" ") { value.removeFirst() }
        switch field {
        case "event": name = value
        case "id": id = value
        case "data": data.append(value)
        default: break
        }
    }
}

extension DeskClient {
    /// Reads the stream until it ends, the task is cancelled, or `body` returns `false`.
    ///
    /// - Parameter after: id of the last event seen; the stream goes on from there, or begins with a `reset`.
    func events(after: String? = nil, _ body: (DeskEvent) async throws -> Bool) async throws {
        var request = request("GET", "/api/v1/events")
        request.headers.replaceOrAdd(name: "Accept", value: "text/event-stream")
        if let after { request.headers.add(name: "Last-Event-ID", value: after) }
        let response: HTTPClientResponse
        do {
            response = try await DeskClient.http.execute(request, deadline: .distantFuture)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw unreachable(error)
        }
        guard response.status == .ok else {
            let bytes = (try? await response.body.collect(upTo: 1 << 20)).map { Array($0.readableBytesView) } ?? []
            throw DeskClient.failure(
                Int(response.status.code), try? StrictJSON.read(bytes, limit: 1 << 20))
        }
        var lines = EventLines()
        do {
            for try await part in response.body {
                let now = ContinuousClock.now
                for byte in part.readableBytesView {
                    guard let event = lines.take(byte) else { continue }
                    guard let data = try? StrictJSON.read(Array(event.data.utf8), limit: DeskClient.answerBytes) else {
                        throw CommandFailure(.refused, "badEvent", "the node sent an event that is not JSON")
                    }
                    guard try await body(DeskEvent(name: event.name, id: event.id, data: data, at: now)) else { return }
                }
            }
        } catch let error as CommandFailure {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as HTTPClientError where error == .cancelled {
            throw CancellationError()
        } catch let error as ExitStatus {
            throw error
        } catch {
            throw unreachable(error)
        }
    }
}
