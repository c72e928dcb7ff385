"""Lavalink.py's ordinary life at a sandbox node: its queue, its own codec of tracks, its resuming."""
import asyncio
import json
import logging
import os
import sys
import time
import traceback

import aiohttp
import lavalink

PROGRAM, PART = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "life"
USER, GUILD, OTHER_GUILD = 700000000000000001, 800000000000000001, 800000000000000002
CHANNEL, OTHER_CHANNEL = 900000000000000001, 900000000000000002
STEP_LIMIT, LIFE_LIMIT = 10, 50


class Sandbox:
    """tests/foreign_clients/sandbox_server: `order` gives its answer."""

    @classmethod
    async def start(cls, kind):
        sandbox = cls()
        sandbox.process = await asyncio.create_subprocess_exec(
            PROGRAM, kind, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22)
        sandbox.port = int(await sandbox.line())
        return sandbox

    async def line(self):
        text = await self.process.stdout.readline()
        assert text, "the sandbox has ended"
        return text.decode().rstrip("\n")

    async def order(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        answer = await self.line()
        assert not answer.startswith("error"), f"{text}: {answer}"
        return answer

    async def state(self):
        return json.loads(await self.order("state"))

    async def player(self, guild):
        players = (await self.state())["players"]
        return next((player for player in players if player["guildId"] == str(guild)), None)

    async def failures(self):
        """("PATCH", "/v4/...", 404) for each request that was refused."""
        return [(f["method"], f["target"], f["status"]) for f in json.loads(await self.order("failures"))]

    async def end(self):
        self.process.stdin.close()
        same(await self.process.wait(), 0, "the sandbox's exit status")


class Heard:
    """The library's events in the order of their coming; each is handed out once."""

    def __init__(self):
        self.events = []
        self.news = asyncio.Event()

    async def hear(self, event):
        self.events.append(event)
        self.news.set()

    def forget(self):
        self.events.clear()

    async def next(self, kind, fits=lambda event: True):
        """The first event of this kind that `fits`."""
        while True:
            for event in self.events:
                if isinstance(event, kind) and fits(event):
                    self.events.remove(event)
                    return event
            self.news.clear()
            await self.news.wait()


def same(got, wanted, what):
    assert got == wanted, f"{what}: {got!r} instead of {wanted!r}"


async def until(condition, what):
    """Waits for what no event tells; `condition` is a coroutine function."""
    end = time.monotonic() + 5
    while True:
        value = await condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited in vain for: {what}"
        await asyncio.sleep(0.02)


async def failure(awaitable, kind):
    try:
        await awaitable
    except kind as error:
        return error
    raise AssertionError("it should have failed")


def is_track(identifier):
    return lambda event: event.track is not None and event.track.identifier == identifier


def op(name):
    return lambda event: event.data.get("op") == name


class Bot:
    """A client with one node, and the part of Discord that it sees."""

    def __init__(self, sandbox, password="youshallnotpass", session_id=None, **options):
        self.client = lavalink.Client(USER, **options)
        self.heard = Heard()
        self.client.add_event_hook(self.heard.hear)
        self.node = self.client.add_node("127.0.0.1", sandbox.port, password, "eu", name="sandbox", session_id=session_id)

    @classmethod
    async def connected(cls, sandbox, **options):
        bot = cls(sandbox, **options)
        ready = await bot.heard.next(lavalink.NodeReadyEvent)
        same((ready.resumed, ready.session_id), (False, bot.node.session_id), "ready of a new session")
        return bot

    async def voice(self, guild, channel, session="discord-session-1"):
        """What Discord sends once a bot has joined or moved."""
        await self.client.voice_update_handler({"op": 0, "t": "VOICE_STATE_UPDATE", "d": {
            "guild_id": str(guild), "channel_id": channel and str(channel), "user_id": str(USER), "session_id": session,
            "deaf": False, "mute": False, "self_deaf": True, "self_mute": False, "self_video": False, "suppress": False,
            "request_to_speak_timestamp": None}})
        if channel:
            await self.client.voice_update_handler({"op": 0, "t": "VOICE_SERVER_UPDATE", "d": {
                "guild_id": str(guild), "token": f"token-of-{channel}", "endpoint": "rotterdam11018.discord.media:443"}})

    async def joined(self, guild=GUILD):
        player = self.client.player_manager.create(guild)
        await self.voice(guild, CHANNEL)
        return player

    async def track(self, identifier):
        found = await self.client.get_tracks(identifier)
        same(found.load_type, lavalink.LoadType.TRACK, identifier)
        return found.tracks[0]


def fail(what, error=None):
    print(f"  FAILED  {what}")
    if error:
        traceback.print_exception(type(error), error, error.__traceback__, file=sys.stdout)
    sys.stdout.flush()
    os._exit(1)  # whatever else is going on; the sandbox ends with its input


class step:
    """`async with step("what is done"):`"""
    done = 0

    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        late = f"{self.name}: nothing after {STEP_LIMIT} s"
        self.timer = asyncio.get_running_loop().call_later(STEP_LIMIT, fail, late)

    async def __aexit__(self, kind, error, trace):
        self.timer.cancel()
        if error:
            fail(f"{self.name}: {error!r}", error)
        step.done += 1
        print(f"  ok      {self.name}", flush=True)


async def life(sandbox):
    async with step("connects; the session resumes"):
        bot = await Bot.connected(sandbox)
        client, heard, node = bot.client, bot.heard, bot.node
        same(await node.update_session(resuming=True, timeout=30), {"resuming": True, "timeout": 30}, "answer")
        session, = (await sandbox.state())["sessions"]
        same((session["id"], session["userId"], session["clientName"], session["resuming"]),
             (node.session_id, str(USER), f"Lavalink.py/{lavalink.__version__}", True), "session")
    async with step("info, version, stats"):
        same((await node.get_info())["version"]["semver"], "4.2.2", "info")
        same(await node.get_version(), "4.2.2", "version")
        same((await node.get_stats())["players"], 0, "stats")
        await heard.next(lavalink.IncomingWebSocketMessage, op("stats"))
        assert node.stats.memory_used > 0 and node.penalty >= 0 and await node.get_rest_latency() > 0
    async with step("routeplanner: none"):
        same(await node.get_routeplanner_status(), None, "status")
    async with step("loads a track, a playlist, a search, nothing, an error"):
        track = await bot.track("sandbox:1")
        same((track.title, track.duration, track.is_seekable), ("Harbour Lights at Four", 214_000, True), "track")
        same((await bot.track(track.uri)).identifier, "sandbox:1", "its link")
        album = await client.get_tracks("sandbox:album")
        same((album.load_type, album.playlist_info.name, album.selected_track.identifier, len(album.tracks)),
             (lavalink.LoadType.PLAYLIST, "Marta Vell: Two Songs", "sandbox:5", 2), "album")
        search = await client.get_tracks("ytsearch:midnight ferry")
        same((search.load_type, search.tracks[0].identifier), (lavalink.LoadType.SEARCH, "sandbox:9"), "search")
        same((await client.get_tracks("nothing at all: äöü & co")).load_type, lavalink.LoadType.EMPTY, "nothing")
        failed = await client.get_tracks("sandbox:error")
        same((failed.load_type, failed.error.severity), (lavalink.LoadType.ERROR, lavalink.Severity.FAULT), "error")
    async with step("decodes one track, and several"):
        tracks = (await client.get_tracks("sandbox:playlist")).tracks
        same((await client.decode_track(tracks[0].track)).raw, tracks[0].raw, "one")
        same([track.raw for track in await client.decode_tracks([track.track for track in tracks])],
             [track.raw for track in tracks], "several")
    async with step("the library's own codec reads and writes the same tracks"):
        for identifier in [f"sandbox:{number}" for number in range(1, 13)] + ["sandbox:endless", "sandbox:short"]:
            track = await bot.track(identifier)
            ours = lavalink.decode_track(track.track).raw["info"]
            same({name: value for name, value in track.raw["info"].items() if name != "position"}, ours, identifier)
            same(lavalink.encode_track(track.raw["info"]), (3, track.track), identifier)
    async with step("joins: voice state and server reach the node"):
        player = await bot.joined()
        at_node = await node.get_player(GUILD)
        assert at_node["state"]["connected"], at_node
        same(at_node["voice"], {"token": f"token-of-{CHANNEL}", "endpoint": "rotterdam11018.discord.media:443",
                                "sessionId": "discord-session-1", "channelId": str(CHANNEL)}, "voice")
    async with step("plays a queue to its end, by itself"):
        for _ in range(3):
            player.add(await bot.track("sandbox:short"), requester=USER)
        await player.play()
        for _ in range(3):
            await heard.next(lavalink.TrackStartEvent, is_track("sandbox:short"))
            end = await heard.next(lavalink.TrackEndEvent)
            same(end.reason, lavalink.EndReason.FINISHED, "end")
        await heard.next(lavalink.QueueEndEvent)
        assert not player.is_playing
    async with step("plays: start, then updates; the user data comes back"):
        track = await bot.track("sandbox:1")
        track.user_data = {"by": "somebody"}
        await player.play(track)
        await heard.next(lavalink.TrackStartEvent, is_track("sandbox:1"))
        same((await node.get_player(GUILD))["track"]["userData"], {"by": "somebody"}, "user data")
        update = await heard.next(lavalink.PlayerUpdateEvent, lambda event: event.position > 0)
        assert update.connected and update.ping >= 0 and player.position > 0, update
    async with step("pauses and goes on"):
        await player.set_pause(True)
        paused = await node.get_player(GUILD)
        assert paused["paused"]
        same((await node.get_player(GUILD))["state"]["position"], paused["state"]["position"], "position while paused")
        await player.set_pause(False)

        async def plays():
            return (await node.get_player(GUILD))["state"]["position"] > paused["state"]["position"]
        await until(plays, "playing again")
    async with step("seeks, changes the volume"):
        await player.seek(120_000)
        assert (await node.get_player(GUILD))["state"]["position"] >= 120_000
        await player.set_volume(40)
        same((await node.get_player(GUILD))["volume"], 40, "volume")
    async with step("filters: each of them, none"):
        timescale, low_pass, equalizer = lavalink.Timescale(speed=1.5), lavalink.LowPass(), lavalink.Equalizer()
        equalizer.update(band=0, gain=0.25)
        await player.set_filters(timescale, low_pass, equalizer, lavalink.Volume(0.5), lavalink.Karaoke(), lavalink.Tremolo(),
                                 lavalink.Vibrato(), lavalink.Rotation(0.2), lavalink.ChannelMix(), lavalink.Distortion())
        filters = (await node.get_player(GUILD))["filters"]
        same((len(filters), filters["timescale"]["speed"], filters["equalizer"][0], filters["lowPass"]),
             (10, 1.5, {"band": 0, "gain": 0.25}, {"smoothing": 20.0}), "filters")
        await player.remove_filter(lavalink.Timescale)
        assert "timescale" not in (await node.get_player(GUILD))["filters"]
        await player.clear_filters()
        same((await node.get_player(GUILD))["filters"], {}, "filters")
    async with step("skips to the next track, then stops"):
        player.add(await bot.track("sandbox:2"))
        await player.skip()
        same((await heard.next(lavalink.TrackEndEvent)).reason, lavalink.EndReason.REPLACED, "end")
        await heard.next(lavalink.TrackStartEvent, is_track("sandbox:2"))
        await player.stop()
        same((await heard.next(lavalink.TrackEndEvent)).reason, lavalink.EndReason.STOPPED, "end")
    async with step("loops a track"):
        player.set_loop(player.LOOP_SINGLE)
        await player.play(await bot.track("sandbox:short"))
        for _ in range(3):
            await heard.next(lavalink.TrackStartEvent, is_track("sandbox:short"))
        player.set_loop(player.LOOP_NONE)
        await heard.next(lavalink.QueueEndEvent)
    async with step("a track that fails, one that breaks, one that is stuck: the queue goes on"):
        heard.forget()
        for name in ("fail", "break", "stuck", "3"):
            player.add(await bot.track(f"sandbox:{name}"))
        await player.play()
        error = await heard.next(lavalink.TrackExceptionEvent, is_track("sandbox:fail"))
        assert error.message and error.cause and error.cause_stacktrace, error
        same((error.severity, (await heard.next(lavalink.TrackEndEvent)).reason),
             (lavalink.Severity.FAULT, lavalink.EndReason.LOAD_FAILED), "failure")
        await heard.next(lavalink.TrackExceptionEvent, is_track("sandbox:break"))
        same((await heard.next(lavalink.TrackEndEvent)).reason, lavalink.EndReason.FINISHED, "end")
        same((await heard.next(lavalink.TrackStuckEvent)).threshold, 300, "threshold")
        await heard.next(lavalink.TrackStartEvent, is_track("sandbox:3"))
    async with step("Discord moves it to another channel"):
        heard.forget()
        await bot.voice(GUILD, OTHER_CHANNEL)
        # The library does not pass the new channel on, only the new server.
        same((await node.get_player(GUILD))["voice"]["token"], f"token-of-{OTHER_CHANNEL}", "token")
        closed = await heard.next(lavalink.WebSocketClosedEvent)
        same((closed.code, closed.by_remote), (1000, False), "the old connection's end")
    async with step("Discord ends the voice connection"):
        await sandbox.order(f"close-voice {GUILD} 4014 Disconnected.")
        closed = await heard.next(lavalink.WebSocketClosedEvent)
        same((closed.code, closed.reason, closed.by_remote), (4014, "Disconnected.", True), "closed")
        await bot.voice(GUILD, CHANNEL, "discord-session-2")
        assert (await node.get_player(GUILD))["state"]["connected"]
    async with step("a lost connection: a new session, the player made again"):
        # The library sends the session's id only if the session was given to it; see the next step.
        await player.play(await bot.track("sandbox:4"), start_time=60_000)
        await heard.next(lavalink.PlayerUpdateEvent, lambda event: event.position > 60_000)
        before = node.session_id
        heard.forget()
        await sandbox.order("drop")
        await heard.next(lavalink.NodeDisconnectedEvent)
        ready = await heard.next(lavalink.NodeReadyEvent)
        assert not ready.resumed and ready.session_id != before
        await heard.next(lavalink.NodeChangedEvent)
        await heard.next(lavalink.PlayerUpdateEvent, lambda event: event.connected and event.position > 60_000)
        same((await node.get_player(GUILD))["track"]["info"]["identifier"], "sandbox:4", "track")
    async with step("the bot starts anew and takes its session up"):
        await node.update_session(resuming=True)
        await client.close()
        resumed = Bot(sandbox, session_id=node.session_id)
        ready = await resumed.heard.next(lavalink.NodeReadyEvent)
        same((ready.resumed, ready.session_id), (True, node.session_id), "ready")
        bot, client, heard, node = resumed, resumed.client, resumed.heard, resumed.node
        alive, = await node.get_players()
        same((alive["guildId"], alive["track"]["info"]["identifier"]), (str(GUILD), "sandbox:4"), "player")
        player = await bot.joined()
        player.current, player.volume = lavalink.AudioTrack(alive["track"]), alive["volume"]
        await heard.next(lavalink.PlayerUpdateEvent, lambda event: event.connected and event.position > 60_000)
    for how in ("drop", "reset"):
        async with step(f"a lost connection ({'FIN' if how == 'drop' else 'RST'}) is resumed; the player lives"):
            heard.forget()
            await sandbox.order(how)
            await heard.next(lavalink.NodeDisconnectedEvent)
            ready = await heard.next(lavalink.NodeReadyEvent)
            same((ready.resumed, ready.session_id), (True, node.session_id), "ready")
            await heard.next(lavalink.NodeChangedEvent)  # resumed or not, the library makes its players again
            await heard.next(lavalink.PlayerUpdateEvent, lambda event: event.connected and event.position > 60_000)
            same((await node.get_player(GUILD))["track"]["info"]["identifier"], "sandbox:4", "track")
    async with step("the node starts anew: a new session, the player made again"):
        before = node.session_id
        heard.forget()
        await sandbox.order("restart 100")
        same((await heard.next(lavalink.NodeDisconnectedEvent)).code, 1001, "close code")
        ready = await heard.next(lavalink.NodeReadyEvent)
        assert not ready.resumed and ready.session_id != before
        await heard.next(lavalink.NodeChangedEvent)
        at_node = await node.get_player(GUILD)
        same((at_node["track"]["info"]["identifier"], at_node["state"]["connected"]), ("sandbox:4", True), "player")
    async with step("destroys the player"):
        await bot.voice(GUILD, None)
        await player.destroy()
        same(await node.get_players(), [], "players")
        same((await failure(node.get_player(GUILD), lavalink.RequestError)).status, 404, "status")
    async with step("goes away"):
        await client.close()

        async def alone():
            return not any(session["connected"] for session in (await sandbox.state())["sessions"])
        await until(alone, "disconnected")
    async with step("a wrong password is refused"):
        wrong = Bot(sandbox, password="wrong")
        await failure(wrong.node.get_info(), lavalink.AuthenticationError)

        async def refused():
            return ("GET", "/v4/websocket", 401) in await sandbox.failures()
        await until(refused, "a handshake that is refused")
        await wrong.client.close()
    async with step("nothing else was refused"):
        same(sorted(await sandbox.failures()),
             [("GET", "/v4/info", 403), ("GET", f"/v4/sessions/{node.session_id}/players/{GUILD}", 404),
              ("GET", "/v4/websocket", 401)], "refused")


async def defaults(sandbox):
    async with step("connects"):
        bot = await Bot.connected(sandbox)
    async with step("joins and plays"):
        player = await bot.joined()
        await player.play(await bot.track("sandbox:short"))
        await bot.heard.next(lavalink.TrackStartEvent)
    async with step("hears stats, updates, and the end after five seconds"):
        began = time.monotonic()
        await bot.heard.next(lavalink.PlayerUpdateEvent, lambda event: event.connected)
        await bot.heard.next(lavalink.IncomingWebSocketMessage, op("stats"))
        same((await bot.heard.next(lavalink.TrackEndEvent)).reason, lavalink.EndReason.FINISHED, "end")
        assert time.monotonic() - began > 3
        await bot.heard.next(lavalink.QueueEndEvent)
    async with step("destroys the player"):
        await player.destroy()
        same((await sandbox.state())["players"], [], "players")
        await bot.client.close()
    async with step("nothing was refused"):
        same(await sandbox.failures(), [], "refused")


async def faults(sandbox):
    async with step("connects"):
        first = await Bot.connected(sandbox)
        await first.node.update_session(resuming=True, timeout=60)
        await first.client.close()
        bot = Bot(sandbox, session_id=first.node.session_id, request_timeout=aiohttp.ClientTimeout(total=1))
        node, heard = bot.node, bot.heard
        assert (await heard.next(lavalink.NodeReadyEvent)).resumed
    async with step("429 on a load, then none"):
        await sandbox.order("refuse GET /v4/loadtracks 429 1")
        await failure(bot.track("sandbox:1"), lavalink.LavalinkError)
        await bot.track("sandbox:1")
    async with step("an answer that is cut off, a request that is lost"):
        await sandbox.order("cut GET /v4/loadtracks")
        await failure(bot.track("sandbox:1"), aiohttp.ClientPayloadError)
        await sandbox.order("lose GET /v4/loadtracks")
        await bot.track("sandbox:1")  # aiohttp asks again
        await sandbox.order("lose PATCH /players/")
        await failure(node.update_player(guild_id=GUILD, volume=10), aiohttp.ClientError)
    async with step("a voice update that hangs; another guild is not held up"):
        await sandbox.order("hang-voice on")
        await failure(bot.joined(OTHER_GUILD), asyncio.TimeoutError)
        await sandbox.order("hang-voice off")
        player = await bot.joined()
        await player.play(await bot.track("sandbox:1"))
        await heard.next(lavalink.PlayerUpdateEvent, lambda event: event.player is player and event.position > 0)
        bot.client.player_manager.remove(OTHER_GUILD)
    async with step("500 on a player's update"):
        await sandbox.order("refuse PATCH /players/ 500 1")
        await failure(player.set_volume(10), lavalink.LavalinkError)
        await player.set_volume(20)
        same((await sandbox.player(GUILD))["volume"], 20, "volume")
    async with step("messages that are no JSON, or of an unknown kind"):
        heard.forget()
        await sandbox.order("send-text {not json")
        await sandbox.order('send-text {"op":"somethingNew","guildId":"1"}')
        await heard.next(lavalink.IncomingWebSocketMessage, op("somethingNew"))
        await heard.next(lavalink.PlayerUpdateEvent)
    async with step("dropped ten times, resumed ten times"):
        for number in range(10):
            heard.forget()
            await sandbox.order("reset" if number % 2 else "drop")
            assert (await heard.next(lavalink.NodeReadyEvent)).resumed
            await heard.next(lavalink.NodeChangedEvent)
        same((await node.get_player(GUILD))["track"]["info"]["identifier"], "sandbox:1", "track")
    async with step("destroys the player"):
        await player.destroy()
        await bot.client.close()


async def main():
    asyncio.get_running_loop().call_later(LIFE_LIMIT, fail, f"not done after {LIFE_LIMIT} s")
    sandbox = await Sandbox.start("defaults" if PART == "defaults" else "quick")
    await {"life": life, "defaults": defaults, "faults": faults}[PART](sandbox)
    async with step("the sandbox ends in order"):
        await sandbox.end()
    print(f"{step.done} steps")


logging.basicConfig(level=logging.CRITICAL)  # the library logs each trouble that is ordered here
asyncio.run(main())
