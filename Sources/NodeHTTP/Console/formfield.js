// A labelled control of a form with what is wrong with it beside it, for the eye and for a screen reader.
import { h } from "./dom.js";

/** {element, fail(sentence)}; `inner` is what stands under the label when that is more than the control. */
export function formField(label, control, inner = control, help = null) {
  const problem = h("p", { class: "field-problem", id: `${control.id}-problem` });
  if (help) help.id = `${control.id}-help`;
  control.setAttribute("aria-describedby", [help?.id, problem.id].filter(Boolean).join(" "));
  return {
    element: h("div", { class: "field" }, h("label", { for: control.id }, label), inner, help, problem),
    fail(sentence) {
      if (problem.textContent !== sentence) problem.textContent = sentence;
      if (sentence) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    },
  };
}
