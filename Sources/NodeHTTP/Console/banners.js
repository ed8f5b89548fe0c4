// Banners across the screen: this screen has lost its node, or is behind it; a drill stands among what is shown, or is what
// is looked at.
import { h, tickAll, ticking } from "./dom.js";
import { joined, t } from "./i18n.js";
import { standingNotices } from "./notices.js";
import { openStops } from "./stops.js";
import { span, zuluClock } from "./units.js";

export function mountLost(banner, store) {
  return () => {
    const { lostSince: since, isBehind } = store;
    const state = since === null ? "" : isBehind ? "behind" : "lost";
    document.body.classList.toggle("stale", since !== null);
    document.body.classList.toggle("waiting", !store.status);
    if ((banner.dataset.state ?? "") === state) return;
    banner.dataset.state = state;
    banner.hidden = state === "";
    banner.replaceChildren(...(state ? [
      h("strong", {}, t(`${state}.title`)),
      ticking(() => t(`${state}.since`, { time: `${zuluClock(since)}Z`, age: span((Date.now() - since) / 1000) })),
    ] : []));
    // Once more for everything: from now on only this banner counts.
    if (state) tickAll();
  };
}

export function mountDrill(banner, store) {
  return () => {
    const counts = {
      notices: standingNotices(store).filter(isDrill).length,
      calls: [...store.calls.values()].filter((call) => isDrill(call) && call.facts.some((fact) => !fact.acknowledgedAt)).length,
      presence: [...store.presence.values()].filter((exchange) => isDrill(exchange) && exchange.answers.length < exchange.to.length).length,
      stops: openStops(store).filter(isDrill).length,
    };
    const standing = Object.entries(counts).filter(([, n]) => n > 0).map(([what, n]) => t(`drill.${what}`, { n }));
    const isLookedAt = isDrill(selected(store));
    banner.hidden = standing.length === 0 && !isLookedAt;
    document.body.classList.toggle("drill", !banner.hidden);
    document.body.classList.toggle("drill-selected", isLookedAt);
    const words = [
      isLookedAt ? t("drill.selected") : null, standing.length > 0 ? t("drill.standing", { what: joined(standing) }) : null,
    ].filter(Boolean).map((sentence) => h("span", { class: "drill-words" }, sentence));
    if (banner.textContent !== words.map((word) => word.textContent).join("")) banner.replaceChildren(...words);
  };
}

function isDrill(thing) {
  return thing?.mode === "drill";
}

/** What the right side shows, if it is something that has a mode. */
function selected({ selection, notices, conflicts, calls, presence, stops }) {
  switch (selection?.type) {
    case "notice": case "readBack": return notices.get(selection.id);
    case "file": return selection.amends;
    case "conflict": return conflicts.get(selection.id);
    case "call": case "callReadBack": return calls.get(selection.id);
    case "presence": return presence.get(selection.id);
    case "stop": return stops.get(selection.id);
    default: return null;
  }
}
