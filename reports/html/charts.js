// What changed since an older run; charts; how to read all this.

// ---- Changes since an older run.

function showChanges() {
  const changes = data.changes;
  if (!changes) {
    main.replaceChildren(h("h2", {}, "Changes"),
      h("p", {}, "This page was made of one run. To see what changed since an older one:"),
      repeatLine("./assay report DIR --since OLD-DIR"));
    return;
  }
  const wanted = changes.list.filter(([, who, id, before, after]) => {
    const one = byId.get(id);
    if (state.implementation && who !== state.implementation) return false;
    if (state.verdict && !verdictGroups[state.verdict] && before !== state.verdict &&
        after !== state.verdict) return false;
    return one ? caseWanted(one) : !state.text || id.includes(state.text);
  });
  const parts = [h("h2", {}, "Changes since the older run"),
    h("p", {}, Object.entries(changes.counts).map(([kind, count]) => `${count} ${kind}`).join(", ") +
      `; ${changes.same.toLocaleString("en")} as before.`)];
  for (const [before, after] of changes.renamed)
    parts.push(h("p", {}, `${after} is compared with ${before}.`));
  if (changes.new_implementations.length)
    parts.push(h("p", {}, `New: ${changes.new_implementations.join(", ")}.`));
  if (changes.gone_implementations.length)
    parts.push(h("p", {}, `Gone: ${changes.gone_implementations.join(", ")}.`));
  for (const kind of ["regression", "new", "changed", "fix", "gone"]) {
    const some = wanted.filter((change) => change[0] === kind);
    if (!some.length) continue;
    parts.push(h("h3", {}, `${kind} (${some.length})`), h("div", {class: "scroll"},
      h("table", {class: "cases"}, h("thead", {}, h("tr", {},
        ["Case", "Implementation", "Before", "Now"].map((t) => h("th", {scope: "col"}, t)))),
      h("tbody", {}, some.slice(0, 500).map(([, who, id, before, after]) => h("tr", {},
        h("th", {scope: "row"}, byId.has(id) ? caseLink(byId.get(id)) : id), h("td", {}, who),
        h("td", {}, before || "not asked"), h("td", {}, after || "not asked")))))));
    if (some.length > 500) parts.push(h("p", {}, `… and ${some.length - 500} more.`));
  }
  if (changes.left_out) parts.push(h("p", {}, `${changes.left_out} more are not in this page.`));
  main.replaceChildren(...parts);
  announce(plural(wanted.length, "change"));
}

// ---- Charts.

// Cases of every operation on a format use its opcodes.
const featureFormat = (family) => data.formats.filter((m) => m.family === family).length > 1
  ? `${family}*` : family;

function coverageChart(format) {
  const rows = data.features.filter((feature) => feature[0] === format);
  const who = chosen();
  const counts = rows.map(([, , , users]) => {
    const count = {agrees: 0, differs: 0, "not-judged": 0, all: users.length};
    for (const number of users) {
      const entries = who.map((w) => result(cases[number], w)).filter(Boolean);
      const kind = entries.some((e) => e.standing === "differs") ? "differs"
        : entries.some((e) => e.standing !== "not-judged") ? "agrees" : "not-judged";
      ++count[kind];
    }
    return count;
  });
  const most = Math.max(1, ...counts.map((count) => count.all));
  return h("div", {class: "scroll"}, h("table", {class: "bars"}, h("thead", {}, h("tr", {},
    h("th", {scope: "col"}, "Name"), h("th", {scope: "col"}, "Since"),
    h("th", {scope: "col", class: "number"}, "Cases"),
    h("th", {scope: "col", class: "number"}, "With a difference"), h("th", {}))),
  h("tbody", {}, rows.map(([, protocol, name], i) => {
    const count = counts[i];
    const length = 100 * Math.log(1 + count.all) / Math.log(1 + most);
    const share = (kind) => h("span", {class: kind,
      style: `width: ${count.all ? length * count[kind] / count.all : 0}%`});
    return h("tr", {}, h("th", {scope: "row"},
      link({view: "cases", feature: name, format: featureFormat(format)}, {class: "code"}, name)),
    h("td", {}, protocol < 0 ? "" : `${protocolWord(format)} ${protocol}`),
    h("td", {class: "number"}, String(count.all)),
    h("td", {class: "number"}, count.differs ? String(count.differs) : ""),
    h("td", {class: "bar", "aria-hidden": "true"}, h("div", {class: "track"},
      share("agrees"), share("differs"), share("not-judged"))));
  }))));
}

