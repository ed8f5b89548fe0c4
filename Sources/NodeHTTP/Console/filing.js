// The form that files or amends a notice: typed, drawn, taken from a file or dragged on the map, checked live against all that
// this node holds, and a sentence of what is about to be told to whom.
//
// Whoever wants a what-if selects {type: "file", amends, advised, because}: `amends` is our notice that gets a new version, or
// null for a new one; `advised` the volumes to begin with instead of those held, all of them (one by itself stands for a list of
// one); `because` says where they come from, "advice" (default) or "moved". Nothing is filed by that. What the officer has begun
// to write stays in `store.drafts` until it is filed or discarded; the same selection without `advised` goes on with it.
import { api } from "./api.js";
import { h, ticking } from "./dom.js";
import { draftCheck } from "./filingcheck.js";
import { draftFor, takeFootprints, takeVolumes } from "./filingdraft.js";
import { drawControls } from "./filingdraw.js";
import { fileControls } from "./filingfile.js";
import { draftPicture } from "./filingpicture.js";
import { placeOf, understand } from "./filingread.js";
import { restFields } from "./filingrest.js";
import { cannotFile, tellingWords } from "./filingsay.js";
import { volumeEditor } from "./filingvolume.js";
import { volumeBar } from "./filingvolumes.js";
import { t } from "./i18n.js";
import { age, distance } from "./units.js";

const checkAfterMs = 400;

