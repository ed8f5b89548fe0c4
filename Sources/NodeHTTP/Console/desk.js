// The desk: officers, units, the terms and what is proposed instead, consoles, bells, disclosures, paper. Each page lies
// over the map, as wide as that, and leaves alarms, STOP and the selected card to be seen.
import { api } from "./api.js";
import { bellsPanel } from "./bells.js";
import { consolesPage } from "./deskconsoles.js";
import { disclosuresPage } from "./deskdisclosures.js";
import { officersPage } from "./deskofficers.js";
import { every, h, keyed } from "./dom.js";
import { t } from "./i18n.js";
import { proposalSections, proposeForm } from "./termsproposed.js";
import { termsSections } from "./termsview.js";

const askAgainMs = 10_000;

/** `reader`: the element over which an opened page lies. */
export function mountDesk(container, store, reader = document.getElementById("map")) {
  const list = h("nav", { class: "list", "aria-label": t("desk.title") });
  const sheet = h("section", { class: "desk-reader", id: "desk-reader", tabIndex: -1, hidden: true, onkeydown: (event) => { if (event.key === "Escape") close(); } });
  container.append(h("h2", {}, t("desk.title")), list);
  reader.append(sheet);
  let proposals = null;
  let askedAt = -Infinity;
  let shown = null;

  function close() {
    store.select(null);
    list.querySelector(`[data-page="${CSS.escape(shown)}"]`)?.focus();
  }

  /** A node without proposals answers 404: then nothing is shown of them. */
  async function askProposals() {
    if (container.hidden && shown !== "proposals") return;
    if (store.lostSince !== null || performance.now() - askedAt < askAgainMs) return;
    askedAt = performance.now();
    try {
      take((await api.termsProposed()).proposals);
    } catch (problem) {
      if (problem.status === 404) take(null);
    }
  }

  function take(answer) {
    if (JSON.stringify(answer) === JSON.stringify(proposals)) return;
    proposals = answer;
    store.changed();
  }

  every(1_000, sheet, askProposals);
  return () => {
    askProposals();
    const offered = pages(store, proposals, take);
    const page = store.selection?.type === "desk" ? offered.find(({ name }) => name === store.selection.page) : undefined;
    keyed(list, [
      ...offered.map(({ name, note }) => ({ key: name, stamp: [note, page?.name === name], build: () => pageButton(name, note, page?.name === name, store) })),
      ...(store.ownParty?.role === "principal" ? [{ key: "units", stamp: [], build: () => watchButton("units", "units", store) }] : []),
      { key: "watch", stamp: [], build: () => watchButton("watch", "duty", store) },
      { key: "print", stamp: [], build: () => h("p", { class: "desk-print" }, h("a", { href: "/api/v1/print", target: "_blank", rel: "noopener", id: "print" }, t("paper.print")), " ", h("span", { class: "help" }, t("paper.help"))) },
    ]);
    sheet.hidden = !page;
    if (page) {
      sheet.setAttribute("aria-label", t(`desk.${page.name}`));
      keyed(sheet, [{ key: `head ${page.name}`, stamp: [], build: () => head(page.name, close) }, { key: `page ${page.name}`, stamp: page.stamp, build: () => h("div", { class: "desk-page", "data-page-shown": page.name }, page.build()) }]);
      if (shown !== page.name) {
        sheet.scrollTop = 0;
        sheet.focus();
      }
    } else {
      sheet.replaceChildren();
    }
    shown = page?.name ?? null;
  };
}

/** What this officer may open at this desk: {name, note, stamp, build}. `proposed` takes the answer to a proposal. */
function pages(store, proposals, proposed) {
  const { terms } = store;
  const administers = store.session?.role === "administrator";
  const hasMediator = (store.status?.parties ?? []).some((party) => party.role === "mediator");
  return [
    terms ? { name: "terms", note: t("terms.versionN", { n: terms.version }), stamp: [terms, store.status?.parties], build: () => termsSections(terms, store) } : null,
    terms && proposals && (proposals.length > 0 || administers) ? {
      name: "proposals", note: t("desk.proposalCount", { n: proposals.length }), stamp: [terms, proposals, store.status?.parties],
      build: () => [proposalSections(terms, proposals, store), administers ? proposeForm(proposed) : null].flat().filter(Boolean),
    } : null,
    administers ? { name: "officers", note: "", stamp: [], build: () => officersPage() } : null,
    administers && store.ownParty?.role === "principal" ? { name: "consoles", note: "", stamp: [], build: () => consolesPage() } : null,
    { name: "bells", note: "", stamp: [], build: () => bellsPanel() },
    hasMediator ? { name: "disclosures", note: "", stamp: [store.status?.parties], build: () => disclosuresPage(store) } : null,
  ].filter(Boolean);
}

function pageButton(name, note, isShown, store) {
  return h("button", {
    type: "button", class: "call-row desk-row", "data-page": name, "data-focus": name, "aria-current": isShown ? "page" : null,
    onclick: () => store.select({ type: "desk", page: name }),
  }, h("span", { class: "call-title" }, t(`desk.${name}`)), note ? h("span", { class: "row-when" }, note) : null);
}

/** What has its place in the card of the watch, on the other side. */
function watchButton(name, section, store) {
  return h("button", {
    type: "button", class: "call-row desk-row", "data-page": name, "data-focus": name,
    onclick: () => {
      store.select({ type: "watch" });
      // Once it has been drawn.
      setTimeout(() => document.getElementById(section)?.scrollIntoView());
    },
  }, h("span", { class: "call-title" }, t(`desk.${name}`)));
}

function head(name, close) {
  return h("header", { class: "desk-head" }, h("h2", {}, t(`desk.${name}`)),
    h("button", { type: "button", "data-focus": "close", onclick: close }, t("action.close")));
}
