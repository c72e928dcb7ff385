// What the scripts of the JavaScript clients share: a sandbox node of their own, steps with a time limit, events that are
// waited for, and the part of Discord that a music bot sees.
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";

export const user = "700000000000000001";
export const guild = "800000000000000001";
export const otherGuild = "800000000000000002";
export const channel = "900000000000000001";
export const otherChannel = "900000000000000002";
/// What the node is to know once the bot has joined `channel`.
export const voice = {
  token: `token-of-${channel}`,
  endpoint: "rotterdam11018.discord.media:443",
  sessionId: "discord-session-1",
  channelId: channel,
};

const [, , program, part = "life"] = process.argv;
const stepLimit = 10_000;
const lifeLimit = 50_000;

/// tests/foreign_clients/sandbox_server: `order` gives its answer.
export class Sandbox {
  static async start(kind) {
    const sandbox = new Sandbox();
    sandbox.process = spawn(program, [kind], { stdio: ["pipe", "pipe", "inherit"] });
    sandbox.lines = createInterface({ input: sandbox.process.stdout })[Symbol.asyncIterator]();
    sandbox.port = Number(await sandbox.line());
    return sandbox;
  }
  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the sandbox has ended");
    return value;
  }
  async order(text) {
    this.process.stdin.write(text + "\n");
    const answer = await this.line();
    if (answer.startsWith("error")) throw new Error(`${text}: ${answer}`);
    return answer;
  }
  async state() {
    return JSON.parse(await this.order("state"));
  }
  async player(guildId) {
    return (await this.state()).players.find((player) => player.guildId === guildId);
  }
  /// "PATCH /v4/... 404" for each request that was refused.
  async failures() {
    return JSON.parse(await this.order("failures")).map((f) => `${f.method} ${f.target} ${f.status}`);
  }
  async end() {
    const exited = once(this.process, "exit");
    this.process.stdin.end();
    const [code] = await exited;
    expect(code === 0, `the sandbox ended with ${code}`);
  }
}

export function expect(condition, otherwise) {
  if (!condition) throw new Error(otherwise);
}

export function same(got, wanted, what) {
  expect(isDeepStrictEqual(got, wanted), `${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
}

/// Waits for what no event tells.
export async function until(condition, what) {
  const end = Date.now() + 5_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    expect(Date.now() < end, `waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/// The rejection of `promise`.
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it should have failed");
}

/// Events in the order of their coming; each is handed out once.
export class Heard {
  #events = [];
  #news = new EventEmitter();

  listen(emitter, ...names) {
    for (const name of names) {
      emitter.on(name, (...values) => {
        this.#events.push({ name, values });
        this.#news.emit("news");
      });
    }
    return this;
  }
  forget() {
    this.#events.length = 0;
  }
  /// The values of the first event of this name that `fits`.
  async next(name, fits = () => true) {
    for (;;) {
      const at = this.#events.findIndex((event) => event.name === name && fits(...event.values));
      if (at >= 0) return this.#events.splice(at, 1)[0].values;
      await once(this.#news, "news");
    }
  }
}

/// Answers a bot's opcode 4 as Discord's gateway does: with a voice state, and in a channel with a voice server too.
export class Discord {
  constructor(dispatch) {
    this.dispatch = dispatch;
  }
  send(payload) {
    expect(payload.op === 4, `opcode ${payload.op}`);
    setImmediate(() => this.move(payload.d.guild_id, payload.d.channel_id));
  }
  move(guildId, channelId) {
    this.dispatch({
      op: 0,
      t: "VOICE_STATE_UPDATE",
      d: {
        guild_id: guildId, channel_id: channelId, user_id: user, session_id: voice.sessionId,
        deaf: false, mute: false, self_deaf: true, self_mute: false, self_video: false, suppress: false,
        request_to_speak_timestamp: null,
      },
    });
    if (channelId) {
      this.dispatch({
        op: 0,
        t: "VOICE_SERVER_UPDATE",
        d: { guild_id: guildId, token: `token-of-${channelId}`, endpoint: voice.endpoint },
      });
    }
  }
}

let steps = 0;

export async function step(name, work) {
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing after ${stepLimit / 1000} s`)), stepLimit);
  });
  try {
    await Promise.race([work(), tooLong]);
  } catch (error) {
    console.log(`  FAILED  ${name}: ${error.stack}`);
    process.exit(1);
  } finally {
    clearTimeout(timer);
  }
  ++steps;
  console.log(`  ok      ${name}`);
}

/// Runs the part that the command line names: parts is { life, defaults, faults }.
export async function run(parts) {
  setTimeout(() => {
    console.log(`  FAILED  not done after ${lifeLimit / 1000} s`);
    process.exit(1);
  }, lifeLimit);
  process.on("unhandledRejection", (error) => {
    console.log(`  FAILED  an error that nobody took: ${error?.stack ?? error}`);
    process.exit(1);
  });
  const sandbox = await Sandbox.start(part === "defaults" ? "defaults" : "quick");
  await parts[part](sandbox);
  await step("the sandbox ends in order", () => sandbox.end());
  console.log(`${steps} steps`);
  process.exit(0);
}
