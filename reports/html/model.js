// The report's page. All data stand in #data (reports/html_data.cpp says how);
// the address behind '#' holds the view and the filters, so that every view can
// be linked to and the browser's own back and forward work. Text from the data
// reaches the document as text nodes only.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const main = $("main");

// ---- The data, unfolded as far as every view needs them.

const implementations = data.implementations;
const cases = data.cases.map(([id, format, protocol, topic, row], number) => ({
  number, id, format: data.texts[format], protocol, topic: data.topics[topic],
  row: data.rows[row], uses: [],
}));
const byId = new Map(cases.map((one) => [one.id, one]));
data.features.forEach(([, , name, users]) => users.forEach((n) => cases[n].uses.push(name)));
const differences = new Map();  // number of the case -> what implementations said of it
for (const [number, who, ...said] of data.differences) {
  const [expected, got, path, expectedAt, gotAt, detail, reason, shares, repeat, listing] =
    said.map((text) => data.texts[text]);
  if (!differences.has(number)) differences.set(number, []);
  differences.get(number).push(
    {who, expected, got, path, expectedAt, gotAt, detail, reason, shares, repeat, listing});
}

const standingOf = {"pass": "agrees", "seen": "agrees", "lossy": "lossy", "other-bytes": "lossy",
  "failed-closed": "lossy", "unsupported": "not-judged", "skipped": "not-judged"};
// What each character of a row stands for; undefined where there is no result.
const symbols = {};
data.symbols.forEach(([character, verdict, level, known]) => {
  symbols[character] =
    {verdict, standing: standingOf[verdict] || "differs", level, known: known === 1};
});
const result = (one, who) => symbols[one.row[who]];

