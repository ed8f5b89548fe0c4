// Drawing on the map: by mouse or finger, or by keyboard under the map's cross (mapcross.js).
const dragPx = 6;
const keys = { " ": "put", Enter: "finish", Backspace: "undo", Escape: "giveUp" };

/**
 * Lends the map to `hand` {put(position), over(position), finish(), undo(), giveUp(), drags(), byKeyboard}: `over` is where the
 * next position would be put, and while `drags()` holds, a pull puts one where it begins and one where it ends. Returns what
 * ends it. `rounded` gives the position of a place on the map.
 */
export function sketchOn(map, frame, rounded, hand) {
  const ended = new AbortController();
  const { signal } = ended;
  const subscriptions = [];
  const at = (event) => rounded(event.lngLat);
  const on = (type, listener) => {
    map.on(type, listener);
    subscriptions.push(() => map.off(type, listener));
  };
  let pull = null;
  let isByKeys = hand.byKeyboard;

  const doubleClickZooms = map.doubleClickZoom.isEnabled();
  map.doubleClickZoom.disable();
  map.getCanvas().focus({ preventScroll: true });

  on("click", (event) => {
    // The second press of a double one ends the drawing, and puts nothing.
    if (event.originalEvent.detail < 2) hand.put(at(event));
  });
  on("dblclick", (event) => {
    event.preventDefault();
    hand.finish();
  });
  for (const [down, move, up] of [["mousedown", "mousemove", "mouseup"], ["touchstart", "touchmove", "touchend"]]) {
    on(down, (event) => {
      if (!hand.drags() || event.originalEvent.button > 0 || event.points?.length > 1) return;
      event.preventDefault();
      pull = { from: at(event), point: event.point, begun: false };
    });
    on(move, (event) => {
      isByKeys = false;
      if (pull && !pull.begun && event.point.dist(pull.point) > dragPx) {
        pull.begun = true;
        hand.put(pull.from);
      }
      hand.over(at(event));
    });
    on(up, (event) => {
      if (pull?.begun) hand.put(at(event));
      pull = null;
    });
  }
  on("move", () => {
    if (isByKeys) hand.over(rounded(map.getCenter()));
  });
  frame.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (event.target !== map.getCanvas()) return;
    if (act || event.key.startsWith("Arrow")) isByKeys = true;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act === "put") hand.put(rounded(map.getCenter()));
    else hand[act]();
  }, { capture: true, signal });

  return () => {
    ended.abort();
    subscriptions.forEach((end) => end());
    if (doubleClickZooms) map.doubleClickZoom.enable();
  };
}
