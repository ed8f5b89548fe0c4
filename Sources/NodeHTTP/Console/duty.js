// Who we are and who is on duty, always in view.
import { h, plain } from "./dom.js";
import { t } from "./i18n.js";
import { partyName } from "./parties.js";
import { dateTimeGroup } from "./units.js";

export function mountParty(container, store) {
  let shown = [];
  return () => {
    const { status, session, watch } = store;
    const stamp = [status?.parties, status?.party.id, session, watch];
    if (!status || stamp.every((value, i) => value === shown[i])) return;
    shown = stamp;
    container.replaceChildren(
      h("div", { class: "own" }, partyName(store, store.ownParty.id)),
      h("div", { class: "mechanism" }, h("bdi", {}, plain(status.mechanism.name)), " · ", h("bdi", {}, plain(session.officer))),
      h("div", { id: "on-duty", class: watch && !watch.onDuty ? "warning" : "" }, words(watch)));
  };
}

function words(watch) {
  if (!watch) return t("duty.unknown");
  if (!watch.onDuty) return t("watch.nobody");
  return t("duty.now", { officer: plain(watch.onDuty.officer), time: dateTimeGroup(watch.onDuty.since).slice(2, 7) });
}
