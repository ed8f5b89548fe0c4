// In plain words before the button is pressed: what is about to be told to whom, in which mode; or why nothing can be filed.
import { needsSecond } from "./filingkind.js";
import { t, term } from "./i18n.js";
import { dateTimeGroup, shapeWords, windowOf } from "./units.js";

/** Sentences about the fields that are about to be filed. */
export function tellingWords(fields, draft, store) {
  const others = store.status.parties.filter((p) => p.id !== store.ownParty.id);
  const names = (isMediator) => others.filter((p) => (p.role === "mediator") === isMediator).map((p) => p.name).join(", ");
  const { start, end } = windowOf(fields);
  const shapes = fields.volumes.map((v) => shapeWords(v.footprint));
  const values = {
    parties: names(false), mode: term("mode", fields.mode), kind: term("kind", fields.kind), id: draft.amends?.id ?? "", version: draft.base,
    shape: shapes.length > 1 ? t("file.shapes", { n: shapes.length, shapes: shapes.slice(0, 4).join("; ") }) : shapes[0],
    window: `${dateTimeGroup(start)} – ${dateTimeGroup(end)}`,
  };
  return [
    t(draft.amends ? "file.tellingAmend" : "file.telling", values),
    fields.mode === "drill" ? t("file.tellingDrill") : null,
    names(true) ? t("file.witness", { parties: names(true) }) : null,
    needsSecond(fields.kind, store) ? t("file.tellingSecond") : null,
  ].filter(Boolean).join(" ");
}

/** Why nothing can be filed now, whatever the form says; or "". */
export function cannotFile(draft, store) {
  if (store.lostSince !== null) return t("file.lost");
  const signing = store.status?.signing ?? "confirmed";
  if (signing !== "confirmed") return t(`signing.${signing}`);
  if (!draft.amends) return "";
  const held = store.notices.get(draft.amends.id);
  if (held?.status === "ended") return t("file.amendsEnded", { id: held.id });
  return held && held.version > draft.base ? t("file.amendsOlder", { id: held.id, version: held.version, base: draft.base }) : "";
}
