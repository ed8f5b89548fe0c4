// The node's event stream, read by hand: unlike EventSource, this sees the node's keep-alive comments, so silence on a
// connection that looks open is noticed, and a refusal can be told from an outage.
import { api } from "./api.js";

const silenceToProbeMs = 6_000;
const probeWaitMs = 3_000;
const silenceToReconnectMs = 40_000;
const retryFirstMs = 500;
const retryLongestMs = 5_000;

/**
 * Follows the stream until `stop` is called.
 *
 * @param {object} to `event(type, data, id)`; `alive()` whenever the node is heard; `lost(sinceMs)` when it is not;
 *   `signedOut()`.
 */
export function followEvents(to) {
  let lastID = null;
  let stopped = false;
  let retryMs = retryFirstMs;
  let heardAt = performance.now();
  let heardUTC = Date.now();
  let connection = null;
  let probing = false;

  function heard() {
    heardAt = performance.now();
    heardUTC = Date.now();
    retryMs = retryFirstMs;
    to.alive();
  }

  async function run() {
    while (!stopped) {
      connection = new AbortController();
      try {
        const headers = { Accept: "text/event-stream" };
        if (lastID) headers["Last-Event-ID"] = lastID;
        const response = await fetch("/api/v1/events", {
          headers, signal: connection.signal, cache: "no-store", credentials: "same-origin", redirect: "error",
        });
        if (response.status === 401) return stopped || to.signedOut();
        if (!response.ok) throw new Error(`status ${response.status}`);
        await read(response.body);
      } catch {
        // Said below, the same for every reason.
      }
      if (stopped) return;
      to.lost(heardUTC);
      await new Promise((resume) => setTimeout(resume, retryMs));
      retryMs = Math.min(retryMs * 2, retryLongestMs);
    }
  }

  async function read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser(deliver);
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      parser.push(value);
    }
  }

  function deliver({ type, data, id }) {
    if (type !== "reset" && id && isOld(id, lastID)) return;
    if (id) lastID = id;
    to.event(type, JSON.parse(data), id);
  }

  // A node under load may send nothing for a while; only a node that does not answer either is lost.
  async function watch() {
    const silenceMs = performance.now() - heardAt;
    if (stopped || probing || silenceMs < silenceToProbeMs) return;
    if (silenceMs > silenceToReconnectMs) connection?.abort();
    probing = true;
    try {
      await api.status({ signal: AbortSignal.timeout(probeWaitMs) });
      if (silenceMs <= silenceToReconnectMs) to.alive();
    } catch (problem) {
      if (!stopped && problem.status === 0) {
        to.lost(heardUTC);
        connection?.abort();
      }
    }
    probing = false;
  }

  const timer = setInterval(watch, 1_000);
  run();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      connection?.abort();
    },
  };
}

/** Whether `id` ("epoch-sequence") was already delivered: of the same epoch, and not after `last`. */
export function isOld(id, last) {
  if (!last) return false;
  const [epoch, sequence] = split(id);
  const [lastEpoch, lastSequence] = split(last);
  return epoch === lastEpoch && sequence <= lastSequence;
}

function split(id) {
  const at = id.lastIndexOf("-");
  return [id.slice(0, at), Number(id.slice(at + 1))];
}

/** Reads text/event-stream as HTML's section 9.2.6 says; takes text in any pieces. */
export class EventParser {
  #deliver;
  #rest = "";
  #event = { type: "message", data: [], id: null };

  constructor(deliver) {
    this.#deliver = deliver;
  }

  push(text) {
    this.#rest += text;
    // A carriage return at the end may be half of a line ending: it waits for what follows.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (line === "") {
      const { type, data, id } = this.#event;
      this.#event = { type: "message", data: [], id: null };
      if (data.length > 0) this.#deliver({ type, data: data.join("\n"), id });
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#event.type = value;
    else if (name === "data") this.#event.data.push(value);
    else if (name === "id") this.#event.id = value;
  }
}
