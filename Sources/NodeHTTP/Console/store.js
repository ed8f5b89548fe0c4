// What the node has told this screen: a snapshot from `reset`, then one replacement per event. Also what the officer
// has selected. Values are the node's JSON and are never changed in place, so a panel can compare by reference.

export class Store {
  /** @type {{officer: string, role: string} | null} */
  session = null;
  status = null;
  terms = null;
  notices = new Map();
  conflicts = new Map();
  alarms = new Map();
  links = new Map();
  assurance = null;
  noticeAssurance = new Map();
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
   * {type: "notice" | "conflict" | "call" | "presence" | "stop", id} | {type: "file", amends: notice | null, advised: volume | undefined}
   * | {type: "readBack" | "callReadBack", id} | {type: "compose", template, inReplyTo} | {type: "askPresence"}
   * | {type: "watch"} | null
   */
  selection = null;
  /** How many snapshots have come: what they leave out is to be asked for after each. */
  snapshots = 0;
  /** Milliseconds since 1970 when the node was last heard; null while it is heard. */
  lostSince = null;

  #listeners = new Set();
  #arrivals = new WeakMap();
  #changeAsked = false;
  #clock = null;

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

  /** Applies one event of the stream. Unknown types are left alone: a newer node may send them. */
  apply(type, data) {
    switch (type) {
      case "reset": this.#reset(data); break;
      case "notice": this.#putNotice(data); break;
      case "conflict": this.conflicts.set(data.id, data); break;
      case "alarm": this.alarms.set(data.id, data); break;
      case "stop": this.stops.set(data.id, data); break;
      case "call": this.calls.set(data.id, data); break;
      case "presence": this.presence.set(data.id, data); break;
      case "watch": this.watch = data; break;
      case "passing": this.passing = data; break;
      case "board": this.board = data.map((entry) => this.#arrived({ ...entry, answer: entry.assurance, reasons: [] })); break;
      case "link": this.links.set(data.party, this.#arrived(data)); break;
      case "status": this.#putStatus(data); break;
      case "assurance": this.assurance = this.#arrived(data); break;
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
    this.noticeAssurance = new Map();
    this.stops = new Map(stops.map((s) => [s.id, s]));
    this.calls = new Map(calls.map((c) => [c.id, c]));
    this.presence = new Map(presence.map((p) => [p.id, p]));
    this.watch = watch;
    this.snapshots += 1;
  }

  /**
   * Takes over what an answer of the node holds and this screen does not yet: what a snapshot left out, or what was just
   * sent. Whatever is here already came by the stream, and may be newer than an answer that took longer.
   */
  fill(family, values) {
    for (const value of values) if (!this[family].has(value.id)) this[family].set(value.id, value);
    this.changed();
  }

  /** What the node says of itself; everything else comes by its own event. */
  #putStatus(status) {
    this.status = status;
    this.setClock(status.utc);
  }

  #putNotice(notice) {
    const held = this.notices.get(notice.id);
    if (held && held.version > notice.version) return;
    this.notices.set(notice.id, notice);
  }

  /** Remembers when a value arrived, from which its ages and countdowns run. */
  #arrived(value) {
    this.#arrivals.set(value, { monotonic: performance.now(), utc: Date.now() });
    return value;
  }

  /**
   * Seconds of the node's clock since the node made `value`, or since it arrived if it does not say when it was made. An
   * event may have waited on its way, or at the node while this screen was away. The largest counts: this machine's
   * monotonic clock may stop while it sleeps.
   */
  secondsSince(value) {
    const at = value ? this.#arrivals.get(value) : null;
    if (!at) return Infinity;
    const here = (Math.max(performance.now() - at.monotonic, Date.now() - at.utc) / 1000) * this.#clockScale;
    return value.at ? Math.max(here, (this.now() - Date.parse(value.at)) / 1000) : here;
  }

  /** How fast the node's clock runs: 1 but in a replay. */
  get #clockScale() {
    return this.status?.clockScale ?? 1;
  }

  setClock(utc) {
    const node = Date.parse(utc);
    if (Number.isFinite(node)) this.#clock = { node, monotonic: performance.now() };
  }

  /** The node's UTC in milliseconds, carried on by this machine; its own clock before the node has spoken. */
  now() {
    return this.#clock ? this.#clock.node + (performance.now() - this.#clock.monotonic) * this.#clockScale : Date.now();
  }

  setLost(sinceMs) {
    if ((this.lostSince === null) === (sinceMs === null)) return;
    this.lostSince = sinceMs;
    this.changed();
  }

  select(selection) {
    this.selection = selection;
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
