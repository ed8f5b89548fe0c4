// Why a conflict is one: in the reader's words, each minimum with what is lacking, and the node's picture of it.
import { api } from "./api.js";
import { conflictSentences, height } from "./conflictwords.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { openPanel } from "./panel.js";
import { distance, span } from "./units.js";

/** What the explanation depends on; it is asked for again when one of these changes. */
export function whyStamp(conflict) {
  return `${conflict.first.version} ${conflict.second.version} ${conflict.state} ${JSON.stringify(conflict.closest)}`;
}

/** The section, filled when the node has answered. */
export function conflictWhy(conflict, store) {
  const body = h("div", { class: "why" }, h("p", { class: "help" }, t("why.asking")));
  fill(body, conflict, store);
  return h("section", { class: "why-section", "data-why": conflict.id }, h("h3", {}, t("why.title")), body);
}

async function fill(body, conflict, store) {
  try {
    const { explanation } = await api.conflict(conflict.id);
    body.replaceChildren(...(explanation ? shown(explanation, conflict, store) : [h("p", { class: "none" }, t("why.none"))]));
  } catch (error) {
    body.replaceChildren(h("p", { class: "problem", role: "alert" }, error.sentence ?? String(error)));
  }
}

function shown(explanation, conflict, store) {
  const sentences = conflictSentences(conflict, explanation, store);
  return [
    h("div", { class: "why-words" }, sentences.map((sentence) => h("p", {}, sentence))),
    minimaTable(explanation.pairs[0]),
    explanation.pairCount > 1 ? h("p", { class: "help" }, t("why.pairs", { n: explanation.pairCount })) : null,
    picture(conflict, sentences.join(" ")),
  ].filter(Boolean);
}

/** One row for each minimum: what there is, what there ought to be, what is lacking. */
export function minimaTable({ horizontal, vertical, time }) {
  const row = (axis, broken, found, minimum, lack) => h("tr", { "data-axis": axis, class: broken ? "broken" : "" },
    h("th", { scope: "row" }, t(`why.${axis}`)), h("td", {}, h("bdi", {}, found)), h("td", {}, h("bdi", {}, minimum)),
    h("td", {}, h("bdi", {}, broken ? lack : t("why.kept"))));
  return h("table", { class: "minima" },
    h("thead", {}, h("tr", {}, ["axis", "found", "minimum", "lack"].map((name) => h("th", { scope: "col" }, t(`why.${name}`))))),
    h("tbody", {},
      row("horizontal", horizontal.broken, horizontal.distanceM > 0 ? distance(horizontal.distanceM) : t("why.overlap"),
        distance(horizontal.requiredM), lacking(horizontal.lackM, distance)),
      vertical.requiredM === null
        ? row("vertical", true, t("why.noMatter"), t("why.anyAltitude"), "—")
        : row("vertical", vertical.broken, vertical.gapM > 0 ? height(vertical.gapM) : t("why.meet"), height(vertical.requiredM), lacking(vertical.lackM, height)),
      row("time", time.broken, time.overlap ? t("why.both") : span(time.gapS), span(time.requiredS), time.lackS === null ? t("why.noEnd") : lacking(time.lackS, span))));
}

const lacking = (amount, words) => (amount > 0 ? words(amount) : t("why.touching"));

const pictureOf = (conflict, ground) =>
  `/api/v1/conflicts/${encodeURIComponent(conflict.id)}/picture?ground=${ground}&of=${conflict.first.version}.${conflict.second.version}`;

/** Whether this page is dark now: whatever chose its theme, its ground says so. */
function pageGround() {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
  return red + green + blue < 3 * 128 ? "dark" : "light";
}

/** Keeps the ground of a picture that of the page while it is in it. */
function followTheme(image, conflict) {
  const show = () => {
    const url = pictureOf(conflict, pageGround());
    if (image.getAttribute("src") !== url) image.src = url;
  };
  show();
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const watcher = new MutationObserver(() => (image.isConnected ? show() : stop()));
  const stop = () => {
    watcher.disconnect();
    scheme.removeEventListener("change", show);
  };
  watcher.observe(document.documentElement, { attributes: true });
  watcher.observe(document.body, { attributes: true });
  scheme.addEventListener("change", show);
  return image;
}

/** An image, so that nothing of it can act in this page; pressed, it is shown larger, with STOP within reach beside it. */
function picture(conflict, words) {
  const image = () => followTheme(h("img", { alt: words, class: "conflict-picture" }), conflict);
  const open = () => openPanel("picture-larger", t("why.picture"), image(), "#detail [data-focus=picture]");
  return h("figure", { class: "picture" },
    h("button", { type: "button", class: "picture-button", "data-focus": "picture", "aria-label": t("why.larger"), onclick: open }, image()),
    h("figcaption", {},
      h("button", { type: "button", class: "quiet", onclick: open }, t("why.larger")),
      h("a", { href: pictureOf(conflict, "light"), target: "_blank", rel: "noopener" }, t("why.paper"))));
}
