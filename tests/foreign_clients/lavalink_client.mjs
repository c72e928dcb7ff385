// lavalink-client's ordinary life at a sandbox node: its queue, its automatic skips, its resuming.
import { LavalinkManager } from "lavalink-client";
import {
  Discord, Heard, channel, expect, failure, guild, otherChannel, otherGuild, run, same, step, until, user, voice,
} from "./life.mjs";

const managerEvents = ["trackStart", "trackEnd", "trackStuck", "trackError", "queueEnd", "playerUpdate", "playerSocketClosed",
                       "playerMove", "playerCreate", "playerDestroy", "playerPaused", "playerResumed"];
const nodeEvents = ["create", "connect", "disconnect", "reconnecting", "resumed", "raw", "error", "destroy"];

async function connected(sandbox, nodeOptions = {}, options = {}) {
  let manager;
  const discord = new Discord((packet) => void manager.sendRawData(packet).catch((error) => manager.emit("voiceError", error)));
  manager = new LavalinkManager({
    nodes: [{ id: "sandbox", host: "127.0.0.1", port: sandbox.port, authorization: "youshallnotpass", ...nodeOptions }],
    sendToShard: (_, payload) => discord.send(payload),
    client: { id: user, username: "a bot" },
    ...options,
  });
  const heard = new Heard().listen(manager, ...managerEvents, "voiceError").listen(manager.nodeManager, ...nodeEvents);
  await manager.init();
  const node = manager.nodeManager.nodes.get("sandbox");
  if (!nodeOptions.authorization) {
    await heard.next("connect");
    await until(() => node.sessionId, "ready");
  }
  return { manager, discord, heard, node };
}

async function joined(manager, heard, guildId = guild) {
  const player = manager.createPlayer({ guildId, voiceChannelId: channel, textChannelId: channel });
  await heard.next("playerCreate");
  await player.connect();
  return player;
}

/// An identifier as it stands; without "local" the library makes a search of it.
const find = (player, identifier) => player.search({ query: identifier, source: "local" }, { id: user });

async function enqueue(player, ...identifiers) {
  for (const identifier of identifiers) {
    const found = await find(player, identifier);
    same(found.loadType, "track", identifier);
    await player.queue.add(found.tracks[0]);
  }
}

const isTrack = (identifier) => (_, track) => track?.info.identifier === identifier;

