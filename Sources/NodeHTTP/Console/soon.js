// What starts within two hours or is under way, always in view; asked for again and again, whatever else is shown.
import { api } from "./api.js";
import { effective, looks } from "./assurance.js";
import { every, h, keyed, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyMark } from "./parties.js";
import { age, span } from "./units.js";

const askAgainMs = 5_000;
/** Without an answer for this long, what is listed may lack something. */
const oldAfterMs = 20_000;

/** When `entry` begins or ends, seen from the node's now. */
export function whenOf(entry, store) {
  const left = (Date.parse(entry.start) - store.now()) / 1000;
  return left > 0 ? t("notice.startsIn", { time: span(left) }) : t("notice.under", { time: span((Date.parse(entry.end) - store.now()) / 1000) });
}

function shortly(entry, store) {
  const left = (Date.parse(entry.start) - store.now()) / 1000;
  return left > 0 ? t("soon.in", { time: left < 600 ? span(left) : age(left) }) : t("soon.under");
}

export function mountSoon(container, store) {
  const count = h("button", { type: "button", id: "soon-all", onclick: () => store.showTab("watch") });
  const list = h("div", { class: "soon-list", role: "list" });
  container.setAttribute("aria-label", t("board.title"));
  container.append(count, list);
  let answeredAt = -Infinity;
  let isAsking = false;

  async function ask() {
    if (isAsking || store.lostSince !== null) return;
    isAsking = true;
    try {
      store.apply("board", (await api.board()).board);
      answeredAt = performance.now();
    } catch {
      // The next turn asks again; meanwhile the list runs out of its time.
    }
    isAsking = false;
  }

  const isOld = () => store.lostSince !== null || performance.now() - answeredAt > oldAfterMs;
  const title = () => {
    const words = isOld() ? t("soon.unknown") : t("soon.count", { n: store.board?.length ?? 0 });
    if (count.textContent !== words) count.textContent = words;
    container.classList.toggle("soon-old", isOld());
  };
  count.dataset.tick = "1";
  count.tick = title;
  ask();
  every(askAgainMs, container, ask);
  new ResizeObserver(() => inView(list)).observe(list);

  return () => {
    title();
    const entries = [...(store.board ?? [])].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
    keyed(list, entries.map((entry) => ({
      key: entry.notice,
      stamp: [JSON.stringify({ ...entry, at: null, validForS: null }), effective(entry, store).answer, store.isHidden(entry.notice), store.selection?.id === entry.notice, store.status?.parties],
      build: () => chip(entry, store),
    })));
    inView(list);
  };
}

/** What does not fit on the one line wraps out of sight as a whole; it is on the board, which the count opens. */
function inView(list) {
  for (const child of list.children) child.inert = child.offsetTop > (list.firstElementChild?.offsetTop ?? 0);
}

function chip(entry, store) {
  const newest = () => store.board?.find((other) => other.notice === entry.notice) ?? entry;
  const answer = () => effective(newest(), store).answer;
  const missing = entry.notAcknowledged.length + entry.notPassedOn.length;
  return h("span", { role: "listitem" }, h("button", {
    type: "button", class: `soon-chip board-${answer()}`, "data-soon": entry.notice, "data-focus": entry.notice, disabled: store.isHidden(entry.notice),
    "aria-current": store.selection?.id === entry.notice ? "true" : null, onclick: () => store.select({ type: "notice", id: entry.notice }),
  },
  h("span", { class: "soon-line" }, partyMark(store, entry.owner), h("span", { class: "kind" }, term("kind", entry.kind)),
    entry.mode === "drill" ? h("span", { class: "tag" }, t("notice.drill")) : null,
    store.isHidden(entry.notice) ? h("span", {}, t("readBack.hidden")) : ticking(() => shortly(entry, store))),
  h("span", { class: "soon-line" },
    ticking(() => `${looks[answer()].sign} ${t(`assurance.${answer()}`)}`, { class: "board-assurance" }, "strong"),
    missing > 0 ? h("span", { class: "board-missing" }, t("soon.missing", { n: missing })) : null)));
}
