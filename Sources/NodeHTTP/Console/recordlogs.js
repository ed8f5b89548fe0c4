// The parties' logs in words: how long each is, its head, who has signed that it holds it up to there and when, how much of
// it is held here, and what all that means. The signatures are checked by the node, not by this page.
import { api } from "./api.js";
import { every, h, keyed, ticking } from "./dom.js";
import { t } from "./i18n.js";
import { partyName } from "./parties.js";
import { age, dateTimeGroup, zuluClock } from "./units.js";

const askAgainMs = 10_000;
const cosignatureBytes = 4 + 8 + 64;

/**
 * A checkpoint as {log, epoch, size, root (hex), signedBy: key names, cosigned: [{holder, at}]}, `at` in milliseconds; null
 * when the text is none. Lines `— name base64`; a cosignature holds its time in seconds after the key's four bytes.
 */
export function parseCheckpoint(note) {
  const end = note.lastIndexOf("\n\n");
  const [origin, size, root] = note.slice(0, end).split("\n");
  const log = /^parley\/[0-9a-f]{64}\/(.+)$/.exec(origin)?.[1];
  if (end < 0 || !log || !/^\d+$/.test(size)) return null;
  const [party, epoch = "0"] = log.split("/");
  const read = { log, party, epoch: Number(epoch), size: Number(size), root: hex(root), isSigned: false, cosigned: [] };
  for (const line of note.slice(end + 2).split("\n")) {
    const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    if (!name) continue;
    const bytes = bytesOf(base64);
    const holder = /^parley\/([a-z0-9-]+)$/.exec(name)?.[1];
    if (name === origin) read.isSigned = true;
    else if (holder && bytes.length === cosignatureBytes) read.cosigned.push({ holder, at: Number(new DataView(bytes.buffer).getBigUint64(4)) * 1000 });
  }
  return read;
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const hex = (base64) => [...bytesOf(base64)].map((b) => b.toString(16).padStart(2, "0")).join("");

/** {element, update}. */
export function logsPanel(store) {
  const list = h("div", { class: "logs-list" });
  const problem = h("p", { class: "problem", role: "alert" });
  const asOf = h("p", { class: "help", role: "status" });
  const element = h("section", { class: "record-view", "aria-label": t("logs.title") },
    h("h3", {}, t("logs.title")), h("p", { class: "help" }, t("logs.help")), asOf, problem, list,
    h("h3", {}, t("logs.means")), h("ul", { class: "help" }, ["held", "root", "not", "split"].map((key) => h("li", {}, t(`logs.means.${key}`)))));
  // By party: its newest head, or null where nothing of it is held.
  let heads = new Map();
  let askedAt = -Infinity;

  async function ask() {
    if (store.lostSince !== null || !store.status || performance.now() - askedAt < askAgainMs) return;
    askedAt = performance.now();
    try {
      heads = new Map(await Promise.all(store.status.parties.map(async ({ id }) => [id, await newestHead(id, store)])));
      problem.textContent = "";
      asOf.textContent = t("logs.asOf", { time: `${zuluClock(store.now())}Z` });
    } catch (error) {
      problem.textContent = error.sentence ?? error.message;
    }
    show();
  }

  function show() {
    keyed(list, (store.status?.parties ?? []).map(({ id }) => ({
      key: id, stamp: [heads.get(id), store.links.get(id), store.status.signing, frozenAlarm(id, store)], build: () => logCard(id, heads.get(id), store),
    })));
  }

  every(1_000, element, () => { if (!element.hidden && element.checkVisibility()) ask(); });
  return { element, update() { ask(); show(); } };
}

/**
 * Of the party's log in its newest epoch; null while nothing of it is held. A later epoch is looked for only where this
 * one does not account for all that is held, or two histories have been found.
 */
async function newestHead(party, store) {
  let newest = null;
  for (let epoch = 0; ; epoch++) {
    try {
      newest = parseCheckpoint(await api.checkpoint(epoch === 0 ? party : `${party}.${epoch}`));
    } catch (error) {
      if (error.status === 404) return newest;
      throw error;
    }
    if (newest?.size === held(party, store) && !frozenAlarm(party, store)) return newest;
  }
}

/** How many records of that party are held here. */
function held(party, store) {
  return party === store.ownParty?.id ? [...store.links.values()][0]?.ourSize : store.links.get(party)?.holdsOfTheirs;
}

function frozenAlarm(party, store) {
  return store.alarms.get(`frozen:${party}`) ?? null;
}

function logCard(party, head, store) {
  const own = party === store.ownParty?.id;
  const link = store.links.get(party);
  const isFrozen = own ? store.status.signing === "frozen" : (frozenAlarm(party, store)?.state ?? "cleared") !== "cleared";
  const sentences = [];
  if (isFrozen) sentences.push(h("p", { class: "warning" }, t("logs.frozen")));
  if (head === undefined) sentences.push(h("p", { class: "help" }, t("why.asking")));
  else if (head === null) sentences.push(h("p", {}, t("logs.nothing")));
  else sentences.push(
    h("p", {}, t(own ? "logs.ownSize" : "logs.size", { n: head.size }), head.epoch > 0 ? [" ", t("logs.epoch", { n: head.epoch })] : null),
    root(head),
    h("ul", { class: "logs-cosigned" }, (store.status.parties).filter(({ id }) => id !== party).map(({ id }) => cosigner(id, head, store))));
  if (link) sentences.push(h("p", {}, link.theirSize === null ? t("logs.heldUnknown", { held: link.holdsOfTheirs }) : t(link.holdsOfTheirs < link.theirSize ? "logs.heldLess" : "logs.held", { held: link.holdsOfTheirs, size: link.theirSize })),
    link.withheld > 0 ? h("p", { class: "help" }, t("logs.withheld", { n: link.withheld })) : null);
  return h("article", { class: `log-card ${isFrozen ? "log-frozen" : ""}`, "data-log": party }, h("h4", {}, partyName(store, party), own ? h("span", { class: "ours" }, " ", t("notice.yours")) : null), sentences);
}

/** Short, and the whole on demand, in groups that two people can compare by telephone. */
function root(head) {
  return h("details", { class: "log-root" },
    h("summary", {}, t("logs.root"), " ", h("bdi", { dir: "ltr", class: "id" }, head.root.slice(0, 12)), "…"),
    h("bdi", { dir: "ltr", class: "log-root-full" }, head.root.match(/.{1,8}/g).join(" ")));
}

function cosigner(holder, head, store) {
  const signed = head.cosigned.filter((c) => c.holder === holder).sort((a, b) => b.at - a.at)[0];
  const own = holder === store.ownParty?.id;
  return h("li", { "data-holder": holder, class: signed ? "" : "not-yet" }, partyName(store, holder), own ? [" ", h("span", { class: "ours" }, t("notice.yours"))] : null, ": ",
    signed ? [t("logs.cosigned", { time: dateTimeGroup(signed.at) }), " ", ticking(() => t("logs.ago", { age: age((store.now() - signed.at) / 1000) }), { class: "help" })] : t("logs.notCosigned"));
}