async function life(sandbox) {
  const quick = { retryDelay: 1_000, retryAmount: 10 };
  let manager, discord, heard, node, player;

  await step("connects; the session resumes", async () => {
    ({ manager, discord, heard, node } = await connected(sandbox, quick));
    same(await node.updateSession(true, 360), { resuming: true, timeout: 360 }, "answer");
    const [session] = (await sandbox.state()).sessions;
    same([session.id, session.userId, session.clientName, session.resuming], [node.sessionId, user, "a bot", true], "session");
  });
  await step("info, version, stats", async () => {
    same(node.info.version.semver, "4.2.2", "info");
    same(await node.fetchVersion(), "4.2.2", "version");
    same((await node.fetchStats()).players, 0, "stats");
    await heard.next("raw", (_, payload) => payload.cpu);
    expect(node.stats.memory.used > 0, "no stats");
    same(node.getHealthStatus().status, "healthy", "health");
  });
  await step("routeplanner: none", async () => same(await node.routePlannerApi.getStatus(), undefined, "status"));
  await step("joins: voice state and server reach the node", async () => {
    player = await joined(manager, heard);
    await until(async () => (await sandbox.player(guild))?.connected, "connected at the node");
    same((await node.fetchPlayer(guild)).voice, voice, "voice");
  });
  await step("loads a track, a playlist, a search, nothing, an error", async () => {
    const [track] = (await find(player, "sandbox:1")).tracks;
    same([track.info.title, track.info.duration, track.requester], ["Harbour Lights at Four", 214_000, { id: user }], "track");
    const link = await player.search(track.info.uri, { id: user });
    same([link.loadType, link.tracks[0]?.info.identifier], ["track", "sandbox:1"], "its link");
    const album = await find(player, "sandbox:album");
    same([album.loadType, album.playlist.name, album.playlist.selectedTrack.info.identifier, album.tracks.length],
         ["playlist", "Marta Vell: Two Songs", "sandbox:5", 2], "album");
    const search = await player.search("midnight ferry", { id: user });
    same([search.loadType, search.tracks[0]?.info.identifier], ["search", "sandbox:9"], "search as by default");
    const cloud = await player.search({ query: "midnight ferry", source: "soundcloud" }, { id: user });
    same([cloud.loadType, cloud.tracks.length > 0], ["search", true], "search with another source");
    same((await find(player, "nothing at all: äöü & co")).loadType, "empty", "nothing");
    const error = await find(player, "sandbox:error");
    same([error.loadType, error.exception.severity], ["error", "fault"], "error");
  });
  await step("decodes one track, and several", async () => {
    const { tracks } = await find(player, "sandbox:playlist");
    const one = await node.decode.singleTrack(tracks[0].encoded, { id: user });
    same(one.info, tracks[0].info, "one");
    const all = await node.decode.multipleTracks(tracks.map((track) => track.encoded), { id: user });
    same(all.map((track) => track.info), tracks.map((track) => track.info), "several");
  });
  await step("plays a queue to its end, by itself", async () => {
    await enqueue(player, "sandbox:short", "sandbox:short", "sandbox:short");
    await player.play();
    for (const left of [2, 1]) {
      await heard.next("trackStart", isTrack("sandbox:short"));
      await heard.next("trackEnd", (_, __, payload) => payload.reason === "finished");
      await until(() => player.queue.tracks.length < left, "the next one");
    }
    await heard.next("trackStart");
    const [, , payload] = await heard.next("queueEnd");
    same(payload.reason, "finished", "end");
    same([player.queue.previous.length, player.playing], [3, false], "afterwards");
  });
  await step("plays: start, then updates; who asked for it comes back", async () => {
    await enqueue(player, "sandbox:1");
    await player.play();
    const [, track, start] = await heard.next("trackStart", isTrack("sandbox:1"));
    same([start.track.encoded, start.track.userData.requester], [track.encoded, { id: user }], "started");
    await heard.next("playerUpdate", (_, now) => now.connected && now.lastPosition > 0);
    expect(player.position > 0 && player.ping.ws >= 0, "the position stands still");
  });
  await step("pauses and goes on", async () => {
    await player.pause();
    const paused = await node.fetchPlayer(guild);
    same([paused.paused, player.paused], [true, true], "paused");
    same((await node.fetchPlayer(guild)).state.position, paused.state.position, "position while paused");
    await player.resume();
    await until(async () => (await node.fetchPlayer(guild)).state.position > paused.state.position, "playing again");
  });
  await step("seeks, changes the volume", async () => {
    await player.seek(120_000);
    expect((await node.fetchPlayer(guild)).state.position >= 120_000, "not sought");
    await player.setVolume(40);
    same((await node.fetchPlayer(guild)).volume, 40, "volume");
  });
  await step("filters: nightcore, equalizer, rotation, none", async () => {
    await player.filterManager.toggleNightcore();
    expect((await node.fetchPlayer(guild)).filters.timescale.speed > 1.28, "timescale");
    await player.filterManager.setEQ([{ band: 0, gain: 0.25 }]);
    await player.filterManager.toggleRotation(0.2);
    const { filters } = await node.fetchPlayer(guild);
    same([filters.equalizer, filters.rotation], [[{ band: 0, gain: 0.25 }], { rotationHz: 0.2 }], "filters");
    await player.filterManager.clearEQ();
    await player.filterManager.resetFilters();
    const after = (await node.fetchPlayer(guild)).filters;
    expect(after.equalizer.every((band) => band.gain === 0), "the equalizer is not flat");
    same([after.timescale, after.rotation], [undefined, undefined], "none");
  });
  await step("skips to the next track", async () => {
    heard.forget();
    await enqueue(player, "sandbox:2", "sandbox:3");
    await player.skip();
    same((await heard.next("trackEnd"))[2].reason, "stopped", "end");
    await heard.next("trackStart", isTrack("sandbox:2"));
    await until(async () => (await sandbox.player(guild)).track === "sandbox:2", "the next one at the node");
  });
  await step("replaces the track", async () => {
    const [track] = (await find(player, "sandbox:4")).tracks;
    await player.play({ clientTrack: track });
    same((await heard.next("trackEnd"))[2].reason, "replaced", "end");
    await heard.next("trackStart", isTrack("sandbox:4"));
  });
  await step("repeats a track", async () => {
    await player.stopPlaying();
    await heard.next("queueEnd");
    await player.setRepeatMode("track");
    await enqueue(player, "sandbox:short");
    await player.play();
    for (let i = 0; i < 3; ++i) await heard.next("trackStart", isTrack("sandbox:short"));
    await player.setRepeatMode("off");
    await heard.next("queueEnd");
  });
  await step("a track that fails, one that breaks, one that is stuck: the queue goes on", async () => {
    heard.forget();
    await enqueue(player, "sandbox:fail", "sandbox:break", "sandbox:stuck", "sandbox:5");
    await player.play();
    const [, , { exception }] = await heard.next("trackError", isTrack("sandbox:fail"));
    expect(exception.message && exception.severity && exception.cause && exception.causeStackTrace, JSON.stringify(exception));
    same((await heard.next("trackEnd"))[2].reason, "loadFailed", "end");
    await heard.next("trackError", isTrack("sandbox:break"));
    same((await heard.next("trackEnd"))[2].reason, "finished", "end");
    same((await heard.next("trackStuck"))[2].thresholdMs, 300, "threshold");
    await heard.next("trackStart", isTrack("sandbox:5"));
  });
  await step("Discord moves it to another channel", async () => {
    heard.forget();
    discord.move(guild, otherChannel);
    same((await heard.next("playerMove"))[2], otherChannel, "moved");
    await until(async () => (await node.fetchPlayer(guild)).voice.channelId === otherChannel, "the move at the node");
    const [, closed] = await heard.next("playerSocketClosed");
    same([closed.code, closed.byRemote], [1000, false], "the old connection's end");
  });
  await step("Discord ends the voice connection", async () => {
    await sandbox.order(`close-voice ${guild} 4014 Disconnected.`);
    const [, closed] = await heard.next("playerSocketClosed");
    same([closed.code, closed.reason, closed.byRemote], [4014, "Disconnected.", true], "closed");
    discord.move(guild, channel);
    await until(async () => (await node.fetchPlayer(guild)).state.connected, "connected again");
  });
  await step("a lost connection is resumed; the player lives, what was missed is told", async () => {
    await player.stopPlaying();
    heard.forget();
    await enqueue(player, "sandbox:7", "sandbox:6");
    await player.play({ position: 193_300 });  // 600 ms before its end
    await heard.next("trackStart", isTrack("sandbox:7"));
    const before = node.sessionId;
    node.options.sessionId = before;  // by itself the library begins a new session
    await sandbox.order("drop");
    await heard.next("disconnect");
    const [, payload, players] = await heard.next("resumed");
    same([payload.resumed, node.sessionId, players.length], [true, before, 1], "resumed");
    await heard.next("trackEnd", (_, __, end) => end.reason === "finished");  // it ended while nobody listened
    await heard.next("trackStart", isTrack("sandbox:6"));
    await heard.next("playerUpdate", (_, now) => now.lastPosition > 0);
    await player.pause();
    same((await sandbox.player(guild)).paused, true, "paused");
    await player.resume();
  });
  await step("a cut connection (RST) is resumed too", async () => {
    heard.forget();
    await sandbox.order("reset");
    same((await heard.next("resumed"))[1].resumed, true, "resumed");
    same((await node.fetchAllPlayers()).length, 1, "players");
  });
  await step("the bot starts anew and takes its session up", async () => {
    const sessionId = node.sessionId;
    same(await node.updateSession(true, 360_000), { resuming: true, timeout: 360_000 }, "answer");
    node.disconnect();
    await until(async () => (await sandbox.state()).sessions.every((session) => !session.connected), "disconnected");
    ({ manager, discord, heard, node } = await connected(sandbox, { ...quick, sessionId }));
    const [, , [alive]] = await heard.next("resumed");
    same([alive.guildId, alive.track.info.identifier], [guild, "sandbox:6"], "player");
    player = manager.createPlayer({ guildId: guild, voiceChannelId: alive.voice.channelId, volume: alive.volume });
    player.voice = alive.voice;
    player.queue.current = manager.utils.buildTrack(alive.track, { id: user });
    await heard.next("playerUpdate", (_, now) => now.connected && now.lastPosition > 0);
    await player.seek(100_000);
    expect((await node.fetchPlayer(guild)).state.position >= 100_000, "not sought");
  });
  await step("destroys the player", async () => {
    await player.destroy("enough");
    await heard.next("playerDestroy");
    same(await node.fetchAllPlayers(), [], "players");
    expect(/error/.test((await failure(node.fetchPlayer(guild))).message), "a player that is gone");
  });
  await step("the node starts anew: a new session, playing again", async () => {
    const before = node.sessionId;
    delete node.options.sessionId;
    heard.forget();
    await sandbox.order("restart 100");
    const [, { code }] = await heard.next("disconnect");
    same(code, 1001, "close code");
    await heard.next("connect");
    await until(() => node.sessionId !== before, "a new session");
    player = await joined(manager, heard, otherGuild);
    await enqueue(player, "sandbox:short");
    await player.play();
    same((await heard.next("queueEnd"))[2].reason, "finished", "end");
  });
  await step("goes away", async () => {
    node.destroy("the end");
    await heard.next("destroy");
    await until(async () => (await sandbox.state()).sessions.every((session) => !session.connected), "disconnected");
    same((await sandbox.state()).players, [], "players");
  });
  await step("a wrong password is refused", async () => {
    const { heard, node } = await connected(sandbox, { authorization: "wrong" });
    const [, error] = await heard.next("error");
    expect(/401/.test(error.message), error.message);
    node.destroy("the end");
  });
  await step("nothing else was refused", async () => {
    same((await sandbox.failures()).map((line) => line.replace(/sessions\/\w+/, "sessions/S")),
         [`GET /v4/sessions/S/players/${guild}?trace=true 404`, "GET /v4/websocket 401"], "refused");
  });
}

