// What an Alertmanager is told of at once, and what it has to tell of that: a site that is silent, one that is in maintenance, a host that
// is down, a login that is away, one alert that is louder than another, and a heart that beats.

/** @typedef {Record<string, string>} Labels */
/** @typedef {{ receiver: string, alerts: Labels[] }} Told */

const severities = ["info", "warning", "critical"];
const key = (/** @type {Labels} */ labels) => JSON.stringify(Object.entries(labels).sort());
/** @param {readonly Labels[]} some @param {Labels} one */
const has = (some, one) => some.some((each) => key(each) === key(one));
/** @param {readonly Labels[]} alerts @param {string} site @param {string} tenancy */
const of = (alerts, site, tenancy) => alerts.filter((each) => each.site === site && each.tenancy === tenancy);
const isSilent = (/** @type {Labels} */ { alertname }) => alertname === "SiteSilent";

const owned = {
  site: "elsewhere",
  tenancy: "production",
  environment: "production",
  owner: "production-services",
};
const login = { ...owned, alertname: "HpcUnreachable", supercomputer: "polaris", severity: "critical" };
const waits = { ...owned, alertname: "HpcJobsWait", supercomputer: "polaris", partition: "gpu", severity: "warning" };
const room = { ...owned, alertname: "PlatformFilesystemFreeRatio", host: "elsewhere-production-a" };
const host = { ...owned, alertname: "HostDown", host: "elsewhere-production-b", job: "host", severity: "critical" };
const service = { ...host, alertname: "ServiceDown", job: "probe", service: "door" };
const certificate = { ...owned, alertname: "PlatformIssuerExpiry", host: "elsewhere-production-a" };

const rings = [
  host,
  { ...service, host: "elsewhere-production-c" },
  login,
  { ...waits, supercomputer: "another" },
  { ...waits, tenancy: "test" },
  { ...room, mountpoint: "/", severity: "critical" },
  { ...room, mountpoint: "/srv", severity: "warning" },
  { ...certificate, severity: "warning" },
];
const held = [
  service,
  waits,
  { ...room, mountpoint: "/", severity: "warning" },
  { ...room, mountpoint: "/", severity: "info" },
  { ...certificate, severity: "info" },
];

/** What it is told of, and what is over some seconds later: the silence of a site. @param {readonly Labels[]} alerts of the registers, all that there can be */
export const posted = (alerts) => ({
  first: [
    { alertname: "Watchdog" },
    ...alerts.filter(({ site }) => site === "lumi" || site === "leonardo"),
    ...rings,
    ...held,
  ],
  ended: of(alerts, "lumi", "production").filter(isSilent),
});

/** While a site is silent. @param {readonly Told[]} told @param {readonly Labels[]} alerts */
export const wrongAtFirst = (told, alerts) =>
  silence(told, alerts) || maintenance(told, alerts) || behind(told.flatMap((each) => each.alerts)) || heart(told);

/** Once it is heard again. @param {readonly Told[]} told @param {readonly Labels[]} alerts */
export const wrongLater = (told, alerts) => afterwards(told, alerts) || maintenance(told, alerts);

/** @param {readonly Told[]} told @param {readonly Labels[]} alerts */
function silence(told, alerts) {
  const there = of(alerts, "lumi", "production");
  if (there.length < 50) return `only ${there.length} ring of a site`;
  const from = told.map((each) => of(each.alerts, "lumi", "production")).filter(({ length }) => length > 0);
  const isOne = from.length === 1 && from[0]?.length === 1 && from[0].every(isSilent);
  return isOne
    ? ""
    : `a silent site rings ${from.length} times, of ${from.map(({ length }) => length).join(", ")} alerts`;
}

/** @param {readonly Told[]} told @param {readonly Labels[]} alerts */
function maintenance(told, alerts) {
  const there = of(alerts, "leonardo", "production");
  if (there.length < 50) return `only ${there.length} ring of a site in maintenance`;
  const [loud] = of(
    told.flatMap((each) => each.alerts),
    "leonardo",
    "production",
  );
  return loud ? `a site in maintenance rings: ${key(loud)}` : "";
}

/** @param {readonly Labels[]} heard */
function behind(heard) {
  const mute = rings.find((each) => !has(heard, each));
  if (mute) return `it is held back: ${key(mute)}`;
  const loud = held.find((each) => has(heard, each));
  return loud ? `it is not held back: ${key(loud)}` : "";
}

/** @param {readonly Told[]} told */
function heart(told) {
  const beats = told.filter((each) => each.alerts.some(({ alertname }) => alertname === "Watchdog"));
  const isFine = beats.length >= 3 && beats.every(({ receiver }) => receiver === "Watchdog");
  return isFine ? "" : `the heart beats ${beats.length} times, for ${beats[0]?.receiver}`;
}

/** Once the site is heard again, all that rings there is told, but for what another of its alerts holds back. @param {readonly Told[]} later @param {readonly Labels[]} alerts */
function afterwards(later, alerts) {
  const heard = later.flatMap((each) => each.alerts);
  const there = of(alerts, "lumi", "production").filter((each) => !isSilent(each));
  const louder = (/** @type {Labels} */ one) =>
    severities.slice(severities.indexOf(one.severity ?? "") + 1).some((severity) => has(there, { ...one, severity }));
  const within = (/** @type {Labels} */ one, /** @type {string} */ alertname, /** @type {string} */ label) =>
    one.alertname !== alertname &&
    one[label] !== undefined &&
    there.some((each) => each.alertname === alertname && each[label] === one[label]);
  const due = there.filter(
    (each) => !louder(each) && !within(each, "HostDown", "host") && !within(each, "HpcUnreachable", "supercomputer"),
  );
  if (due.length < 10) return `only ${due.length} ring once a site is heard`;
  const lacks = due.filter((each) => !has(heard, each));
  return lacks.length === 0
    ? ""
    : `once a site is heard, ${lacks.length} of ${due.length} do not ring: ${key(lacks[0] ?? {})}`;
}
