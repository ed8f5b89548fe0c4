// Keeps what is drawn on the map that of the store and of the officer's choices. The moment and the choices go to the map as
// its state; only notices that changed go as data.
import { whyStamp } from "./conflictwhy.js";
import { api } from "./api.js";
import { baseGroups, baseLayers } from "./basemap.js";
import { whenLooksChange } from "./mapcolours.js";
import { NoticeFeed } from "./mapfeed.js";
import { collection, conflictFeatures, noticeFeatures } from "./mapfeatures.js";
import { drawPictures } from "./mapicons.js";
import { layers, repaint, stateAtFirst } from "./maplayers.js";
import { differs, shown } from "./mapmoment.js";
import { minimaRings } from "./minimarings.js";

const dataEveryMs = 200;
const momentEveryMs = 5_000;

/** {update, close}: `update` after any change of the store or of the choices. */
export function follow(map, store, choices) {
  const feed = new NoticeFeed(map);
  const pictures = drawPictures(map, store);
  const pairs = new ConflictPairs(() => update());
  const given = { ...stateAtFirst };
  const put = (source, features) => map.getSource(source).setData(features);
  const changed = { selected: isNew(), rings: isNew(), conflicts: isNew(), looks: isNew() };
  let dataAt = -Infinity;
  let timer = null;

  function set(name, value) {
    if (JSON.stringify(given[name]) === JSON.stringify(value)) return;
    given[name] = value;
    map.setGlobalStateProperty(name, value);
  }

  function update() {
    const now = shown(store);
    set("readBack", store.hidden ?? "");
    set("hiddenKinds", [...choices.hiddenKinds]);
    set("hiddenParties", [...choices.hiddenParties]);
    for (const name of ["others", "ended", "labels"]) set(name, choices[name]);
    setMoment(now);
    drawSelected(now);
    drawLooks();
    drawBase();
    if (timer !== null) return;
    timer = setTimeout(drawData, Math.max(0, dataAt + dataEveryMs - performance.now()));
  }

  /** A moment at which everything looks as it does is no change. */
  function setMoment({ at, notices }) {
    const moment = Math.floor(at / 1000);
    if (given.moment === 0 || differs(notices, given.moment, moment)) set("moment", moment);
  }

  function drawData() {
    timer = null;
    dataAt = performance.now();
    const now = shown(store);
    const moved = feed.put(now.notices);
    setMoment(now);
    const known = store.selection?.type === "conflict" && !now.isReplay ? pairs.of(now.conflicts.get(store.selection.id)) : null;
    if (!changed.conflicts(moved, now.conflicts, store.selection, store.hidden, known, ...now.conflicts.values()) && !moved) return;
    const conflicts = conflictFeatures(now, store, () => known);
    put("conflict-hatches", conflicts.hatches);
    put("conflict-lines", conflicts.lines);
    put("conflict-marks", conflicts.marks);
  }

  function drawSelected(now) {
    const { selection } = store;
    const notice = selection && !store.isHidden(selection.id) ? now.notices.get(selection.id) : undefined;
    if (changed.selected(notice)) put("selected", collection(notice ? [...noticeFeatures(notice).areas, ...noticeFeatures(notice).marks] : []));
    if (changed.rings(notice, store.terms, choices.rings)) {
      put("rings", collection(notice && store.terms && choices.rings ? minimaRings(notice, store.terms) : []));
    }
  }

  function drawLooks() {
    const { theme } = document.documentElement.dataset;
    if (!changed.looks(theme, document.documentElement.lang, JSON.stringify(store.status?.parties), store.terms)) return;
    repaint(map, [...baseLayers(), ...layers(store)]);
    pictures();
  }

  function drawBase() {
    for (const [group, ids] of Object.entries(baseGroups)) {
      const wanted = choices.baseOff.has(group) ? "none" : "visible";
      for (const id of ids) if ((map.getLayoutProperty(id, "visibility") ?? "visible") !== wanted) map.setLayoutProperty(id, "visibility", wanted);
    }
  }

  const looks = whenLooksChange(update);
  const ticking = setInterval(() => setMoment(shown(store)), momentEveryMs);
  choices.subscribe(update);
  update();
  return {
    update,
    close() {
      clearInterval(ticking);
      clearTimeout(timer);
      looks.disconnect();
      feed.close();
    },
  };
}

/** Says whether what it is asked about differs from what it was asked about last. */
function isNew() {
  let last = null;
  return (...values) => {
    const same = last !== null && last.length === values.length && values.every((value, i) => value === last[i]);
    last = values;
    return !same;
  };
}

/** The pairs of volumes of the selected conflict, asked of the node once for each of its states. */
class ConflictPairs {
  #come;
  #stamp = null;
  #pairs = null;

  constructor(come) {
    this.#come = come;
  }

  /** [{first, second, distanceM, requiredM}], or null while the node has not said. */
  of(conflict) {
    if (!conflict) return null;
    const stamp = `${conflict.id} ${whyStamp(conflict)}`;
    if (stamp !== this.#stamp) this.#ask(conflict, stamp);
    return this.#pairs;
  }

  async #ask(conflict, stamp) {
    this.#stamp = stamp;
    this.#pairs = null;
    // Without an answer the pair that came with the conflict is drawn.
    const answer = await api.conflict(conflict.id).catch(() => null);
    if (stamp !== this.#stamp || !answer?.explanation) return;
    this.#pairs = answer.explanation.pairs.filter((pair) => pair.horizontal.broken).map((pair) => pair.horizontal);
    this.#come();
  }
}