async function defaults(sandbox) {
  let manager, heard, player;
  await step("connects", async () => ({ manager, heard } = await connected(sandbox)));
  await step("joins, searches and plays", async () => {
    player = await joined(manager, heard);
    const { tracks } = await player.search("five seconds", { id: user });
    same(tracks[0]?.info.identifier, "sandbox:short", "found");
    await player.queue.add(tracks[0]);
    await player.play();
    await heard.next("trackStart");
  });
  await step("hears stats, updates, and the end after five seconds", async () => {
    const began = Date.now();
    await heard.next("playerUpdate", (_, now) => now.connected);
    await heard.next("raw", (_, payload) => payload.cpu);
    same((await heard.next("queueEnd"))[2].reason, "finished", "end");
    expect(Date.now() - began > 3_000, "it was too fast");
  });
  await step("destroys the player", async () => {
    await player.destroy();
    same((await sandbox.state()).players, [], "players");
  });
  await step("nothing was refused", async () => same(await sandbox.failures(), [], "refused"));
}

async function faults(sandbox) {
  let manager, heard, node, player;
  await step("connects", async () => {
    const quick = { retryDelay: 20, retryAmount: 50, requestSignalTimeoutMS: 1_000 };
    ({ manager, heard, node } = await connected(sandbox, quick));
    await node.updateSession(true, 60);
    node.options.sessionId = node.sessionId;
    player = await joined(manager, heard);
  });
  await step("429 on a load, then none", async () => {
    await sandbox.order("refuse GET /v4/loadtracks 429 1");
    await failure(find(player, "sandbox:1"));
    same((await find(player, "sandbox:1")).loadType, "track", "afterwards");
  });
  await step("an answer that is cut off, a request that is lost", async () => {
    await sandbox.order("cut GET /v4/loadtracks");
    await failure(find(player, "sandbox:1"));
    await sandbox.order("lose GET /v4/loadtracks");
    await failure(find(player, "sandbox:1"));
    same((await find(player, "sandbox:1")).loadType, "track", "afterwards");
  });
  await step("a voice update that hangs; another guild is not held up", async () => {
    await sandbox.order("hang-voice on");
    await joined(manager, heard, otherGuild);
    same((await heard.next("voiceError"))[0].name, "TimeoutError", "error");
    await sandbox.order("hang-voice off");
    await enqueue(player, "sandbox:1");
    await player.play();
    await heard.next("playerUpdate", (_, now) => now.guildId === guild && now.lastPosition > 0);
  });
  await step("500 on a player's update", async () => {
    await sandbox.order("refuse PATCH /players/ 500 1");
    await player.setVolume(10).catch(() => {});
    await player.setVolume(20);
    same((await sandbox.player(guild)).volume, 20, "volume");
  });
  await step("messages that are no JSON, or of an unknown kind", async () => {
    heard.forget();
    await sandbox.order("send-text {not json");
    await sandbox.order('send-text {"op":"somethingNew","guildId":"1"}');
    await heard.next("error");
    await heard.next("raw", (_, payload) => payload.op === "somethingNew");
    await heard.next("playerUpdate");
  });
  await step("dropped ten times, resumed ten times", async () => {
    for (let i = 0; i < 10; ++i) {
      heard.forget();
      await sandbox.order(i % 2 ? "reset" : "drop");
      same((await heard.next("resumed"))[1].resumed, true, "resumed");
    }
    same((await sandbox.player(guild)).track, "sandbox:1", "track");
  });
  await step("destroys the player", async () => {
    await player.destroy();
    node.destroy("the end");
  });
}

await run({ life, defaults, faults });
