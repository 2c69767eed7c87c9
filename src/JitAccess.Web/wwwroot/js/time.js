// Times in the person's own zone. The server sends instants; the words tick here, so an open page costs
// the server nothing and countdowns go on while the connection is lost.
//
//   <jit-time datetime="…" format="ago|clock|day|age|in">
//   <jit-countdown until="…">
//   <jit-progress from="…" until="…">
//   <jit-zone>

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

// The server's clock decides when access ends. A device whose clock is wrong must not show another end.
const served = Number(document.querySelector('meta[name="server-time"]')?.content);
const skew = served && Math.abs(served - Date.now()) > 5 * SECOND ? served - Date.now() : 0;
const now = () => Date.now() + skew;

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const format = options => new Intl.DateTimeFormat("en-GB", { hourCycle: "h23", ...options });
const clock = format({ hour: "2-digit", minute: "2-digit" });
const weekday = format({ weekday: "short", day: "numeric", month: "short" });
const dated = format({ day: "numeric", month: "short", year: "numeric" });
const exact = format({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
const utc = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });

const plain = text => text.replace(/(\w{3}),? (\d)/, "$1 $2");
const startOfDay = instant => new Date(instant).setHours(0, 0, 0, 0);
const daysAgo = instant => Math.round((startOfDay(now()) - startOfDay(instant)) / DAY);

function day(instant) {
  const distance = Math.abs(daysAgo(instant));
  return distance > 300 ? dated.format(instant) : plain(weekday.format(instant));
}

/** "2 d 4 h", "3 h 12 min", "48 min", "12 s" */
function span(milliseconds) {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  const [big, small, unit, part] = ms < DAY
    ? [Math.floor(ms / HOUR), Math.floor(ms % HOUR / MINUTE), "h", "min"]
    : [Math.floor(ms / DAY), Math.floor(ms % DAY / HOUR), "d", "h"];
  return small ? `${big} ${unit} ${small} ${part}` : `${big} ${unit}`;
}

const words = {
  ago(instant) {
    const past = now() - instant;
    if (past < MINUTE) return "just now";
    if (past < DAY) return `${span(past)} ago`;
    return daysAgo(instant) < 14 ? `${daysAgo(instant)} ${daysAgo(instant) === 1 ? "day" : "days"} ago` : day(instant);
  },
  age: instant => now() - instant < MINUTE ? "under 1 min" : span(now() - instant),
  in: instant => span(instant - now()),
  clock: instant => daysAgo(instant) === 0 ? clock.format(instant) : `${day(instant)}, ${clock.format(instant)}`,
  day(instant) {
    if (daysAgo(instant) === 0) return clock.format(instant);
    return daysAgo(instant) === 1 ? `yesterday ${clock.format(instant)}` : day(instant);
  },
};

/** "1 h 41 min" above an hour, "44:12" below */
function left(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / SECOND));
  if (seconds >= 3600) return span(seconds * SECOND);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const ticking = new Set();
setInterval(() => { for (const element of ticking) element.tick(); }, SECOND);

class Ticking extends HTMLElement {
  connectedCallback() { ticking.add(this); this.tick(); }
  disconnectedCallback() { ticking.delete(this); }
  attributeChangedCallback() { if (this.isConnected) this.tick(); }
  instant(name) { return Date.parse(this.getAttribute(name) ?? ""); }

  // Writing only what changed keeps screen readers quiet and selections alive.
  show(element, text) { if (element.textContent !== text) element.textContent = text; }
}

customElements.define("jit-time", class extends Ticking {
  static observedAttributes = ["datetime", "format"];
  tick() {
    const instant = this.instant("datetime");
    if (Number.isNaN(instant)) return this.replaceChildren();
    const time = this.firstElementChild ?? this.appendChild(document.createElement("time"));
    if (time.dateTime !== this.getAttribute("datetime")) {
      time.dateTime = this.getAttribute("datetime");
      time.title = `${plain(exact.format(instant))} (${utc.format(instant)} UTC)`;
    }
    this.show(time, (words[this.getAttribute("format")] ?? words.clock)(instant));
  }
});

customElements.define("jit-countdown", class extends Ticking {
  static observedAttributes = ["until"];
  tick() {
    const until = this.instant("until");
    if (!Number.isNaN(until)) this.show(this, left(until - now()));
  }
});

customElements.define("jit-progress", class extends Ticking {
  static observedAttributes = ["from", "until"];
  tick() {
    const [from, until] = [this.instant("from"), this.instant("until")];
    const bar = this.firstElementChild ?? this.appendChild(Object.assign(document.createElement("progress"), { className: "bar" }));
    const rest = Math.min(Math.max(0, until - now()), until - from);
    bar.max = Math.max(1, until - from);
    bar.value = rest;
    bar.setAttribute("aria-label", `${span(rest)} of ${span(until - from)} left`);
  }
});

customElements.define("jit-zone", class extends HTMLElement {
  connectedCallback() {
    const minutes = -new Date().getTimezoneOffset();
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const offset = minutes === 0 ? "" : `, UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
    this.textContent = zone + offset;
  }
});

/** The offset from UTC, in minutes, that the person's zone has at a wall-clock time: for date fields. */
export const offsetAt = wallClock => -new Date(wallClock).getTimezoneOffset();
