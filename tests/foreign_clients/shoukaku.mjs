// Shoukaku's ordinary life at a sandbox node.
import { EventEmitter } from "node:events";
import { Connectors, Shoukaku } from "shoukaku";
import {
  Discord, Heard, channel, expect, failure, guild, otherChannel, otherGuild, run, same, step, until, user, voice,
} from "./life.mjs";

/// A bot as discord.js would make one: its raw events, and shards that send.
function makeBot() {
  const bot = new EventEmitter();
  bot.user = { id: user };
  bot.discord = new Discord((packet) => bot.emit("raw", packet));
  bot.ws = { shards: new Map([[0, bot.discord]]) };
  return bot;
}

async function connected(sandbox, options, auth = "youshallnotpass") {
  const bot = makeBot();
  const nodes = [{ name: "sandbox", url: `127.0.0.1:${sandbox.port}`, auth }];
  const client = new Shoukaku(new Connectors.DiscordJS(bot), nodes, options);
  const heard = new Heard().listen(client, "ready", "error", "close", "disconnect", "raw");
  bot.emit("clientReady");
  if (auth !== "youshallnotpass") return { client, heard };
  const [, resumed, byLibrary] = await heard.next("ready");
  same([resumed, byLibrary], [false, false], "ready of a new session");
  return { bot, client, heard, node: client.nodes.get("sandbox") };
}

async function joined(client, guildId = guild) {
  const player = await client.joinVoiceChannel({ guildId, channelId: channel, shardId: 0 });
  const events = new Heard().listen(player, "start", "end", "stuck", "exception", "closed", "update", "resumed");
  return { player, events };
}

async function track(node, identifier) {
  const result = await node.rest.resolve(identifier);
  same(result.loadType, "track", identifier);
  return result.data;
}

