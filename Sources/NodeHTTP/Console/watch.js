// The watch: who has it, handing it over item by item, acts that wait for a second officer, our units, suspension, and the
// links with their evidence.
import { api } from "./api.js";
import { h, peerText, plain, ticking } from "./dom.js";
import { guardedButton } from "./guard.js";
import { t, term } from "./i18n.js";
import { linkNotes } from "./links.js";
import { alarmText } from "./nodewords.js";
import { partyName } from "./parties.js";
import { age, dateTimeGroup, span } from "./units.js";

/** The entries of the right side while the watch is shown. */
export function watchEntries(store) {
  const may = store.acts;
  return [
    { key: "duty", stamp: [store.watch, store.session], build: () => dutySection(store, may) },
    { key: "pending", stamp: [store.watch?.pending, store.session], build: () => pendingSection(store, may) },
    ...(store.ownParty?.role === "principal" ? [{ key: "units", stamp: [store.passing?.units.join("\n")], build: () => unitsSection(store, may) }] : []),
    { key: "links", stamp: [...store.links.values(), store.status?.parties], build: () => linksSection(store) },
    ...(store.ownParty?.role === "principal" ? [{ key: "suspension", stamp: [store.status?.suspended], build: () => suspensionSection(store, may) }] : []),
    ...(may && store.ownParty?.role === "principal" ? [{ key: "drill", stamp: [], build: () => drillSection(store) }] : []),
  ];
}

/** A button that asks the node, takes over its answer, and says a refusal in `problem`. */
function asking(words, request, store, problem, { focus, className = "", disabled = false } = {}) {
  return h("button", {
    type: "button", class: className, "data-focus": focus, disabled,
    onclick: async () => {
      problem.textContent = "";
      try {
        const { watch } = await request();
        if (watch) store.apply("watch", watch);
      } catch (error) {
        problem.textContent = error.sentence ?? String(error);
      }
    },
  }, words);
}

function dutySection(store, may) {
  const { watch, session } = store;
  const problem = h("p", { class: "problem", role: "alert" });
  const section = (...parts) => h("section", { id: "duty" }, h("h2", {}, t("watch.title")), parts, problem);
  if (!watch) return section(h("p", { class: "none" }, t("watch.unknown")));
  const onDuty = watch.onDuty;
  const who = onDuty
    ? h("p", { class: "on-duty" }, t("watch.onDuty"), " ", h("strong", {}, peerText(onDuty.officer)), " · ", t("watch.since", { time: dateTimeGroup(onDuty.since) }))
    : h("p", { class: "on-duty warning" }, t("watch.nobody"));
  if (!may) return section(who);
  const take = onDuty?.officer === session.officer ? null
    : asking(t("watch.take"), () => api.watch("take"), store, problem, { focus: "take", className: onDuty ? "" : "primary" });
  if (watch.handover) return section(who, handover(watch.handover, store, problem));
  return section(who, h("div", { class: "actions" }, take), onDuty?.officer === session.officer ? offer(store, problem) : null);
}

