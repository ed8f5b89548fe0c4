// Officers of this desk and their roles, for administrators: who there is, and adding one.
import { api } from "./api.js";
import { h, peerText, plain } from "./dom.js";
import { t, term } from "./i18n.js";

const roles = ["watchOfficer", "releasingOfficer", "commander", "administrator", "auditor", "feed"];
const shortestPassphrase = 10;

export function officersPage() {
  const problem = h("p", { class: "problem", role: "alert" });
  const said = h("p", { class: "by", role: "status" });
  const list = h("tbody", {});
  const show = (officers) => list.replaceChildren(...officers.map(({ officer, role }) => h("tr", { "data-officer": officer },
    h("th", { scope: "row" }, peerText(officer)), h("td", {}, term("officerRole", role)), h("td", {}, t(`roleMay.${role}`)))));

  async function ask() {
    try {
      show((await api.officers()).officers);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  }

  ask();
  return [
    h("table", { class: "roles" }, h("thead", {}, h("tr", {}, ["name", "role", "may"].map((column) => h("th", { scope: "col" }, t(`officers.${column}`))))), list),
    addForm({ problem, said, added: ask }), problem, said,
  ];
}

function addForm({ problem, said, added }) {
  const name = h("input", { id: "new-officer", autocomplete: "off", maxLength: 64, required: true });
  const passphrase = h("input", { id: "new-passphrase", type: "password", autocomplete: "new-password", minLength: shortestPassphrase, maxLength: 1000, required: true });
  const role = h("select", { id: "new-role", required: true, onchange: () => { explained.textContent = role.value ? t(`roleMay.${role.value}`) : ""; } },
    // Nothing is chosen at first, so that nobody is given a role by a slip.
    h("option", { value: "" }, t("call.choose")), roles.map((each) => h("option", { value: each }, term("officerRole", each))));
  const explained = h("p", { class: "help", "aria-live": "polite" });
  const field = (label, input) => h("div", { class: "field" }, h("label", { for: input.id }, t(label)), input);
  const form = h("form", {
    id: "add-officer",
    onsubmit: async (event) => {
      event.preventDefault();
      problem.textContent = said.textContent = "";
      try {
        const made = await api.addOfficer({ officer: name.value.trim(), passphrase: passphrase.value, role: role.value });
        said.textContent = t("officers.added", { officer: plain(made.officer), role: term("officerRole", made.role) });
        form.reset();
        explained.textContent = "";
        await added();
      } catch (error) {
        problem.textContent = error.sentence ?? String(error);
        passphrase.value = "";
      }
    },
  },
  h("h3", {}, t("officers.add")), h("p", { class: "help" }, t("officers.addHelp")),
  h("div", { class: "two" }, field("signin.officer", name), field("signin.passphrase", passphrase)),
  field("officers.role", role), explained,
  h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("officers.add"))));
  return form;
}