// ---- Small pieces of the document.

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}
const plural = (count, noun, ending = "s") =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : ending}`;
const cut = (text, longest) =>
  text.length <= longest ? text : text.slice(0, longest - 1) + "…";
// Each format of the results: its matrix, and what filters call it.
const formats = new Map(data.formats.flatMap((matrix) => matrix.columns.map(
  ([format, , , title]) => [format, {matrix, title}])));
const familyOf = (format) => formats.get(format)?.matrix.family || format;
// What a format calls its protocols.
const protocolWord = (format) => familyOf(format) === "marshal" ? "version" : "protocol";
const protocolText = (one) => formats.get(one.format).title +
  (one.protocol < 0 ? "" : `, ${protocolWord(one.format)} ${one.protocol}`);
const code = (text) => h("span", {class: "code"}, text);
// A value, or "!ValueError" as a rejection.
const outcome = (text, longest = Infinity) => text.startsWith("!")
  ? h("span", {}, "rejected: ", code(text.slice(1))) : code(cut(text, longest));

function chip(entry) {
  const kind = entry.standing === "differs" && entry.known ? "known" : entry.standing;
  return h("span", {class: `chip ${kind}`}, entry.verdict + (entry.known ? " (known)" : ""));
}

// A button that shows and hides what `make` gives; made when first needed.
function fold(label, open, toggle) {
  const button = h("button", {type: "button", class: "fold", "aria-expanded": String(open)}, label);
  button.addEventListener("click", () => {
    const now = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(now));
    toggle(now);
  });
  return button;
}

// "3.8–3.13 (C); 3.9 (pure)" of "cpython-3.8-c cpython-3.9-c …". Another patch level of
// a version is recorded for some cases only, and is no gap where it is missing.
function profilesText(joined) {
  const names = joined.split(" ").filter(Boolean);
  const counts = data.profiles.filter((name) =>
    names.includes(name) || name.split("-")[1].split(".").length === 2);
  if (names.length > 1 && counts.every((name) => names.includes(name))) return "every CPython";
  const runs = {};
  for (const lane of ["c", "py"]) {
    const all = counts.filter((name) => name.split("-")[2] === lane);
    const parts = [];
    let first = -1;
    for (let i = 0; i <= all.length; ++i) {
      const inside = i < all.length && names.includes(all[i]);
      if (inside && first < 0) first = i;
      if (inside || first < 0) continue;
      const [from, to] = [all[first], all[i - 1]].map((name) => name.split("-")[1]);
      parts.push(from === to ? from : `${from}–${to}`);
      first = -1;
    }
    if (parts.length) runs[lane] = parts.join(", ");
  }
  if (!Object.keys(runs).length) return joined;
  if (runs.c === runs.py) return `${runs.c} (C and pure)`;
  return Object.entries(runs)
    .map(([lane, text]) => `${text} (${lane === "c" ? "C" : "pure"})`).join("; ");
}

const shortName = (who) => implementations[who].name.replace(/^reference@/, "reference as ");

// The names of some implementations, profiles of one role as a range.
function whoText(who) {
  const parts = who.filter((one) => implementations[one].role === "subject").map(shortName);
  for (const [role, title] of [["reference", "reference as "], ["oracle", "CPython "]]) {
    const names = who.filter((one) => implementations[one].role === role)
      .map((one) => implementations[one].name.replace(/^reference@/, ""));
    const recorded = names.filter((name) => data.profiles.includes(name));
    if (names.length <= 2 || !recorded.length)
      parts.push(...names.map((name) => (role === "reference" ? title : "") + name));
    else
      parts.push(title + profilesText(recorded.join(" ")).replace("every CPython", "each"),
        ...names.filter((name) => !recorded.includes(name)));
  }
  return parts.join(", ");
}

// ---- The address: view, case and filters.

const filterNames = ["text", "format", "protocol", "implementation", "verdict", "level", "topic",
  "feature"];
let state = {};

function readAddress() {
  state = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (state.case) state.view = "case";
  if (!state.view) state.view = "matrix";
}
function address(changes) {
  const next = {...state, ...changes};
  if (!("case" in changes)) delete next.case;
  if (next.case) delete next.view;
  const kept = Object.entries(next).filter(([, value]) => value !== "" && value !== undefined);
  return "#" + new URLSearchParams(kept).toString();
}
const link = (changes, attributes, ...children) =>
  h("a", {...attributes, href: address(changes)}, ...children);
const caseLink = (one) => link({case: one.id}, {class: "code"}, one.id);

// ---- Filters.

const verdictGroups = {
  "!differs": ["Any difference", (entry) => entry.standing === "differs"],
  "!unknown": ["Differences not known", (entry) => entry.standing === "differs" && !entry.known],
  "!known": ["Known differences", (entry) => entry.standing === "differs" && entry.known],
};
function resultWanted(entry) {
  if (!entry) return false;
  if (state.level && entry.level !== state.level) return false;
  if (!state.verdict) return true;
  const group = verdictGroups[state.verdict];
  return group ? group[1](entry) : entry.verdict === state.verdict;
}
function caseWanted(one) {
  if (state.format && one.format !== state.format && `${familyOf(one.format)}*` !== state.format)
    return false;
  if (state.protocol && String(one.protocol) !== state.protocol) return false;
  if (state.topic && one.topic !== state.topic) return false;
  if (state.feature && !one.uses.includes(state.feature)) return false;
  return !state.text ||
    (one.id + " " + one.topic).toLowerCase().includes(state.text.toLowerCase());
}
const chosen = () => implementations.map((_, who) => who)
  .filter((who) => !state.implementation || implementations[who].name === state.implementation);
const resultsFiltered = () => Boolean(state.verdict || state.level || state.implementation);

// The cases that the filters leave, in the report's order.
function wantedCases() {
  const who = chosen();
  return cases.filter((one) => caseWanted(one) && who.some((w) => resultWanted(result(one, w))));
}

function fillFilters() {
  const option = (value, label) => h("option", {value}, label || value);
  const fill = (id, any, ...options) => $(id).replaceChildren(option("", any), ...options.flat());
  const distinct = (values) => [...new Set(values)];
  const families = distinct(data.formats.map((matrix) => matrix.family));
  fill("format", "all", families.flatMap((family) => {
    const some = [...formats].filter(([, {matrix}]) => matrix.family === family);
    const options = some.map(([format, {title}]) => option(format, title));
    return some.length < 2 ? options
      : [h("optgroup", {label: family}, option(`${family}*`, `all of ${family}`), options)];
  }));
  fill("protocol", "all", distinct(cases.map((c) => c.protocol)).filter((p) => p >= 0)
    .sort((a, b) => a - b).map((p) => option(String(p))));
  fill("topic", "all", distinct(cases.map((c) => c.topic)).sort().map((t) => option(t)));
  fill("level", "all", data.levels.map((level) => option(level, level.replace("-", " "))));
  const used = new Set(data.rows.flatMap((row) => [...row]).map((c) => symbols[c]?.verdict));
  fill("verdict", "all",
    Object.entries(verdictGroups).map(([value, [label]]) => option(value, label)),
    data.verdicts.filter((v) => used.has(v)).map((v) => option(v)));
  const roles = [["subject", "Implementations"], ["reference", "Assay's reference"],
    ["oracle", "CPython"]];
  fill("implementation", "all", roles.map(([role, label]) =>
    h("optgroup", {label}, implementations.filter((i) => i.role === role)
      .map((i) => option(i.name)))).filter((group) => group.children.length));
  fill("feature", "anything", distinct(data.features.filter((f) => f[3].length)
    .map((f) => f[2])).sort().map((name) => option(name)));
  $("feature").parentElement.hidden = !data.features.length;
  $("protocol").parentElement.hidden = !cases.some((one) => one.protocol >= 0);
}
function showFilters() {
  for (const name of filterNames) {
    const field = $(name);
    if (document.activeElement !== field || field.tagName === "SELECT")
      field.value = state[name] || "";
    field.classList.toggle("set", Boolean(state[name]));
  }
  $("sieve").hidden = ["case", "help"].includes(state.view);
}
