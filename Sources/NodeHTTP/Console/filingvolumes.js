// The volumes of a draft as a row of buttons: which one is in hand, one more, a copy, one less.
import { h } from "./dom.js";
import { addVolume, mostVolumes, removeVolume } from "./filingdraft.js";
import { t, term } from "./i18n.js";

/** {element, update(faulty)}: `switched()` after each change; `faulty` are the indexes of volumes in which something is wrong. */
export function volumeBar(draft, { switched }) {
  const list = h("div", { class: "volume-list" });
  const act = (key, run) => h("button", { type: "button", "data-focus": key, id: `file-volume-${key}`, onclick: () => { run(); switched(); } }, t(`volumes.${key}`));
  let removed = null;
  const add = act("add", () => addVolume(draft, { isCopy: false }));
  const copy = act("copy", () => addVolume(draft, { isCopy: true }));
  const remove = act("remove", () => {
    removed = { at: draft.current, volume: draft.volumes[draft.current] };
    removeVolume(draft);
  });
  const putBack = act("putBack", () => {
    draft.volumes.splice(removed.at, 0, removed.volume);
    draft.current = removed.at;
    removed = null;
  });

  function choose(index) {
    draft.current = index;
    switched();
    list.children[index]?.focus();
  }

  return {
    element: h("div", { class: "volumes", role: "group", "aria-label": t("volumes.label") },
      list, h("div", { class: "volume-acts" }, add, copy, remove, putBack)),
    choose,
    update(faulty) {
      remove.disabled = draft.volumes.length < 2;
      add.disabled = copy.disabled = draft.volumes.length >= mostVolumes;
      putBack.hidden = !removed;
      list.hidden = draft.volumes.length < 2;
      list.replaceChildren(...draft.volumes.map((volume, i) => h("button", {
        type: "button", class: "volume-button", "data-volume": String(i), "aria-pressed": String(i === draft.current), onclick: () => choose(i),
      }, t("volumes.name", { n: i + 1, shape: term("shape", volume.shape) }),
      faulty.has(i) ? h("span", { class: "tag alarmed" }, t("volumes.faulty")) : null)));
    },
  };
}
