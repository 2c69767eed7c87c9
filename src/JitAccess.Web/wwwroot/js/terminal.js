// The terminal page: xterm.js on a session's link. The bar's parts are marked with data-part in the page.
import { Terminal } from "../lib/xterm/xterm.mjs";
import { FitAddon } from "../lib/xterm/addon-fit.mjs";
import { WebLinksAddon } from "../lib/xterm/addon-web-links.mjs";
import { SearchAddon } from "../lib/xterm/addon-search.mjs";
import { SessionLink } from "./session-link.js";

const FONT_KEY = "jit-terminal-font", SMALLEST = 8, LARGEST = 32, USUAL = 14;
const SOON = 5 * 60 * 1000;

const theme = {
  background: "#0c0f14", foreground: "#d7dce5", cursor: "#d7dce5", cursorAccent: "#0c0f14", selectionBackground: "#3a4680",
  black: "#1f242d", red: "#ff9398", green: "#7ad39b", yellow: "#f1bd60", blue: "#9fb0ff", magenta: "#d9a3f0", cyan: "#7cc8e4", white: "#d7dce5",
  brightBlack: "#707b8d", brightRed: "#ffb3b6", brightGreen: "#9fe3b8", brightYellow: "#f6d493", brightBlue: "#bcc8ff", brightMagenta: "#e6c1f6", brightCyan: "#a5dcf0", brightWhite: "#ffffff",
};
const marks = { matchBackground: "#5f491b", matchOverviewRuler: "#d79c38", activeMatchBackground: "#bd7304", activeMatchColorOverviewRuler: "#f1bd60" };

const keys = { Escape: "\x1b", Tab: "\t", "|": "|", "/": "/", "-": "-" };
const arrows = { ArrowUp: "A", ArrowDown: "B", ArrowRight: "C", ArrowLeft: "D" };

// Private windows may refuse storage; the usual size is then good enough.
const stored = () => { try { return Number(localStorage.getItem(FONT_KEY)) || USUAL; } catch { return USUAL; } };
const store = size => { try { localStorage.setItem(FONT_KEY, size); } catch { /* kept for this page only */ } };

