// The page of a recording: asciinema-player, with a search in the output, jumps to commands, other speeds, and without the pauses.
import { create } from "../lib/asciinema-player/index.js";

const LONGEST_PAUSE = 2; // seconds that are left of a pause
const A_MOMENT = 0.001;

// What moves the cursor or sets colours is no text: CSI, OSC and other strings, two-character escapes, other controls.
const NO_TEXT = /\u001b\[[0-?]*[ -\/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -\/]*[0-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Reads asciicast 3 lines: [absolute time, code, data]. A line that is cut off ends the recording. */
function eventsOf(cast) {
  const events = [];
  let now = 0;
  for (const line of cast.split("\n").slice(1)) {
    if (!line.startsWith("[")) continue;
    let event;
    try { event = JSON.parse(line); } catch { break; }
    now += event[0];
    events.push([now, event[1], event[2]]);
  }
  return events;
}

/** Plays the recording in an element that holds the page's parts; `data-cast` names it, `data-at` where to begin. */
export async function openReplay(root) {
  const part = name => root.querySelector(`[data-part="${name}"]`);
  const leaving = new AbortController();
  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: leaving.signal });
  const say = text => { part("status").textContent = text; part("status").hidden = text === ""; };
  const nothing = { dispose() { leaving.abort(); } };

  // The rule that lets this page compile WebAssembly came with the document; one that was come to from another page has not got it.
  if (new URL(performance.getEntriesByType("navigation")[0].name).pathname !== location.pathname) {
    location.reload();
    return nothing;
  }

  let cast;
  try {
    const answer = await fetch(root.dataset.cast, { cache: "no-store", signal: leaving.signal });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => null);
      say(problem?.detail ?? `The recording could not be loaded (${answer.status}). Reload the page to try again.`);
      return nothing;
    }
    cast = await answer.text();
  } catch (error) {
    if (!leaving.signal.aborted) say("The recording could not be loaded: it is damaged, or the network was lost. Reload the page to try again.");
    return nothing;
  }
  say("");

  const events = eventsOf(cast);

  // --- time: of the recording, and as played without pauses ---
  let skips = part("skip").checked, speed = 1;
  const times = events.map(event => event[0]);
  const played = [];
  events.reduce(([before, sum], [time]) => {
    const next = sum + Math.min(time - before, LONGEST_PAUSE);
    played.push(next);
    return [time, next];
  }, [0, 0]);
  const between = (from, to, time) => {
    const at = from.findIndex(one => one > time);
    if (at < 0) return to.at(-1) ?? 0;
    const start = at === 0 ? 0 : from[at - 1], begun = at === 0 ? 0 : to[at - 1];
    return begun + Math.min(time - start, to[at] - begun);
  };
  const toPlayer = time => skips ? between(times, played, time) : time;
  const fromPlayer = time => skips ? between(played, times, time) : time;

  // --- player ---
  let player;
  const open = async (time, plays) => {
    player?.dispose();
    player = create({ data: cast, parser: "asciicast" }, part("player"), {
      autoPlay: false, preload: true, controls: true, fit: "width", idleTimeLimit: skips ? LONGEST_PAUSE : undefined, speed,
      terminalFontFamily: getComputedStyle(root).getPropertyValue("--mono") || "monospace", theme: "jit",
    });
    // Played once, the player shows the screen and no big button over it.
    await player.play();
    if (!plays) await player.pause();
    await player.seek(toPlayer(time));
  };
  const now = async () => fromPlayer(await player.getCurrentTime());
  let isPlaying = false;
  const reopen = async () => {
    const time = await now();
    await open(time, isPlaying);
    follow();
  };
  const follow = () => {
    player.addEventListener("playing", () => { isPlaying = true; });
    for (const end of ["pause", "ended"]) player.addEventListener(end, () => { isPlaying = false; });
  };
  const jump = async time => { await player.seek(toPlayer(time)); };
  await open(Number(root.dataset.at) || 0, false);
  follow();

  listen(part("speed"), "change", async event => {
    speed = Number(event.target.value);
    await reopen();
  });
  listen(part("skip"), "change", async event => {
    const time = await now();
    skips = event.target.checked;
    await open(time, isPlaying);
    follow();
  });
  listen(root, "click", event => {
    const button = event.target.closest("[data-time]");
    // A moment later, so that the line itself is on the screen.
    if (button) jump(Number(button.dataset.time) + A_MOMENT);
  });

  // --- search: in the text as it came ---
  let text = "";
  const starts = [];
  for (const [time, code, data] of events) {
    if (code !== "o") continue;
    const plain = data.replace(NO_TEXT, "");
    if (plain === "") continue;
    starts.push([text.length, time]);
    text += plain;
  }
  const lower = text.toLowerCase();
  const timeAt = offset => {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle][0] <= offset) low = middle; else high = middle - 1;
    }
    return starts[low]?.[1] ?? 0;
  };
  const field = part("field");
  let hits = [], at = -1;
  const show = () => { part("hits").textContent = !field.value ? "" : hits.length === 0 ? "No match" : at < 0 ? `${hits.length} matches` : `${at + 1} of ${hits.length}`; };
  const find = () => {
    hits = [];
    at = -1;
    const wanted = field.value.toLowerCase();
    for (let from = wanted ? lower.indexOf(wanted) : -1; from >= 0; from = lower.indexOf(wanted, from + wanted.length)) hits.push(timeAt(from));
    show();
  };
  const step = by => {
    if (hits.length === 0) return;
    at = (at + by + hits.length) % hits.length;
    show();
    // What was looked for stays on the screen.
    player.pause().then(() => jump(hits[at] + A_MOMENT));
  };
  listen(field, "input", find);
  listen(field, "keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  listen(part("previous"), "click", () => step(-1));
  listen(part("next"), "click", () => step(1));

  return {
    dispose() {
      leaving.abort();
      player?.dispose();
    },
  };
}
