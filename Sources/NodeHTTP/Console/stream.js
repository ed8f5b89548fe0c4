// The node's event stream, read by hand: unlike EventSource, this sees the node's keep-alive comments, so silence on a
// connection that looks open is noticed, a refusal can be told from an outage, and a lost, repeated or misplaced event is
// found by its number. Whatever cannot be in order is not applied: the stream is taken up again from where it was whole.
import { api } from "./api.js";

const silenceToProbeMs = 6_000;
const probeWaitMs = 3_000;
/** The node answers, but its stream says nothing, although it promised a word every five seconds. */
const silenceToDoubtMs = 12_000;
const silenceToReconnectMs = 20_000;
/** Without an event for so long, the node is asked whether there was one after the last that came. */
const quietMs = 20_000;
const firstSnapshotMs = 2_000;
/** The clock has gone on so much further than the timer that counts this machine's own time: it has slept. */
const sleptMs = 3_000;
const retryFirstMs = 100;
const retryLongestMs = 5_000;

class BrokenStream extends Error {}

/**
 * Follows the stream until `stop` is called.
 *
 * @param {object} to `event(type, data, isAhead)`, ahead of others that happened before; `current()` when everything that has happened is known;
 *   `behind(sinceMs)` when the node is heard but events since then may be missing; `lost(sinceMs)` when it is not heard;
 *   `signedOut()`.
 */
export function followEvents(to) {
  /** The id up to which everything was applied; null asks for a whole snapshot. */
  let position = null;
  /** Where it was before the first hole of this connection that a STOP which came ahead of its place may explain. */
  let anchor = null;
  /** STOP events of this connection that came ahead, without an id; and how many of them have still to explain a hole. */
  let ahead = new Set();
  let unexplained = 0;
  let state = "starting";
  let stopped = false;
  let failures = 0;
  let brokenAt = null;
  let heardAt = performance.now();
  let begunAt = heardAt;
  let eventAt = heardAt;
  let currentUTC = Date.now();
  let clockAhead = currentUTC - heardAt;
  let connection = null;
  let isRenewed = false;
  let probing = false;

  function becomeCurrent() {
    state = "current";
    failures = 0;
    currentUTC = Date.now();
    to.current();
  }

  function fallBehind() {
    state = "behind";
    to.behind(currentUTC);
  }

  function lose() {
    state = "lost";
    to.lost(currentUTC);
  }

  function heard() {
    heardAt = performance.now();
    if (state === "current") currentUTC = Date.now();
    // What happened meanwhile is still to come.
    if (state === "lost") fallBehind();
  }

  async function run() {
    while (!stopped) {
      connection = new AbortController();
      isRenewed = false;
      position = anchor ?? position;
      anchor = null;
      ahead = new Set();
      unexplained = 0;
      begunAt = eventAt = performance.now();
      try {
        const headers = { Accept: "text/event-stream" };
        if (position) headers["Last-Event-ID"] = position;
        const response = await fetch("/api/v1/events", {
          headers, signal: connection.signal, cache: "no-store", credentials: "same-origin", redirect: "error",
        });
        if (response.status === 401) return stopped || to.signedOut();
        if (!response.ok) throw new Error(`status ${response.status}`);
        await read(response.body);
        lose();
      } catch (problem) {
        if (stopped) return;
        if (problem instanceof BrokenStream) mistrust();
        else if (!isRenewed) lose();
        if (isRenewed) continue;
      }
      if (stopped) return;
      await new Promise((resume) => setTimeout(resume, Math.min(retryFirstMs * 2 ** failures, retryLongestMs)));
      failures += 1;
    }
  }

  /** Something is missing. What was missed is asked for once; where that fails too, everything. */
  function mistrust() {
    connection.abort();
    fallBehind();
    const from = anchor ?? position;
    if (brokenAt === from) position = anchor = null;
    brokenAt = from;
  }

  function renew() {
    isRenewed = true;
    connection?.abort();
  }

  async function read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let comments = 0;
    const parser = new EventParser(deliver, () => {
      comments += 1;
      // The first opens the stream. Each other one is sent when nothing waits to be sent.
      if (comments > 1 && position && state === "behind") becomeCurrent();
    });
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      parser.push(value);
    }
  }

  function deliver({ type, data, id }) {
    if (id === null) return deliverAhead(type, data);
    if (type === "reset") {
      if (isOld(id, position)) return;
    } else {
      const missing = holes(position, id);
      if (missing < 0) return;
      if (missing > unexplained) throw new BrokenStream();
      if (missing > 0) anchor ??= position;
      unexplained -= missing;
    }
    hand(type, data);
    position = id;
    if (type === "reset") anchor = null;
    eventAt = performance.now();
  }

  function deliverAhead(type, data) {
    const key = `${type} ${data}`;
    if (!position) throw new BrokenStream();
    if (ahead.has(key)) return;
    hand(type, data, true);
    ahead.add(key);
    unexplained += 1;
  }

  function hand(type, data, isAhead = false) {
    try {
      const value = JSON.parse(data);
      // A snapshot is all there is, and its ages count from now.
      if (type === "reset") becomeCurrent();
      to.event(type, value, isAhead);
    } catch {
      throw new BrokenStream();
    }
  }

  // A node under load may send nothing for a while; only a node that does not answer either is lost.
  async function watch() {
    const now = performance.now();
    const silenceMs = now - heardAt;
    if (stopped) return;
    const slept = Date.now() - now - clockAhead > sleptMs;
    clockAhead = Date.now() - now;
    if (slept && state === "current") {
      fallBehind();
      return renew();
    }
    if (state === "starting" && now - begunAt > firstSnapshotMs) fallBehind();
    if (state === "current" && silenceMs < silenceToProbeMs && now - eventAt > quietMs) return renew();
    if (probing || silenceMs < silenceToProbeMs) return;
    if (now - Math.max(heardAt, begunAt) > silenceToReconnectMs) connection?.abort();
    probing = true;
    try {
      await api.status({ signal: AbortSignal.timeout(probeWaitMs) });
      if (state === "current" && performance.now() - heardAt > silenceToDoubtMs) fallBehind();
    } catch (problem) {
      if (!stopped && problem.status === 0 && state !== "lost") {
        lose();
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

/** How many events `id` ("epoch-sequence") leaves out after `last`; negative for one that came before. */
function holes(last, id) {
  if (!last) return Infinity;
  const [epoch, sequence] = split(id);
  const [lastEpoch, lastSequence] = split(last);
  return epoch === lastEpoch && Number.isSafeInteger(sequence) ? sequence - lastSequence - 1 : Infinity;
}

/** Whether `id` was already delivered: of the same epoch, and not after `last`. */
export function isOld(id, last) {
  return holes(last, id) < 0;
}

function split(id) {
  const at = id.lastIndexOf("-");
  return [id.slice(0, at), Number(id.slice(at + 1))];
}

/** Reads text/event-stream as HTML's section 9.2.6 says; takes text in any pieces. Comments are told of, too. */
export class EventParser {
  #deliver;
  #commented;
  #rest = "";
  #event = { type: "message", data: [], id: null };

  constructor(deliver, commented = () => {}) {
    this.#deliver = deliver;
    this.#commented = commented;
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
    if (colon === 0) return this.#commented();
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#event.type = value;
    else if (name === "data") this.#event.data.push(value);
    else if (name === "id") this.#event.id = value;
  }
}
