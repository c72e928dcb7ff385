"""Echoes on the server of Python's `websockets`; prints its port."""
import asyncio

from websockets.asyncio.server import serve
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

# By itself the library asks for windows of 12 bits.
DEFLATE = ServerPerMessageDeflateFactory()


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def main():
    async with serve(echo, "127.0.0.1", 0, max_size=64 * 1024 * 1024, compression=None, extensions=[DEFLATE]) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


asyncio.run(main())
