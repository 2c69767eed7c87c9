// The WebSocket between the terminal page and its session. It comes back after every cut and goes on where it was.
//
// Binary messages, integers big-endian, first byte is the kind:
//   page → server   0 input bytes · 1 columns, rows (2 × 2 bytes) · 2 shown up to this offset (8) · 3 ping · 4 this page writes from now on
//   server → page   0 offset (8), output · 1 JSON: resumed, status, notice, endsAt, keyboard, watched, recorded, ended, alive
//
// The page names itself (?page=): when it comes back after a cut, its old connection is let go and the keyboard stays with it.

const INPUT = 0, RESIZE = 1, SEEN = 2, PING = 3, KEYBOARD = 4;
const OUTPUT = 0;

const SEEN_EVERY = 32 * 1024;      // bytes between two reports while output flows
const LONGEST_INPUT = 16 * 1024;
const PING_EVERY = 3000, ANSWER_WITHIN = 6000, OPEN_WITHIN = 10_000;
const FIRST_WAIT = 250, LONGEST_WAIT = 5000;

export class SessionLink {
  #address;
  #on;
  #socket = null;
  #isReady = false;         // the server said where output goes on
  #offset = 0;              // next byte of output to come
  #reported = 0;            // shown, and the server knows
  #size = null;
  #failures = 0;
  #retry = 0;
  #pinger = 0;
  #pingSentAt = 0;
  #isOver = false;
  #page = crypto.randomUUID();

  /**
   * @param {string} address path of the socket
   * @param {{output(bytes: Uint8Array, done: () => void, isReplay: boolean): void, control(message: object): void,
   *          online(): void, offline(): void, lost(bytes: number): void, restarted(): void, over(reason: string): void}} on
   */
  constructor(address, on) {
    this.#address = new URL(address, document.baseURI);
    this.#on = on;
    this.#pinger = setInterval(() => this.#ping(), PING_EVERY);
    addEventListener("online", this.#tryNow);
    document.addEventListener("visibilitychange", this.#tryNow);
    this.#open();
  }

  /** Sends input; false when there is no connection, and then nothing is kept for later. */
  send(bytes) {
    if (!this.#isReady) return false;
    for (let at = 0; at < bytes.length; at += LONGEST_INPUT) {
      const part = bytes.subarray(at, at + LONGEST_INPUT);
      const message = new Uint8Array(part.length + 1);
      message[0] = INPUT;
      message.set(part, 1);
      this.#socket.send(message);
    }
    return true;
  }

  resize(columns, rows) {
    this.#size = [columns, rows];
    if (!this.#isReady) return;
    const message = new DataView(new ArrayBuffer(5));
    message.setUint8(0, RESIZE);
    message.setUint16(1, columns);
    message.setUint16(3, rows);
    this.#socket.send(message);
  }

  /** From now on this page writes, and the person's others only show. */
  takeKeyboard() {
    if (this.#isReady) this.#socket.send(new Uint8Array([KEYBOARD]));
  }

  close() {
    this.#isOver = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pinger);
    removeEventListener("online", this.#tryNow);
    document.removeEventListener("visibilitychange", this.#tryNow);
    this.#drop();
  }

  #open() {
    const address = new URL(this.#address);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("from", this.#offset);
    address.searchParams.set("page", this.#page);
    const socket = this.#socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    const deadline = setTimeout(() => socket === this.#socket && this.#cut(), OPEN_WITHIN);
    let wasOpen = false;
    socket.onopen = () => { wasOpen = true; };
    socket.onmessage = event => {
      clearTimeout(deadline);
      if (socket === this.#socket) this.#take(new DataView(event.data));
    };
    socket.onclose = () => {
      clearTimeout(deadline);
      if (socket === this.#socket) this.#cut(!wasOpen);
    };
  }

  #take(message) {
    this.#pingSentAt = 0;
    if (message.getUint8(0) !== OUTPUT) return this.#takeControl(JSON.parse(new TextDecoder().decode(new Uint8Array(message.buffer, 1))));
    const offset = Number(message.getBigInt64(1));
    if (offset !== this.#offset) return this.#cut();
    const bytes = new Uint8Array(message.buffer, 9);
    const end = this.#offset += bytes.length;
    this.#on.output(bytes, () => this.#shown(end), offset < this.replayedUntil);
  }

  #takeControl(message) {
    if (message.type === "resumed") this.#resumed(message);
    if (message.type === "ended") { this.close(); this.#on.over(message.text); return; }
    this.#on.control(message);
  }

  #resumed({ offset, lost, shown }) {
    // A page that has just been loaded misses nothing: it never had it.
    if (this.#offset > 0 && offset < this.#offset) this.#on.restarted();
    else if (this.#offset > 0 && lost > 0) this.#on.lost(lost);
    if (this.#offset === 0 || offset < this.#offset) this.replayedUntil = shown;
    this.#offset = this.#reported = offset;
    if (this.#isReady) return;
    this.#isReady = true;
    this.#failures = 0;
    if (this.#size) this.resize(...this.#size);
    this.#on.online();
  }

  /** Output before this offset was shown by another page: its queries are answered already. */
  replayedUntil = 0;

  #shown(offset) {
    if (!this.#isReady || offset <= this.#reported) return;
    if (offset - this.#reported < SEEN_EVERY && offset < this.#offset) return;
    this.#reported = offset;
    const message = new DataView(new ArrayBuffer(9));
    message.setUint8(0, SEEN);
    message.setBigInt64(1, BigInt(offset));
    this.#socket.send(message);
  }

  // A network that swallows everything closes no socket.
  #ping() {
    if (!this.#isReady) return;
    const now = performance.now();
    if (this.#pingSentAt && now - this.#pingSentAt > ANSWER_WITHIN) return this.#cut();
    if (this.#pingSentAt) return;
    this.#pingSentAt = now;
    this.#socket.send(new Uint8Array([PING]));
  }

  #cut(wasRefused = false) {
    this.#drop();
    if (this.#isOver) return;
    this.#on.offline();
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++) * (0.75 + Math.random() / 2);
    this.#retry = setTimeout(async () => {
      this.#retry = 0;
      const reason = wasRefused ? await this.#whyRefused() : null;
      if (this.#isOver || this.#socket) return;
      if (reason) { this.close(); this.#on.over(reason); } else this.#open();
    }, wait);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#isReady = false;
    this.#pingSentAt = 0;
    socket?.close();
  }

  #tryNow = () => {
    if (this.#retry === 0 || document.hidden) return;
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#open();
  };

  /** A refused WebSocket does not say why; the same address asked plainly does. */
  async #whyRefused() {
    try {
      const { status, type } = await fetch(this.#address, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(OPEN_WITHIN) });
      if (status === 404) return "This session does not exist, or it is over.";
      if (status === 401 || type === "opaqueredirect") return "You are signed out. Sign in and open the session again.";
      if (status === 403) return "You may not open this session from here.";
    } catch {
      // No network: the next try may find it again.
    }
    return null;
  }
}
