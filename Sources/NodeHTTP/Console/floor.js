// The watch floor: every panel in its place. Made again as a whole when the language changes; the store and the node's
// events go on.
import { mountAlarms } from "./alarms.js";
import { mountAssuranceBar } from "./assurancebar.js";
import { mountDrill, mountLost } from "./banners.js";
import { mountBoard } from "./board.js";
import { mountCalls } from "./calls.js";
import { mountClock } from "./clock.js";
import { mountConflicts } from "./conflicts.js";
import { mountDesk } from "./desk.js";
import { mountDetail } from "./detail.js";
import { h } from "./dom.js";
import { mountParty } from "./duty.js";
import { t } from "./i18n.js";
import { mountLayout } from "./layout.js";
import { mountLinks } from "./links.js";
import { mountMap } from "./map.js";
import { mountNotices } from "./notices.js";
import { mountPresence } from "./presence.js";
import { mountRecord } from "./record.js";
import { mountSigning } from "./signing.js";
import { mountSoon } from "./soon.js";
import { mountStopButton } from "./stopbutton.js";
import { mountStops } from "./stops.js";
import { mountTabs } from "./tabs.js";
import { mountTimeline } from "./timeline.js";

const part = (id) => document.getElementById(id);
/** What each mount fills. Not the saying of a STOP that is being sent, which must outlast everything. */
const filled = [
  "lost", "unsigned", "drill", "stops", "party", "assurance", "notice-assurance", "clock", "stop-here", "links", "soon", "alarms", "alarms-size",
  "tabs", "conflicts", "conflicts-size", "notices", "calls", "presence", "board", "record", "desk", "left-size", "map", "timeline-size",
  "timeline", "detail-size", "detail", "foot", "skips", "assurance-more",
];
const places = new Map();

/** {update, close}: `close()` ends it and gives the map's view, to be given as `view` to the next. */
export function mountFloor(store, { tones, signOut, view = null }) {
  // Fresh elements: nothing of an earlier mount listens or runs on them.
  for (const id of filled) {
    if (!places.has(id)) places.set(id, part(id).cloneNode(false));
    part(id).replaceWith(places.get(id).cloneNode(false));
  }
  mountFoot(part("foot"), signOut);
  mountSkips(part("skips"));
  const map = mountMap(part("map"), store, view);
  mountStopButton(part("stop-here"), part("stop-saying"), { sent: (stop) => store.fill("stops", [stop]) });
  const panels = {
    notices: part("notices-panel"), calls: part("calls"), presence: part("presence"), watch: part("board"), record: part("record"), desk: part("desk"),
  };
  const updates = [
    mountLost(part("lost"), store),
    mountSigning(part("unsigned"), store),
    mountDrill(part("drill"), store),
    mountParty(part("party"), store),
    mountAssuranceBar(part("assurance"), part("notice-assurance"), part("assurance-more"), store),
    mountClock(part("clock"), store, store.preferences),
    mountLinks(part("links"), store),
    mountSoon(part("soon"), store),
    mountStops(part("stops"), store, { tones, spoken: part("spoken") }),
    mountCalls(panels.calls, store),
    mountPresence(panels.presence, store),
    mountBoard(panels.watch, store),
    mountRecord(panels.record, store),
    mountDesk(panels.desk, store),
    mountTabs(part("tabs"), panels, store),
    mountAlarms(part("alarms"), store, { tones, spoken: part("spoken") }),
    mountConflicts(part("conflicts"), store),
    mountNotices(part("notices"), store),
    mountTimeline(part("timeline"), store),
    mountDetail(part("detail"), store, { pointer: map.pointer }),
    map.update,
    mountLayout(part("floor"), store, store.preferences),
    () => clearSpoken(store),
    () => takeStopFromMediator(store),
  ];
  return { update: () => updates.forEach((update) => update()), close: map.close };
}

function mountFoot(container, signOut) {
  container.append(
    h("strong", {}, t("disclaimer")),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "quiet", id: "open-help", "aria-keyshortcuts": "?" }, t("help.open")),
      h("button", { type: "button", class: "quiet", id: "open-settings", "aria-keyshortcuts": "," }, t("settings.title")),
      h("button", { type: "button", class: "quiet", id: "sign-out", onclick: signOut }, t("signin.out"))));
}

/** Seen while one of them has the focus. */
function mountSkips(container) {
  container.setAttribute("aria-label", t("skip.label"));
  container.append(...["alarms", "notices", "map", "detail"].map((id) =>
    h("button", { type: "button", "data-skip": id, onclick: () => part(id).focus() }, t(`skip.${id}`))));
}

/** A mediator's node refuses to press STOP, so neither its button nor its key is there. */
function takeStopFromMediator(store) {
  if (store.ownParty?.role === "mediator") part("stop-here").replaceChildren();
}

/** What was said of a notice must not stay readable while it is read back. */
function clearSpoken(store) {
  if (store.hidden) part("spoken").replaceChildren();
}