async function life(sandbox) {
  let bot, client, heard, node, player, events;

  await step("connects; the session resumes", async () => {
    ({ bot, client, heard, node } = await connected(sandbox, { resume: true, resumeTimeout: 30 }));
    const session = await until(async () => (await sandbox.state()).sessions.find((s) => s.resuming), "a session that resumes");
    same([session.id, session.userId, session.timeout], [node.sessionId, user, 30], "session");
    expect(session.clientName.startsWith("shoukaku/"), session.clientName);
  });
  await step("info and stats", async () => {
    const info = await node.rest.getLavalinkInfo();
    same(info.version.semver, "4.2.2", "version");
    expect(info.filters.includes("timescale"), "no timescale");
    same((await node.rest.stats()).players, 0, "players");
    await heard.next("raw", (_, json) => json.op === "stats");
    expect(node.stats.memory.used > 0 && Number.isFinite(node.penalties), "stats");
  });
  await step("routeplanner: none", async () => same(await node.rest.getRoutePlannerStatus(), undefined, "status"));
  await step("loads a track, a playlist, a search, nothing, an error", async () => {
    const { info, encoded } = await track(node, "sandbox:1");
    same([info.title, info.length, info.isSeekable], ["Harbour Lights at Four", 214_000, true], "track");
    const album = await node.rest.resolve("sandbox:album");
    same([album.loadType, album.data.info.selectedTrack, album.data.tracks.length], ["playlist", 1, 2], "album");
    const search = await node.rest.resolve("ytsearch:midnight ferry");
    same([search.loadType, search.data[0].info.identifier], ["search", "sandbox:9"], "search");
    same((await node.rest.resolve("nothing at all: äöü & co")).loadType, "empty", "nothing");
    const error = await node.rest.resolve("sandbox:error");
    same([error.loadType, error.data.severity], ["error", "fault"], "error");
    expect(encoded.length > 0, "no encoded track");
  });
  await step("decodes a track", async () => {
    const loaded = await track(node, "sandbox:12");
    same(await node.rest.decode(loaded.encoded), loaded, "decoded");
  });
  await step("joins: voice state and server reach the node", async () => {
    ({ player, events } = await joined(client));
    expect((await node.rest.getPlayer(guild)).state.connected, "not connected");
    same((await node.rest.getPlayer(guild)).voice, voice, "voice");
  });
  await step("plays: start, then updates", async () => {
    const long = await track(node, "sandbox:1");
    await player.playTrack({ track: { encoded: long.encoded, userData: { by: "somebody" } } });
    const [start] = await events.next("start");
    same([start.track.encoded, start.track.userData], [long.encoded, { by: "somebody" }], "started");
    const [{ state }] = await events.next("update", (update) => update.state.position > 0);
    expect(state.connected && state.ping >= 0 && state.time > 0, JSON.stringify(state));
    expect(player.position > 0, "the position stands still");
  });
  await step("pauses and goes on", async () => {
    await player.setPaused(true);
    const paused = await node.rest.getPlayer(guild);
    expect(paused.paused, "not paused");
    same((await node.rest.getPlayer(guild)).state.position, paused.state.position, "position while paused");
    await player.setPaused(false);
    await until(async () => (await node.rest.getPlayer(guild)).state.position > paused.state.position, "playing again");
  });
  await step("seeks, changes the volume", async () => {
    await player.seekTo(120_000);
    expect((await node.rest.getPlayer(guild)).state.position >= 120_000, "not sought");
    await player.setGlobalVolume(40);
    same((await node.rest.getPlayer(guild)).volume, 40, "volume");
  });
  await step("filters, one by one, together, none", async () => {
    await player.setTimescale({ speed: 1.5 });
    same((await node.rest.getPlayer(guild)).filters.timescale.speed, 1.5, "timescale");
    await player.setFilters({ equalizer: [{ band: 0, gain: 0.25 }], lowPass: { smoothing: 20 }, rotation: { rotationHz: 0.2 } });
    const { filters } = await node.rest.getPlayer(guild);
    same([filters.timescale, filters.equalizer, filters.lowPass, filters.rotation],
         [undefined, [{ band: 0, gain: 0.25 }], { smoothing: 20 }, { rotationHz: 0.2 }], "filters");
    await player.clearFilters();
    same((await node.rest.getPlayer(guild)).filters.lowPass ?? null, null, "low pass");
  });
  await step("another track replaces it, and plays to its end", async () => {
    const short = await track(node, "sandbox:short");
    await player.playTrack({ track: { encoded: short.encoded } });
    same((await events.next("end"))[0].reason, "replaced", "end");
    same((await events.next("start"))[0].track.info.identifier, "sandbox:short", "start");
    same((await events.next("end"))[0].reason, "finished", "end");
    expect(!(await node.rest.getPlayer(guild)).track, "it has a track");
  });
  await step("stops", async () => {
    await player.playTrack({ track: { identifier: "sandbox:2" } });
    await events.next("start");
    await player.stopTrack();
    same((await events.next("end"))[0].reason, "stopped", "end");
  });
  await step("a track that fails at once: start, exception, end", async () => {
    await player.playTrack({ track: { encoded: (await track(node, "sandbox:fail")).encoded } });
    await events.next("start");
    const [{ exception }] = await events.next("exception");
    expect(exception.message && exception.severity && exception.cause, JSON.stringify(exception));
    same((await events.next("end"))[0].reason, "loadFailed", "end");
  });
  await step("a track that breaks: exception, end", async () => {
    await player.playTrack({ track: { encoded: (await track(node, "sandbox:break")).encoded } });
    await events.next("exception");
    same((await events.next("end"))[0].reason, "finished", "end");
  });
  await step("a track that is stuck", async () => {
    await player.playTrack({ track: { encoded: (await track(node, "sandbox:stuck")).encoded } });
    same((await events.next("stuck"))[0].thresholdMs, 300, "threshold");
    await player.stopTrack();
  });
  await step("Discord moves it to another channel", async () => {
    events.forget();
    bot.discord.move(guild, otherChannel);
    await until(async () => (await node.rest.getPlayer(guild)).voice.channelId === otherChannel, "the move at the node");
    const [closed] = await events.next("closed");
    same([closed.code, closed.byRemote], [1000, false], "the old connection's end");
  });
  await step("Discord ends the voice connection", async () => {
    await sandbox.order(`close-voice ${guild} 4014 Disconnected.`);
    const [closed] = await events.next("closed");
    same([closed.code, closed.reason, closed.byRemote], [4014, "Disconnected.", true], "closed");
    bot.discord.move(guild, channel);
    await until(async () => (await node.rest.getPlayer(guild)).state.connected, "connected again");
  });
  await step("a lost connection is resumed; the player lives", async () => {
    const before = node.sessionId;
    await player.playTrack({ track: { encoded: (await track(node, "sandbox:3")).encoded } });
    await events.next("start");
    await sandbox.order("drop");
    await heard.next("close");
    const [, resumed] = await heard.next("ready");
    same([resumed, node.sessionId], [true, before], "resumed");
    events.forget();
    await events.next("update", ({ state }) => state.position > 0);
    same((await node.rest.getPlayer(guild)).track.info.identifier, "sandbox:3", "track");
    await player.setPaused(true);
    same((await sandbox.player(guild)).paused, true, "paused");
  });
  await step("a cut connection (RST) is resumed too", async () => {
    await sandbox.order("reset");
    const [, resumed] = await heard.next("ready");
    same(resumed, true, "resumed");
    same((await node.rest.getPlayers()).length, 1, "players");
  });
  await step("leaves: the player is gone", async () => {
    await client.leaveVoiceChannel(guild);
    same((await node.rest.getPlayers()).length, 0, "players");
    same((await failure(node.rest.getPlayer(guild))).status, 404, "status");
  });
  await step("goes away", async () => {
    heard.forget();
    client.removeNode("sandbox");
    same((await heard.next("close"))[1], 1000, "close code");  // then the library connects again, unasked
  });
  await step("without resuming the library makes its players again", async () => {
    ({ client, heard, node } = await connected(sandbox, { resumeByLibrary: true }));
    ({ player, events } = await joined(client, otherGuild));
    await player.playTrack({ track: { encoded: (await track(node, "sandbox:4")).encoded }, position: 60_000 });
    await events.next("update", ({ state }) => state.position > 60_000);
    const before = node.sessionId;
    await sandbox.order("drop");
    const [, resumed, byLibrary] = await heard.next("ready");
    same([resumed, byLibrary], [false, true], "ready");
    expect(node.sessionId !== before, "the same session");
    const { track: now, state } = await node.rest.getPlayer(otherGuild);
    same(now.info.identifier, "sandbox:4", "track");
    expect(state.position > 60_000 && state.connected, JSON.stringify(state));
    client.removeNode("sandbox");
  });
  await step("a wrong password is refused", async () => {
    const { heard } = await connected(sandbox, { reconnectTries: 1, reconnectInterval: 0.01 }, "wrong");
    const [, error] = await heard.next("error");
    expect(/401/.test(error.message), error.message);
  });
  await step("nothing else was refused", async () => {
    same((await sandbox.failures()).map((line) => line.replace(/sessions\/\w+/, "sessions/S")),
         [`GET /v4/sessions/S/players/${guild} 404`, "GET /v4/websocket 401"], "refused");
  });
}

