// The slider of the moment that the map shows, and the mark that stands over the map whenever that is not now.
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { shown, slidingSpan, stepMs } from "./mapmoment.js";
import { dateTimeGroup, span } from "./units.js";

const hourSteps = 12;

/** Puts the slider into `bar` and the mark into `mark`; returns {update, close}. `frame` gets `data-when`. */
export function mountTime({ bar, mark, frame }, store, choices) {
  const slider = h("input", {
    type: "range", id: "map-time", step: 1, dir: "ltr", "aria-label": t("map.time"), oninput: () => slide(Number(slider.value)), onkeydown: byKeys,
  });
  const now = h("button", { type: "button", id: "map-now", onclick: () => store.setMapTime(null) }, t("map.now"));
  const group = h("bdi", { class: "map-moment", dir: "ltr" });
  const away = h("span", { class: "map-away" });
  bar.append(now, slider, h("span", { class: "map-at" }, group, away));
  const word = h("strong", {});
  const markGroup = h("bdi", { dir: "ltr" });
  const markAway = h("span", {});
  const back = h("button", { type: "button", onclick: () => { store.setMapTime(null); now.focus(); } }, t("map.backToNow"));
  mark.append(word, markGroup, markAway, back);

  /** `step` counts five minutes since 1970; the one that holds now is now. */
  function slide(step) {
    const isNow = step === Math.floor(store.now() / stepMs);
    store.setMapTime(isNow ? null : step * stepMs);
  }

  // A page of the browser's own would be an eighth of a day or more.
  function byKeys(event) {
    const by = { PageUp: hourSteps, PageDown: -hourSteps }[event.key];
    if (!by) return;
    event.preventDefault();
    slide(Math.max(Number(slider.min), Math.min(Number(slider.max), Number(slider.value) + by)));
  }

  function awayWords(at) {
    const seconds = Math.abs(at - store.now()) / 1000;
    return t(at < store.now() ? "map.ago" : "map.ahead", { time: span(Math.round(seconds / 60) * 60) });
  }

  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function update() {
    const { at, isNow, isReplay } = shown(store);
    const when = isReplay ? "replay" : isNow ? "now" : "other";
    frame.dataset.when = when;
    const { from, to } = slidingSpan(store, choices.allTime);
    const step = Math.floor(at / stepMs);
    slider.min = Math.min(from / stepMs, step);
    slider.max = Math.max(to / stepMs, step);
    slider.value = step;
    slider.disabled = isReplay;
    now.disabled = isNow || isReplay;
    const words = dateTimeGroup(at);
    slider.setAttribute("aria-valuetext", isNow ? t("map.nowIs", { time: words }) : words);
    write(group, words);
    write(away, isNow ? t("map.isNow") : isReplay ? t("map.replay") : awayWords(at));
    mark.hidden = isNow;
    if (isNow) return;
    write(word, t(isReplay ? "map.replay" : "map.notNow"));
    write(markGroup, words);
    write(markAway, isReplay ? t("map.replayMeans") : awayWords(at));
    back.hidden = isReplay;
  }

  choices.subscribe(update);
  const ticking = setInterval(update, 5_000);
  update();
  return { update, close: () => clearInterval(ticking) };
}
