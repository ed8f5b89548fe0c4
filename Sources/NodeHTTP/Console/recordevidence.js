// Evidence for a stranger: a bundle of records with their proofs, and what this node states, signed, while it knows of no
// conflict. The node makes and checks them; this page only hands them over.
import { api } from "./api.js";
import { effective } from "./assurance.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { parseTime } from "./units.js";

const scopes = ["notice", "conflict", "interval", "all"];
const bodies = ["open", "withheld", "sealed"];

/** {element, update}. */
export function evidencePanel(store) {
  const choice = (name, value, words, help) => h("label", { class: "choice" },
    h("input", { type: "radio", name, value, required: true, onchange: () => store.changed() }), h("span", {}, words, help ? h("span", { class: "help evidence-help" }, help) : null));
  const input = (id, label) => h("div", { class: "field" }, h("label", { for: id }, t(label)), h("input", { id, autocomplete: "off", maxLength: 80 }));
  const notice = input("evidence-notice", "record.notice"), conflict = input("evidence-conflict", "record.conflict");
  const interval = h("div", { class: "two" }, input("evidence-from", "record.from"), input("evidence-to", "record.to"));
  const problem = h("p", { class: "problem", role: "alert" });
  const done = h("p", { class: "help evidence-done", role: "status" });
  const submit = h("button", { type: "submit", class: "primary", "data-focus": "evidence-export" }, t("evidence.export"));
  const form = h("form", { class: "evidence-form", onsubmit: (event) => { event.preventDefault(); take(); } },
    h("h3", {}, t("evidence.title")), h("p", { class: "help" }, t("evidence.help")),
    h("fieldset", {}, h("legend", {}, t("evidence.what")), scopes.map((scope) => choice("scope", scope, t(`evidence.${scope}`))), notice, conflict, interval),
    h("fieldset", {}, h("legend", {}, t("evidence.bodies")), bodies.map((each) => choice("bodies", each, t(`evidence.${each}`), t(`evidence.${each}Help`)))),
    submit, problem, done, h("p", { class: "help" }, t("evidence.check")));
  form.elements.scope.value = "all";
  form.elements.bodies.value = "open";

  const statementWords = h("p", { class: "help" });
  const statementProblem = h("p", { class: "problem", role: "alert" });
  const whole = h("button", { type: "button", "data-focus": "statement-all", onclick: () => state(null) }, t("statement.whole"));
  const one = h("button", { type: "button", "data-focus": "statement-notice", onclick: () => state(store.selection.id) });
  const element = h("section", { class: "record-view", "aria-label": t("evidence.title") }, form,
    h("section", {}, h("h3", {}, t("statement.title")), statementWords, h("div", { class: "actions" }, whole, one), statementProblem));
  const value = (id) => form.querySelector(`#${id}`).value.trim();
  let suggested = null;

  function question() {
    const asked = { bodies: form.elements.bodies.value };
    const needed = (words, text) => {
      if (!text) throw new Error(words);
      return text;
    };
    switch (form.elements.scope.value) {
      case "notice": return { ...asked, notice: needed(t("evidence.whichNotice"), value("evidence-notice")) };
      case "conflict": return { ...asked, conflict: needed(t("evidence.whichConflict"), value("evidence-conflict")) };
      case "interval": return {
        ...asked, from: needed(t("record.badTime"), parseTime(value("evidence-from"))), to: needed(t("record.badTime"), parseTime(value("evidence-to"))),
      };
      default: return asked;
    }
  }

  async function take() {
    problem.textContent = "";
    done.textContent = "";
    submit.disabled = true;
    try {
      const asked = question();
      done.textContent = t("evidence.making");
      const { blob, name } = await api.evidence(asked);
      save(blob, name ?? "parley-evidence.tar");
      done.textContent = t("evidence.done", { name: name ?? "parley-evidence.tar", size: Math.ceil(blob.size / 1024) });
    } catch (error) {
      done.textContent = "";
      problem.textContent = error.sentence ?? error.message;
    } finally {
      submit.disabled = false;
    }
  }

  async function state(id) {
    statementProblem.textContent = "";
    try {
      const { blob } = await api.assuranceStatement(id);
      save(blob, `parley-assurance-${id ?? "mechanism"}.note`);
    } catch (error) {
      statementProblem.textContent = error.sentence ?? error.message;
    }
  }

  const states = (assurance) => ["clear", "conditions"].includes(effective(assurance, store).answer);

  /** The answer runs out by itself, so this is asked each second as well. */
  function tick() {
    const selected = store.selection?.type === "notice" ? store.selection.id : null;
    const isWhole = states(store.assurance), isOne = selected !== null && states(store.noticeAssurance.get(selected));
    whole.hidden = !isWhole;
    one.hidden = !isOne;
    const words = t("statement.notice", { id: selected ?? "" });
    if (one.textContent !== words) one.textContent = words;
    const said = isWhole || isOne ? t("statement.help") : t("statement.none");
    if (statementWords.textContent !== said) statementWords.textContent = said;
  }
  element.dataset.tick = "1";
  element.tick = tick;

  return {
    element,
    update() {
      const scope = form.elements.scope.value;
      notice.hidden = scope !== "notice";
      conflict.hidden = scope !== "conflict";
      interval.hidden = scope !== "interval";
      // What is selected elsewhere is put in, until the officer has written something else.
      const { selection } = store;
      if (selection !== suggested && ["notice", "conflict"].includes(selection?.type)) {
        suggested = selection;
        form.querySelector(`#evidence-${selection.type}`).value = selection.id;
      }
      tick();
    },
  };
}

/** Hands a file to the browser. */
function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken it up by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
