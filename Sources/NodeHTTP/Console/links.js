// Each peer's link: state in a word and a sign, and how long ago the peer was heard.
import { h, keyed, ticking } from "./dom.js";
import { joined, t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { span } from "./units.js";

const signs = { up: "●", late: "◐", down: "✕", unstaffed: "◌", notReceipting: "◒", suspended: "‖" };

export function mountLinks(container, store) {
  container.setAttribute("role", "list");
  container.setAttribute("aria-label", t("link.label"));
  return () => keyed(container, [...store.links.values()].map((link) => ({
    key: link.party,
    stamp: [link, store.status?.parties],
    build: () => linkChip(link, store),
  })));
}

/** What else there is to say of a link than its state and age. */
export function linkNotes(link) {
  const notes = [];
  if (link.holdsOfOurs < link.ourSize) notes.push(t("link.behind", { n: link.ourSize - link.holdsOfOurs }));
  if (link.holdsOfTheirs < link.theirSize) notes.push(t("link.missing", { n: link.theirSize - link.holdsOfTheirs }));
  if (link.withheld > 0) notes.push(t("link.withheld", { n: link.withheld }));
  if (Math.abs(link.clockDifferenceS ?? 0) >= 1) notes.push(t("link.skew", { s: link.clockDifferenceS.toFixed(1) }));
  return notes;
}

function linkChip(link, store) {
  const age = () => (link.lastHeardS === null
    ? t("link.never") : t("link.age", { age: span(link.lastHeardS + store.secondsSince(link)) }));
  const notes = linkNotes(link);
  return h("div", { class: `link link-${link.state}`, role: "listitem", title: joined(notes), "data-link": link.party, "data-state": link.state },
    partyName(store, link.party),
    h("span", { class: "link-state" },
      h("span", { "aria-hidden": "true" }, signs[link.state] ?? "?"), " ", term("link", link.state)),
    ticking(age, { class: "link-age" }),
    notes.length > 0 ? h("span", { class: "link-notes" }, t("link.notes", { n: notes.length }), h("span", { class: "spoken" }, joined(notes))) : null);
}
