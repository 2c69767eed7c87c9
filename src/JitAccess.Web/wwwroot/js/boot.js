// Starts Blazor and speaks for it while the connection is lost. The page stays readable; nothing is lost
// as long as the server keeps the circuit.
import "./time.js";

const bar = document.getElementById("components-reconnect-modal");
const sleep = ms => new Promise(done => setTimeout(done, ms));

/** The server answers again: reload, but never twice in a row, so that a broken server is not hammered. */
async function reloadOnce() {
  const last = Number(sessionStorage.getItem("jit-reloaded"));
  if (Date.now() - last < 30_000) return bar.setAttribute("data-state", "rejected");
  while (!(await fetch("health/live", { cache: "no-store" }).then(answer => answer.ok, () => false))) await sleep(2000);
  sessionStorage.setItem("jit-reloaded", String(Date.now()));
  location.reload();
}

bar.addEventListener("components-reconnect-state-changed", event => {
  const state = event.detail.state;
  if (state === "show" || state === "retrying") bar.setAttribute("data-state", "retrying");
  if (state === "hide") bar.removeAttribute("data-state");
  if (state === "failed" || state === "rejected") {
    bar.setAttribute("data-state", "retrying");
    reloadOnce();
  }
});
document.getElementById("reload-page").addEventListener("click", () => location.reload());

// "/" goes to the search field of the page, as everywhere.
document.addEventListener("keydown", event => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], .xterm")) return;
  const search = document.querySelector("main [role=search] input, main input[type=search]");
  if (search) { event.preventDefault(); search.focus(); }
});

// A field that gathers values is empty again as soon as it has given one away: the server's answer could come after the next key.
document.addEventListener("change", event => {
  const field = event.target.closest("input[data-gathers]");
  if (field) setTimeout(() => { field.value = ""; });
});

Blazor.start({
  circuit: {
    reconnectionOptions: {
      maxRetries: 10_000,
      retryIntervalMilliseconds: attempt => attempt < 10 ? 500 : attempt < 30 ? 2000 : 5000,
    },
    // A cut network shows within seconds, not after the default half minute.
    configureSignalR: builder => builder.withServerTimeout(15_000).withKeepAliveInterval(5_000),
  },
});
