// The bells outside the browser: whether each rings, and what failed. Asked for while it is on the screen.
import { api } from "./api.js";
import { every, h, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { dateTimeGroup } from "./units.js";

const askAgainMs = 10_000;

export function bellsPanel() {
  const list = h("div", {});
  const panel = h("section", { id: "bells", hidden: true }, list);

  async function ask() {
    try {
      const { bells } = await api.bells();
      panel.hidden = false;
      list.replaceChildren(...(bells.length === 0 ? [h("p", { class: "warning" }, t("bells.none"))] : bells.map(bell)));
    } catch (problem) {
      panel.hidden = problem.status === 404;
      list.replaceChildren(h("p", { class: "problem" }, problem.sentence ?? String(problem)));
    }
  }

  ask();
  every(askAgainMs, panel, ask);
  return panel;
}

function bell(status) {
  return h("div", { class: "position-card", "data-bell": status.name },
    h("p", {}, h("strong", {}, h("bdi", {}, plain(status.name))), " · ", term("bellMeans", status.means), " · ",
      h("strong", { class: status.isFailing ? "refused" : "" }, t(status.isFailing ? "bells.failing" : status.rangAt ? "bells.rang" : "bells.notYet", { time: status.rangAt ? dateTimeGroup(status.rangAt) : "" }))),
    status.failure ? h("p", { class: status.isFailing ? "refused" : "by" }, dateTimeGroup(status.failedAt), ": ", h("bdi", {}, plain(status.failure))) : null,
    status.waiting > 0 ? h("p", {}, t("bells.waiting", { n: status.waiting })) : null,
    status.lost > 0 ? h("p", { class: "warning" }, t("bells.lost", { n: status.lost })) : null);
}
