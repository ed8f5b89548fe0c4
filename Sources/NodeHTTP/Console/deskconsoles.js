// Consoles that may press STOP before anybody has signed in: which there are, and enrolling the one in front of us.
import { api } from "./api.js";
import { h, peerText, plain } from "./dom.js";
import { t } from "./i18n.js";

export function consolesPage() {
  const problem = h("p", { class: "problem", role: "alert" });
  const said = h("p", { class: "by", role: "status" });
  const list = h("ul", { class: "items" });
  const none = h("p", { class: "warning", hidden: true }, t("consoles.none"));
  const name = h("input", { id: "console-name", autocomplete: "off", maxLength: 64, required: true });

  async function ask() {
    try {
      const { consoles } = await api.consoles();
      none.hidden = consoles.length > 0;
      list.replaceChildren(...consoles.map((each) => h("li", { "data-console": each }, peerText(each))));
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  }

  async function enrol(event) {
    event.preventDefault();
    problem.textContent = said.textContent = "";
    try {
      const enrolled = await api.enrolConsole(name.value.trim());
      said.textContent = t("consoles.enrolled", { console: plain(enrolled.console) });
      await ask();
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  }

  ask();
  return [
    h("p", { class: "help" }, t("consoles.help")), none, list,
    h("form", { id: "enrol-console", onsubmit: enrol },
      h("h3", {}, t("consoles.enrol")), h("p", { class: "help" }, t("consoles.enrolHelp")),
      h("div", { class: "field" }, h("label", { for: "console-name" }, t("consoles.name")), name),
      h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("consoles.enrol")))),
    problem, said,
  ];
}
