// The live check of a draft: one question under way, and what stands below is the answer to what stands above, or says that it
// is not.
import { advicePanel } from "./advice.js";
import { api } from "./api.js";
import { checkBrief, checkResult, checkState, collisionLines, nearestWords } from "./checkresult.js";
import { h } from "./dom.js";
import { positionsOf } from "./filingdraft.js";
import { readRest, readVolumes, understand } from "./filingread.js";
import { t } from "./i18n.js";
import { Newest } from "./newest.js";

/** Only who reads the notice needs a contact: the node checks a draft without one against a dash. */
const noContact = "-";

/**
 * {state, result, advice, changed(), ask(), fields()}. `fields()` are those to file while the answer to them is shown and nothing
 * is missing, or null. Of the form: `isOpen()`, `picture` that shows lines to what it would collide with, `say(parts)` over the map,
 * `told({problems, missing, fields, error})` after each reading, `take(advice)`.
 */
export function draftCheck(draft, store, { isOpen, picture, say, told, take }) {
  const state = h("p", { class: "check-state" });
  const result = h("div", { class: "check", "aria-live": "polite" });
  const { amends } = draft;
  let round = 0;
  let read = null;

  const whatIf = new Newest((fields) => api.check({ ...fields, contact: fields.contact || noContact, ...(amends ? { notice: amends.id } : {}) }), {
    stale: () => show("checking"),
    answered(answer, fields) {
      if (!isOpen()) return;
      result.replaceChildren(...checkResult(answer, fields, store));
      show("current", answer.collisions);
      picture().draw(collisionLines(answer.collisions));
      advice.element.hidden = !answer.collisions.some((hit) => hit.owner !== store.ownParty?.id);
      told(read);
    },
    failed(error) {
      if (!isOpen()) return;
      nothing();
      told({ ...read, error });
    },
  });
  // Where it is, as soon as that is known and before the rest is.
  const nearest = new Newest((position) => api.nearestPlace(position), {
    stale() {},
    answered: (place) => result.replaceChildren(h("ul", { class: "check-facts" }, h("li", {}, nearestWords(place)))),
    failed() {},
  });
  const advice = advicePanel({ id: "file-advice", take, subject: () => (whatIf.isCurrent ? { ...read.fields, contact: read.fields.contact || noContact, ...(amends ? { notice: amends.id } : {}) } : null) });
  advice.element.hidden = true;

  /** `checking`, `current` or `none`: whether what stands below is the answer to what stands above. */
  function show(word, collisions = []) {
    state.textContent = checkState(word, result.childElementCount > 0);
    result.classList.toggle("before", word !== "current");
    say(checkBrief(word, collisions, store));
  }

  function nothing() {
    result.replaceChildren();
    advice.element.hidden = true;
    show("none");
  }

  return {
    state, result, advice: advice.element,
    fields: () => (whatIf.isCurrent && read.missing.length === 0 ? read.fields : null),
    changed() {
      round += 1;
      whatIf.drop();
      nearest.drop();
      show("checking");
      advice.outdate();
    },
    async ask() {
      const mine = round;
      let error = null;
      const unread = await understand(draft).catch((problem) => { error = problem; return []; });
      if (mine !== round || !isOpen()) return;
      const { volumes, problems, missing } = readVolumes(draft);
      const rest = readRest(draft, volumes, store);
      read = { problems: [...unread, ...problems, ...rest.problems], missing: [...missing, ...rest.missing], fields: rest.fields, error };
      told(read);
      picture().draw();
      if (volumes && read.problems.length === 0 && !error) return whatIf.put(rest.fields);
      nothing();
      const [position] = positionsOf(draft, draft.volumes[draft.current]);
      if (position) nearest.put(position);
    },
  };
}
