// Files written by A, opened by B: the matrices of `assay cross`.

const crossingText = ({read, other, refused}, files) =>
  read === files ? "yes" : read ? `${read}/${files}` : other ? "other" : "no";

function crossingCell(cell, files, what) {
  const kind = cell.read === files ? "good" : cell.other ? "bad" : cell.read ? "known" : "none";
  const notes = [`${cell.read} of ${plural(files, "file")} with exactly what was stored`,
    cell.other && `${cell.other} with other entries`, cell.refused && `${cell.refused} refused`];
  return h("td", {class: kind, title: `${what}: ${notes.filter(Boolean).join(", ")}`},
    h("span", {}, crossingText(cell, files), cell.other && cell.read
      ? h("small", {}, `${cell.other} otherwise`) : null));
}

// A, B, … Z, AA, …
const letter = (i) => (i < 26 ? "" : letter(Math.floor(i / 26) - 1)) +
  String.fromCharCode(65 + i % 26);

function crossingSection({format, families, readers}) {
  const text = (state.text || "").toLowerCase();
  const rows = families.map((family, number) => ({...family, number})).filter(({name, writers}) =>
    `${name} ${writers.join(" ")}`.toLowerCase().includes(text));
  const columns = readers.map((reader, number) => ({...reader, letter: letter(number)}))
    .filter((reader) => !state.implementation ||
      reader.implementations.includes(state.implementation));
  if (!rows.length || !columns.length) return null;
  const table = h("table", {class: "matrix crossing"},
    h("caption", {class: "unseen"}, `${format}: whose files open in what`),
    h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Files of"), columns.map((reader) =>
      h("th", {scope: "col", title: reader.implementations.join(", ")}, reader.letter,
        h("span", {class: "target"}, reader.module))))),
    h("tbody", {}, rows.map((family) => h("tr", {},
      h("th", {scope: "row"}, family.writers.join("; "),
        h("span", {class: "target"}, `${family.name}, ${plural(family.files, "file")}`)),
      columns.map((reader) => crossingCell(reader.cells[family.number], family.files,
        `${reader.module} of ${reader.implementations[0]}`))))));
  return h("section", {}, h("h2", {}, `${format}: files written by A, opened by B`),
    h("div", {class: "scroll"}, table),
    h("dl", {class: "about"}, columns.map((reader) => [h("dt", {}, `${reader.letter} `,
      code(reader.module)), h("dd", {}, reader.implementations.join(", "))])));
}

function showFiles() {
  if (!data.crossings.length) {
    main.replaceChildren(h("h2", {}, "Files written by A, opened by B"),
      h("p", {}, "Nothing in the folder of this run says so. To find out, and to put it here:"),
      repeatLine("./assay cross --format dbm --out DIR && ./assay report DIR"));
    return;
  }
  const sections = data.crossings.map(crossingSection).filter(Boolean);
  main.replaceChildren(...(sections.length ? sections
    : [h("h2", {}, "Files written by A, opened by B"), h("p", {}, "Nothing fits these filters.")]),
  h("p", {class: "legend"}, h("span", {}, "yes: every file, with exactly what was stored"),
    h("span", {}, "k/n: k of n files"), h("span", {}, "other: opened, with other entries"),
    h("span", {}, "no: refused")));
  announce(plural(sections.length, "matrix", "es"));
}
