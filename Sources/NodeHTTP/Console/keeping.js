// What the store keeps of what is over, and which of two states of one STOP is the older.

/** What is over in each family, and how many of those are kept. */
const overs = [
  ["notices", (notice) => notice.status === "ended", 200],
  ["conflicts", (conflict) => conflict.state === "cleared", 200],
  ["alarms", (alarm) => alarm.state === "cleared", 200],
  ["calls", (call) => call.facts.every((fact) => fact.acknowledgedAt), 200],
  ["presence", (exchange) => exchange.answers.length >= exchange.to.length, 200],
  ["stops", (stop) => !stop.isOpen, 50],
];

/** What is over leaves, the oldest first, so that a long watch does not fill this screen's memory. */
export function forgetOver(store) {
  for (const [family, isOver, kept] of overs) {
    const over = [...store[family].values()].filter((value) => isOver(value) && value.id !== store.selection?.id);
    for (const { id } of over.slice(0, Math.max(0, over.length - kept))) store[family].delete(id);
  }
  for (const notice of store.noticeAssurance.keys()) {
    if (!store.notices.has(notice)) store.noticeAssurance.delete(notice);
  }
}

/** Of two states of one STOP: its messages only grow, and between them it only climbs. */
export function isOlderStop(stop, held) {
  if (!held) return false;
  const steps = [[stop.messages.length, held.messages.length], [stop.round, held.round], [stop.rung, held.rung]];
  const [mine, theirs] = steps.find(([a, b]) => a !== b) ?? [0, 0];
  return mine < theirs;
}
