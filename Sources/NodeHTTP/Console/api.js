// Requests to the node's desk API, and its errors (RFC 9457 problems).
import { t } from "./i18n.js";

/** A refusal by the node, or `name` "unreachable" when there was no answer. */
export class Problem extends Error {
  constructor({ status = 0, name = "unreachable", detail = "", field = null, distanceM = null, waitS = null }) {
    super(detail || name);
    this.status = status;
    this.name = name;
    this.field = field;
    this.detail = detail;
    this.distanceM = distanceM;
    /** Seconds until trying again may succeed, where the node has said so. */
    this.waitS = waitS;
  }

  /** For the officer. */
  get sentence() {
    if (this.status === 0) return t("problem.unreachable");
    if (this.status === 423) return t("signin.locked");
    return t("problem.unknown", { detail: (this.field ? `${this.field}: ` : "") + (this.detail || this.name) });
  }
}

let onSignedOut = () => {};

/** Calls `listener` when the node says that nobody is signed in. */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

const longestWaitMs = 15_000;
/** A STOP that got no answer within this is sent again. */
const stopWaitMs = 4_000;

/** A bundle of a long record takes the node a while. */
const fileWaitMs = 300_000;

/** The response, when it is no refusal. */
async function answered(method, path, body, { signal = AbortSignal.timeout(longestWaitMs), accept = "application/json" } = {}) {
  const headers = { Accept: accept };
  // Other sites cannot set this header, so they cannot act with the officer's cookie.
  if (method !== "GET") headers["X-Parley"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method, headers, signal, cache: "no-store", credentials: "same-origin", redirect: "error",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw new Problem({ detail: String(error) });
  }
  if (response.ok) return response;
  const value = await response.json().catch(() => ({}));
  const problem = new Problem({ ...value, status: response.status, detail: value.detail ?? value.title ?? "", waitS: waitOf(response, value) });
  // STOP can be pressed by nobody in particular; whether somebody is signed in is no matter then.
  if (response.status === 401 && path !== "session" && path !== "stop") onSignedOut();
  throw problem;
}

async function request(method, path, body, options) {
  const response = await answered(method, path, body, options);
  return response.status === 204 ? null : response.json().catch(() => ({}));
}

/** {blob, name}: a file of the node's, with the name that it gives it. */
async function file(path, accept) {
  const response = await answered("GET", path, undefined, { accept: `${accept}, application/problem+json`, signal: AbortSignal.timeout(fileWaitMs) });
  const name = /filename="([A-Za-z0-9._-]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? null;
  try {
    return { blob: await response.blob(), name };
  } catch (error) {
    throw new Problem({ detail: String(error) });
  }
}

/** From the header, or of a lockout, which has none, from the number in its sentence. */
function waitOf(response, { detail = "" }) {
  const stated = response.headers.get("Retry-After") ?? (response.status === 423 ? /(\d+) s\b/.exec(detail)?.[1] : null);
  return stated && Number.isFinite(Number(stated)) ? Number(stated) : null;
}

const id = encodeURIComponent;
const query = (fields) => new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== null && value !== "")).toString();

export const api = {
  session: () => request("GET", "session"),
  signIn: (officer, passphrase) => request("POST", "session", { officer, passphrase }),
  signOut: () => request("DELETE", "session"),
  status: (options) => request("GET", "status", undefined, options),
  terms: () => request("GET", "terms"),
  termsProposed: () => request("GET", "terms/proposed"),
  proposeTerms: (terms) => request("POST", "terms/proposed", { terms }),
  officers: () => request("GET", "officers"),
  addOfficer: (officer) => request("POST", "officers", officer),
  consoles: () => request("GET", "consoles"),
  enrolConsole: (console) => request("POST", "consoles", { console }),
  disclosures: () => request("GET", "disclosures"),
  alarms: () => request("GET", "alarms?all=true"),
  fileNotice: (fields) => request("POST", "notices", fields),
  amendNotice: (notice, fields) => request("POST", `notices/${id(notice)}/versions`, fields),
  endNotice: (notice, reason, remarks) =>
    request("POST", `notices/${id(notice)}/end`, remarks ? { reason, remarks } : { reason }),
  check: (fields, options) => request("POST", "check", fields, options),
  readBackQuestion: (notice) => request("GET", `notices/${id(notice)}/read-back`),
  readBack: (notice, version, readBack) =>
    request("POST", `notices/${id(notice)}/acknowledgements`, { version, readBack }),
  noticeAssurance: (notice) => request("GET", `notices/${id(notice)}/assurance`),
  advice: (question) => request("POST", "advice", question),
  conflict: (conflict) => request("GET", `conflicts/${id(conflict)}`),
  takePosition: (conflict, position) => request("POST", `conflicts/${id(conflict)}/positions`, position),
  acknowledgeAlarm: (alarm) => request("POST", `alarms/${id(alarm)}/acknowledge`),
  stop: (details = {}) => request("POST", "stop", details, { signal: AbortSignal.timeout(stopWaitMs) }),
  answerStop: (stop, answer) => request("POST", `stops/${id(stop)}/answer`, answer),
  reportEffect: (stop, observed) => request("POST", `stops/${id(stop)}/effect`, { observed }),
  liftStop: (stop, outcome) => request("POST", `stops/${id(stop)}/lift`, { outcome }),
  templates: () => request("GET", "templates"),
  templateTexts: (language) => request("GET", `templates/${id(language)}`),
  actionCards: (language) => request("GET", `cards?language=${id(language)}`),
  calls: () => request("GET", "calls"),
  call: (call) => request("POST", "calls", call),
  callQuestion: (call) => request("GET", `calls/${id(call)}/read-back`),
  acknowledgeCall: (call, readBack = {}) => request("POST", `calls/${id(call)}/acknowledge`, { readBack }),
  presence: () => request("GET", "presence"),
  askPresence: (query) => request("POST", "presence", query),
  answerPresence: (query, answer) => request("POST", `presence/${id(query)}/answer`, answer),
  watch: (act, body) => request("POST", `watch/${act}`, body),
  pending: (act, verdict) => request("POST", `watch/pending/${id(act)}/${verdict}`),
  record: (fields, options) => request("GET", `record?${query(fields)}`, undefined, options),
  checkpoint: async (log) => (await file(`logs/${id(log)}/checkpoint`, "text/plain")).blob.text(),
  evidence: (fields) => file(`evidence?${query(fields)}`, "application/x-tar"),
  assuranceStatement: (notice) => file(notice ? `notices/${id(notice)}/assurance/statement` : "assurance/statement", "text/plain"),
  board: () => request("GET", "board"),
  bells: () => request("GET", "bells"),
  units: () => request("GET", "units"),
  addUnit: (unit) => request("POST", "units", { unit }),
  removeUnit: (unit) => request("POST", "units/remove", { unit }),
  concerns: (subject, units) => request("POST", "passing/concerns", { ...subject, units }),
  passOn: (subject, units, disclose) => request("POST", "passing", { ...subject, units, disclose }),
  suspend: (suspended, reason) => request("POST", "suspension", reason ? { suspended, reason } : { suspended }),
  nearestPlace: ([longitude, latitude]) => request("GET", `gazetteer/nearest?lat=${latitude}&lon=${longitude}`),
  coordinates: (text, options) => request("GET", `coordinates?text=${id(text)}`, undefined, options),
};
