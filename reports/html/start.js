// Putting it together: views by address, filters, keys.


const views = {matrix: showMatrix, cases: showCases, case: showCase, files: showFiles, changes: showChanges,
  charts: showCharts, help: showHelp};
function announce(text) { $("status").textContent = text; }

function show() {
  const before = state.view + (state.case || "");
  readAddress();
  if (!views[state.view]) state.view = "matrix";
  showFilters();
  for (const item of document.querySelectorAll("nav a")) {
    const current = item.dataset.view === (state.view === "case" ? "cases" : state.view);
    if (current) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
    item.href = address({view: item.dataset.view});
  }
  views[state.view]();
  if (before !== "undefined" && before !== state.view + (state.case || "")) {
    main.focus({preventScroll: true});
    scrollTo(0, 0);
  }
}

function start() {
  const {run} = data;
  $("facts").textContent = [plural(cases.length, "case"),
    plural(implementations.length, "implementation"), run.started.replace("T", " ").replace("Z", " UTC"),
    run.machine, run.assay && `Assay ${run.assay}`].filter(Boolean).join(" · ");
  if (!data.crossings.length) document.querySelector('[data-view="files"]').classList.add("dim");
  if (!data.changes) document.querySelector('[data-view="changes"]').classList.add("dim");
  fillFilters();
  $("sieve").open = innerWidth > 46 * 16;
  for (const name of filterNames) {
    const field = $(name);
    const typed = field.tagName === "INPUT";
    field.addEventListener(typed ? "input" : "change", () => {
      const next = address({view: state.view, [name]: field.value});
      if (typed) {
        history.replaceState(null, "", next);
        show();
      } else {
        location.hash = next;
      }
    });
  }
  $("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    $("text").value = "";
    location.hash = "#view=" + state.view;
  });
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", show);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && state.view === "case") location.hash = address({view: "cases"});
    if (typing) return;
    if (event.key === "/" && !$("sieve").hidden) {
      event.preventDefault();
      $("sieve").open = true;
      $("text").focus();
    }
    const step = {j: "next (j)", k: "previous (k)"}[event.key];
    if (step) document.querySelector(`[data-step="${step}"]`)?.click();
  });
  show();
}
start();
