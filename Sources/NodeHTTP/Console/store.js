// What the node has told this screen: a snapshot from `reset`, then one replacement per event. Also what the officer
// has selected. Values are the node's JSON and are never changed in place, so a panel can compare by reference.
import { forgetOver, isOlderStop } from "./keeping.js";
import { NodeClock } from "./nodeclock.js";
import { NoticeAnswers } from "./noticeanswers.js";

const eventsToPrune = 256;

export class Store {
  /** @type {{officer: string, role: string} | null} */
  session = null;
  /** What this officer has chosen at this browser: see preferences.js. */
  preferences = null;
  status = null;
  terms = null;
  notices = new Map();
  conflicts = new Map();
  alarms = new Map();
  links = new Map();
  assurance = null;
  noticeAssurance = new NoticeAnswers();
  /** STOPs, open ones and the last that are over. */
  stops = new Map();
  calls = new Map();
  presence = new Map();
  /** Who is on duty, a handover under way, acts that wait for a second officer; null until the node has said it. */
  watch = null;
  /** Our units and which of them have been reached; null until it has been asked for. */
  passing = null;
  /** What starts within two hours, as last asked for. */
  board = null;
  /** The reading officer's catalogue of message templates: see texts.js. */
  texts = null;
  /** The node's action cards {direction, headings, cards}; null while it has none. */
  cards = null;
  /** `notices`, `calls`, `presence` or `watch`: what the lower left side lists. */
  tab = "notices";
  /**
   * {type: "notice" | "conflict" | "call" | "presence" | "stop", id} | {type: "file", amends: notice | null, advised, because} (see filing.js)
   * | {type: "readBack" | "callReadBack", id} | {type: "compose", template, inReplyTo} | {type: "askPresence"}
   * | {type: "watch"} | {type: "alarms"} | {type: "desk", page} | null
   */
  selection = null;
  /** Notices that are being written, by the id of what they amend or "new": see filingdraft.js. */
  drafts = new Map();
  /** When each ring of a STOP was due, by `id round rung`, as far as this screen was told. */
  stopRings = new Map();
  /** How many snapshots have come: what they leave out is to be asked for after each. */
  snapshots = 0;
  /** Milliseconds since 1970 until when everything that had happened was known here; null while it is. */
  lostSince = null;
  /** Then: whether the node is heard all the same, and what was missed is still to come. */
  isBehind = false;
  /** Milliseconds since 1970 of the moment that the map shows; null while it shows now. */
  mapTime = null;
  /** {at: milliseconds since 1970, notices: Map, conflicts: Map} that the map shows instead of what is held now; or null. */
  replay = null;
  /** {from, to} in milliseconds since 1970: only notices within it are listed; null lists all. */
  window = null;
  /** What the record is to be searched for next: a selection of a notice or conflict; or null. */
  recordAbout = null;

  #listeners = new Set();
  #events = 0;
  /** Whether `passing` came by the stream since the last snapshot. */
  #isPassingTold = false;
  #changeAsked = false;
  #clock = new NodeClock();

