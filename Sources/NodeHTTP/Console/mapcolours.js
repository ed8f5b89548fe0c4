// The map's colours on a dark and on a light screen. Red is for an open conflict alone; parties keep their hues.

const dark = {
  sea: "#0a1520", land: "#19222d", lake: "#0d2233", minorRiver: "#22384a", river: "#2b4a63", graticule: "#2a3848",
  graticuleText: "#7f91a6", coast: "#4f6b85", border: "#8496aa", country: "#8fa1b5", airfield: "#8fa1b5", airfieldText: "#aab9c9",
  gars: "#3d5068", garsText: "#8fa1b5", ground: "#0b1119", ink: "#ffffff", quiet: "#dfe7f0", alarm: "#ff5a5f", alarmHalo: "#8f1216",
  ring: "#b8c7d8", measure: "#ffffff", found: "#ffffff", area: 0.18, faintArea: 0.05, faintLine: 0.6,
};

const light = {
  sea: "#c9dae8", land: "#f3f4f1", lake: "#b4cde0", minorRiver: "#bed2e2", river: "#94b4cd", graticule: "#c3cad1",
  graticuleText: "#566472", coast: "#6f8aa1", border: "#5d6b79", country: "#566472", airfield: "#566472", airfieldText: "#3f4c58",
  gars: "#a4b1bd", garsText: "#566472", ground: "#ffffff", ink: "#0b1119", quiet: "#2b3947", alarm: "#b3001b", alarmHalo: "#ffffff",
  ring: "#3f5265", measure: "#0b1119", found: "#0b1119", area: 0.2, faintArea: 0.06, faintLine: 0.65,
};

const isLight = () => document.documentElement.dataset.theme === "light";

export function colours() {
  return isLight() ? light : dark;
}

/** A party's hue as the map draws it: deeper on light ground, where the hue itself would be too faint to see. */
export function hueOnMap(hue) {
  if (!isLight()) return hue;
  const parts = [1, 3, 5].map((i) => Math.round(parseInt(hue.slice(i, i + 2), 16) * 0.55));
  return `#${parts.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

/** Calls `listener` when the page has another theme or another language, until what it returns is disconnected. */
export function whenLooksChange(listener) {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "lang"] });
  return observer;
}
