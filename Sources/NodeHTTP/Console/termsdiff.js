// What differs between two versions of the terms, as data: pure, so that it is the same on every desk and in the tests.

const sections = ["parties", "kinds", "minima", "area", "vertical", "timing", "readBack", "twoOfficers"];
// What a version says of itself and of the one before: different by nature.
const ofItself = ["parley", "previous", "version"];
/** Lists whose entries have a name of their own; their order means nothing. */
const named = {
  parties: (party) => party.id,
  kinds: (kind) => kind.kind,
  minima: (row) => [...row.between].sort().join(" "),
};
const namedBy = { parties: ["id"], kinds: ["kind"], minima: ["between"] };

/**
 * [{change: "added" | "removed" | "changed", section, item, field, from, to}] from terms `a` to terms `b`. `item` names a
 * party, a kind or a pair of kinds ("x y"), `field` a member of it; either is null where there is none. Of what was added or
 * removed, `to` or `from` is the whole of it, and the other is null.
 */
export function termsDifference(a, b) {
  const plainNames = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !sections.includes(name) && !ofItself.includes(name));
  return [
    ...members("mechanism", null, only(a, plainNames), only(b, plainNames)),
    ...sections.flatMap((section) => (named[section]
      ? entries(section, a[section] ?? [], b[section] ?? [])
      : members(section, null, a[section] ?? {}, b[section] ?? {}))),
  ];
}

function only(terms, names) {
  return Object.fromEntries(names.filter((name) => name in terms).map((name) => [name, terms[name]]));
}

function entries(section, a, b) {
  const byName = (list) => new Map(list.map((entry) => [named[section](entry), entry]));
  const [before, after] = [byName(a), byName(b)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((item) => {
    const [from, to] = [before.get(item) ?? null, after.get(item) ?? null];
    if (!from) return [{ change: "added", section, item, field: null, from, to }];
    if (!to) return [{ change: "removed", section, item, field: null, from, to }];
    return members(section, item, from, to);
  });
}

function members(section, item, from, to) {
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((field) => !(namedBy[section] ?? []).includes(field));
  return fields.filter((field) => !same(from[field], to[field])).map((field) => ({
    change: !(field in from) ? "added" : !(field in to) ? "removed" : "changed",
    section, item, field, from: from[field] ?? null, to: to[field] ?? null,
  }));
}

/** Equal whatever the order of members. */
function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]));
}

/** The row of the minima for two kinds, in whichever order it names them; undefined when there is none. */
export function minimaOf(terms, one, other) {
  return terms.minima.find(({ between: [a, b] }) => (a === one && b === other) || (a === other && b === one));
}

/** What whoever signs these terms should know that they do not say outright: [{name, ...values}]. */
export function termsWarnings(terms) {
  const kinds = terms.kinds.map((kind) => kind.kind);
  const missing = kinds.flatMap((one, i) => kinds.slice(i).filter((other) => !minimaOf(terms, one, other)));
  return [
    ...(terms.sealing === "none" ? [{ name: "notSealed" }] : []),
    ...(missing.length > 0 ? [{ name: "pairsMissing", n: missing.length }] : []),
    ...(terms.twoOfficers.removals ? [] : [{ name: "oneOfficerRemoves" }]),
    ...terms.parties.filter((party) => !party.roots).map((party) => ({ name: "noRoots", party: party.id })),
    ...terms.kinds.filter((kind) => !kind.needsAcknowledgement).map((kind) => ({ name: "noReadBack", kind: kind.kind })),
  ];
}
