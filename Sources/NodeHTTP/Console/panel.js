// Settings and help open over the floor without covering the bar or making anything else dead: STOP stays within reach.
import { h } from "./dom.js";
import { t } from "./i18n.js";

/**
 * Shows `content` under a title until it is closed, by its button or Escape; the focus then returns to where it was, or to
 * `home` if that is gone. The same `id` again closes it. Returns the dialog, or null.
 */
export function openPanel(id, title, content, home) {
  const open = document.getElementById(id);
  if (open) {
    open.querySelector(".close").click();
    return null;
  }
  const before = document.activeElement;
  const heading = h("h2", { id: `${id}-title` }, title);
  // Gone at once, so that the next press of the same key opens it anew.
  const close = () => {
    dialog.remove();
    (before?.isConnected && before !== document.body ? before : document.querySelector(home))?.focus();
  };
  const dialog = h("dialog", {
    id, class: "over-floor", "aria-labelledby": heading.id,
    onkeydown: (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    },
  },
  h("header", { class: "title-row" }, heading, h("button", { type: "button", class: "close", onclick: close }, t("action.close"))),
  content);
  document.body.append(dialog);
  dialog.show();
  return dialog;
}
