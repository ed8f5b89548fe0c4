// Sign-in by name and passphrase. Nothing is kept in the page; the session is the node's cookie.
import { api } from "./api.js";
import { h, plain } from "./dom.js";
import { t } from "./i18n.js";
import { languageChoice } from "./settings.js";
import { span, zuluClock } from "./units.js";

/**
 * Shows the form; calls `entered(session)` once the node has accepted. `unlockSound` runs on the officer's press, and
 * `languageChosen(code, {name, secret})` with what is written so far, which is to be given again as `written`.
 */
export function showSignIn(container, { entered, unlockSound, languageChosen, message = "", written = { name: "", secret: "" } }) {
  const officer = h("input", { id: "officer", name: "officer", required: true, autocomplete: "username", maxLength: 100, value: written.name });
  const passphrase = h("input", {
    id: "passphrase", name: "passphrase", type: "password", required: true, autocomplete: "current-password", maxLength: 1000, value: written.secret,
  });
  const choice = languageChoice("signin-language", (code) => languageChosen(code, { name: officer.value, secret: passphrase.value }));
  const problem = h("p", { class: "problem", role: "alert", id: "signin-problem" }, message);
  const countdown = h("p", { class: "lockout", id: "signin-lockout" });
  let counting = null;

  /** It is this officer's name that is locked out, so another may sign in meanwhile. The end is told once, the seconds are only shown. */
  function sayLocked(waitS) {
    const until = Date.now() + waitS * 1000;
    problem.textContent = t("signin.lockedFor", { officer: plain(officer.value.trim()) });
    const count = () => {
      const left = (until - Date.now()) / 1000;
      countdown.textContent = left > 0 ? t("signin.lockedLeft", { time: span(left), at: zuluClock(until) }) : "";
      if (left > 0) return;
      clearInterval(counting);
      problem.textContent = t("signin.lockOver");
    };
    count();
    counting = setInterval(count, 1_000);
  }

  const submit = h("button", { type: "submit", class: "primary" }, t("signin.submit"));
  const form = h("form", {
    class: "signin-form",
    onsubmit: async (event) => {
      event.preventDefault();
      unlockSound();
      submit.disabled = true;
      clearInterval(counting);
      problem.textContent = "";
      try {
        entered(await api.signIn(officer.value.trim(), passphrase.value));
      } catch (error) {
        if (error.status === 423 && error.waitS !== null) sayLocked(error.waitS);
        else problem.textContent = error.status === 401 ? t("signin.failed") : error.sentence ?? String(error);
        passphrase.value = "";
        passphrase.focus();
      }
      submit.disabled = false;
    },
  },
  h("img", { src: "style/mark.svg", alt: "", width: 56, height: 56 }),
  h("h1", {}, "Parley"),
  h("h2", {}, t("signin.title")),
  h("label", { for: "officer" }, t("signin.officer")), officer,
  h("label", { for: "passphrase" }, t("signin.passphrase")), passphrase,
  choice.options.length > 1 ? [h("label", { for: choice.id }, t("signin.language")), choice] : null,
  problem, countdown, submit,
  h("p", { class: "disclaimer" }, t("disclaimer")));
  container.replaceChildren(h("div", { class: "signin-page" },
    form, h("div", { class: "signin-side" }, h("div", { id: "signin-stop" }), h("p", { class: "help" }, t("stop.signinHelp")))));
  (written.name ? choice : officer).focus();
}
