// What the node tells only when it is asked: after each snapshot what that leaves out, and its status again and again.
import { api } from "./api.js";

const statusEveryMs = 15_000;
const askAgainMs = 5_000;

/** A snapshot holds what is open; what is answered, and our units, are asked for after each, until the node answers. */
const leftOut = [
  async (store, snapshot) => store.fill("calls", (await api.calls()).calls, snapshot),
  async (store, snapshot) => store.fill("presence", (await api.presence()).presence, snapshot),
  async (store, snapshot) => {
    const units = await api.units();
    if (snapshot === store.snapshots) store.apply("passing", units);
  },
];

export function keepAsking(store) {
  let taken = 0;
  const ask = (load, snapshot) => load(store, snapshot).catch((problem) => {
    console.warn(problem);
    setTimeout(() => { if (snapshot === store.snapshots) ask(load, snapshot); }, askAgainMs);
  });
  const askAll = () => {
    if (store.snapshots === taken) return;
    taken = store.snapshots;
    for (const load of leftOut) ask(load, taken);
  };
  store.subscribe(askAll);
  askAll();
  // No event tells when this desk is suspended from another console; and clocks drift apart.
  setInterval(async () => {
    if (store.lostSince !== null) return;
    try {
      store.apply("status", await api.status());
    } catch {
      // The stream says whether the node is lost.
    }
  }, statusEveryMs);
}
