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

function differenceBlock(one, said) {
  const entry = result(one, said.who[0]);
  const rows = [];
  const row = (label, value) => { if (value) rows.push(h("dt", {}, label), h("dd", {}, value)); };
  row("expected", said.expected && outcome(said.expected));
  row("got", said.got && outcome(said.got));
  if (said.gotAt || said.expectedAt)
    row("first difference", [code(`at ${said.path || "the root"}: ${said.gotAt}, not ${said.expectedAt}`)]);
  row("detail", said.detail && code(said.detail));
  row("known", said.reason);
  row("behaves as", said.shares && profilesText(said.shares));
  return h("section", {class: "difference"},
    h("h4", {}, chip(entry), " ", whoText(said.who),
      h("span", {class: "dim"}, ` · ${entry.level.replace("-", " ")}`)),
    h("dl", {class: "about"}, rows),
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
  row("Where", `${one.format}${one.protocol < 0 ? "" : ` ${protocolWord(one.format)} ${one.protocol}`}, topic `,
    link({view: "cases", topic: one.topic, verdict: "", implementation: "", level: "", text: ""},
      {}, one.topic), detail ? `, ${detail.file}` : "");
  if (detail && detail.options) row("Options", code(detail.options));
  if (detail && detail.word)
    row("Word size", "The outcome depends on it: judged only by oracles of the same size.");
  for (const name of detail ? detail.quirks : []) {
    const [statement, citation] = data.quirks[`${one.format} ${name}`] || ["", ""];
    row("Quirk", h("strong", {}, name), `: ${statement} `, h("span", {class: "dim"}, citation));
  }
  return h("dl", {class: "about"}, rows);
}

function outcomesTable(detail) {
  return h("div", {class: "scroll"}, h("table", {}, h("thead", {}, h("tr", {},
    h("th", {scope: "col"}, "Outcome"), h("th", {scope: "col", class: "number"}, "Bytes read"),
    h("th", {scope: "col"}, "Profiles"))),
  h("tbody", {}, detail.outcomes.map(([text, consumed, profiles]) => h("tr", {},
    h("td", {}, outcome(data.texts[text])),
    h("td", {class: "number"}, consumed < 0 ? "" : String(consumed)),
    h("td", {}, profilesText(data.texts[profiles])))))));
}

function showCase() {
  const one = byId.get(state.case);
  if (!one) return main.replaceChildren(h("h2", {}, "No such case"), h("p", {}, state.case));
  const detail = data.details[one.number];
  const parts = [h("div", {class: "steps"}, link({view: "cases"}, {}, "← cases"),
    ...neighbours(one).map(([label, other]) => link({case: other.id}, {"data-step": label}, label))),
  h("h2", {class: "code"}, one.id), aboutCase(one, detail)];
  const said = (differences.get(one.number) || []).slice()
    .sort((a, b) => data.verdicts.indexOf(result(one, b.who[0]).verdict) -
      data.verdicts.indexOf(result(one, a.who[0]).verdict));
  const passes = implementations.map((_, who) => who)
    .filter((who) => result(one, who)?.verdict === "pass" && !said.some((d) => d.who.includes(who)));
  parts.push(h("h3", {}, "Results"), ...said.map((d) => differenceBlock(one, d)),
    passes.length ? h("p", {}, h("span", {class: "chip agrees"}, "pass"), " ", whoText(passes)) : "");
  if (detail) {
    parts.push(h("h3", {}, "What CPython gives"), outcomesTable(detail),
      h("h3", {}, `Bytes (${detail.size})`),
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