async function defaults(sandbox) {
  let client, heard, node, player, events;
  await step("connects", async () => ({ client, heard, node } = await connected(sandbox)));
  await step("joins and plays", async () => {
    ({ player, events } = await joined(client));
    await player.playTrack({ track: { encoded: (await track(node, "sandbox:short")).encoded } });
    await events.next("start");
  });
  await step("hears stats, updates, and the end after five seconds", async () => {
    const began = Date.now();
    await events.next("update", ({ state }) => state.connected);
    await heard.next("raw", (_, json) => json.op === "stats");
    same((await events.next("end"))[0].reason, "finished", "end");
    expect(Date.now() - began > 3_000, "it was too fast");
  });
  await step("leaves", async () => {
    await client.leaveVoiceChannel(guild);
    same((await sandbox.state()).players, [], "players");
  });
  await step("nothing was refused", async () => same(await sandbox.failures(), [], "refused"));
}

async function faults(sandbox) {
  let client, heard, node, player, events;
  await step("connects", async () => ({ client, heard, node } = await connected(sandbox, { resume: true, restTimeout: 1 })));
  await step("429 on a load, then none", async () => {
    await sandbox.order("refuse GET /v4/loadtracks 429 1");
    same((await failure(node.rest.resolve("sandbox:1"))).status, 429, "status");
    await track(node, "sandbox:1");
  });
  await step("an answer that is cut off, a request that is lost", async () => {
    await sandbox.order("cut GET /v4/loadtracks");
    same(await node.rest.resolve("sandbox:1"), undefined, "half an answer");
    await sandbox.order("lose GET /v4/loadtracks");
    await failure(node.rest.resolve("sandbox:1"));
    await track(node, "sandbox:1");
  });
  await step("a voice update that hangs; another guild is not held up", async () => {
    await sandbox.order("hang-voice on");
    same((await failure(joined(client, otherGuild))).name, "AbortError", "error");
    await sandbox.order("hang-voice off");
    ({ player, events } = await joined(client));
    await player.playTrack({ track: { encoded: (await track(node, "sandbox:1")).encoded } });
    await events.next("update", ({ state }) => state.position > 0);
  });
  await step("500 on a player's update", async () => {
    await sandbox.order("refuse PATCH /players/ 500 1");
    same((await failure(player.setGlobalVolume(10))).status, 500, "status");
    await player.setGlobalVolume(20);
    same((await sandbox.player(guild)).volume, 20, "volume");
  });
  await step("messages that are no JSON, or of an unknown kind", async () => {
    heard.forget();
    await sandbox.order("send-text {not json");
    await sandbox.order('send-text {"op":"somethingNew","guildId":"1"}');
    await heard.next("error");
    await heard.next("raw", (_, json) => json.op === "somethingNew");
    await events.next("update");
  });
  await step("dropped ten times, resumed ten times", async () => {
    for (let i = 0; i < 10; ++i) {
      heard.forget();
      await sandbox.order(i % 2 ? "reset" : "drop");
      const [, resumed] = await heard.next("ready");
      same(resumed, true, "resumed");
    }
    same((await node.rest.getPlayer(guild)).track.info.identifier, "sandbox:1", "track");
  });
  await step("leaves", async () => {
    await client.leaveVoiceChannel(guild);
    client.removeNode("sandbox");
  });
}

await run({ life, defaults, faults });
