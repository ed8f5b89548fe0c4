// The form that files or amends a notice of one volume: typed, picked or dragged on the map, checked live against all that
// this node holds, and a sentence of what is about to be told to whom.
import { advicePanel } from "./advice.js";
import { altitudeField } from "./altitudefield.js";
import { api } from "./api.js";
import { checkBrief, checkResult, checkState, collisionLines } from "./checkresult.js";
import { h } from "./dom.js";
import { footprintOf, pointsOf, pointsText, shapeOf } from "./footprint.js";
import { shifted } from "./geodesic.js";
import { t, term } from "./i18n.js";
import { Newest } from "./newest.js";
import { dateTimeGroup, degrees, parseTime, shapeWords } from "./units.js";

const checkAfterMs = 400;
const defaultLeadMs = 60 * 60_000;
const defaultLengthMs = 2 * 60 * 60_000;

/**
 * `amends` is our notice that gets a new version, or null; `filed(notice)` once the node holds it durably. `advised` is a
 * volume to begin with, instead of the one held.
 */
export function filingPanel(amends, store, { pointer, filed, close, advised = null }) {
  const held = advised ?? amends?.volumes[0];
  const kinds = store.terms?.kinds?.map((k) => k.kind) ?? [];
  const input = (id, value = "", more = {}) => h("input", { id, value, autocomplete: "off", oninput: edited, ...more });
  const select = (id, values, family, value) => {
    const made = h("select", { id, onchange: edited }, values.map((v) => h("option", { value: v }, term(family, v))));
    if (value) made.value = value;
    return made;
  };
  const mode = select("file-mode", ["real", "drill"], "mode", amends?.mode);
  mode.disabled = Boolean(amends);
  const kind = select("file-kind", kinds, "kind", amends?.kind);
  const shape = select("file-shape", ["circle", "polygon", "corridor"], "shape", held && shapeOf(held.footprint));
  const points = h("textarea", { id: "file-points", rows: 3, value: held ? pointsText(held.footprint) : "", oninput: edited, spellcheck: false, maxLength: 40_000 });
  const radius = input("file-radius", held ? String(held.footprint.radiusM ?? 0) : "5000", { inputMode: "decimal" });
  const lower = altitudeField("file-lower", t("file.lower"), held?.altitude.lower, { oninput: edited });
  const upper = altitudeField("file-upper", t("file.upper"), held?.altitude.upper, { oninput: edited });
  const start = input("file-start", dateTimeGroup(held?.start ?? store.now() + defaultLeadMs));
  const end = input("file-end", dateTimeGroup(held?.end ?? store.now() + defaultLeadMs + defaultLengthMs));
  const contact = input("file-contact", amends?.contact ?? "", { maxLength: 200 });
  const onBehalfOf = input("file-behalf", amends?.onBehalfOf ?? "", { maxLength: 200 });
  const remarks = input("file-remarks", amends?.remarks ?? "", { maxLength: 1000 });
  const pick = h("button", { type: "button", onclick: togglePick }, t("file.pick"));
  const state = h("p", { class: "check-state" });
  const result = h("div", { class: "check", "aria-live": "polite" });
  const taken = h("p", { class: "help taken", role: "status" });
  const telling = h("p", { class: "telling" });
  const problem = h("p", { class: "problem", role: "alert" });
  const submit = h("button", { type: "submit", class: "primary", disabled: true }, t(amends ? "file.submitAmend" : "file.submit"));

  // Positions and times that the officer leaves as they are keep more digits than the form shows.
  const resolved = new Map((held ? pointsOf(held.footprint) : []).map((p) => [degrees(p), p]));
  const exact = new Map();
  const keepTime = (time) => { exact.set(dateTimeGroup(time), time); return dateTimeGroup(time); };
  if (held) [held.start, held.end].forEach(keepTime);
  const timeOf = (field) => exact.get(field.value) ?? parseTime(field.value);
  let timer = null;
  let round = 0;
  let checked = null;

  const whatIf = new Newest(
    (fields) => api.check(amends ? { ...fields, notice: amends.id } : fields),
    {
      stale: () => show("checking"),
      answered(answer, fields) {
        checked = fields;
        show("current", answer.collisions);
        result.replaceChildren(...checkResult(answer, store));
        telling.textContent = sentence(fields);
        pointer.draw({ ...drawn(fields), hits: collisionLines(answer.collisions) });
        advice.element.hidden = !answer.collisions.some((hit) => hit.owner !== store.ownParty?.id);
        submit.disabled = false;
      },
      failed(error) {
        show("none");
        result.replaceChildren();
        problem.textContent = error.sentence ?? error.message;
      },
    });
  const advice = advicePanel({
    id: "file-advice",
    // With every volume as the form has it; a new version of what is amended.
    subject: () => (checked && whatIf.isCurrent ? (amends ? { ...checked, notice: amends.id } : checked) : null),
    take: (each) => fill(each.volumes[0]),
  });
  advice.element.hidden = true;

  const drawn = (fields) => ({ points: pointsOf(fields.volumes[0].footprint), footprint: fields.volumes[0].footprint });

  /** `checking`, `current` or `none`: what stands below is the answer to what stands above only when it is current. */
  function show(word, collisions = []) {
    pointer.say(...checkBrief(word, collisions, store));
    state.textContent = checkState(word, result.childElementCount > 0);
    result.classList.toggle("before", word !== "current");
    submit.disabled = word !== "current";
  }

  function changed() {
    round += 1;
    whatIf.drop();
    checked = null;
    clearTimeout(timer);
    show("checking");
    advice.outdate();
    taken.textContent = "";
  }

  function edited() {
    changed();
    timer = setTimeout(check, checkAfterMs);
  }

  /** Positions that a hand moves on the map are checked at once: the newest waits for no more than the one under way. */
  function moved(positions) {
    for (const position of positions) resolved.set(degrees(position), position);
    points.value = positions.map(degrees).join("\n");
    changed();
    check();
  }

  pointer.drags(async (corner, from) => {
    const positions = await resolvePoints().catch(() => null);
    if (!positions) return null;
    return (to) => moved(corner === null ? shifted(positions, from, to) : positions.with(corner, to));
  });

  /** Puts a volume into the form as it stands. */
  function fill(volume) {
    const { footprint } = volume;
    shape.value = shapeOf(footprint);
    radius.value = String(footprint.radiusM ?? 0);
    lower.set(volume.altitude.lower);
    upper.set(volume.altitude.upper);
    start.value = keepTime(volume.start);
    end.value = keepTime(volume.end);
    moved(pointsOf(footprint));
    pointer.look(footprint);
    taken.textContent = t("advice.taken");
    start.scrollIntoView({ block: "center" });
  }

  function togglePick() {
    if (pointer.picking) {
      pointer.stop();
      pick.textContent = t("file.pick");
      return;
    }
    pick.textContent = t("file.picking");
    pointer.pick((position) => {
      const line = degrees(position);
      resolved.set(line, position);
      const keep = shape.value === "circle" ? "" : points.value.trimEnd();
      points.value = keep ? `${keep}\n${line}` : line;
      edited();
    });
  }

  async function resolvePoints() {
    const lines = points.value.split("\n").map((l) => l.trim()).filter(Boolean);
    for (const [i, line] of lines.entries()) {
      if (resolved.has(line)) continue;
      try {
        resolved.set(line, (await api.coordinates(line)).position);
      } catch (error) {
        throw new Error(t("file.badPoint", { n: i + 1, detail: error.detail || error.sentence || "" }));
      }
    }
    return lines.map((line) => resolved.get(line));
  }

  /** The fields for the node, or the names of those still missing. */
  async function read() {
    const positions = await resolvePoints();
    const footprint = footprintOf(shape.value, positions, Number(radius.value));
    pointer.draw({ points: positions, footprint });
    const begins = timeOf(start);
    const ends = timeOf(end);
    const missing = [
      [footprint, "points"], [footprint === null || Number(radius.value) >= 0, "radius"],
      [lower.read() && upper.read(), "altitude"], [begins, "start"], [ends, "end"], [contact.value.trim(), "contact"],
    ].filter(([present]) => !present).map(([, name]) => t(`needs.${name}`));
    if (missing.length > 0) return { missing };
    if (Date.parse(ends) < Date.parse(begins)) throw new Error(t("file.endBeforeStart"));
    const volume = { footprint, altitude: { lower: lower.read(), upper: upper.read() }, start: begins, end: ends };
    const fields = { mode: mode.value, kind: kind.value, volumes: [volume], contact: contact.value.trim() };
    if (onBehalfOf.value.trim()) fields.onBehalfOf = onBehalfOf.value.trim();
    if (remarks.value.trim()) fields.remarks = remarks.value.trim();
    if (amends?.reviewBy) fields.reviewBy = amends.reviewBy;
    return { fields };
  }

  async function check() {
    const mine = round;
    try {
      const { fields, missing } = await read();
      if (mine !== round) return;
      problem.textContent = missing ? t("file.incomplete", { fields: missing.join(", ") }) : "";
      telling.textContent = "";
      if (fields) return whatIf.put(fields);
      nothing();
    } catch (error) {
      if (mine !== round) return;
      nothing();
      problem.textContent = error.sentence ?? error.message;
    }
  }

  function nothing() {
    result.replaceChildren();
    advice.element.hidden = true;
    show("none");
  }

  function sentence({ mode: statedMode, kind: statedKind, volumes: [volume] }) {
    const others = store.status.parties.filter((p) => p.id !== store.ownParty.id);
    const names = (role) => others.filter((p) => (p.role === "mediator") === (role === "mediator")).map((p) => p.name).join(", ");
    const told = t("file.telling", {
      parties: names("principal"), mode: term("mode", statedMode), kind: term("kind", statedKind), shape: shapeWords(volume.footprint),
      window: `${dateTimeGroup(volume.start)} – ${dateTimeGroup(volume.end)}`,
    });
    return names("mediator") ? `${told} ${t("file.witness", { parties: names("mediator") })}` : told;
  }

  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    try {
      const { fields } = await read();
      if (!fields) return;
      const { mode: _, ...later } = fields;
      const { notice } = amends
        ? await api.amendNotice(amends.id, { ...later, expectedVersion: amends.version })
        : await api.fileNotice(fields);
      pointer.clear();
      // Nothing is told to anybody before a second officer has approved it: the watch shows it.
      if (!notice) return store.select({ type: "watch" });
      store.apply("notice", notice);
      filed(notice);
    } catch (error) {
      problem.textContent = error.sentence ?? error.message;
      submit.disabled = false;
    }
  }

  const labelled = (label, field) => h("div", { class: "field" }, h("label", { for: field.id }, t(label)), field);
  edited();
  if (advised) {
    taken.textContent = t("advice.taken");
    pointer.look(advised.footprint);
  }
  return h("section", { class: "filing", id: "filing", "aria-labelledby": "filing-title" },
    h("h2", { id: "filing-title" }, amends ? t("file.amendTitle", { id: amends.id }) : t("file.title")),
    h("form", { onsubmit: send },
      h("div", { class: "two" }, labelled("file.kind", kind), labelled("file.mode", mode)),
      h("div", { class: "two" }, labelled("file.shape", shape), labelled("file.radius", radius)),
      labelled("file.points", points), h("p", { class: "help" }, t("whatif.drag")), pick,
      h("div", { class: "two" }, lower.element, upper.element),
      h("div", { class: "two" }, labelled("file.start", start), labelled("file.end", end)),
      labelled("file.contact", contact), labelled("file.onBehalfOf", onBehalfOf), labelled("file.remarks", remarks),
      taken, state, result, advice.element, problem, telling,
      h("div", { class: "actions" }, submit,
        h("button", { type: "button", onclick: () => { pointer.clear(); close(); } }, t("action.cancel")))));
}
