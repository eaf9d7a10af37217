// One case, with everything that is known of it.


function hexDump(hex, size) {
  const lines = [];
  for (let at = 0; at < hex.length; at += 32) {
    const bytes = hex.slice(at, at + 32).match(/../g) || [];
    const text = bytes.map((b) => {
      const value = parseInt(b, 16);
      return value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : ".";
    }).join("");
    const left = bytes.slice(0, 8).join(" "), right = bytes.slice(8).join(" ");
    lines.push(`${(at / 2).toString(16).padStart(6, "0")}  ${left.padEnd(23)}  ` +
      `${right.padEnd(23)}  ${text}`);
  }
  if (hex.length / 2 < size) lines.push(`… and ${size - hex.length / 2} more bytes`);
  return lines.join("\n");
}

function repeatLine(command) {
  const text = h("code", {}, command);
  const button = h("button", {type: "button"}, "Copy");
  button.addEventListener("click", async () => {
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(command);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Selected";
    }
  });
  return h("div", {class: "repeat"}, text, button);
}

// The strings of a list in value text, or null if it is no list of strings.
function stringList(text) {
  if (!text || text[0] !== "[" || text.at(-1) !== "]") return null;
  const literal = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|$)/y;
  const escapes = {n: "\n", r: "\r", t: "\t"};
  const plain = (inside) => inside.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/g, (_, x, u, long, other) => {
      const number = x || u || long;
      return number ? String.fromCodePoint(parseInt(number, 16)) : escapes[other] || other;
    });
  const list = [], inside = text.slice(1, -1);
  while (literal.lastIndex < inside.length) {
    const match = literal.exec(inside);
    if (!match) return null;
    list.push(plain(match[1] ?? match[2]));
  }
  return list;
}

// Lines of the two beside each other, those between the first and the last that
// differ marked.
function besides(left, right, titles) {
  let first = 0;
  while (first < Math.max(left.length, right.length) && left[first] === right[first]) ++first;
  let same = 0;
  const least = Math.min(left.length, right.length) - first;
  while (same < least && left.at(-1 - same) === right.at(-1 - same)) ++same;
  const column = (lines, title) => h("div", {}, h("div", {class: "dim"}, title),
    h("pre", {tabindex: 0, "aria-label": title}, lines.map((line, i) => {
      const differs = i >= first && i < lines.length - same;
      return h(differs ? "mark" : "span", {class: "line"}, `${line}\n`);
    })));
  return h("div", {class: "besides"}, column(left, titles[0]), column(right, titles[1]));
}

// What was expected and what came, where two texts side by side say more than two
// values: lines that a program prints, instructions that were written.
function compared(one, said) {
  const printed = [said.expected, said.got].map(stringList);
  if (printed.every((list) => list && list.length))
    return besides(...printed, ["expected", "got"]);
  const outcomes = data.details[one.number]?.outcomes || [];
  const wanted = outcomes.find(([text]) => said.expected.split(" or ").includes(data.texts[text]));
  if (!said.listing || !wanted || !data.texts[wanted[3]]) return null;
  const lines = (text) => text.trimEnd().split("\n");
  return besides(lines(data.texts[wanted[3]]), lines(said.listing),
    ["instructions expected", "instructions got"]);
}

// By whom, where all of these are judged by the same and it is not themselves.
function judgedBy(who) {
  const targets = new Set(who.map((w) => implementations[w].target));
  const [target] = targets;
  const itself = implementations[who[0]].name.endsWith(target);
  return targets.size === 1 && target && !itself ? ` · judged by ${target}` : "";
}

function differenceBlock(one, said) {
  const entry = result(one, said.who[0]);
  const rows = [];
  const row = (label, value) => { if (value) rows.push(h("dt", {}, label), h("dd", {}, value)); };
  const pair = compared(one, said);
  if (!pair || said.listing) {
    row("expected", said.expected && outcome(said.expected));
    row("got", said.got && outcome(said.got));
  }
  if (said.gotAt)
    row("first difference", [code(`at ${said.path || "the root"}: ${said.gotAt}, not ${said.expectedAt}`)]);
  row("detail", said.detail && code(said.detail));
  row("known", said.reason);
  row("behaves as", said.shares && profilesText(said.shares));
  return h("section", {class: "difference"},
    h("h4", {}, chip(entry), " ", whoText(said.who),
      h("span", {class: "dim"}, ` · ${entry.level.replace("-", " ")}${judgedBy(said.who)}`)),
    h("dl", {class: "about"}, rows), pair,
    said.repeat ? repeatLine(said.repeat.replace("{case}", one.id)
      .replace("{impl}", implementations[said.who[0]].name)) : null);
}

