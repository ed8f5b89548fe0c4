// Ways out for a notice of ours as it stands, and the way into the form with one of them.
import { advicePanel } from "./advice.js";

export function noticeAdvice(notice, store) {
  return advicePanel({
    id: "notice-advice",
    subject: () => ({ notice: notice.id }),
    take: (each) => store.select({ type: "file", amends: notice, advised: each.volumes }),
  }).element;
}