/** `filed(notice)` once the node holds it durably, `waits(act)` when a second officer has to approve it first. */
export function filingPanel({ amends, advised = null, because = "advice" }, store, { pointer, filed, waits, close }) {
  const draft = draftFor(amends, advised, store);
  const inHand = () => draft.volumes[draft.current];
  const isOpen = () => section.isConnected;
  const where = () => JSON.stringify([inHand().shape, inHand().points, inHand().radius]);
  const taken = h("p", { class: "help taken", role: "status" }, advised ? t(`${because}.taken`) : "");
  const telling = h("p", { class: "telling" });
  const incomplete = h("p", { class: "incomplete" });
  const problem = h("p", { class: "problem", role: "alert" });
  const barred = ticking(() => cannotFile(draft, store), { class: "barred", role: "status" }, "p");
  const submit = h("button", { type: "submit", class: "primary", disabled: true }, t(amends ? "file.submitAmend" : "file.submit"));
  let timer = null;
  let isSending = false;
  let brief = [];

  const check = draftCheck(draft, store, {
    isOpen, told,
    picture: () => picture,
    say: (parts) => { brief = parts; overMap(); },
    take(each) {
      takeVolumes(draft, each.volumes);
      volumesChanged();
      taken.textContent = t("advice.taken");
      editor.startInput.scrollIntoView({ block: "center" });
    },
  });
  const rest = restFields(draft, store, { edited });
  const drawing = drawControls(draft, pointer, { volume: inHand, placed: moved, over: (...shape) => picture.over(...shape), told: overMap });
  const bar = volumeBar(draft, { switched: volumesChanged });
  const file = fileControls({ taken: (found) => { takeFootprints(draft, found); volumesChanged(); } });
  const editor = volumeEditor(draft, store, { edited, drawing: drawing.element, file: file.element });
  const picture = draftPicture(draft, pointer, { understood: () => understand(draft), moved, chosen: bar.choose });

  function overMap() {
    if (isOpen()) pointer.say(...[drawing.hint(), ...brief].filter(Boolean));
  }

  /** Nothing that was said of the draft holds any more. */
  function changed() {
    draft.changedAt = store.now();
    taken.textContent = "";
    problem.textContent = "";
    telling.textContent = "";
    clearTimeout(timer);
    check.changed();
    allow();
  }

  function edited() {
    const before = where();
    editor.write(inHand());
    if (where() !== before) confirmAnew();
    rest.write();
    draft.touched = true;
    drawing.refresh();
    changed();
    timer = setTimeout(() => check.ask(), checkAfterMs);
  }

  /** Positions that a hand moves on the map are checked at once: the newest waits for no more than the one under way. */
  function moved() {
    draft.touched = true;
    confirmAnew();
    editor.placed(inHand());
    changed();
    picture.draw();
    check.ask();
  }

  function volumesChanged() {
    drawing.stop();
    editor.load(inHand());
    moved();
    picture.look();
  }

  /** A place that was confirmed was confirmed for the geometry as it stood. */
  function confirmAnew() {
    draft.placeConfirmed = false;
    if (rest.isAskingPlace()) rest.askPlace("");
  }

  /** Puts each problem beside its field, and what is missing above the button. */
  function told({ problems, missing, fields, error = null }) {
    const placed = error ? placeOf(error.field) : null;
    const all = placed ? [...problems, { ...placed, sentence: error.detail || error.sentence }] : problems;
    const at = (volume, field) => all.find((each) => each.volume === volume && each.field === field)?.sentence ?? "";
    for (const name of editor.names) editor.fail(name, at(draft.current, name));
    for (const name of rest.names) if (name !== "place") rest.fail(name, at(null, name));
    bar.update(new Set([...all, ...missing].map((each) => each.volume).filter((volume) => volume !== null && volume !== draft.current)));
    editor.understood(inHand());
    const names = missing.map(({ volume, words }) => (draft.volumes.length > 1 && volume !== null ? t("needs.ofVolume", { n: volume + 1, field: words }) : words));
    incomplete.textContent = names.length > 0 ? t("file.incomplete", { fields: names.join(", ") }) : "";
    const elsewhere = all.find(({ volume }) => volume !== null && volume !== draft.current);
    problem.textContent = error && !placed ? error.sentence ?? error.message
      : elsewhere ? t("volumes.problem", { n: elsewhere.volume + 1, sentence: elsewhere.sentence }) : all.length > 0 ? t("file.mend") : "";
    telling.textContent = check.fields() ? tellingWords(fields, draft, store) : "";
    allow();
  }

  function allow() {
    submit.disabled = isSending || barred.textContent !== "" || !check.fields();
  }

  async function send(event) {
    event.preventDefault();
    const fields = check.fields();
    if (!fields || submit.disabled) return;
    isSending = true;
    allow();
    try {
      const { notice, pending } = await sent(fields);
      drawing.stop();
      pointer.clear();
      store.drafts.delete(draft.key);
      // Nothing is told to anybody before a second officer has approved it.
      if (!notice) return waits(pending);
      store.apply("notice", notice);
      filed(notice);
    } catch (error) {
      refused(error, fields);
    } finally {
      isSending = false;
      allow();
    }
  }

  function sent(fields) {
    const place = draft.place.trim();
    const whole = { ...fields, ...(place ? { statedPlace: { name: place, confirmed: draft.placeConfirmed } } : {}) };
    if (!amends) return api.fileNotice(whole);
    const { mode: _, ...later } = whole;
    return api.amendNotice(amends.id, { ...later, expectedVersion: draft.base });
  }

  function refused(error, fields) {
    if (error.name === "placeMismatch" || error.name === "unknownPlace") {
      const place = draft.place.trim();
      rest.askPlace(error.name === "unknownPlace" ? t("place.unknown", { place }) : t("place.off", { place, distance: distance(error.distanceM) }));
      problem.textContent = t("place.notFiled");
      return void rest.focusPlace();
    }
    told({ problems: [], missing: [], fields, error });
    problem.textContent ||= error.sentence ?? error.message;
  }

  function discard() {
    store.drafts.delete(draft.key);
    leave();
  }

  function leave() {
    drawing.stop();
    pointer.clear();
    close();
  }

  const section = h("section", { class: "filing", id: "filing", "aria-labelledby": "filing-title" },
    h("h2", { id: "filing-title" }, amends ? t("file.amendTitle", { id: amends.id }) : t("file.title")),
    draft.continued ? h("p", { class: "help continued" }, t("draft.continued", { age: age((store.now() - draft.changedAt) / 1_000) })) : null,
    h("form", { onsubmit: send },
      rest.head, bar.element, editor.element, rest.foot,
      taken, check.state, check.result, check.advice,
      h("div", { class: "filing-end" }, incomplete, problem, barred, telling,
        h("div", { class: "actions" }, submit,
          h("button", { type: "button", id: "file-aside", onclick: leave }, t("draft.aside")),
          h("button", { type: "button", id: "file-discard", onclick: discard }, t("draft.discard"))))));
  const say = barred.tick;
  barred.tick = () => {
    const wasBarred = barred.textContent !== "";
    say();
    if (wasBarred === (barred.textContent !== "")) return;
    allow();
    // What was asked while the node was away got no answer.
    if (wasBarred && !check.fields()) check.ask();
  };
  editor.load(inHand());
  bar.update(new Set());
  check.changed();
  queueMicrotask(() => {
    picture.draw();
    if (advised) picture.look();
    check.ask();
  });
  return section;
}
