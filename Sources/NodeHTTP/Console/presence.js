// Presence: asking the others whether they have forces in an area, and answering. An answer says for whom it speaks and
// until when; what contradicts it later is shown beside it.
import { api } from "./api.js";
import { h, keyed, peerText, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { age, band, dateTimeGroup, degrees, parseTime, shapeWords, span } from "./units.js";

export function owesAnswer(exchange, store) {
  const own = store.ownParty;
  return exchange.from !== own?.id && exchange.to.includes(own?.id) && own?.role === "principal" && !exchange.answers.some((a) => a.party === own?.id);
}

function isContradicted(exchange) {
  return exchange.answers.some((a) => a.contradictedBy.length > 0);
}

export function mountPresence(container, store) {
  const ask = h("button", { type: "button", class: "primary", id: "ask-presence", onclick: () => store.select({ type: "askPresence" }) }, t("presence.ask"));
  const none = h("p", { class: "none" }, t("presence.none"));
  const list = h("div", { class: "list" });
  container.append(h("div", { class: "title-row" }, h("h2", {}, t("presence.title")), ask), none, list);
  return () => {
    ask.hidden = store.ownParty?.role !== "principal" || !store.acts;
    const rank = (e) => (owesAnswer(e, store) ? 0 : isContradicted(e) ? 1 : e.answers.length === 0 ? 2 : 3);
    const exchanges = [...store.presence.values()].sort((a, b) => rank(a) - rank(b) || Date.parse(b.createdAt) - Date.parse(a.createdAt));
    none.hidden = exchanges.length > 0;
    keyed(list, exchanges.slice(0, 100).map((exchange) => ({
      key: exchange.id, stamp: [exchange, store.selection?.id === exchange.id, store.status?.parties], build: () => row(exchange, store),
    })));
  };
}

function row(exchange, store) {
  const said = exchange.answers.map((a) => term("presenceAnswer", a.answer)).join(", ");
  return h("button", {
    type: "button", class: "call-row presence-row", "data-presence": exchange.id, "data-focus": exchange.id,
    "aria-current": store.selection?.id === exchange.id ? "true" : null, onclick: () => store.select({ type: "presence", id: exchange.id }),
  },
  h("span", { class: "row-top" }, partyName(store, exchange.from),
    exchange.mode === "drill" ? h("span", { class: "tag" }, t("notice.drill")) : null,
    isContradicted(exchange) ? h("span", { class: "tag alarmed" }, t("presence.contradicted")) : null,
    ticking(() => t("alarms.ago", { age: age((store.now() - Date.parse(exchange.createdAt)) / 1000) }), { class: "age" })),
  h("span", { class: "call-title" }, shapeWords(exchange.query.volume.footprint)),
  h("span", { class: "row-when" }, owesAnswer(exchange, store) ? h("strong", { class: "due" }, t("presence.waitsForUs")) : said || t("presence.noAnswer")));
}

export function presenceCard(exchange, store) {
  const { volume, remarks } = exchange.query;
  const rows = [];
  const add = (name, ...value) => rows.push(h("dt", {}, t(name)), h("dd", {}, ...value));
  add("notice.area", volume.footprint.type === "Point" ? [h("bdi", { class: "position" }, degrees(volume.footprint.coordinates)), " · "] : null, shapeWords(volume.footprint));
  add("notice.altitude", h("bdi", {}, band(volume)));
  add("notice.window", h("bdi", {}, `${dateTimeGroup(volume.start)} – ${dateTimeGroup(volume.end)}`));
  add("call.dueLabel", dateTimeGroup(exchange.dueAt));
  if (remarks) add("notice.remarks", peerText(remarks));
  return h("section", {},
    h("header", { class: "card-head" },
      h("h2", {}, t("presence.question"), " ", h("span", { class: "id" }, exchange.id)),
      h("p", {}, partyName(store, exchange.from), " → ", exchange.to.map((p, i) => [i > 0 ? ", " : "", partyName(store, p)]))),
    h("dl", { class: "facts" }, rows),
    h("h3", {}, t("presence.answers")),
    exchange.facts.filter((f) => !exchange.answers.some((a) => a.party === f.party)).map((f) =>
      h("p", { class: "not-answered", "data-party": f.party }, partyName(store, f.party), " ",
        f.noOneThere ? h("strong", { class: "no-one" }, t("calls.noOneThere")) : t("presence.noAnswer"))),
    exchange.answers.map((a) => answerCard(a, store)));
}

function answerCard(answer, store) {
  return h("div", { class: `position-card ${answer.contradictedBy.length > 0 ? "contradicted" : ""}`, "data-answer-of": answer.party },
    h("p", {}, partyName(store, answer.party), ": ", h("strong", {}, term("presenceAnswer", answer.answer)), " · ", dateTimeGroup(answer.at), answer.officer ? [" · ", peerText(answer.officer)] : null),
    answer.affiliated ? h("p", { class: answer.affiliated === "covered" ? "" : "warning" }, term("affiliated", answer.affiliated)) : null,
    answer.validUntil ? h("p", { class: answer.isValid ? "" : "warning" }, ticking(() => {
      const left = (Date.parse(answer.validUntil) - store.now()) / 1000;
      return left > 0 ? t("presence.valid", { time: dateTimeGroup(answer.validUntil), left: span(left) }) : t("presence.expired", { time: dateTimeGroup(answer.validUntil) });
    })) : null,
    answer.remarks ? h("p", {}, peerText(answer.remarks)) : null,
    answer.contradictedBy.length > 0 ? h("p", { class: "refused" }, t("presence.contradictedBy"), " ", answer.contradictedBy.map((id) => [
      store.notices.has(id) ? h("button", { type: "button", "data-focus": id, onclick: () => store.select({ type: "notice", id }) }, id) : h("bdi", { class: "id" }, id), " "])) : null);
}

/** The answer of this desk: nothing is chosen beforehand, and for whom it speaks has to be said. */
export function presenceAnswerForm(exchange, store) {
  const problem = h("p", { class: "problem", role: "alert" });
  const until = h("input", { id: "presence-until", value: dateTimeGroup(exchange.query.volume.end), autocomplete: "off", maxLength: 40 });
  const remarks = h("input", { id: "presence-remarks", autocomplete: "off", maxLength: 1000 });
  const choice = (name, value, words, onchange) => h("label", { class: "choice" },
    h("input", { type: "radio", name, value, required: true, onchange }), words);
  const more = h("fieldset", { class: "more" },
    h("legend", {}, t("presence.affiliated")),
    ["covered", "notCovered"].map((v) => choice("affiliated", v, term("affiliated", v))),
    h("div", { class: "field" }, h("label", { for: "presence-until" }, t("presence.until")), until));
  const chosen = () => { more.disabled = new FormData(form).get("answer") === "decline"; };
  const form = h("form", {
    class: "presence-answer", id: "presence-answer",
    onsubmit: async (event) => {
      event.preventDefault();
      const given = new FormData(form);
      const answer = { answer: given.get("answer") };
      if (answer.answer !== "decline") {
        answer.affiliated = given.get("affiliated");
        answer.validUntil = parseTime(until.value);
        if (!answer.validUntil) return (problem.textContent = t("readBack.badStart"));
      }
      if (remarks.value.trim()) answer.remarks = remarks.value.trim();
      try {
        await api.answerPresence(exchange.id, answer);
      } catch (error) {
        problem.textContent = error.sentence ?? String(error);
      }
    },
  },
  h("h3", {}, t("presence.ourAnswer")),
  ["none", "some", "decline"].map((v) => choice("answer", v, term("presenceChoice", v), chosen)),
  more,
  h("div", { class: "field" }, h("label", { for: "presence-remarks" }, t("file.remarks")), remarks),
  problem,
  h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("presence.sign"))));
  return form;
}