/** Opens the terminal in an element that holds the page's parts; `data-socket` names its socket. */
export function openTerminal(root) {
  const part = name => root.querySelector(`[data-part="${name}"]`);
  const leaving = new AbortController();
  const listen = (target, type, handler) => target?.addEventListener(type, handler, { signal: leaving.signal });
  const encoder = new TextEncoder();

  const terminal = new Terminal({
    allowProposedApi: true, // decorations of the search
    cursorBlink: true,
    fontFamily: getComputedStyle(root).getPropertyValue("--mono") || "monospace",
    fontSize: stored(),
    lineHeight: 1.2,
    scrollback: 20_000,
    theme,
  });
  const fit = new FitAddon(), search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon());
  terminal.open(part("screen"));

  // --- the link ---
  let replaying = 0, isCtrlHeld = false;
  const say = (text, tone = "") => {
    const status = part("status");
    if (status.textContent !== text) status.textContent = text;
    status.hidden = text === "";
    status.dataset.tone = tone;
  };
  let connection = "connecting", isOnline = false;
  const showConnection = () => say(
    !isOnline ? "Connection lost. Trying again. What you type now is not sent."
      : connection === "interrupted" ? "The connection to the node was lost. Resuming. What you type is sent then."
        : connection === "connecting" ? "Connecting to the node…" : "");

  // --- who writes, who watches ---
  const watches = "watch" in root.dataset;
  let hasKeyboard = !watches, isPaused = false;
  const showKeyboard = () => {
    terminal.options.disableStdin = !hasKeyboard || isPaused || "ended" in root.dataset;
    const elsewhere = part("elsewhere");
    if (elsewhere) elsewhere.hidden = hasKeyboard;
    // The page that writes sets the size; the others show what fits.
    if (hasKeyboard && terminal.cols) link?.resize(terminal.cols, terminal.rows);
  };
  const showWatchers = ({ watchers, paused }) => {
    isPaused = paused;
    const sign = part("watched");
    if (sign) {
      part("watchers").textContent = paused ? "Paused until a second person watches" : `Watched by ${watchers.join(", ")}`;
      sign.hidden = !paused && watchers.length === 0;
    }
    showKeyboard();
  };
  const showRecorded = ({ recordsInput }) => {
    const sign = part("recorded");
    if (!sign) return;
    part("recorded-words").textContent = recordsInput ? "Recorded with everything you type, passwords too" : "Recorded";
    sign.hidden = false;
  };

  let link = null;
  link = new SessionLink(root.dataset.socket, {
    output(bytes, done, isReplay) {
      if (isReplay) replaying++;
      terminal.write(bytes, () => {
        if (isReplay) replaying--;
        done();
      });
    },
    control(message) {
      if (message.type === "status") { connection = message.status; if (isOnline) showConnection(); }
      if (message.type === "notice") notice(message.text);
      if (message.type === "endsAt") moveEnd(message.endsAt);
      if (message.type === "keyboard") { hasKeyboard = message.mine; showKeyboard(); }
      if (message.type === "watched") showWatchers(message);
      if (message.type === "recorded") showRecorded(message);
    },
    online() { isOnline = true; showConnection(); },
    offline() { isOnline = false; showConnection(); },
    lost(bytes) { notice(`${bytes.toLocaleString("en")} bytes of output came while the connection was lost and are not kept any more.`); },
    restarted() { terminal.reset(); },
    over(reason) {
      terminal.options.disableStdin = true;
      terminal.options.cursorBlink = false;
      root.dataset.ended = "";
      say("");
      part("reason").textContent = reason;
      part("ended").hidden = false;
      part("ended").querySelector("a")?.focus();
    },
  });

  // Queries in output that another page showed were answered by that page; keys typed in that moment are not lost on anyone.
  terminal.onData(data => replaying || !hasKeyboard || link.send(encoder.encode(isCtrlHeld ? controlled(data) : data)));
  terminal.onBinary(data => replaying || !hasKeyboard || link.send(Uint8Array.from(data, c => c.charCodeAt(0))));
  terminal.onResize(({ cols, rows }) => link.resize(cols, rows));
  listen(part("take"), "click", () => { link.takeKeyboard(); terminal.focus(); });

  function notice(text) {
    const line = part("notice").content.firstElementChild.cloneNode(true);
    line.querySelector("p").textContent = text;
    line.querySelector("button").addEventListener("click", () => { line.remove(); terminal.focus(); });
    part("notices").append(line);
  }

  // --- size ---
  let fitting = 0;
  const refit = () => {
    clearTimeout(fitting);
    fitting = setTimeout(() => fit.fit(), 60);
  };
  const watcher = new ResizeObserver(refit);
  watcher.observe(part("screen"));
  fit.fit();
  link.resize(terminal.cols, terminal.rows);

  // A phone's keyboard covers the page without changing its height.
  listen(window.visualViewport, "resize", () => { root.style.height = `${visualViewport.height}px`; });

  const zoom = by => {
    terminal.options.fontSize = Math.min(LARGEST, Math.max(SMALLEST, terminal.options.fontSize + by));
    store(terminal.options.fontSize);
    refit();
    terminal.focus();
  };
  listen(part("smaller"), "click", () => zoom(-1));
  listen(part("larger"), "click", () => zoom(1));

  // --- search ---
  const bar = part("search"), field = bar.querySelector("input");
  const find = (back = false, incremental = false) =>
    (back ? search.findPrevious : search.findNext).call(search, field.value, { decorations: marks, incremental });
  const openSearch = () => {
    bar.hidden = false;
    if (terminal.hasSelection()) field.value = terminal.getSelection().split("\n")[0];
    field.select();
    field.focus();
    if (field.value) find();
  };
  const closeSearch = () => {
    bar.hidden = true;
    search.clearDecorations();
    terminal.focus();
  };
  search.onDidChangeResults(({ resultIndex, resultCount }) => {
    part("hits").textContent = !field.value ? "" : resultCount === 0 ? "No match" : resultIndex < 0 ? `${resultCount} matches` : `${resultIndex + 1} of ${resultCount}`;
  });
  listen(part("find"), "click", () => bar.hidden ? openSearch() : closeSearch());
  listen(field, "input", () => field.value ? find(false, true) : (search.clearDecorations(), part("hits").textContent = ""));
  listen(bar, "keydown", event => {
    if (event.key === "Escape") closeSearch();
    else if (event.key === "Enter" && event.target === field) { event.preventDefault(); find(event.shiftKey); }
  });
  listen(part("previous"), "click", () => find(true));
  listen(part("next"), "click", () => find());
  listen(part("close-search"), "click", closeSearch);

  // --- keys ---
  terminal.attachCustomKeyEventHandler(event => {
    const command = event.ctrlKey && event.shiftKey && !event.altKey ? event.code : "";
    if (command !== "KeyF" && command !== "KeyC") return true;
    if (event.type === "keydown") {
      if (command === "KeyF") openSearch();
      else if (terminal.hasSelection()) navigator.clipboard?.writeText(terminal.getSelection());
      event.preventDefault();
    }
    return false;
  });
  // Search is at hand from everywhere on the page, not only with the terminal focused.
  listen(root, "keydown", event => {
    if (event.defaultPrevented || event.code !== "KeyF" || !event.ctrlKey || !event.shiftKey) return;
    event.preventDefault();
    openSearch();
  });

  const ctrl = root.querySelector('[data-key="Control"]');
  const holdCtrl = isHeld => {
    isCtrlHeld = isHeld;
    ctrl?.setAttribute("aria-pressed", isHeld);
  };
  const controlled = data => {
    holdCtrl(false);
    return /^[@-_a-z]$/.test(data) ? String.fromCharCode(data.toUpperCase().charCodeAt(0) & 0x1f) : data;
  };
  // A tap on a key must not close the phone's keyboard.
  listen(part("keys"), "pointerdown", event => event.preventDefault());
  listen(part("keys"), "click", event => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key === "Control") holdCtrl(!isCtrlHeld);
    else if (key in arrows) terminal.input((terminal.modes.applicationCursorKeysMode ? "\x1bO" : "\x1b[") + arrows[key]);
    else if (key in keys) terminal.input(keys[key]);
    terminal.focus();
  });

  // --- time left: the elements tick by themselves ---
  const served = Number(document.querySelector('meta[name="server-time"]')?.content);
  const skew = served ? served - performance.timeOrigin - performance.now() : 0;
  const now = () => performance.timeOrigin + performance.now() + (Math.abs(skew) > 5000 ? skew : 0);
  const left = part("left");
  const markSoon = () => {
    const until = Date.parse(left?.querySelector("[until]")?.getAttribute("until") ?? "");
    left?.classList.toggle("warn", until - now() < SOON);
  };
  function moveEnd(endsAt) {
    left?.querySelector("[until]")?.setAttribute("until", endsAt);
    left?.querySelector("[datetime]")?.setAttribute("datetime", endsAt);
    markSoon();
  }
  markSoon();
  const soon = setInterval(markSoon, 1000);

  terminal.focus();
  return {
    dispose() {
      leaving.abort();
      link.close();
      watcher.disconnect();
      clearTimeout(fitting);
      clearInterval(soon);
      terminal.dispose();
    },
  };
}