function agreementChart(table) {
  const asked = (a, b) => table[Math.max(a, b)][Math.min(a, b)];
  const order = data.profiles.map((_, i) => i).filter((i) => asked(i, i)[0]).sort((a, b) => {
    const lane = (i) => data.profiles[i].split("-")[2] === "c" ? 0 : 1;
    return lane(a) - lane(b) || a - b;
  });
  const name = (i) => data.profiles[i].replace(/^cpython-/, "").replace(/-32$/, "");
  const percent = (a, b) => asked(a, b)[0] ? 100 * asked(a, b)[1] / asked(a, b)[0] : NaN;
  const values = order.flatMap((a) => order.map((b) => percent(a, b)))
    .filter((value) => !Number.isNaN(value));
  const least = Math.min(...values, 99);
  return h("div", {class: "scroll"}, h("table", {class: "heat"}, h("thead", {}, h("tr", {},
    h("td", {}), order.map((b) => h("th", {scope: "col"}, name(b))))),
  h("tbody", {}, order.map((a) => h("tr", {}, h("th", {scope: "row"}, name(a)),
    order.map((b) => {
      const value = percent(a, b);
      const part = Number.isNaN(value) ? 0 : (value - least) / (100 - least);
      return h("td", {style: `background: hsl(${20 + 120 * part} 55% ${72 - 6 * part}%)`,
        title: `${name(a)} and ${name(b)}`},
      Number.isNaN(value) ? "" : value === 100 ? "100" : value.toFixed(1));
    }))))));
}

function showCharts() {
  const parts = [];
  for (const format of [...new Set(data.features.map((feature) => feature[0]))]) {
    if (state.format && familyOf(state.format.replace("*", "")) !== format) continue;
    const some = data.features.filter((f) => f[0] === format);
    if (!some.some((feature) => feature[3].length)) continue;
    const kind = format === "marshal" ? "type" : "opcode";
    parts.push(h("h2", {}, `${format}: cases by ${kind}`),
      h("p", {class: "dim"}, `${some.filter((f) => f[3].length).length} of ${some.length} ${kind}s ` +
        "are used. A bar's length is logarithmic; its red part is the share of cases on which " +
        `${state.implementation || "some implementation"} differs.`),
      coverageChart(format));
  }
  for (const [format, table] of Object.entries(data.agreement)) {
    const wanted = !state.format || state.format === format ||
      state.format === `${familyOf(format)}*`;
    if (!wanted || !formats.has(format)) continue;
    parts.push(h("h2", {}, `${formats.get(format).title}: how far CPythons agree with each other`),
      h("p", {class: "dim"}, "Of the cases that both were asked, per cent with the same outcome: " +
        "value, or class of the exception. Python 2's str are bytes, which makes most values " +
        "differ from Python 3's. C lanes first, then pure Python."),
      agreementChart(table));
  }
  if (!parts.length)
    parts.push(h("h2", {}, "Charts"), h("p", {}, "This page was made without the corpus."));
  main.replaceChildren(...parts);
}

// ---- How to read this.

function showHelp() {
  const list = (entries) => h("dl", {class: "about"}, entries.map(([term, text]) =>
    [h("dt", {}, term), h("dd", {}, text)]));
  main.replaceChildren(h("h2", {}, "How to read this"),
    h("p", {}, "Each case is an input, asked of every implementation. What is expected is what " +
      "CPythons were recorded to do, never what somebody thinks is right. A CPython is judged by " +
      "its own recorded outcomes, the reference as a profile by that profile's, everything else " +
      "by the CPythons named below it."),
    h("h3", {}, "Verdicts"), list([
      ["pass", "The outcome the target gives."],
      ["lossy", "The same, as far as what the adapter says it cannot tell apart."],
      ["wrong-value", "Accepted, with another value."],
      ["rejected-valid", "The target accepts it."],
      ["accepted-invalid", "The target rejects it."],
      ["wrong-error", "Another exception class, from who claims Python's."],
      ["wrong-consumed", "The right value, another number of bytes read."],
      ["other-bytes", "Written in other bytes than the target's, and read as the same value."],
      ["wrong-bytes", "Likewise, by who imitates a profile; or opcodes of a later protocol."],
      ["seen, missed", "An inspector lists every global that the target looks up; or not."],
      ["failed-closed", "An inspector refused the input, which hides nothing."],
      ["crash, timeout, out-of-memory", "The process died, did not answer, outgrew its limit."],
      ["state-dependent", "Another answer when the case runs alone."],
      ["adapter-error", "The adapter broke the protocol."],
      ["unsupported, skipped", "Not claimed; nothing to judge by."]]),
    h("h3", {}, "Levels"), list([
      ["must", "Every CPython of the target agrees."],
      ["may differ", "All reject, by different exception classes."],
      ["divergent", "They differ on the value or on acceptance: any of their outcomes is allowed, " +
        "and the case names whose behaviour an implementation shares."]]),
    h("h3", {}, "Keys"), list([["/", "to the search field"], ["j, k", "next and previous case"],
      ["Esc", "from a case back to the list"]]));
}
