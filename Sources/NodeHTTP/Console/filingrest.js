// The fields of a draft that are not its volumes: kind, mode, contact, place as it is spoken of, review, remarks.
import { parseAirfields } from "./basemap.js";
import { h } from "./dom.js";
import { isStanding, kindHelp } from "./filingkind.js";
import { formField } from "./formfield.js";
import { t, term } from "./i18n.js";
import { timeField } from "./timefield.js";

/** {head, foot, write(), fail(name, sentence), names, askPlace(sentence), isAskingPlace(), focusPlace()}: `edited()` after each change. */
export function restFields(draft, store, { edited }) {
  const input = (id, value, maxLength, more = {}) => h("input", { id, value, maxLength, autocomplete: "off", oninput: edited, ...more });
  const select = (id, values, family, value) => {
    const made = h("select", { id, onchange: () => { showKind(); edited(); } }, values.map((v) => h("option", { value: v }, term(family, v))));
    made.value = value;
    return made;
  };
  const kinds = store.terms?.kinds?.map((k) => k.kind) ?? [];
  // The terms may come after the form was opened.
  draft.kind ||= kinds[0] ?? "";
  const kind = select("file-kind", kinds.includes(draft.kind) ? kinds : [...kinds, draft.kind].filter(Boolean), "kind", draft.kind);
  const mode = select("file-mode", ["real", "drill"], "mode", draft.mode);
  mode.disabled = Boolean(draft.amends);
  const contact = input("file-contact", draft.contact, 2_000);
  const place = input("file-place", draft.place, 200, { oninput: () => { draft.placeConfirmed = false; askPlace(""); edited(); } });
  const names = h("datalist", { id: "file-places" });
  place.setAttribute("list", names.id);
  const confirmed = h("input", { type: "checkbox", id: "file-place-confirmed", onchange: () => { draft.placeConfirmed = confirmed.checked; edited(); } });
  const confirm = h("div", { class: "choice", hidden: true }, confirmed, h("label", { for: confirmed.id }, t("place.confirm")));
  const behalf = input("file-behalf", draft.onBehalfOf, 2_000);
  const remarks = input("file-remarks", draft.remarks, 2_000);
  const review = timeField("file-review", t("notice.reviewBy"), store, { edited });
  review.restore(draft.reviewBy);
  const about = h("div", { class: "kind-help" });
  const fields = {
    kind: formField(t("file.kind"), kind), contact: formField(t("file.contact"), contact),
    place: formField(t("file.place"), place, [place, names], h("p", { class: "help" }, t("file.placeHelp"))), behalf: formField(t("file.onBehalfOf"), behalf),
    remarks: formField(t("file.remarks"), remarks), review,
  };
  fields.place.element.append(confirm);

  function showKind() {
    about.replaceChildren(...kindHelp(kind.value, store));
    review.element.hidden = !isStanding(kind.value, store);
  }

  /** The node has refused the place as stated: the officer looks again, and confirms or mends. */
  function askPlace(sentence) {
    fields.place.fail(sentence);
    confirm.hidden = sentence === "";
    confirmed.checked = false;
  }

  showKind();
  suggest(names);
  return {
    names: Object.keys(fields), askPlace,
    fail: (name, sentence) => fields[name].fail(sentence),
    isAskingPlace: () => !confirm.hidden,
    focusPlace: () => confirmed.focus(),
    head: [h("div", { class: "two" }, fields.kind.element, formField(t("file.mode"), mode).element), about],
    foot: [fields.contact.element, fields.place.element, review.element, fields.behalf.element, fields.remarks.element],
    write() {
      Object.assign(draft, {
        kind: kind.value, mode: mode.value, contact: contact.value, place: place.value, onBehalfOf: behalf.value, remarks: remarks.value,
        reviewBy: review.text(),
      });
    },
  };
}

let places = null;

/** The names that the node's gazetteer has: the airfields of the base map. */
async function suggest(list) {
  places ??= fetch("data/levant/airfields.csv").then((answer) => answer.text()).then((text) => parseAirfields(text).map(([name]) => name)).catch(() => []);
  list.replaceChildren(...(await places).map((value) => h("option", { value })));
}
