// Replay: what stood at each moment of an interval, from the records, on the map at a chosen speed. What happens now goes on
// meanwhile: alarms ring, the STOP button works, the lists show the present.
import { api } from "./api.js";
import { every, h } from "./dom.js";
import { t } from "./i18n.js";
import { recordTime } from "./recordlist.js";
import { replayKinds, replayMoments, replayState } from "./replaymodel.js";
import { dateTimeGroup, parseTime } from "./units.js";

const speeds = [1, 10, 60, 300, 600];
const pageSize = 500;
const mostPages = 60;
const turnMs = 200;
const hour = 3_600_000;

/** {element, update}. */
export function replayPanel(store) {
  // Of a floor that was made before, as in another language.
  store.setReplay(null);
  const input = (id) => h("input", { id, autocomplete: "off", maxLength: 40 });
  const from = input("replay-from"), to = input("replay-to");
  const problem = h("p", { class: "problem", role: "alert" });
  const progress = h("p", { class: "help", role: "status" });
  const begin = h("button", { type: "submit", class: "primary", "data-focus": "replay-begin" }, t("replay.begin"));
  const labelled = (label, field) => h("div", { class: "field" }, h("label", { for: field.id }, t(label)), field);
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); load(); } },
    h("p", { class: "help" }, t("replay.help")),
    h("div", { class: "two" }, labelled("record.from", from), labelled("record.to", to)),
    h("div", { class: "actions" }, begin,
      h("button", { type: "button", "data-focus": "replay-window", onclick: takeWindow }, t("replay.window")),
      h("button", { type: "button", "data-focus": "replay-selected", onclick: takeSelected }, t("replay.selected"))),
    problem, progress);
  const said = h("p", { class: "warning", role: "status" });
  const running = h("div", { class: "replay-running", hidden: true }, h("p", { class: "help" }, t("replay.running")), said,
    h("p", { class: "help" }, t("replay.keys")), h("p", { class: "help" }, t("replay.clocks")));

  const play = h("button", { type: "button", class: "primary", "data-focus": "replay-play", onclick: () => turn(!playing) });
  const clock = h("bdi", { class: "replay-clock", dir: "ltr" });
  const slider = h("input", { type: "range", min: "0", max: "1000", step: "1", "aria-label": t("replay.moment"), oninput: () => go(span.from + (Number(slider.value) / 1000) * (span.to - span.from)) });
  const speed = h("select", { id: "replay-speed", "aria-label": t("replay.speed"), onchange: () => { last = performance.now(); } },
    speeds.map((n) => h("option", { value: String(n), selected: n === 60 }, t("replay.times", { n }))));
  const controls = h("section", { class: "replay-controls", "aria-label": t("replay.title"), hidden: true, onkeydown: keys },
    h("strong", {}, t("replay.title")), clock, slider,
    h("div", { class: "actions" }, play,
      h("button", { type: "button", "data-focus": "replay-back", onclick: () => step(-1) }, t("replay.back")),
      h("button", { type: "button", "data-focus": "replay-next", onclick: () => step(1) }, t("replay.next")), speed,
      h("button", { type: "button", "data-focus": "replay-leave", onclick: leave }, t("replay.leave"))));
  const element = h("section", { class: "record-view", "aria-label": t("replay.title") }, form, running);
  // Beside the map, so that it can be left whatever is listed; in place of one that was made in another language.
  document.querySelector(".replay-controls")?.remove();
  document.getElementById("map")?.after(controls);

  let records = [], moments = [], span = { from: 0, to: 0 }, at = 0, playing = false, last = 0, round = 0, isFilled = false;

  function takeWindow() {
    if (!store.window) return void (problem.textContent = t("replay.noWindow"));
    fillSpan(store.window.from, store.window.to);
  }

  /** From an hour before the selected notice was filed to the end of its window. */
  function takeSelected() {
    const { selection } = store;
    const conflict = selection?.type === "conflict" ? store.conflicts.get(selection.id) : null;
    const notice = selection?.type === "notice" ? store.notices.get(selection.id) : null;
    const filed = notice?.createdAt ?? conflict?.openedAt;
    if (!filed) return void (problem.textContent = t("record.nothingSelected"));
    fillSpan(Date.parse(filed) - hour, notice ? Math.max(...notice.volumes.map((v) => Date.parse(v.end))) : store.now());
  }

  function fillSpan(begins, ends) {
    problem.textContent = "";
    from.value = dateTimeGroup(begins);
    to.value = dateTimeGroup(ends);
  }

  /** All that was recorded until the end of the interval: what was filed before it may stand in it. */
  async function load() {
    const mine = ++round;
    problem.textContent = "";
    const [begins, stated] = [from, to].map((field) => parseTime(field.value));
    if (!begins || !stated) return void (problem.textContent = t("record.badTime"));
    // What is still to come was not held at any time.
    const ends = new Date(Math.min(Date.parse(stated), store.now())).toISOString();
    if (Date.parse(ends) <= Date.parse(begins)) return void (problem.textContent = t("replay.badInterval"));
    begin.disabled = true;
    try {
      const found = [];
      let next = null;
      for (let page = 0; page === 0 || next !== null; page++) {
        if (page === mostPages) throw new Error(t("replay.tooMany", { n: found.length }));
        const answer = await api.record({ kinds: replayKinds.join(), to: ends, limit: String(pageSize), ...(next ? { before: next } : {}) });
        if (mine !== round) return;
        found.push(...answer.records);
        next = answer.next;
        progress.textContent = t("replay.loading", { n: found.length });
      }
      start(found, Date.parse(begins), Date.parse(ends));
    } catch (error) {
      if (mine === round) problem.textContent = error.sentence ?? error.message;
    } finally {
      begin.disabled = false;
      progress.textContent = "";
    }
  }

  function start(found, begins, ends) {
    records = found.filter((r) => r.readable);
    span = { from: begins, to: ends };
    moments = replayMoments(records).filter((m) => m >= begins && m <= ends);
    const unread = found.length - records.length;
    said.textContent = unread > 0 ? t("replay.unread", { n: unread }) : "";
    form.hidden = true;
    running.hidden = controls.hidden = false;
    go(begins);
    play.focus();
    turn(true);
  }

  function leave() {
    end();
    begin.focus();
  }

  function end() {
    round += 1;
    turn(false);
    form.hidden = false;
    running.hidden = controls.hidden = true;
    records = [];
    store.setReplay(null);
  }

  function turn(isPlaying) {
    playing = isPlaying && at < span.to;
    last = performance.now();
    play.textContent = t(playing ? "replay.pause" : "replay.play");
    play.setAttribute("aria-pressed", String(playing));
  }

  function go(moment) {
    at = Math.min(span.to, Math.max(span.from, moment));
    clock.textContent = recordTime(at);
    controls.dataset.at = String(at);
    slider.value = String(Math.round(((at - span.from) / (span.to - span.from)) * 1000));
    slider.setAttribute("aria-valuetext", dateTimeGroup(at));
    store.setReplay(replayState(records, at));
    if (at === span.to && playing) turn(false);
  }

  /** To the next or the last moment at which something changes; to the end where there is none. */
  function step(by) {
    turn(false);
    const moment = by > 0 ? moments.find((m) => m > at) : moments.findLast((m) => m < at);
    go(moment ?? (by > 0 ? span.to : span.from));
  }

  function keys(event) {
    if (event.target === slider && event.key !== " ") return;
    if (event.target === speed) return;
    const acts = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), Home: () => go(span.from), End: () => go(span.to), Escape: leave };
    if (event.key === " " && event.target === slider) acts[" "] = () => turn(!playing);
    if (event.key === "p") acts.p = () => turn(!playing);
    if (!acts[event.key]) return;
    acts[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }

  every(turnMs, element, () => {
    const now = performance.now();
    if (playing) go(at + (now - last) * Number(speed.value));
    last = now;
  });

  return {
    element,
    update() {
      // Once: what the officer has emptied, to write another time, stays empty.
      if (!isFilled && store.status) {
        isFilled = true;
        if (!from.value) fillSpan(store.now() - 24 * hour, store.now());
      }
      // What is being read back must not be seen on the map by way of the past.
      if (store.hidden && store.replay) end();
      // Ended elsewhere.
      if (!store.replay && !controls.hidden) end();
    },
  };
}
