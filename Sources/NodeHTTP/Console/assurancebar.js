// The bar's two answers, side by side: of the whole mechanism, and of the selected notice. Each with its countdown and
// its first reason; pressing one shows every reason, who ends it and what the answer does not cover.
import { assuranceAnswer, assuranceGrounds, effective, looks } from "./assurance.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { notCovered, reasonWords, wordsDirection } from "./nodewords.js";
import { span } from "./units.js";

/** `more` is where all of it is shown, a popover. Returns what brings both up to date. */
export function mountAssuranceBar(mechanism, notice, more, store) {
  more.setAttribute("aria-label", t("assurance.title"));
  let shown = null;
  const parts = [
    mountAnswer(mechanism, store, () => ({
      title: t("assurance.mechanism"), heading: t("assurance.title"), assurance: store.assurance,
    }), (subject) => open(mechanism, subject)),
    mountAnswer(notice, store, () => {
      const id = selectedNotice(store);
      return id === null ? null : {
        title: t("assurance.ofNotice", { id }), heading: t("assurance.ofNotice", { id }), assurance: store.noticeAssurance.get(id), hidden: store.isHidden(id),
      };
    }, (subject) => open(notice, subject)),
  ];

  function open(button, subject) {
    shown = { button, subject, stamp: [] };
    fill();
    more.showPopover({ source: button });
    more.focus();
  }

  function fill() {
    const now = shown.subject();
    if (!now || now.hidden) return more.matches(":popover-open") && more.hidePopover();
    const stamp = [now.assurance, now.heading, store.lostSince, store.status?.parties];
    if (stamp.every((value, i) => value === shown.stamp[i])) return;
    shown.stamp = stamp;
    more.replaceChildren(assuranceAnswer(now.assurance, store, now.heading), assuranceGrounds(now.assurance, store),
      h("button", { type: "button", onclick: () => more.hidePopover() }, t("action.close")));
  }

  more.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    shown?.button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) return;
    if (more.contains(document.activeElement) || document.activeElement === document.body) shown?.button.focus();
    more.replaceChildren();
    shown = null;
  });

  return () => {
    for (const update of parts) update();
    if (shown) fill();
  };
}

/** The notice that the right side is about, or null. */
export function selectedNotice(store) {
  const { selection } = store;
  const id = selection?.type === "file" ? selection.amends?.id : ["notice", "readBack"].includes(selection?.type) ? selection.id : null;
  return store.notices.has(id) ? id : null;
}

function mountAnswer(button, store, subject, press) {
  const sign = h("span", { class: "assurance-sign", "aria-hidden": "true" });
  const word = h("span", { class: "assurance-word" });
  const note = h("span", { class: "assurance-note" });
  const reason = h("bdi", { class: "assurance-reason" });
  button.replaceChildren(sign, h("span", { class: "assurance-text" }, word, note, reason));
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => press(subject));

  const show = () => {
    const now = subject();
    button.disabled = !now || now.hidden === true;
    if (button.disabled) {
      button.className = "assurance look-none";
      return say(now ? "" : "–", now ? t("readBack.hidden") : t("assurance.noNotice"), now?.title ?? "", "");
    }
    const { answer, remainingS, reasons } = effective(now.assurance, store);
    button.className = `assurance look-${looks[answer].look}`;
    const first = reasons.length > 0 ? reasonWords(reasons[0], store) : notCovered(now.assurance, store)[0];
    reason.dir = wordsDirection(first);
    say(looks[answer].sign, t(`assurance.${answer}`),
      remainingS !== null ? t("assurance.barFor", { title: now.title, time: span(remainingS) })
        : t("assurance.barReasons", { title: now.title, n: reasons.length }),
      first?.sentence ?? "");
  };

  function say(...texts) {
    for (const [i, element] of [sign, word, note, reason].entries()) {
      if (element.textContent !== texts[i]) element.textContent = texts[i];
    }
  }

  button.dataset.tick = "1";
  button.tick = show;
  return show;
}
