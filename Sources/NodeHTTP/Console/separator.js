// The bar between two panels: dragged, moved by the arrow keys, or pressed to fold a panel away and bring it back.
import { h } from "./dom.js";
import { t } from "./i18n.js";

const stepPercent = 2;
const draggedPx = 4;

/**
 * Makes `bar` the separator that sizes `panel` within `area`, in percent of it. `axis` is "x" or "y"; `atEnd` when the panel
 * lies after the bar; `name` is its name in words. `size()` is {percent: number | null for as it comes, isFolded}, and
 * `sized(percent | null)` and `folded(isFolded)` take what the officer does. Returns what brings it up to date.
 */
export function mountSeparator(bar, { panel, area, axis, atEnd = false, name, min, max, size, sized, folded }) {
  const chevron = h("span", { class: "chevron", "aria-hidden": "true", onclick: () => folded(!size().isFolded) });
  bar.replaceChildren(chevron);
  bar.className = `separator separator-${axis}`;
  bar.tabIndex = 0;
  for (const [attribute, value] of Object.entries({
    role: "separator", "aria-orientation": axis === "x" ? "vertical" : "horizontal", "aria-controls": panel.id,
    "aria-label": t("size.of", { panel: name }), "aria-valuemin": 0, "aria-valuemax": 100, title: t("size.help"),
  })) bar.setAttribute(attribute, value);

  const extent = (element) => element.getBoundingClientRect()[axis === "x" ? "width" : "height"];
  const measured = () => (extent(area) > 0 ? Math.round((100 * extent(panel)) / extent(area)) : 0);
  const isTurned = () => axis === "x" && getComputedStyle(area).direction === "rtl";
  const within = (percent) => Math.min(max, Math.max(min, percent));

  function percentAt(event) {
    const box = area.getBoundingClientRect();
    const fromStart = axis === "y" ? event.clientY - box.top : isTurned() ? box.right - event.clientX : event.clientX - box.left;
    const share = (100 * (fromStart - (atEnd ? 0 : panelStart(box)))) / extent(area);
    return atEnd ? 100 - share : share;
  }

  /** Where a panel that does not begin at the edge of its area begins. */
  function panelStart(box) {
    const own = panel.getBoundingClientRect();
    return axis === "y" ? own.top - box.top : isTurned() ? box.right - own.right : own.left - box.left;
  }

  function take(percent) {
    if (percent < min / 2) folded(true);
    else sized(within(percent));
  }

  bar.onpointerdown = (event) => {
    if (event.button !== 0 || event.target === chevron) return;
    const begin = axis === "x" ? event.clientX : event.clientY;
    let isDragged = false;
    bar.setPointerCapture(event.pointerId);
    bar.onpointermove = (moved) => {
      isDragged ||= Math.abs((axis === "x" ? moved.clientX : moved.clientY) - begin) > draggedPx;
      if (isDragged) take(percentAt(moved));
    };
    bar.onpointerup = bar.onpointercancel = () => { bar.onpointermove = null; };
  };
  bar.ondblclick = () => sized(null);
  bar.onkeydown = (event) => {
    const onward = axis === "y" ? { ArrowDown: 1, ArrowUp: -1 } : isTurned() ? { ArrowLeft: 1, ArrowRight: -1 } : { ArrowRight: 1, ArrowLeft: -1 };
    const by = (onward[event.key] ?? 0) * (atEnd ? -1 : 1);
    if (by !== 0) sized(within(measured() + by * stepPercent));
    else if (event.key === "Home") sized(min);
    else if (event.key === "End") sized(max);
    else if (event.key === "Enter") folded(!size().isFolded);
    else return;
    event.preventDefault();
  };

  const show = () => {
    const { isFolded } = size();
    bar.dataset.folded = String(isFolded);
    bar.hidden = panel.hidden;
    const now = isFolded ? 0 : measured();
    bar.setAttribute("aria-valuenow", now);
    bar.setAttribute("aria-valuetext", isFolded ? t("size.folded", { panel: name }) : t("size.percent", { percent: now }));
  };
  new ResizeObserver(show).observe(panel);
  return show;
}