function aboutCase(one, detail) {
  const rows = [];
  const row = (label, ...value) => rows.push(h("dt", {}, label), h("dd", {}, value));
  if (detail) {
    row("Why", detail.why);
    row("Source", detail.source);
  }
  row("Where", `${protocolText(one)}, topic `,
    link({view: "cases", topic: one.topic, verdict: "", implementation: "", level: "", text: ""},
      {}, one.topic), detail ? `, ${detail.file}` : "");
  if (detail && detail.options) row("Options", code(detail.options));
  if (detail && detail.word)
    row("Word size", "The outcome depends on it: judged only by oracles of the same size.");
  for (const name of detail ? detail.quirks : []) {
    const [statement, citation] = data.quirks[`${familyOf(one.format)} ${name}`] || ["", ""];
    row("Quirk", h("strong", {}, name), `: ${statement} `, h("span", {class: "dim"}, citation));
  }
  return h("dl", {class: "about"}, rows);
}

// An outcome as it is read best: printed lines, written instructions, a value.
function outcomeText(text, listing) {
  const lines = stringList(text);
  if (lines && lines.length > 1) return h("pre", {tabindex: 0}, lines.join("\n"));
  if (!listing) return outcome(text);
  return [outcome(text, 200), h("pre", {tabindex: 0}, listing)];
}

// What was asked that is no input of bytes.
function askedParts(detail) {
  const titles = {encode: "The value to write", write: "Operations", scenario: "The program"};
  const parts = [];
  if (detail.asked) parts.push(h("h3", {}, titles[detail.operation] || "Asked"),
    h("pre", {tabindex: 0, "aria-label": "Asked"}, detail.asked));
  if (detail.files) parts.push(h("h3", {}, "Files (name, checksum/size)"),
    h("pre", {tabindex: 0, "aria-label": "Files"}, detail.files));
  return parts;
}

function outcomesTable(detail) {
  const counted = detail.outcomes.some(([, consumed]) => consumed >= 0);
  return h("div", {class: "scroll"}, h("table", {}, h("thead", {}, h("tr", {},
    h("th", {scope: "col"}, "Outcome"),
    counted ? h("th", {scope: "col", class: "number"}, "Bytes read") : null,
    h("th", {scope: "col"}, "Profiles"))),
  h("tbody", {}, detail.outcomes.map(([text, consumed, profiles, listing]) => h("tr", {},
    h("td", {}, outcomeText(data.texts[text], data.texts[listing])),
    counted ? h("td", {class: "number"}, consumed < 0 ? "" : String(consumed)) : null,
    h("td", {}, profilesText(data.texts[profiles])))))));
}

const givesTitle = (detail) => ({encode: "What CPython writes",
  inspect: "What CPython's find_class is given"}[detail.operation] || "What CPython gives");

function showCase() {
  const one = byId.get(state.case);
  if (!one) return main.replaceChildren(h("h2", {}, "No such case"), h("p", {}, state.case));
  const detail = data.details[one.number];
  const parts = [h("div", {class: "steps"}, link({view: "cases"}, {}, "← cases"),
    ...neighbours(one).map(([label, other]) => link({case: other.id}, {"data-step": label}, label))),
  h("h2", {class: "code"}, one.id), aboutCase(one, detail)];
  const rank = ({who: [first]}) => {
    const {standing, verdict} = result(one, first);
    return (standing === "differs" ? 100 : 0) + data.verdicts.indexOf(verdict);
  };
  const said = (differences.get(one.number) || []).slice().sort((a, b) => rank(b) - rank(a));
  const passes = implementations.map((_, who) => who)
    .filter((who) => result(one, who)?.standing === "agrees" && !said.some((d) => d.who.includes(who)));
  parts.push(h("h3", {}, "Results"), ...said.map((d) => differenceBlock(one, d)),
    ...["pass", "seen"].map((verdict) => {
      const some = passes.filter((who) => result(one, who).verdict === verdict);
      return some.length ? h("p", {}, h("span", {class: "chip agrees"}, verdict), " ",
        whoText(some)) : "";
    }));
  if (detail) {
    parts.push(...askedParts(detail), h("h3", {}, givesTitle(detail)), outcomesTable(detail));
    if (!detail.asked && !detail.files) parts.push(h("h3", {}, `Bytes (${detail.size})`),
      h("pre", {tabindex: 0, "aria-label": "Bytes"}, hexDump(detail.hex, detail.size)));
    if (detail.listing) parts.push(h("h3", {}, "Instructions"),
      h("pre", {tabindex: 0, "aria-label": "Instructions"}, detail.listing));
  } else {
    parts.push(h("p", {class: "dim"},
      "Its bytes and recorded outcomes are not in this page; they are a command away:"),
    repeatLine(`./assay explain ${one.id}`));
  }
  main.replaceChildren(...parts);
  announce(one.id);
}
function neighbours(one) {
  const list = wantedCases();
  const at = list.indexOf(one);
  if (at < 0) return [];
  return [["previous (k)", list[at - 1]], ["next (j)", list[at + 1]]].filter(([, other]) => other);
}
