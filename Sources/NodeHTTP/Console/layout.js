// How much of the floor each panel has: sized and folded by the officer, and remembered for that officer.
import { standing } from "./alarms.js";
import { t } from "./i18n.js";
import { mountSeparator } from "./separator.js";

// Percent of the area; `null` stands for as much as its content needs, up to a part of it.
const panels = {
  left: { axis: "x", area: "floor", min: 18, max: 45, folds: false },
  detail: { axis: "x", area: "floor", min: 20, max: 50, atEnd: true, folds: true },
  alarms: { axis: "y", area: "left", min: 10, max: 75, folds: true },
  conflicts: { axis: "y", area: "notices-panel", min: 10, max: 75, folds: true },
  timeline: { axis: "y", area: "centre", min: 14, max: 80, atEnd: true, folds: true },
};
const none = { sizes: {}, folded: [] };

/** Sizes the panels as this officer left them. Returns what brings the separators up to date. */
export function mountLayout(floor, store, preferences) {
  const part = (id) => document.getElementById(id);
  let kept = preferences.get("layout");
  let layout = { ...none, ...kept };
  let selected = store.selection;

  function keep(changed) {
    layout = { ...layout, ...changed };
    kept = layout;
    preferences.set("layout", layout);
    apply();
  }

  function fold(name, isFolded) {
    if (!panels[name].folds || isFolded === layout.folded.includes(name)) return;
    keep({ folded: isFolded ? [...layout.folded, name] : layout.folded.filter((each) => each !== name) });
  }

  const updates = Object.entries(panels).map(([name, how]) => mountSeparator(part(`${name}-size`), {
    ...how, panel: part(name), area: part(how.area), name: t(`panel.${name}`),
    size: () => ({ percent: layout.sizes[name] ?? null, isFolded: layout.folded.includes(name) }),
    sized: (percent) => {
      keep({ sizes: { ...layout.sizes, [name]: percent }, folded: layout.folded.filter((each) => each !== name) });
    },
    folded: (isFolded) => fold(name, isFolded),
  }));

  function apply() {
    floor.dataset.folded = layout.folded.join(" ");
    for (const [name, { min, max }] of Object.entries(panels)) {
      const percent = layout.sizes[name];
      const isGiven = typeof percent === "number" && percent >= min && percent <= max;
      floor.toggleAttribute(`data-sized-${name}`, isGiven);
      floor.style.setProperty(`--${name}`, isGiven ? `${percent}%` : null);
    }
    for (const update of updates) update();
  }

  apply();
  return () => {
    if (preferences.get("layout") !== kept) {
      kept = preferences.get("layout");
      layout = { ...none, ...kept };
      apply();
    }
    // What rings is never folded away, and what has just been asked for is shown.
    floor.toggleAttribute("data-ringing", standing(store).some((alarm) => alarm.state === "ringing"));
    part("timeline").hidden = part("timeline").childElementCount === 0;
    if (store.selection !== selected && store.selection) fold("detail", false);
    selected = store.selection;
    for (const update of updates) update();
  };
}
