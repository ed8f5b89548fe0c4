// The selected notice: what, where, when, and what may be done.
import { api } from "./api.js";
import { h, peerText, plain, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { whenWords } from "./notices.js";
import { partyName } from "./parties.js";
import { band, dateTimeGroup, degrees, shapeWords } from "./units.js";

export function noticeHead(notice, store) {
  return h("header", { class: "card-head" },
    h("h2", {}, h("span", { class: "kind" }, term("kind", notice.kind)), " ", h("span", { class: "id" }, notice.id)),
    h("p", {},
      partyName(store, notice.owner), " · ", t("notice.version", { n: notice.version }), " · ",
      h("span", { class: notice.status === "current" ? "" : "tag alarmed" }, term("status", notice.status)),
      notice.mode === "drill" ? [" ", h("span", { class: "tag" }, t("notice.drill"))] : null),
    notice.onBehalfOf ? h("p", {}, t("notice.onBehalfOf", { who: "" }), peerText(notice.onBehalfOf)) : null,
    notice.ended
      ? h("p", {}, t("notice.ended", { reason: term("reason", notice.ended.reason), time: dateTimeGroup(notice.ended.at) }))
      : ticking(() => whenWords(notice, store.now()), { class: "when" }, "p"),
    notice.flags.length > 0 ? h("p", { class: "flags" }, notice.flags.map((f) => [h("span", { class: "tag alarmed" }, term("flag", f)), " "])) : null);
}

export function noticeActions(notice, store) {
  const own = notice.owner === store.ownParty?.id;
  const change = own && store.acts && notice.status !== "ended";
  const box = h("div", { class: "actions" });
  const show = () => box.replaceChildren(...[
    store.acts && store.owesReadBack(notice) ? action("readBack", t("alarms.readBack"), () => store.select({ type: "readBack", id: notice.id }), "primary") : null,
    change ? action("amend", t("notice.amend"), () => store.select({ type: "file", amends: notice })) : null,
    change ? action("end", t("notice.end"), () => box.replaceChildren(endForm(notice, store, show))) : null,
  ].filter(Boolean));
  show();
  return box;
}

function action(focus, words, onclick, className = "") {
  return h("button", { type: "button", class: className, "data-focus": focus, onclick }, words);
}

/** Ending takes a warning away, so it is asked twice and says so. */
function endForm(notice, store, cancel) {
  const problem = h("p", { class: "problem", role: "alert" });
  const reason = (value, words, checked) => h("label", { class: "choice" },
    h("input", { type: "radio", name: "reason", value, checked, required: true }), words);
  const form = h("form", {
    class: "confirm",
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        const { notice: now } = await api.endNotice(notice.id, new FormData(form).get("reason"));
        if (now) store.apply("notice", now);
        else store.select({ type: "watch" });
      } catch (error) {
        problem.textContent = error.sentence ?? String(error);
      }
    },
  },
  h("h3", {}, t("notice.endTitle", { id: notice.id })),
  h("p", { class: "warning" }, t("notice.endWarning")),
  reason("over", t("notice.endOver"), false), reason("cancelled", t("notice.endCancelled"), false),
  problem,
  h("div", { class: "actions" },
    h("button", { type: "submit", class: "danger" }, t("notice.end")),
    h("button", { type: "button", onclick: cancel }, t("action.cancel"))));
  return form;
}

export function noticeBody(notice, store) {
  const rows = [];
  const add = (name, ...value) => rows.push(h("dt", {}, t(name)), h("dd", {}, ...value));
  notice.volumes.forEach((volume, i) => {
    if (notice.volumes.length > 1) rows.push(h("dt", { class: "volume" }, t("notice.volume", { n: i + 1, count: notice.volumes.length })), h("dd", {}));
    if (i === 0) add("notice.where", positions(notice.referencePosition));
    add("notice.area", shapeWords(volume.footprint));
    add("notice.altitude", h("bdi", {}, band(volume)));
    add("notice.window", h("bdi", {}, `${dateTimeGroup(volume.start)} – ${dateTimeGroup(volume.end)}`));
    if (volume.original) add("notice.original", peerText(volume.original));
  });
  add("notice.contact", peerText(notice.contact));
  if (notice.remarks) add("notice.remarks", peerText(notice.remarks));
  if (notice.reviewBy) add("notice.reviewBy", dateTimeGroup(notice.reviewBy));
  add("notice.filed", t("notice.filedBy", { time: dateTimeGroup(notice.filedAt), officer: plain(notice.officer) }));
  add("notice.audience", notice.audience.map((p, i) => [i > 0 ? ", " : "", partyName(store, p)]));
  return h("dl", { class: "facts" }, rows);
}

function positions(reference) {
  if (!reference) return "—";
  const { mgrs, gars } = reference.notations ?? {};
  return h("bdi", { class: "position" },
    h("span", {}, degrees(reference.position)), mgrs ? h("span", {}, mgrs) : null, gars ? h("span", {}, gars) : null);
}

export function noticeConflicts(notice, store) {
  return h("section", { class: "links-to" }, h("h3", {}, t("notice.conflicts")),
    notice.conflicts.map((id) => h("button", { type: "button", class: "link-button", "data-focus": id,
      onclick: () => store.select({ type: "conflict", id }) },
    t("conflict.title", { id: id.slice(0, 8) }), " · ", term("conflict", store.conflicts.get(id)?.state ?? ""))));
}
