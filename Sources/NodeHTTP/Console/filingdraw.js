// The controls that draw the volume in hand on the map, by mouse or keyboard.
import { h } from "./dom.js";
import { positionsOf } from "./filingdraft.js";
import { fewest, isOfOnePosition, lineFor, radiusTo } from "./footprint.js";
import { t } from "./i18n.js";
import { distance } from "./units.js";

/**
 * {element, hint(), refresh(), stop()}. `volume()` is the one in hand; `placed()` after each change of it, `over(positions,
 * radius)` for what the next press would make of it, `told()` when it has something else to say.
 */
export function drawControls(draft, pointer, { volume, placed, over, told }) {
  const draw = h("button", { type: "button", id: "file-draw", onclick: (event) => toggle(event.detail === 0) }, t("draw.start"));
  const undo = h("button", { type: "button", id: "file-undo", hidden: true, onclick: () => hand.undo() }, t("draw.undo"));
  const giveUp = h("button", { type: "button", id: "file-give-up", hidden: true, onclick: () => hand.giveUp() }, t("draw.giveUp"));
  const hint = h("p", { class: "help draw-hint", role: "status" });
  let before = null;
  let begun = false;

  const lines = () => volume().points.split("\n").filter(Boolean);
  const put = (position) => lineFor(position, draft.made);

  const hand = {
    byKeyboard: false,
    drags: () => volume().shape === "circle" && !begun,
    put(position) {
      const { shape, points } = volume();
      if (shape === "circle" && begun) return finishCircle(position);
      // A shape of one position begins anew; the others go on where they were.
      volume().points = isOfOnePosition(shape) ? put(position) : [...lines(), put(position)].join("\n");
      begun = true;
      if (volume().points !== points) placed();
      if (shape === "point") return stop();
      say();
    },
    over(position) {
      const { shape } = volume();
      const positions = positionsOf(draft, volume());
      if (!begun && isOfOnePosition(shape)) return;
      if (shape === "circle") return over(positions, radiusTo(positions[0], position));
      over([...positions, position], null);
    },
    undo() {
      if (isOfOnePosition(volume().shape)) {
        Object.assign(volume(), before);
        begun = false;
      } else {
        volume().points = lines().slice(0, -1).join("\n");
      }
      placed();
      say();
    },
    finish: () => stop(),
    giveUp() {
      Object.assign(volume(), before);
      placed();
      stop();
    },
  };

  function finishCircle(position) {
    const [centre] = positionsOf(draft, volume());
    volume().radius = String(radiusTo(centre, position));
    placed();
    stop();
  }

  function toggle(byKeyboard) {
    if (before) return stop();
    if (positionsOf(draft, volume()).includes(null)) return void (hint.textContent = t("draw.unread"));
    const { points, radius, original } = volume();
    before = { points, radius, original };
    begun = false;
    hand.byKeyboard = byKeyboard;
    if (!pointer.sketch(hand)) {
      before = null;
      return void (hint.textContent = t("draw.noMap"));
    }
    undo.hidden = giveUp.hidden = false;
    draw.textContent = t("draw.finish");
    say();
  }

  function say() {
    hint.textContent = words();
    told();
  }

  function words() {
    if (!before) return "";
    const { shape } = volume();
    const count = lines().length;
    if (shape === "circle" && begun) return t("draw.radius", { radius: distance(Number(volume().radius)) });
    if (!isOfOnePosition(shape) && count > 0) return t("draw.more", { n: count, least: fewest[shape] });
    return t(`draw.first.${shape}`);
  }

  function stop() {
    if (!before) return;
    const byHand = document.activeElement?.closest(".map-frame");
    before = null;
    pointer.stop();
    undo.hidden = giveUp.hidden = true;
    draw.textContent = t("draw.start");
    hint.textContent = "";
    if (byHand) draw.focus({ preventScroll: true });
    told();
  }

  return {
    stop,
    /** The shape has changed under the hand. */
    refresh: () => { if (before) say(); },
    hint: () => (before ? h("div", { class: "asking-hand" }, words(), " ", h("span", { class: "by" }, t("draw.keys"))) : null),
    element: h("div", { class: "draw" }, h("div", { class: "draw-buttons" }, draw, undo, giveUp), hint),
  };
}
