// Sign-in by name and passphrase. Nothing is kept in the page; the session is the node's cookie.
import { api } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

/** Shows the form; calls `entered(session)` once the node has accepted. `unlockSound` runs on the officer's press. */
export function showSignIn(container, { entered, unlockSound, message = "" }) {
  const officer = h("input", { id: "officer", name: "officer", required: true, autocomplete: "username", maxLength: 100 });
  const passphrase = h("input", {
    id: "passphrase", name: "passphrase", type: "password", required: true, autocomplete: "current-password", maxLength: 1000,
  });
  const problem = h("p", { class: "problem", role: "alert", id: "signin-problem" }, message);
  const submit = h("button", { type: "submit", class: "primary" }, t("signin.submit"));
  const form = h("form", {
    class: "signin-form",
    onsubmit: async (event) => {
      event.preventDefault();
      unlockSound();
      submit.disabled = true;
      problem.textContent = "";
      try {
        entered(await api.signIn(officer.value.trim(), passphrase.value));
      } catch (error) {
        problem.textContent = error.status === 401 ? t("signin.failed") : error.sentence ?? String(error);
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
  problem, submit,
  h("p", { class: "disclaimer" }, t("disclaimer")));
  container.replaceChildren(h("div", { class: "signin-page" },
    form, h("div", { class: "signin-side" }, h("div", { id: "signin-stop" }), h("p", { class: "help" }, t("stop.signinHelp")))));
  officer.focus();
}
