// Hands and keys on the timeline: wheel zooms, drag pans, a stroke along the axis chooses a window, a notice of ours is
// taken by its middle or its ends; each has its keys.
import { inTime, handStep } from "./timelinemodel.js";

const slipPx = 4;
const zoomStep = 1.5;
const minute = 60_000;

/** `choose(window | null)` and `point(ms | null)` set what the page shows; `pressed(bar)` selects. */
export function handleTimeline(plot, mover, { isMovable, choose, point, chosen, pointed, now }) {
  const { element, axis, scroller } = plot;

  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const turn = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return plot.pan((event.deltaX || event.deltaY) * turn * plot.msPerPx());
    plot.zoom(Math.exp(event.deltaY * turn * 0.0015), plot.timeOf(event));
  }, { passive: false });

  /** Follows one pointer from down to up; `moved(event)` once it has gone farther than a slip, `up(event, hasMoved)`. */
  function follow(target, down) {
    target.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const acts = down(event);
      if (!acts) return;
      let hasMoved = false;
      const from = [event.clientX, event.clientY];
      const move = (each) => {
        if (each.pointerId !== event.pointerId) return;
        hasMoved ||= Math.hypot(each.clientX - from[0], each.clientY - from[1]) > slipPx;
        if (hasMoved) acts.moved(each);
      };
      const end = (each) => {
        if (each.pointerId !== event.pointerId) return;
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", end);
        removeEventListener("pointercancel", end);
        if (hasMoved) swallowClick();
        acts.up(each, hasMoved && each.type === "pointerup");
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end);
      addEventListener("pointercancel", end);
    });
  }

  /** The click that ends a drag is no press of what lies under it. */
  function swallowClick() {
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  }

  follow(axis, (event) => {
    const from = plot.timeOf(event);
    return {
      moved: (each) => choose(ordered(from, plot.timeOf(each))),
      up: (_, hasMoved) => { if (!hasMoved) point(from); },
    };
  });

  follow(scroller, (event) => {
    // The scroll bar is not the rows.
    if (event.target === scroller) return null;
    const bar = event.target.closest("[data-bar]")?.bar;
    if (bar?.type === "notice" && isMovable(bar.notice)) return take(bar, event);
    const { from, to } = plot.view, top = scroller.scrollTop, perPx = plot.msPerPx();
    return {
      moved(each) {
        element.classList.add("tl-panning");
        const by = (event.clientX - each.clientX) * perPx;
        plot.look(from + by, to + by);
        scroller.scrollTop = top + event.clientY - each.clientY;
      },
      up: () => element.classList.remove("tl-panning"),
    };
  });

  function take(bar, event) {
    const part = event.target.dataset.grip ?? "whole";
    const perPx = plot.msPerPx();
    let taken = false;
    const escape = (key) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      mover.cancel();
    };
    return {
      moved(each) {
        if (!taken) {
          taken = true;
          mover.begin(bar.notice, part);
          addEventListener("keydown", escape, { capture: true });
        }
        mover.to((each.clientX - event.clientX) * perPx, handStep(perPx));
      },
      up(_, hasMoved) {
        removeEventListener("keydown", escape, { capture: true });
        if (!taken) return;
        if (hasMoved) mover.drop();
        else mover.cancel();
      },
    };
  }

  axis.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") {
      choose(null);
      point(null);
    } else if (step) {
      const at = pointed() ?? now();
      const by = handStep(plot.msPerPx()) * 2 * step;
      const next = Math.round((at + by) / minute) * minute;
      if (event.shiftKey) {
        const held = chosen();
        // The end that stands at the moment goes with it; the other stays.
        const fixed = held ? (Math.abs(held.from - at) < Math.abs(held.to - at) ? held.to : held.from) : at;
        choose(ordered(fixed, next), next);
      } else {
        point(next);
      }
      if (next < plot.view.from || next > plot.view.to) plot.pan(by * 20);
    } else {
      return;
    }
    done(event);
  });

  scroller.addEventListener("keydown", (event) => {
    const { bar } = event.target;
    if (!bar) return;
    if (mover.moved) {
      if (keysOfMove(event)) done(event);
      return;
    }
    if (event.key === "m" && bar.type === "notice" && isMovable(bar.notice)) {
      mover.begin(bar.notice, "whole", { byKeys: true });
      return done(event);
    }
    const next = neighbour(bar, event.key);
    if (next === undefined) return;
    if (next) plot.focusBar(next);
    done(event);
  });

  function keysOfMove(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) mover.step(event.shiftKey ? "end" : event.ctrlKey ? "begin" : "whole", step * 5 * minute);
    else if (event.key === "Enter") mover.drop();
    else if (event.key === "Escape" || event.key === "Tab") mover.cancel();
    else return false;
    return event.key !== "Tab";
  }

  /** The bar that an arrow leads to: the next in time, or in the next row the nearest in time; null where there is none. */
  function neighbour(bar, key) {
    const { rows } = plot.model();
    if (key === "ArrowRight" || key === "ArrowLeft") {
      const all = rows.flatMap((r) => r.bars).sort(inTime);
      return all[all.indexOf(bar) + (key === "ArrowRight" ? 1 : -1)] ?? null;
    }
    if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
    const row = rows[rows.findIndex((r) => r.bars.includes(bar)) + (key === "ArrowDown" ? 1 : -1)];
    return row?.bars.reduce((best, each) => (Math.abs(each.start - bar.start) < Math.abs(best.start - bar.start) ? each : best)) ?? null;
  }

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const span = plot.view.to - plot.view.from;
    const acts = {
      "+": () => plot.zoom(1 / zoomStep), "=": () => plot.zoom(1 / zoomStep), "-": () => plot.zoom(zoomStep),
      PageUp: () => plot.pan(-span / 2), PageDown: () => plot.pan(span / 2), Home: () => plot.home(),
    };
    if (!acts[event.key]) return;
    acts[event.key]();
    done(event);
  });

  function done(event) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function ordered(a, b) {
  return a <= b ? { from: a, to: b } : { from: b, to: a };
}
