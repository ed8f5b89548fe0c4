// Whether this node adds to its own log. While it does not, nothing that is said here reaches anybody, so a banner says
// that, why, and what ends it.
import { api } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

export function mountSigning(banner, store) {
  let shown = "confirmed";
  let asked = null;

  /** The stream carries assurance, which tells whether the node signs; only its status says why not. */
  async function ask() {
    const { assurance, status } = store;
    if (!status || assurance === asked) return;
    asked = assurance;
    const signs = !(assurance?.reasons ?? []).some((reason) => reason.name === "notSigning");
    if (signs && status.signing === "confirmed") return;
    try {
      store.apply("status", await api.status());
    } catch {
      // The next assurance asks again; until then the banner stays as it is.
    }
  }

  return () => {
    ask();
    const now = store.status?.signing ?? "confirmed";
    if (now === shown) return;
    shown = now;
    banner.hidden = now === "confirmed";
    banner.replaceChildren(...(banner.hidden ? [] : [
      h("strong", {}, t(`signing.${now}.title`)),
      h("span", {}, t(`signing.${now}`)),
      h("span", {}, t("assurance.ends", { who: t(`signing.${now}.ends`) })),
    ]));
  };
}
