// Walks over every view of the page in a headless Chromium: see ../page.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { createInterface } = require("node:readline");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [program, pictures] = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const faults = { all: [], push: (fault) => { faults.all.push(fault); console.error(fault); } };

async function main() {
  const page = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await new Promise((done, failed) => {
    createInterface({ input: page.stdout }).once("line", (text) => done([text]));
    page.once("exit", (code) => failed(new Error(`the page ended with ${code}`)));
  });
  const { address, held, parked, second } = JSON.parse(line);
  // Each: its name, where it is, and what is done there: a form that is sent, or something else.
  const views = [
    ["now", "/"],
    ["now-month", "/?period=30d"],
    ["contracts", "/contracts"],
    ["contracts-filtered", "/contracts?outcome=held&state=pending"],
    ["contract", `/contracts/${held}`],
    ["contract-shown", `/contracts/${held}`, `/contracts/${held}/show`],
    ["decide", `/contracts/${held}/decide`],
    ["decide-shown", `/contracts/${held}/decide`, `/contracts/${held}/decide/show`],
    ["decide-stale", `/contracts/${held}/decide`, chooseOnAnotherPlan, `/contracts/${held}/decide`, seeing("[role=alert]")],
    ["held", "/held"],
    ["parked", "/parked"],
    ["parked-confirm", "/parked", "/parked/retry"],
    ["intake", "/intake"],
    ["mapping", "/mapping"],
    ["mapping-checked", "/mapping", "/mapping/check"],
    ["not-found", `/nothing/${parked}`],
  ];
  // Those of a page with a token and two tenants, beside which no server runs. Whoever has logged in stays so for the views that follow.
  const [here, there] = second.tenants.map((name) => `/t/${name}`);
  const [again, long] = [`${here}/contracts/again`, `${here}/contracts/${second.long}`];
  const logIn = (token) => async (tab) => {
    await tab.locator("#token").fill(token);
    await Promise.all([tab.waitForNavigation(), tab.locator("#token").press("Enter")]);
  };
  const viewsOfSecond = [
    ["log-in", "/log-in"],
    ["log-in-refused", `/log-in?to=${here}`, logIn(`no ${second.token}`), seeing("[role=alert]")],
    ["tenant", `/log-in?to=${here}`, logIn(second.token)],
    ["tenant-switched", `${here}/contracts`, (tab) => follow(tab, `${there}/contracts`)],
    ["again-confirm", `${here}/contracts`, again],
    ["again", `${here}/contracts`, again, again, seeing("progress"), seeing("form[action$='/stop']")],
    ["again-stopped", `${here}/contracts`, again, again, `${here}/again/*/stop`, seeing("progress")],
    ["contract-long", long, (tab) => follow(tab, `${long}?fields=40`)],
    ["contract-long-shown", `${long}?fields=40`, `${long}/show?fields=40`],
    ["contract-long-shown-first", long, `${long}/show`],
  ];
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  for (const javaScriptEnabled of [true, false]) await walkOverFaults(browser, javaScriptEnabled);
  for (const javaScriptEnabled of [true, false]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [360, 1280]) {
        const context = await browser.newContext({ colorScheme, javaScriptEnabled, viewport: { width, height: 800 } });
        for (const view of views) await walk(context, `http://${address}`, view, { colorScheme, width, javaScriptEnabled });
        for (const view of viewsOfSecond) await walk(context, `http://${second.address}`, view, { colorScheme, width, javaScriptEnabled });
        await context.close();
      }
    }
  }
  await browser.close();
  page.stdin.end();
  console.log(`${views.length + viewsOfSecond.length} views, ${faults.all.length} faults`);
  process.exitCode = faults.all.length === 0 ? 0 : 1;
}

// A page with a fault of each kind. What finds none of them here would find none anywhere, and say that all is well.
async function walkOverFaults(browser, javaScriptEnabled) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 800 } });
  const tab = await context.newPage();
  await tab.setContent(`<style>* { outline: none !important }</style><script></script><img src="">
    <p style="width: 500px"><a href="/">seen nowhere</a> <input type="button" disabled></p>`);
  const found = [...await widerThanScreen(tab, 360), ...(await violationsIn(tab)).map(({ id }) => id), ...await reachAll(tab), ...await scriptsIn(tab)];
  for (const fault of ["HTML ", "image-alt", "it is not seen where", "the keyboard reaches 1 of 2", "a script"]) {
    if (!found.some((one) => one.startsWith(fault))) throw new Error(`scripts ${javaScriptEnabled}: "${fault}" is not found: ${found.join("; ")}`);
  }
  await context.close();
}

// Sends a form with the keyboard. `*` in its address is a number.
async function send(tab, action) {
  const [begin, end = ""] = action.split("*");
  const forms = action.includes("*") ? `form[action^="${begin}"][action$="${end}"]` : `form[action="${action}"]`;
  await Promise.all([tab.waitForNavigation(), tab.locator(`${forms} button`).first().press("Enter")]);
}

