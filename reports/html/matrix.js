// The matrix and the cases by topic.

// ---- The matrix.

const roleTitles = {
  oracle: "CPython, each lane against its own recorded outcomes",
  reference: "Assay's reference, as each profile",
  subject: "Implementations",
};
const emptyCell = () => ({agrees: 0, lossy: 0, differs: 0, known: 0, notJudged: 0});

function countCells(list, columns, who) {
  const places = new Map(columns.map(([format, protocol], i) => [`${format} ${protocol}`, i]));
  const cells = who.map(() => [...columns, "all"].map(emptyCell));
  for (const one of list) {
    const column = places.get(`${one.format} ${one.protocol}`);
    who.forEach((w, row) => {
      const entry = result(one, w);
      if (!resultWanted(entry)) return;
      for (const cell of [cells[row][column], cells[row][columns.length]]) {
        if (entry.standing === "not-judged") ++cell.notJudged;
        else ++cell[entry.standing];
        if (entry.known) ++cell.known;
      }
    });
  }
  return cells;
}

// What agrees as far as can be told, by what was done.
const lossyWord = (format) =>
  ({inspect: "refused", encode: "other bytes"}[format.split(":")[1]] || "lossy");

function matrixCell(cell, changes) {
  const judged = cell.agrees + cell.lossy + cell.differs;
  const notes = [];
  if (cell.differs > cell.known) notes.push(`${cell.differs - cell.known} differ`);
  if (cell.known) notes.push(`${cell.known} known`);
  if (cell.lossy) notes.push(`${cell.lossy} ${lossyWord(changes.format)}`);
  if (cell.notJudged) notes.push(`${cell.notJudged} not judged`);
  if (!judged) return h("td", {class: "none"}, h("span", {}, notes[0] || "–"));
  const kind = cell.differs > cell.known ? "bad" : cell.differs ? "known" : "good";
  const text = cell.differs ? `${judged - cell.differs}/${judged}` : String(judged);
  return h("td", {class: kind},
    link({...changes, view: "cases", ...(cell.differs ? {verdict: "!differs"} : {})},
      {"data-mark": cell.differs ? "✗" : "✓",
        "aria-label": `${judged - cell.differs} of ${judged} agree` +
          (notes.length ? `, ${notes.join(", ")}` : "")},
      text, notes.map((note) => h("small", {class: / (judged|lossy|refused|bytes)$/.test(note) && "aside"}, note))));
}

function matrixRow(who, cells, columns, title, attributes) {
  const {target, name, note, version} = implementations[who];
  const judgedBy = [version && !name.includes(version) ? version : "",
    target && !name.endsWith(target) ? `judged by ${target}` : ""].filter(Boolean).join(", ");
  return h("tr", attributes, h("th", {scope: "row"}, title,
    judgedBy && typeof title === "string" ? h("span", {class: "target"}, judgedBy) : null,
    note ? h("span", {class: "target"}, `did not start: ${cut(note, 200)}`) : null),
  (columns.length > 1 ? cells : cells.slice(0, 1)).map((cell, i) => {
    // The last cell is of all columns.
    const [format, protocol] = columns[i] || [columns.length > 1 && columns[0][1] < 0
      ? `${familyOf(columns[0][0])}*` : columns[0][0], -1];
    return matrixCell(cell, {implementation: name, format,
      protocol: protocol >= 0 ? String(protocol) : state.protocol || ""});
  }));
}

// Rows that look the same become one, which opens.
function matrixBody(role, rows, columns) {
  const body = h("tbody", {}, h("tr", {}, h("th",
    {scope: "rowgroup", colspan: columns.length + 2}, roleTitles[role] || role)));
  const groups = new Map();
  for (const row of rows) {
    const note = implementations[row.who].note;
    const key = JSON.stringify([row.cells, note]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  for (const group of groups.values()) {
    const single = (row, attributes) => matrixRow(row.who, row.cells, columns,
      shortName(row.who).replace(/^reference as /, "as "), attributes);
    if (group.length < 3) {
      body.append(...group.map((row) => single(row, {})));
      continue;
    }
    const members = group.map((row) => single(row, {class: "alike", hidden: true}));
    const names = group.map((row) => shortName(row.who).replace(/^reference as /, "as "));
    const title = fold(`${names[0]} … ${names.at(-1).replace(/^as /, "")} (${names.length} alike)`,
      false, (open) => members.forEach((row) => { row.hidden = !open; }));
    body.append(matrixRow(group[0].who, group[0].cells, columns, title, {}), ...members);
  }
  return body;
}

// One operation on one family of formats; nothing where no case or nobody is left.
function matrixSection(matrix, list, who) {
  const here = list.filter((one) => formats.get(one.format).matrix === matrix);
  if (!here.length) return null;
  const used = new Set(here.map((one) => `${one.format} ${one.protocol}`));
  const columns = matrix.columns.filter(([format, protocol]) => used.has(`${format} ${protocol}`));
  const cells = countCells(here, columns, who);
  // Who does not claim a format at all has no row in its matrix.
  const judged = ({agrees, lossy, differs}) => agrees + lossy + differs > 0;
  const rows = who.map((w, row) => ({who: w, cells: cells[row]}))
    .filter((row) => judged(row.cells.at(-1)) || implementations[row.who].note);
  const head = ([, protocol, label]) =>
    protocol < 0 ? label : `${protocolWord(matrix.columns[0][0])} ${protocol}`;
  if (!rows.length) return null;
  return h("section", {id: matrixId(matrix)}, h("h2", {}, matrix.title),
    h("div", {class: "scroll"}, h("table", {class: "matrix"},
      h("caption", {class: "unseen"}, `${matrix.title}: who agrees`),
      h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Implementation"),
        columns.map((column) => h("th", {scope: "col", class: "number"}, head(column))),
        columns.length > 1 ? h("th", {scope: "col", class: "number"}, "all") : null)),
      ["subject", "reference", "oracle"].map((role) => {
        const some = rows.filter((row) => implementations[row.who].role === role);
        return some.length ? matrixBody(role, some, columns) : null;
      }))));
}
const matrixId = (matrix) => `matrix-${data.formats.indexOf(matrix)}`;

