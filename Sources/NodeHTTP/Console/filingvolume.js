// The editor of the volume in hand: its shape, positions, altitudes and window, each as typed as well as from the map.
import { altitudeField } from "./altitudefield.js";
import { h, plain } from "./dom.js";
import { linesOf, originalOf } from "./filingdraft.js";
import { isOfOnePosition, shapes, takesRadius } from "./footprint.js";
import { formField } from "./formfield.js";
import { t, term } from "./i18n.js";
import { timeField } from "./timefield.js";
import { degrees, distance } from "./units.js";

const usualRadius = { circle: "5000", corridor: "2000" };
const longestPoints = 200_000;
const shownLines = 12;
/** From here on a position in words is too rough to go by unseen: a GARS cell is kilometres across. */
const roughM = 100;

/**
 * {element, load, write, placed, understood, fail, names, focus, startInput}: `load(volume)` shows a volume of the draft and
 * `write(volume)` takes down what is written. `edited()` after each change by hand; `drawing` are the controls for drawing on
 * the map, `file` those that take over a file.
 */
export function volumeEditor(draft, store, { edited, drawing, file }) {
  const shape = h("select", { id: "file-shape", onchange: () => reshaped() }, shapes.map((s) => h("option", { value: s }, term("shape", s))));
  const points = h("textarea", { id: "file-points", rows: 3, oninput: edited, spellcheck: false, maxLength: longestPoints, dir: "ltr" });
  const radius = h("input", { id: "file-radius", autocomplete: "off", inputMode: "decimal", maxLength: 12, dir: "ltr", oninput: edited });
  const lower = altitudeField("file-lower", t("file.lower"), null, { oninput: edited });
  const upper = altitudeField("file-upper", t("file.upper"), null, { oninput: edited });
  const start = timeField("file-start", t("file.start"), store, { edited });
  const end = timeField("file-end", t("file.end"), store, { edited });
  const read = h("ul", { class: "understood help", "aria-live": "polite" });
  const where = h("p", { class: "help" }, t("whatif.drag"));
  const fields = {
    shape: formField(t("file.shape"), shape), radius: formField(t("file.radius"), radius),
    points: formField(t("file.points"), points, [points, read], where), lower, upper, start, end,
  };

  /** A radius is of one shape: the next begins with its own, so that no area gets a margin that nobody asked for. */
  function reshaped() {
    radius.value = usualRadius[shape.value] ?? "0";
    showRadius();
    edited();
  }

  function showRadius() {
    fields.radius.element.hidden = !takesRadius(shape.value);
    fields.radius.element.querySelector("label").textContent = t(`radius.${shape.value}`);
    points.rows = isOfOnePosition(shape.value) ? 1 : 4;
  }

  return {
    element: h("div", { class: "volume-editor" },
      h("div", { class: "two" }, fields.shape.element, fields.radius.element),
      drawing, fields.points.element, file,
      h("div", { class: "two" }, lower.element, upper.element),
      h("div", { class: "two" }, start.element, end.element)),
    focus: () => points.focus(),
    load(volume) {
      shape.value = volume.shape;
      points.value = volume.points;
      radius.value = volume.radius;
      lower.restore(volume.lower);
      upper.restore(volume.upper);
      start.restore(volume.start);
      end.restore(volume.end);
      showRadius();
      this.understood(volume);
    },
    /** Takes what is written into the draft's volume. */
    write(volume) {
      Object.assign(volume, {
        shape: shape.value, points: points.value, radius: radius.value,
        lower: lower.text(), upper: upper.text(), start: start.text(), end: end.text(),
      });
    },
    /** Puts what a hand has done on the map into the fields. */
    placed(volume) {
      points.value = volume.points;
      radius.value = volume.radius;
      this.understood(volume);
    },
    /** Says how the node has read each line that the officer wrote. */
    understood(volume) {
      const known = linesOf(volume.points).map((line, i) => [i + 1, draft.made.has(line) ? null : draft.understood.get(line)]).filter(([, place]) => place);
      const original = originalOf(draft, volume);
      const kept = volume.original?.points === volume.points;
      read.replaceChildren(
        ...known.slice(0, shownLines).map(([n, place]) => h("li", {}, readAs(n, place), roughness(place))),
        ...(known.length > shownLines ? [h("li", {}, t("points.more", { n: known.length - shownLines }))] : []),
        ...(kept ? [h("li", {}, t("points.original"), " ", h("bdi", {}, plain(original.text).slice(0, 200)))] : []),
        ...(original.isTooLong ? [h("li", { class: "warning" }, t("points.originalTooLong"))] : []));
    },
    fail(name, sentence) {
      fields[name].fail(sentence);
    },
    names: Object.keys(fields),
    startInput: start.input,
  };
}

function readAs(n, { position, notation, notations }) {
  return [t("points.read", { n, notation: term("notation", notation) }), " ",
    h("bdi", { dir: "ltr", class: "figures" }, [degrees(position), notation === "mgrs" ? null : notations?.mgrs].filter(Boolean).join(" · "))];
}

function roughness({ uncertaintyM }) {
  return uncertaintyM >= roughM ? h("strong", { class: "warning" }, " ", t("points.rough", { distance: distance(uncertaintyM) })) : null;
}
