// Drives Chromium over a real report: `./assay report-test` makes one and sets
// REPORT (its file), OLD_REPORT (one with changes) and SHOTS (a folder or empty).
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {statSync} from "node:fs";
import {pathToFileURL} from "node:url";
import {chromium} from "playwright-core";

const report = pathToFileURL(process.env.REPORT).href;
const withChanges = pathToFileURL(process.env.OLD_REPORT).href;
let browser, page, complaints;

before(async () => {
  browser = await chromium.launch({executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox"]});
});
after(() => browser.close());

async function open(hash = "", options = {}, address = report) {
  const context = await browser.newContext(
    {viewport: {width: 1280, height: 900}, offline: true, ...options});
  page = await context.newPage();
  complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(address + hash);
  await page.waitForSelector("main h2");
}
async function done(name) {
  if (process.env.SHOTS && name)
    await page.screenshot({path: `${process.env.SHOTS}/${name}.png`});
  assert.deepEqual(complaints, []);
  await page.context().close();
}
const heading = () => page.locator("main h2").first().innerText();
const columns = async () => page.evaluate(() =>
  document.documentElement.scrollWidth <= document.documentElement.clientWidth);

test("the file is small, and opens quickly", async () => {
  assert.ok(statSync(process.env.REPORT).size < 5e6);
  await open();
  const ready = await page.evaluate(() =>
    performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
  assert.ok(ready < 3000, `${ready} ms; under 1000 on an idle machine`);
  await done("matrix-light");
});

test("the matrix leads to the cases that differ, and these to a case", async () => {
  await open();
  const cell = page.locator("table.matrix td.bad a").first();
  const label = await cell.getAttribute("aria-label");
  const [agree, judged] = label.match(/\d+/g).map(Number);
  await cell.click();
  assert.match(await heading(), new RegExp(`^${judged - agree} cases? in`));
  assert.equal(await page.locator("#verdict").inputValue(), "!differs");
  const folded = page.locator("main button.fold[aria-expanded=false]").first();
  if (await folded.count()) await folded.click();
  await page.locator("tr.case th a").first().click();
  await page.waitForSelector("text=What CPython gives");
  const result = page.locator(".difference", {has: page.locator(".chip.differs")}).first();
  assert.match(await result.innerText(), /expected[^]+got/);
  for (const part of ["Why", "Source", "Results", "Bytes (", "Instructions"])
    assert.ok(await page.locator("main", {hasText: part}).count(), part);
  assert.match(await page.locator(".repeat code").first().innerText(),
    /^\.\/assay explain \S+ --impl '?reference@cpython-\d/);
  await page.goBack();
  assert.match(await heading(), /cases? in/);
  await done();
});

test("operations have matrices of their own, which the buttons above lead to", async () => {
  await open();
  const titles = await page.locator("main h2").allInnerTexts();
  for (const title of ["pickle", "pickle, writing", "pickle, inspecting", "marshal"])
    assert.ok(titles.includes(title), `${title} is not among ${titles}`);
  await page.locator(".jumps button", {hasText: "pickle, inspecting"}).click();
  const top = await page.locator("h2", {hasText: "pickle, inspecting"})
    .evaluate((head) => head.getBoundingClientRect().top);
  assert.ok(top > -50 && top < 900, `${top}`);
  await page.locator("#format").selectOption("pickle*");
  await page.waitForFunction(() => ![...document.querySelectorAll("main h2")]
    .some((head) => head.innerText.startsWith("marshal")));
  await page.locator("#format").selectOption("pickle:encode");
  await page.waitForFunction(() => document.querySelectorAll("main h2").length === 1);
  assert.equal(await heading(), "pickle, writing");
  await done("matrix-writing");
});

// The first case of a format on which somebody differs, or the first of all.
const caseOf = (format) => page.evaluate((format) => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const of = data.cases.map((one, i) => [one[0], data.texts[one[1]], i])
    .filter((one) => one[1] === format && data.details[one[2]]);
  const differs = new Set(data.differences.map((one) => one[0]));
  return (of.find((one) => differs.has(one[2])) || of[0])?.[0];
}, format);

test("a case of writing shows the value, the bytes, and both disassemblies", async () => {
  await open();
  const id = await caseOf("pickle:encode");
  assert.ok(id, "a case of pickle:encode");
  await open(`#case=${id}`);
  const text = await page.locator("main").innerText();
  for (const part of ["The value to write", "What CPython writes", "STOP"])
    assert.ok(text.includes(part), `${part} in ${id}`);
  await done("case-writing");
});

test("a case of inspecting shows what find_class is given", async () => {
  await open();
  const id = await caseOf("pickle:inspect");
  assert.ok(id, "a case of pickle:inspect");
  await open(`#case=${id}`);
  const text = await page.locator("main").innerText();
  for (const part of ["find_class is given", "global(", "Instructions"])
    assert.ok(text.includes(part), `${part} in ${id}`);
  await done("case-inspecting");
});

test("rows that look alike are one row, which opens", async () => {
  await open();
  const hidden = page.locator("tr.alike");
  const count = await hidden.count();
  assert.ok(count >= 3);
  assert.equal(await page.locator("tr.alike:visible").count(), 0);
  await page.locator("table.matrix button.fold").first().click();
  assert.ok(await page.locator("tr.alike:visible").count() >= 3);
  await done();
});

test("each filter leaves what it says", async () => {
  await open("#view=cases");
  const all = Number((await heading()).replace(",", "").match(/\d+/)[0]);
  const count = async () => Number((await heading()).replace(",", "").match(/\d+/)[0]);
  for (const [filter, value] of [["protocol", "0"], ["topic", "int-text"], ["level", "divergent"],
    ["verdict", "wrong-value"], ["feature", "LONG1"],
    ["implementation", "reference@cpython-2.7-c"]]) {
    await page.locator(`#${filter}`).selectOption(value);
    await page.waitForFunction((v) => decodeURIComponent(location.hash).includes(v), value);
    const some = await count();
    assert.ok(filter === "implementation" || some < all, filter);
    assert.ok(some > 0, filter);
    await page.locator("button[type=reset]").click();
    await page.waitForFunction((n) => document.querySelector("main h2").innerText
      .replace(",", "").startsWith(n), String(all));
  }
  await page.locator("#text").fill("leading-zero-ten");
  assert.match(await heading(), /^\d cases? in/);
  assert.match(page.url(), /text=leading-zero-ten/);
  await page.locator("#text").fill("no such case");
  assert.match(await page.locator("main").innerText(), /No case fits/);
  await done();
});

test("the keyboard is enough", async () => {
  await open("#view=cases&topic=int-text");
  await page.keyboard.press("/");
  await page.keyboard.type("leading");
  await page.waitForFunction(() => location.hash.includes("text=leading"));
  await page.locator("tr.case th a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("text=What CPython gives");
  const first = await heading();
  await page.keyboard.press("j");
  await page.waitForFunction((was) => document.querySelector("main h2").innerText !== was, first);
  await page.keyboard.press("k");
  await page.waitForFunction((was) => document.querySelector("main h2").innerText === was, first);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => / in \d+ topic/.test(document.querySelector("main h2").innerText));
  // From the top, Tab reaches the link over the head, then the views.
  await page.goto(report);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Matrix");
  await done();
});

test("charts show every opcode and how CPythons agree", async () => {
  await open("#view=charts", {colorScheme: "dark"});
  const features = await page.evaluate(() =>
    JSON.parse(document.getElementById("data").textContent).features.length);
  assert.ok(features >= 68, "pickle has 68 opcodes");
  assert.equal(await page.locator(".bars tbody tr").count(), features);
  const width = await page.locator(".bars .track span").first()
    .evaluate((bar) => bar.getBoundingClientRect().width);
  assert.ok(width > 5, "the bars are seen");
  const heat = page.locator("h2:text-is('pickle: how far CPythons agree with each other') ~ " +
    "div .heat").first();
  const profiles = await heat.locator("tbody tr").count();
  assert.ok(profiles >= 22);
  assert.equal(await heat.locator("tbody td").count(), profiles * profiles);
  await page.locator(".bars a", {hasText: /^LONG4$/}).click();
  assert.match(await heading(), /cases? in/);
  await done("cases-dark");
});

test("changes since an older run are listed and lead to their cases", async () => {
  await open("#view=changes", {}, withChanges);
  assert.match(await page.locator("main").innerText(), /[1-9]\d* regression/);
  await page.locator("main table a").first().click();
  await page.waitForSelector("text=What CPython gives");
  await done("case-light");
  await open("#view=changes");
  assert.match(await page.locator("main").innerText(), /--since OLD-DIR/);
  await done();
});

test("whose files open in what, by writer and by reader", async () => {
  await open("#view=files");
  assert.match(await heading(), /^dbm: files written by A, opened by B/);
  const table = page.locator("table.crossing").first();
  const rows = await table.locator("tbody tr").count();
  assert.ok(rows > 30);
  assert.ok(await table.locator("td.good", {hasText: "yes"}).count() > 30);
  await page.fill("#text", "numsync");
  await page.waitForFunction((before) =>
    document.querySelectorAll("table.crossing tbody tr").length < before, rows);
  assert.match(await table.locator("tbody th").first().innerText(), /GDBM_NUMSYNC/);
  await done("files-light");
});

test("the help is made of terms and what they mean", async () => {
  await open("#view=help");
  assert.ok(!(await page.locator("main").innerText()).includes("[object"));
  assert.ok(await page.locator("dl.about dt").count() > 5);
  await done();
});

test("narrow screens, light and dark, scroll nothing sideways but tables", async () => {
  for (const colorScheme of ["light", "dark"])
    for (const view of ["matrix", "cases&topic=int-text", "files", "charts", "help"]) {
      await open(`#view=${view}`, {viewport: {width: 360, height: 740}, colorScheme});
      assert.ok(await columns(), `${view} is wider than the screen`);
      await done(view === "matrix" && `matrix-narrow-${colorScheme}`);
    }
  await open("#case=int/leading-zero-ten", {viewport: {width: 360, height: 740}});
  assert.ok(await columns(), "a case is wider than the screen");
  await done("case-narrow");
});

test("text has contrast in both schemes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await open("#view=cases&topic=int-text", {colorScheme});
    const weak = await page.evaluate(() => {
      const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
      const light = (colour) => {
        const [r, g, b] = channels(colour).slice(0, 3).map((c) => c / 255)
          .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = (element) => {
        for (let e = element; e; e = e.parentElement) {
          const colour = getComputedStyle(e).backgroundColor;
          if (channels(colour)[3] !== 0) return colour;
        }
        return "rgb(255, 255, 255)";
      };
      const found = [];
      for (const element of document.querySelectorAll("main *, nav a, header p, label")) {
        if (![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
        const [a, b] = [getComputedStyle(element).color, behind(element)].map(light);
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) found.push(`${element.className} ${contrast.toFixed(1)}`);
      }
      return [...new Set(found)];
    });
    assert.deepEqual(weak, []);
    await done();
  }
});