function offer(store, problem) {
  const to = h("input", { id: "handover-to", autocomplete: "off", maxLength: 100, required: true });
  const remarks = h("input", { id: "handover-remarks", autocomplete: "off", maxLength: 1000 });
  return h("form", { class: "handover-offer", onsubmit: async (event) => {
    event.preventDefault();
    try {
      const said = remarks.value.trim();
      store.apply("watch", (await api.watch("handover", { to: to.value.trim(), ...(said ? { remarks: said } : {}) })).watch);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  } },
  h("div", { class: "two" },
    h("div", { class: "field" }, h("label", { for: "handover-to" }, t("watch.handoverTo")), to),
    h("div", { class: "field" }, h("label", { for: "handover-remarks" }, t("file.remarks")), remarks)),
  h("button", { type: "submit" }, t("watch.offer")));
}

function handover(held, store, problem) {
  const incoming = held.to === store.session.officer;
  const left = held.items.filter((item) => !item.isAccepted).length;
  return h("div", { class: "handover" },
    h("h3", {}, t("watch.handover", { from: plain(held.from), to: plain(held.to) })),
    h("p", { class: "by" }, t("watch.offeredAt", { time: dateTimeGroup(held.offeredAt) })),
    held.remarks ? h("p", {}, peerText(held.remarks)) : null,
    h("p", {}, t("watch.itemsLeft", { n: left, count: held.items.length })),
    h("ul", { class: "items" }, held.items.map((item) => h("li", { class: item.isAccepted ? "accepted" : "left", "data-item": item.id },
      h("div", { class: "item-sentence" }, itemText(item, store), " ", h("span", { class: "muted" }, dateTimeGroup(item.since))),
      item.isAccepted ? h("span", { class: "tag" }, t("watch.accepted"))
        : incoming ? asking(t("watch.accept"), () => api.watch("handover/accept", { item: item.id }), store, problem, { focus: `accept ${item.id}` }) : h("span", { class: "tag alarmed" }, t("watch.notAccepted"))))),
    h("div", { class: "actions" },
      incoming ? asking(t("watch.complete"), () => api.watch("handover/complete"), store, problem, { focus: "complete", className: "primary", disabled: left > 0 }) : null,
      incoming || held.from === store.session.officer ? asking(t("watch.cancel"), () => api.watch("handover/cancel"), store, problem, { focus: "cancel" }) : null));
}

/** An item that an alarm stands for is said as the alarm is. */
function itemText(item, store) {
  const alarm = store.alarms.get(item.id);
  return alarm?.sentence === item.sentence ? alarmText(alarm, store) : peerText(item.sentence);
}

function pendingSection(store, may) {
  const pending = store.watch?.pending ?? [];
  const problem = h("p", { class: "problem", role: "alert" });
  return h("section", { id: "pending" }, h("h3", {}, t("pending.title")),
    pending.length === 0 ? h("p", { class: "none" }, t("pending.none")) : pending.map((act) => h("div", { class: "position-card", "data-pending": act.id },
      h("p", {}, peerText(act.sentence)),
      h("p", { class: "by" }, dateTimeGroup(act.at), " · ", peerText(act.by)),
      may ? h("div", { class: "actions" },
        act.by === store.session.officer ? h("span", { class: "by" }, t("pending.another"))
          : asking(t("pending.approve"), () => api.pending(act.id, "approve"), store, problem, { focus: `approve ${act.id}`, className: "primary" }),
        asking(t("pending.withdraw"), () => api.pending(act.id, "withdraw"), store, problem, { focus: `withdraw ${act.id}` })) : null)),
    problem);
}

function unitsSection(store, may) {
  const problem = h("p", { class: "problem", role: "alert" });
  const units = store.passing?.units ?? [];
  const change = async (request) => {
    try {
      store.apply("passing", await request());
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  };
  const name = h("input", { id: "unit-name", autocomplete: "off", maxLength: 64, required: true, "aria-label": t("units.name"), placeholder: t("units.name") });
  return h("section", { id: "units" }, h("h3", {}, t("units.title")), h("p", { class: "help" }, t("units.help")),
    units.length === 0 ? h("p", { class: "none" }, t("units.none")) : h("ul", { class: "items" }, units.map((unit) => h("li", { "data-unit": unit }, peerText(unit),
      may ? guardedButton(t("units.remove"), () => change(() => api.removeUnit(unit)), { "data-focus": `remove ${unit}`, "aria-label": t("units.removeNamed", { unit: plain(unit) }) }).element : null))),
    may ? h("form", { class: "pair", onsubmit: (event) => {
      event.preventDefault();
      change(() => api.addUnit(name.value.trim()));
    } }, name, h("button", { type: "submit" }, t("units.add"))) : null,
    problem);
}

function linksSection(store) {
  return h("section", { id: "link-evidence" }, h("h3", {}, t("link.label")),
    [...store.links.values()].map((link) => h("div", { class: `position-card link-${link.state}`, "data-link": link.party },
      h("p", {}, partyName(store, link.party), " ", h("strong", { class: "link-state" }, term("link", link.state))),
      h("p", {}, ticking(() => (link.lastHeardS === null ? t("link.never") : t("link.age", { age: age(link.lastHeardS + store.secondsSince(link)) })))),
      h("ul", {}, [
        t("link.ours", { held: link.holdsOfOurs, size: link.ourSize }),
        link.theirSize === null ? t("link.theirsUnknown", { held: link.holdsOfTheirs }) : t("link.theirs", { held: link.holdsOfTheirs, size: link.theirSize }),
        ...linkNotes(link),
      ].map((words) => h("li", {}, words))))));
}

function suspensionSection(store, may) {
  const suspended = store.status?.suspended;
  const problem = h("p", { class: "problem", role: "alert" });
  const reason = h("input", { id: "suspension-reason", autocomplete: "off", maxLength: 1000, "aria-label": t("suspension.reason"), placeholder: t("suspension.reason") });
  const act = async () => {
    try {
      await api.suspend(!suspended, reason.value.trim());
      store.apply("status", await api.status());
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  };
  return h("section", { id: "suspension" }, h("h3", {}, t("suspension.title")),
    h("p", { class: suspended ? "warning" : "" }, t(suspended ? "suspension.is" : "suspension.isNot")),
    h("p", { class: "help" }, t("suspension.help")),
    may ? h("div", { class: "pair" }, reason,
      guardedButton(t(suspended ? "suspension.end" : "suspension.begin"), act, { id: "suspend" }).element) : null,
    problem);
}

/** A STOP that everybody sees to be a drill: the button in the bar never is one. */
function drillSection(store) {
  const problem = h("p", { class: "problem", role: "alert" });
  const press = async () => {
    try {
      store.fill("stops", [(await api.stop({ mode: "drill" })).stop]);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  };
  return h("section", { id: "drill-stop" }, h("h3", {}, t("drill.title")), h("p", { class: "help" }, t("drill.help")),
    guardedButton(t("drill.stop"), press, { "data-focus": "drill" }).element, problem);
}
