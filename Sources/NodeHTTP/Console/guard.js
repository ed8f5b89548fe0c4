// A control for an act that must be quick and never happen by a slip: hold it, or press it and then press it again.
// Nothing is to be read, and a double click does nothing.
import { h } from "./dom.js";
import { t } from "./i18n.js";

export const holdMs = 600;
/** A second press counts only after this, so that a double click is one press. */
const secondPressMs = 600;
const armedMs = 4_000;

/**
 * A button with `words` in it; `act()` runs once it has been held for 0.6 s, by pointer, Space or Enter, or pressed
 * twice. {element, hold, release}: the latter two for a key that stands for the button.
 */
export function guardedButton(words, act, { className = "", title = t("guard.title"), ...properties } = {}) {
  const label = h("span", { class: "guard-words" }, words);
  const button = h("button", { type: "button", class: `guarded ${className}`, title, ...properties },
    h("span", { class: "guard-fill", "aria-hidden": "true" }), label);
  let held = null;
  let armedAt = null;
  let disarming = null;
  let heldToEnd = false;

  function show(state, text) {
    button.dataset.guard = state;
    if (label.textContent !== text) label.textContent = text;
  }

  function disarm() {
    clearTimeout(disarming);
    armedAt = null;
    show("ready", words);
  }

  function fire() {
    clearTimeout(held);
    held = null;
    disarm();
    act();
  }

  function hold(byPointer = false) {
    if (held !== null || button.disabled) return;
    heldToEnd = false;
    button.dataset.holding = "true";
    held = setTimeout(() => {
      // The click that ends a long press of the pointer is no press of its own.
      heldToEnd = byPointer;
      delete button.dataset.holding;
      fire();
    }, holdMs);
  }

  function release() {
    clearTimeout(held);
    held = null;
    delete button.dataset.holding;
  }

  /**
   * A short press, however it was made: the first arms, the second acts. `at` is when it was made, which is earlier than
   * now where the page was busy: the two clicks of a double click stay one press.
   */
  function press(at) {
    if (armedAt === null) {
      armedAt = at;
      show("armed", t("guard.again"));
      disarming = setTimeout(disarm, armedMs);
    } else if (at - armedAt >= secondPressMs) {
      fire();
    }
  }

  button.addEventListener("pointerdown", (event) => { if (event.button === 0) hold(true); });
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) button.addEventListener(end, release);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    // Otherwise Enter would press again for as long as it is down.
    event.preventDefault();
    if (!event.repeat) hold();
  });
  button.addEventListener("keyup", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    const wasShort = held !== null;
    release();
    if (wasShort) press(event.timeStamp);
  });
  button.addEventListener("click", (event) => {
    release();
    if (!heldToEnd) press(event.timeStamp);
    heldToEnd = false;
  });
  show("ready", words);
  return { element: button, hold, release };
}
