// Measuring by hand: distances and initial bearings from point to point, clicked or set at the cross, on the ellipsoid.
import { h } from "./dom.js";
import { densify, measured } from "./geodesic.js";
import { t } from "./i18n.js";
import { collection, line, middle, point } from "./mapfeatures.js";
import { bearing, distance, nauticalMiles } from "./units.js";

/** Each leg and the whole of a path: {legs: [{distanceM, bearingDeg}], totalM, direct}. */
export function legsOf(points) {
  const legs = points.slice(1).map((p, i) => measured(points[i], p));
  const totalM = legs.reduce((sum, leg) => sum + (leg?.distanceM ?? NaN), 0);
  return { legs, totalM, direct: points.length > 2 ? measured(points[0], points.at(-1)) : null };
}

const figures = (leg) => (leg ? `${distance(leg.distanceM)} · ${nauticalMiles(leg.distanceM)} · ${bearing(leg.bearingDeg)}` : "—");

/** {isOn, toggle, take, undo, attach}. `panel` shows the figures, `button` switches it. */
export function mountMeasure(panel, button, frame) {
  let map = null;
  let isOn = false;
  let points = [];
  const legs = h("ol", {});
  const total = h("p", { class: "measure-total", role: "status" });
  const undoButton = h("button", { type: "button", onclick: undo }, t("measure.undo"));
  const help = h("p", { class: "help" }, t("measure.help"), " ", t("measure.means"));
  panel.append(
    h("div", { class: "title-row" }, h("h3", {}, t("measure.title")), h("button", { type: "button", onclick: () => toggle(false) }, t("action.close"))),
    help, legs, total, h("div", { class: "actions" }, undoButton));
  panel.hidden = true;
  button.addEventListener("click", () => toggle());

  function toggle(on = !isOn) {
    isOn = on;
    points = [];
    panel.hidden = !on;
    button.setAttribute("aria-pressed", String(on));
    frame.classList.toggle("measuring", on);
    show();
    if (!on) button.focus();
  }

  /** A click of the map, or the cross; true when it was measured. */
  function take(position) {
    if (!isOn) return false;
    points = [...points, position];
    show();
    return true;
  }

  function undo() {
    points = points.slice(0, -1);
    show();
  }

  function show() {
    const result = legsOf(points);
    const figure = (words) => h("bdi", { dir: "ltr" }, words);
    legs.replaceChildren(...result.legs.map((leg) => h("li", {}, figure(figures(leg)))));
    help.hidden = result.legs.length > 0;
    legs.hidden = result.legs.length === 0;
    undoButton.disabled = points.length === 0;
    total.replaceChildren(...(result.legs.length === 0 ? [t(points.length === 0 ? "measure.first" : "measure.next")] : [
      h("span", {}, t("measure.total")), " ", figure(`${distance(result.totalM)} · ${nauticalMiles(result.totalM)}`),
      ...(result.direct ? [h("br"), h("span", {}, t("measure.direct")), " ", figure(figures(result.direct))] : []),
    ]));
    map?.getSource("measure").setData(collection([
      ...result.legs.flatMap((leg, i) => [line(densify([points[i], points[i + 1]])), point(middle([points[i], points[i + 1]]), { label: figures(leg) })]), ...points.map((p) => point(p)),
    ]));
  }

  return { get isOn() { return isOn; }, toggle, take, undo, attach(drawn) { map = drawn; } };
}