// Follows a link with the keyboard.
async function follow(tab, address) {
  await Promise.all([tab.waitForNavigation(), tab.locator(`a[href="${address}"]`).first().press("Enter")]);
}

// Nothing is walked over but what is meant.
function seeing(what) {
  return async (tab) => {
    if (await tab.locator(what).count() === 0) throw new Error(`${tab.url()} has no ${what}`);
  };
}

// Chooses something, on a plan that is not the one that there is: as if something had changed meanwhile.
async function chooseOnAnotherPlan(tab) {
  await tab.locator("input[value=card]").first().press("Space");
  await tab.evaluate(() => { document.querySelector("input[name=plan]").value = "0".repeat(64); });
}

async function walk(context, origin, [name, address, ...steps], { colorScheme, width, javaScriptEnabled }) {
  const tab = await context.newPage();
  const where = `${name}, ${colorScheme}, ${width} px, scripts ${javaScriptEnabled ? "on" : "off"}`;
  // What the policy stops is told here. A picture for the tab is none of ours.
  tab.on("console", (message) => {
    const isOurs = !message.text().includes("favicon") && !/status of 40[34]/.test(message.text());
    if (message.type() === "error" && isOurs) faults.push(`${where}: ${message.text()}`);
  });
  await tab.goto(origin + address);
  for (const step of steps) await (typeof step === "string" ? send(tab, step) : step(tab));
  for (const one of await widerThanScreen(tab, width)) faults.push(`${where}: too wide: ${one}`);
  for (const { id, nodes } of await violationsIn(tab)) faults.push(`${where}: ${id}: ${nodes.join(" | ")}`);
  for (const one of [...await reachAll(tab), ...await scriptsIn(tab)]) faults.push(`${where}: ${one}`);
  if (javaScriptEnabled) await tab.screenshot({ path: path.join(pictures, `${name}-${colorScheme}-${width}.png`), fullPage: true });
  await tab.close();
}

// Neither the page nor a part of it is wider than the screen. On a wide one a table may be moved by itself.
async function widerThanScreen(tab, width) {
  return tab.evaluate((all) => {
    const boxes = all ? [...document.querySelectorAll("body, body *")] : [];
    const over = (one) => one.scrollWidth - one.clientWidth;
    const moves = boxes.filter((one) => over(one) > 1 && ["auto", "scroll"].includes(getComputedStyle(one).overflowX));
    return [document.documentElement, ...moves].filter((one) => over(one) > 0).map((one) => `${one.tagName} ${one.className}: ${over(one)} px`);
  }, width <= 360);
}

// The page has none, so that whoever switches them off has the same page.
async function scriptsIn(tab) {
  const count = await tab.locator("script").count();
  return count === 0 ? [] : [`a script: ${count}`];
}

// What axe-core finds. It runs in a world of its own, where the page and its policy do not matter. Where scripts are off no timer ever ends there either, so
// what axe-core puts off for a moment is done at once; its time limits are left out.
async function violationsIn(tab) {
  const session = await tab.context().newCDPSession(tab);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "axe" });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression, contextId: executionContextId, awaitPromise: true, returnByValue: true, timeout: 60_000,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await evaluate("globalThis.setTimeout = (act, delay = 0, ...rest) => { if (delay < 1000) Promise.resolve().then(() => act(...rest)); return 0; }; 0");
  await evaluate(`${axe}; 0`);
  const found = await evaluate(`axe.run(document, { preload: false }).then(({ violations }) =>
    violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html).slice(0, 3) })))`);
  await session.detach();
  return found;
}

// Whether the keyboard alone comes to everything that can be pressed or filled in, and whether one sees where it is.
async function reachAll(tab) {
  const wrong = [];
  const { all, begun } = await tab.evaluate(() => {
    const seen = [...document.querySelectorAll("a[href], button, select, input:not([type=hidden]), [tabindex='0']")];
    // A field that is to be filled in first has the keyboard from the beginning.
    const first = document.activeElement;
    const begun = first?.autofocus === true && getComputedStyle(first).outlineStyle !== "none";
    if (begun) first.dataset.reached = "yes";
    else first?.blur?.();
    // Of the choices of one field, the keyboard stops at one.
    const groups = new Set(seen.filter((one) => one.type === "radio").map((one) => one.name));
    return { all: seen.filter((one) => one.type !== "radio").length + groups.size, begun };
  });
  let reached = begun ? 1 : 0;
  for (let step = 0; step < all + 5; step += 1) {
    await tab.keyboard.press("Tab");
    const state = await tab.evaluate(() => {
      const one = document.activeElement;
      if (one === null || one === document.body) return "none";
      const again = one.dataset.reached !== undefined;
      one.dataset.reached = "yes";
      if (again) return "again";
      return getComputedStyle(one).outlineStyle === "none" ? "unseen" : "seen";
    });
    if (state === "none" || state === "again") break;
    if (state === "unseen") wrong.push("it is not seen where the keyboard is");
    reached += 1;
  }
  if (reached < all) wrong.push(`the keyboard reaches ${reached} of ${all}`);
  return wrong;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
