// The overlap of two rings for the hatch of a conflict: Sutherland–Hodgman, exact when one of them is convex. For
// drawing only; the node has already decided that the notices collide.

/** Twice the signed area of a closed ring; positive when anticlockwise. */
function turn(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return sum;
}

const side = (a, b, p) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);

function anticlockwise(ring) {
  return turn(ring) < 0 ? [...ring].reverse() : ring;
}

function isConvex(ring) {
  const open = ring.slice(0, -1);
  return open.every((p, i) => side(p, open[(i + 1) % open.length], open[(i + 2) % open.length]) >= -1e-12);
}

/** The closed ring that both share, or null when they share none or both are concave. */
export function overlap(first, second) {
  let [subject, window] = [anticlockwise(first), anticlockwise(second)];
  if (!isConvex(window)) [subject, window] = [window, subject];
  if (!isConvex(window)) return null;
  let points = subject.slice(0, -1);
  for (let i = 1; i < window.length && points.length > 0; i++) points = cut(points, window[i - 1], window[i]);
  return points.length >= 3 ? [...points, points[0]] : null;
}

/** The part of the polygon that lies left of the line a→b. */
function cut(points, a, b) {
  const kept = [];
  points.forEach((p, i) => {
    const q = points[(i + 1) % points.length];
    const [atP, atQ] = [side(a, b, p), side(a, b, q)];
    if (atP >= 0) kept.push(p);
    if ((atP > 0 && atQ < 0) || (atP < 0 && atQ > 0)) {
      const share = atP / (atP - atQ);
      kept.push([p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share]);
    }
  });
  return kept;
}