  /** Calls `listener` soon after anything changed, once for many changes. */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  changed() {
    if (this.#changeAsked) return;
    this.#changeAsked = true;
    queueMicrotask(() => {
      this.#changeAsked = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /**
   * Applies one event of the stream. Unknown types are left alone: a newer node may send them.
   *
   * @param {boolean} isAhead that it is of a STOP and came before others that happened earlier, so perhaps twice.
   */
  event(type, data, isAhead = false) {
    switch (type) {
      case "reset": this.#reset(data); break;
      case "notice": this.#putNotice(data); break;
      case "conflict": this.conflicts.set(data.id, data); this.noticeAssurance.doubt(data.first.notice, data.second.notice); break;
      case "alarm": this.alarms.set(data.id, data); break;
      case "stop": this.#putStop(data, isAhead); break;
      case "stop-ring": this.stopRings.set(`${data.stop} ${data.round} ${data.rung}`, data.since); break;
      case "call": this.calls.set(data.id, data); break;
      case "presence": this.presence.set(data.id, data); break;
      case "watch": this.watch = data; break;
      case "passing": this.passing = data; this.#isPassingTold = true; break;
      case "link": this.links.set(data.party, this.#arrived(data)); break;
      case "assurance": this.#putAssurance(data); break;
      default: return;
    }
    this.#clock.hear(data.at);
    this.#events += 1;
    if (this.#events % eventsToPrune === 0) forgetOver(this);
    this.changed();
  }

  /**
   * Takes over an answer of the node to a question or a command. It may be older than what the stream has brought since,
   * so it never replaces what the stream keeps up to date.
   */
  apply(type, data) {
    switch (type) {
      case "notice": this.fill("notices", [data]); break;
      case "conflict": this.fill("conflicts", [data]); break;
      case "alarm": this.fill("alarms", [data]); break;
      case "watch": this.watch ??= data; break;
      case "passing": if (!this.#isPassingTold) this.passing = data; break;
      case "board": this.board = data.map((entry) => this.#arrived({ ...entry, answer: entry.assurance, reasons: [] })); break;
      case "status": this.#putStatus(data); break;
      case "notice-assurance": this.noticeAssurance.set(data.notice, this.#arrived(data)); break;
      default: return;
    }
    this.changed();
  }

  #reset({ status, notices, conflicts, alarms, stops = [], calls = [], presence = [], watch = null }) {
    this.status = status;
    this.setClock(status.utc);
    this.notices = new Map(notices.map((n) => [n.id, n]));
    this.conflicts = new Map(conflicts.map((c) => [c.id, c]));
    this.alarms = new Map(alarms.map((a) => [a.id, a]));
    this.links = new Map(status.links.map((l) => [l.party, this.#arrived(l)]));
    this.assurance = this.#arrived(status.assurance);
    this.noticeAssurance.doubtAll();
    this.stops = new Map(stops.map((s) => [s.id, s]));
    this.calls = new Map(calls.map((c) => [c.id, c]));
    this.presence = new Map(presence.map((p) => [p.id, p]));
    this.watch = watch;
    this.#isPassingTold = false;
    this.snapshots += 1;
  }

  /**
   * Takes over what an answer of the node holds and this screen does not yet: what the snapshot left out, or what was just
   * sent. Whatever is here already came by the stream, and may be newer than an answer that took longer.
   *
   * @param {number} snapshot which one was the newest when it was asked for: an answer to before a newer one is nothing.
   */
  fill(family, values, snapshot = this.snapshots) {
    if (snapshot !== this.snapshots) return;
    for (const value of values) if (!this[family].has(value.id)) this[family].set(value.id, value);
    this.changed();
  }

  /** What the node says of itself; everything else comes by its own event. */
  #putStatus(status) {
    if (this.status && Date.parse(status.utc) < Date.parse(this.status.utc)) return;
    this.status = status;
    this.setClock(status.utc);
  }

  #putAssurance(assurance) {
    if (this.assurance?.answer !== assurance.answer) this.noticeAssurance.doubtAll();
    this.assurance = this.#arrived(assurance);
  }

  #putNotice(notice) {
    const held = this.notices.get(notice.id);
    if (held && held.version > notice.version) return;
    this.notices.set(notice.id, notice);
    this.noticeAssurance.doubt(notice.id);
  }

  #putStop(stop, isAhead) {
    if (isAhead && isOlderStop(stop, this.stops.get(stop.id))) return;
    this.stops.set(stop.id, stop);
    this.noticeAssurance.doubtAll();
  }


  /** Marks when a value came. While this screen is behind, it may have waited at the node since anything was last known. */
  #arrived(value) {
    return this.#clock.arrived(value, this.lostSince === null ? 0 : Math.max(0, Date.now() - this.lostSince));
  }

  /** Seconds of the node's clock since the node made `value`: see nodeclock.js. */
  secondsSince(value) {
    return this.#clock.secondsSince(value);
  }

  setClock(utc) {
    this.#clock.set(utc, this.status?.clockScale);
  }

  /** The node's UTC in milliseconds. */
  now() {
    return this.#clock.now();
  }

  setLost(sinceMs, isBehind = false) {
    if (this.lostSince === sinceMs && this.isBehind === isBehind) return;
    this.lostSince = sinceMs;
    this.isBehind = isBehind;
    this.changed();
  }

  select(selection) {
    this.selection = selection;
    this.changed();
  }

  /** The moment that the map and the timeline show; null for now. */
  setMapTime(ms) {
    if (ms === this.mapTime) return;
    this.mapTime = ms;
    this.changed();
  }

  /** What the map shows of the record instead of what is held now; null ends it. */
  setReplay(replay) {
    if (replay === this.replay) return;
    this.replay = replay;
    this.changed();
  }

  /** The window of time that the notices list keeps to; null for all. */
  setWindow(window) {
    this.window = window;
    this.changed();
  }

  showTab(tab) {
    this.tab = tab;
    this.changed();
  }

  /** Whether this officer may act for the desk. */
  get acts() {
    return !["auditor", "feed"].includes(this.session?.role);
  }

  /** Opens the record with all that is about that notice or conflict. */
  showRecord(about) {
    this.recordAbout = about;
    this.showTab("record");
  }

  /** Whether a form is open, whose words would be lost by selecting something else. */
  get isWriting() {
    return ["file", "readBack", "callReadBack", "compose", "askPresence"].includes(this.selection?.type);
  }

  get ownParty() {
    return this.status?.party ?? null;
  }

  party(id) {
    return this.status?.parties.find((p) => p.id === id) ?? { id, name: id, role: "principal" };
  }

  /** The notice whose figures must not be seen, because it is being read back; or null. */
  get hiddenNotice() {
    return this.selection?.type === "readBack" ? this.selection.id : null;
  }

  /** The notice or call whose figures must not be seen; or null. */
  get hidden() {
    return this.selection?.type === "callReadBack" ? this.selection.id : this.hiddenNotice;
  }

  /** Whether a notice or call, or a conflict that the notice takes part in, must not show its figures now. */
  isHidden(subject) {
    const { hidden } = this;
    if (!hidden) return false;
    if (subject === hidden) return true;
    const conflict = this.conflicts.get(subject);
    return Boolean(conflict) && (conflict.first.notice === hidden || conflict.second.notice === hidden);
  }

  /** Whether our party still owes this notice a read-back. */
  owesReadBack(notice) {
    const own = this.ownParty;
    if (!own || own.role !== "principal" || notice.owner === own.id || notice.status === "ended") return false;
    const fact = notice.facts.find((f) => f.party === own.id);
    return Boolean(fact) && !fact.acknowledgedAt;
  }
}
