// The network and the aggregator between one phone and the server: what Africa's Talking posts.
//
// It keeps the session id and every input of the dialogue, because that aggregator sends all of them
// each time, joined by `*`. A reply that does not begin with `CON ` or `END `, or has another status
// than 200, kills the dialogue there, and so it does here.

/** What a phone says when the network gives it no page. */
export const PROBLEM = "Connection problem or invalid MMI code.";

const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
const oneWay = () => 2000 + Math.random() * 1000;

export class Network {
  #world;
  #session = null;
  slow = false;
  /** Called with every exchange, once the answer is there. */
  onExchange = () => {};

  constructor(world) {
    this.#world = world;
  }

  get open() {
    return this.#session !== null;
  }

  /** Dials a code and gives the first page. */
  async dial(phone, code) {
    // What is dialled behind the service code is part of the code: nothing was typed yet.
    this.#session = { id: `ATUid_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`, phone, serviceCode: code, inputs: [] };
    return this.#turn(this.#session);
  }

  /** Answers the page that waits and gives the next. */
  async answer(text) {
    this.#session.inputs.push(text);
    return this.#turn(this.#session);
  }

  /** Ends the dialogue from the phone: the network notices, and the aggregator tells the server. */
  async hangUp() {
    const session = this.#session;
    this.#session = null;
    if (session) await this.#post("/events", { ...this.#form(session), status: "Incomplete" });
  }

  /** Loses the dialogue without telling anyone. */
  drop() {
    this.#session = null;
  }

  #form(session) {
    return {
      sessionId: session.id,
      phoneNumber: session.phone,
      networkCode: "64004",
      serviceCode: session.serviceCode,
    };
  }

  async #turn(session) {
    if (this.slow) await wait(oneWay());
    const answer = await this.#post("", { ...this.#form(session), text: session.inputs.join("*") });
    if (this.slow) await wait(oneWay());
    const page = /^(CON|END) ([^]*)$/.exec(answer.body);
    const last = answer.status !== 200 || page?.[1] !== "CON";
    if (last && this.#session === session) this.#session = null;
    if (answer.status !== 200 || !page) return { text: PROBLEM, last: true, ours: false };
    return { text: page[2], last, ours: true };
  }

  async #post(below, form) {
    const path = `/ussd/${this.#world.gateway}${below}`;
    const began = performance.now();
    let status = 0;
    let body = "";
    let turnTook = null;
    try {
      const response = await fetch(path, { method: "POST", body: new URLSearchParams(form) });
      status = response.status;
      turnTook = serverMillis(response.headers.get("server-timing"));
      body = await response.text();
    } catch (error) {
      body = String(error.message ?? error);
    }
    const exchange = { path, form, status, body, took: performance.now() - began, turnTook };
    this.onExchange(exchange);
    return exchange;
  }
}

/** The milliseconds that a Server-Timing header gives the turn. */
function serverMillis(header) {
  const found = /turn;dur=([0-9.]+)/.exec(header ?? "");
  return found ? Number(found[1]) : null;
}
