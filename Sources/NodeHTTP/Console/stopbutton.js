// STOP: one button and one key, on the floor and before sign-in. It goes to the node at once and alone, without area,
// notice or words; while the node does not answer it is sent again and again, and the screen says that it is not sent.
import { api } from "./api.js";
import { guardedButton } from "./guard.js";
import { h, plain } from "./dom.js";
import { t } from "./i18n.js";
import { dateTimeGroup } from "./units.js";

// No browser and no text field takes these.
const keys = ["F8", "Pause"];
const againAfterMs = 1_000;

/**
 * Makes the button and its key. `sent(stop)` once the node holds it; `saying` is where failures are said; `isFinal`
 * shows there what was sent as well, because nothing else on the screen will.
 */
export function mountStopButton(container, saying, { sent = () => {}, isFinal = () => false }) {
  let isSending = false;

  async function press() {
    if (isSending) return;
    isSending = true;
    for (let tries = 1; isSending; tries += 1) {
      if (tries === 1) say("sending", [t("stop.sending")]);
      try {
        const { stop } = await api.stop();
        isSending = false;
        sent(stop);
        if (isFinal()) say("sent", [h("strong", {}, t("stop.sentTitle", { time: dateTimeGroup(stop.openedAt) })), h("span", {}, sentWords(stop))]);
        else say(null);
      } catch (problem) {
        if (!isSending) return;
        if (problem.status === 401 || (problem.status >= 400 && problem.status < 500 && problem.status !== 429)) {
          isSending = false;
          say("refused", [h("strong", {}, t("stop.notSent")),
            h("span", {}, problem.status === 401 ? t("stop.notEnrolled") : plain(problem.detail || problem.name)),
            h("span", {}, t("stop.telephone")), closing()]);
        } else {
          say("trying", [h("strong", {}, t("stop.notYetSent")), h("span", {}, t("stop.tries", { n: tries })),
            h("span", {}, t("stop.telephone")), closing(t("stop.giveUp"))]);
          await new Promise((resume) => setTimeout(resume, againAfterMs));
        }
      }
    }
  }

  function closing(words = t("action.close")) {
    return h("button", { type: "button", "data-focus": "close", onclick: () => {
      isSending = false;
      say(null);
    } }, words);
  }

  function say(state, parts = []) {
    saying.hidden = state === null;
    saying.dataset.state = state ?? "";
    saying.replaceChildren(...parts);
  }

  const { element, hold, release } = guardedButton(t("stop.button"), press, {
    className: "stop-button", id: "stop", title: t("stop.title"), "aria-keyshortcuts": keys.join(" "),
  });
  container.replaceChildren(element);
  const isKey = (event) => keys.includes(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
  document.addEventListener("keydown", (event) => {
    if (!isKey(event) || !element.isConnected) return;
    event.preventDefault();
    if (!event.repeat) hold();
  });
  document.addEventListener("keyup", (event) => { if (keys.includes(event.key)) release(); });
  window.addEventListener("blur", release);
  return press;
}

function sentWords(stop) {
  const to = stop.addressees.map((a) => a.party).join(", ");
  return stop.station ? t("stop.sentFrom", { station: plain(stop.station), parties: plain(to) }) : t("stop.sentTo", { parties: plain(to) });
}
