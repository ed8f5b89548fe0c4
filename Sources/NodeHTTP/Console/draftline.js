// Notices that were begun and put aside: offered above whatever the right side shows, until they are filed or discarded.
import { h, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { age } from "./units.js";

export function draftEntries(store) {
  return [...store.drafts.values()].filter((draft) => draft.touched).map((draft) => ({
    key: `draft ${draft.key}`, stamp: [draft.changedAt, draft.kind],
    build: () => h("button", { type: "button", class: "draft-line", "data-draft": draft.key, onclick: () => store.select({ type: "file", amends: draft.amends }) },
      h("strong", {}, draft.amends ? t("draft.amends", { id: draft.amends.id }) : t("draft.new", { kind: term("kind", draft.kind) })),
      ticking(() => t("draft.written", { age: age((store.now() - draft.changedAt) / 1_000) }))),
  }));
}
