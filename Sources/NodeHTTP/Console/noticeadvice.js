// Ways out for a notice of ours as it stands, and the way into the form with one of them.
import { advicePanel } from "./advice.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

export function noticeAdvice(notice, store) {
  const isOfOneVolume = notice.volumes.length === 1;
  const panel = advicePanel({
    id: "notice-advice",
    subject: () => ({ notice: notice.id }),
    // The form has one volume; of more, the advice is to be read.
    take: isOfOneVolume ? (each) => store.select({ type: "file", amends: notice, advised: each.volumes[0] }) : null,
  });
  if (!isOfOneVolume) panel.element.append(h("p", { class: "help" }, t("advice.manyVolumes")));
  return panel.element;
}
