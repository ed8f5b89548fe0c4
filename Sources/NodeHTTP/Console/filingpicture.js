// What the map shows of a draft: all its volumes, the one in hand with corners to take hold of, and what it would collide with.
import { footprintNow, forgetPassed, positionsOf, radiusOf } from "./filingdraft.js";
import { footprintOf, lineFor, radiusTo } from "./footprint.js";
import { destination, shifted } from "./geodesic.js";

const eastDeg = 90;
/** A circle has two corners to take hold of: its centre, and one on its rim. */
const rim = 1;

/** {draw(hits), over(positions, radius), look()}: `moved()` after each movement by hand, `chosen(index)` when another volume is pressed. */
export function draftPicture(draft, pointer, { understood, moved, chosen }) {
  const inHand = () => draft.volumes[draft.current];
  const others = () => draft.volumes.map((volume, index) => ({ index, footprint: index === draft.current ? null : footprintNow(draft, volume) }))
    .filter(({ footprint }) => footprint);

  /** As far as it is known: an area of two corners is shown as the line between them. */
  function shown(positions, radius) {
    const { shape } = inHand();
    const known = positions.filter(Boolean);
    const whole = known.length === positions.length ? footprintOf(shape, positions, radius) : null;
    return whole ?? (known.length > 1 ? { type: "LineString", coordinates: known, radiusM: 0 } : null);
  }

  function put(positions, radius, hits) {
    const footprint = shown(positions, radius);
    const isCircle = inHand().shape === "circle" && footprint;
    pointer.draw({ points: positions, rim: isCircle ? destination(positions[0], eastDeg, radius) : null, footprint, hits, others: others() });
  }

  function write(positions) {
    inHand().points = positions.map((position) => lineFor(position, draft.made)).join("\n");
    forgetPassed(draft);
    moved();
  }

  pointer.chooses(chosen);
  pointer.drags(async (corner, from) => {
    await understood().catch(() => {});
    const positions = positionsOf(draft, inHand());
    if (positions.includes(null)) return null;
    if (inHand().shape === "circle" && corner === rim) {
      return (to) => {
        inHand().radius = String(radiusTo(positions[0], to));
        moved();
      };
    }
    return (to) => write(corner === null ? shifted(positions, from, to) : positions.with(corner, to));
  });

  return {
    draw: (hits = []) => put(positionsOf(draft, inHand()), radiusOf(inHand()), hits),
    over: (positions, radius) => put(positions, radius ?? radiusOf(inHand()), []),
    look() {
      const footprint = footprintNow(draft, inHand());
      if (footprint) pointer.look(footprint);
    },
  };
}