function showMatrix() {
  const who = chosen();
  const list = cases.filter(caseWanted);
  const sections = data.formats.map((matrix) => [matrix, matrixSection(matrix, list, who)])
    .filter(([, section]) => section);
  const jumps = sections.length < 3 ? null : h("div", {class: "jumps", role: "navigation",
    "aria-label": "Formats"}, sections.map(([matrix, section]) => h("button", {type: "button",
    onclick: () => { section.scrollIntoView(); section.querySelector("a, button")?.focus(
      {preventScroll: true}); }}, matrix.title)));
  const parts = [jumps, ...sections.map(([, section]) => section)].filter(Boolean);
  const shown = new Set(sections.map(([matrix]) => matrix));
  const unclaimed = data.formats.filter((matrix) => !shown.has(matrix) &&
    list.some((one) => formats.get(one.format).matrix === matrix));
  if (unclaimed.length) parts.push(h("p", {class: "dim"},
    `Nobody that is shown claims a case of: ${unclaimed.map(({title}) => title).join("; ")}.`));
  if (!parts.length) parts.push(h("p", {}, "No case fits these filters."));
  parts.push(h("p", {class: "legend"}, h("span", {}, "✓ n: all n judged cases agree"),
    h("span", {}, "✗ k/n: k of n agree"), h("span", {}, "known: listed with a reason"),
    h("span", {}, "lossy: as far as can be told")));
  main.replaceChildren(...parts);
  announce(plural(list.length, "case"));
}

// ---- Cases by topic.

// [entry, [who, …]] by verdict, of the results that are wanted.
function byVerdict(one) {
  const groups = new Map();
  for (const who of chosen()) {
    const entry = result(one, who);
    if (!resultWanted(entry)) continue;
    const key = entry.verdict + entry.known;
    if (!groups.has(key)) groups.set(key, [entry, []]);
    groups.get(key)[1].push(who);
  }
  return [...groups.values()].sort((a, b) =>
    data.verdicts.indexOf(b[0].verdict) - data.verdicts.indexOf(a[0].verdict));
}
const allAgree = (groups) => groups.every(([entry]) => entry.standing === "agrees");

function caseRow(one, groups) {
  const levels = new Set(groups.flatMap(([, who]) => who.map((w) => result(one, w).level)));
  const said = state.implementation
    ? (differences.get(one.number) || []).find((d) => d.who.includes(groups[0][1][0])) : null;
  return h("tr", {class: "case"}, h("th", {scope: "row"}, caseLink(one)),
    h("td", {}, protocolText(one)),
    h("td", {}, [...levels].join(", ").replace("-", " ")),
    h("td", {}, h("div", {class: "verdicts"}, groups.map(([entry, who]) =>
      h("div", {}, chip(entry), " ", h("span", {class: "who dim"}, whoText(who)))),
    said && said.got ? h("div", {class: "who"}, "got ", outcome(said.got, 90), "; expected ",
      outcome(said.expected, 90)) : null)));
}

function topicBody(topic, list, open) {
  const rows = () => {
    const show = [], silent = [];
    for (const one of list) {
      const groups = byVerdict(one);
      if (allAgree(groups) && !resultsFiltered()) silent.push(one);
      else show.push(caseRow(one, groups));
    }
    if (silent.length) {
      const ids = h("ul", {class: "ids", hidden: true});
      const button = fold(`${plural(silent.length, "case")} on which all agree`, false, (on) => {
        if (!ids.children.length) ids.append(...silent.map((one) => h("li", {}, caseLink(one))));
        ids.hidden = !on;
      });
      show.push(h("tr", {class: "case"}, h("td", {colspan: 4}, button, ids)));
    }
    return show;
  };
  const body = h("tbody", {});
  const differing = list.filter((one) =>
    byVerdict(one).some(([entry]) => entry.standing === "differs")).length;
  const head = h("tr", {}, h("th", {scope: "rowgroup", colspan: 4}, fold(
    `${topic}: ${plural(list.length, "case")}` +
    (differing ? `, ${differing} with a difference` : ""), open, (on) => {
      if (on) body.append(...rows());
      else body.replaceChildren(head);
    })));
  body.append(head, ...(open ? rows() : []));
  return body;
}

function showCases() {
  const list = wantedCases();
  const topics = new Map();
  for (const one of list) {
    const key = `${one.format} ${one.topic}`;
    if (!topics.has(key)) topics.set(key, []);
    topics.get(key).push(one);
  }
  const open = list.length <= 80;
  const bodies = [...topics.values()].map((some) => topicBody(some[0].topic, some, open));
  main.replaceChildren(
    h("h2", {}, `${plural(list.length, "case")} in ${plural(topics.size, "topic")}`),
    list.length ? h("div", {class: "scroll"}, h("table", {class: "cases"},
      h("caption", {class: "unseen"}, "Cases by topic"),
      h("thead", {}, h("tr", {}, ["Case", "Format", "Level", "Results"].map((title) =>
        h("th", {scope: "col"}, title)))), bodies))
      : h("p", {}, "No case fits these filters."));
  announce(plural(list.length, "case"));
}
