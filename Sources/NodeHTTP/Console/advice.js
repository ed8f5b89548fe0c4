// Ways out of every conflict of a notice or a draft at once, as the node finds them within bounds that the officer sets.
// An advice is put into the form and nowhere else: nothing is filed here, and nothing here is a permission.
import { altitudeField } from "./altitudefield.js";
import { api } from "./api.js";
import { h, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { distance, span } from "./units.js";

const defaults = { earlierMin: 120, laterMin: 120, withinKm: 20 };

/**
 * {element, outdate()}. `subject()` gives the node's question without bounds, `{notice}` or a draft, or null when there
 * is none; `take(advice)` puts one into the form, or is null where none can take it. `outdate` says that what is shown
 * is advice for something else.
 */
export function advicePanel({ id, subject, take }) {
  const number = (name, value, most) => h("input", { id: `${id}-${name}`, inputMode: "decimal", autocomplete: "off", maxLength: 8, value, "data-most": String(most) });
  const earlier = number("earlier", String(defaults.earlierMin), 43_200);
  const later = number("later", String(defaults.laterMin), 43_200);
  const within = number("within", String(defaults.withinKm), 200);
  const floor = altitudeField(`${id}-floor`, t("advice.floor"));
  const ceiling = altitudeField(`${id}-ceiling`, t("advice.ceiling"));
  const result = h("div", { class: "advice-result", role: "status" });
  const problem = h("p", { class: "problem", role: "alert" });
  const ask = h("button", { type: "button", "data-focus": "advice-ask", onclick: () => find() }, t("advice.ask"));
  let round = 0;

  function bounds() {
    const read = (input) => {
      const text = input.value.trim();
      if (text === "") return 0;
      const value = Number(text);
      return Number.isFinite(value) && value >= 0 && value <= Number(input.dataset.most) ? value : null;
    };
    const [before, after, km] = [earlier, later, within].map(read);
    if (before === null || after === null || km === null) return null;
    const asked = {};
    if (before > 0) asked.earlierS = Math.round(before * 60);
    if (after > 0) asked.laterS = Math.round(after * 60);
    if (km > 0) asked.withinM = km * 1_000;
    for (const [name, field] of [["floor", floor], ["ceiling", ceiling]]) {
      const value = field.read();
      if (value) asked[name] = value;
      else if (field.isWritten()) return null;
    }
    return asked;
  }

  async function find() {
    const mine = ++round;
    problem.textContent = "";
    result.replaceChildren();
    const question = subject();
    const asked = bounds();
    if (!question) return void (problem.textContent = t("advice.incomplete"));
    if (!asked) return void (problem.textContent = t("advice.badBounds"));
    result.replaceChildren(h("p", { class: "help" }, t("advice.asking")));
    try {
      const answer = await api.advice({ ...question, bounds: asked });
      if (mine === round) result.replaceChildren(...shown(answer, take));
    } catch (error) {
      if (mine !== round) return;
      result.replaceChildren();
      problem.textContent = error.sentence ?? String(error);
    }
  }

  const labelled = (label, field) => h("div", { class: "field" }, h("label", { for: field.id }, t(label)), field);
  const element = h("section", { class: "advice", "aria-label": t("advice.title") },
    h("details", { class: "advice-details" },
      h("summary", { "data-focus": "advice" }, t("advice.title")),
      h("p", { class: "help" }, t("advice.help")),
      h("div", { class: "two" }, labelled("advice.earlier", earlier), labelled("advice.later", later)),
      labelled("advice.within", within),
      h("div", { class: "two" }, floor.element, ceiling.element),
      h("p", { class: "help" }, t("advice.boundsHelp")),
      ask, problem, result));
  return {
    element,
    outdate() {
      round += 1;
      problem.textContent = "";
      if (result.childElementCount > 0) result.replaceChildren(h("p", { class: "help" }, t("advice.outdated")));
    },
  };
}

function shown({ state, advice = [], searched = [], blocking = [] }, take) {
  const none = searched.filter((s) => s.sentence);
  return [
    h("p", { class: "advice-state", "data-state": state }, t(`advice.${state}`)),
    advice.length > 0 ? h("ol", { class: "advice-list" }, advice.map((each) => option(each, take))) : null,
    none.length > 0 ? h("ul", { class: "help" }, none.map((s) => h("li", {}, plain(s.sentence)))) : null,
    state === "none" ? h("p", { class: "help" }, t("advice.widen")) : null,
    blocking.length > 0 && advice.length === 0
      ? h("p", { class: "help" }, t("advice.blocking", { notices: blocking.map((b) => b.notice).join(", ") })) : null,
    h("p", { class: "disclaimer" }, t("advice.disclaimer")),
  ].filter(Boolean);
}

function option(each, take) {
  return h("li", { class: "advice-option", "data-rank": String(each.rank) },
    h("p", { class: "advice-sentence" }, plain(each.sentence)),
    h("p", { class: "help" }, t("advice.cost", { cost: Number(each.cost.toFixed(1)) }), " ", margin(each.margin)),
    each.flags.length > 0 ? h("p", { class: "flags" }, each.flags.map((f) => [h("span", { class: "tag alarmed" }, term("flag", f)), " "])) : null,
    each.ownCollisions.length > 0 ? h("p", { class: "warning" }, t("advice.own", { notices: each.ownCollisions.join(", ") })) : null,
    take ? h("button", { type: "button", "data-focus": `advice-${each.rank}`, onclick: () => take(each) }, t("advice.take")) : null);
}

function margin(left) {
  if (!left) return t("advice.marginNone");
  const amount = left.timeS !== null ? span(left.timeS) : left.verticalM !== null ? height(left.verticalM) : distance(left.horizontalM);
  return t("advice.margin", { amount, notice: left.notice });
}

const height = (metres) => `${Math.floor(metres)} m (${Math.floor(metres / 0.3048)} ft)`;
