"""Answers GET and POST with as many bytes as the request asks for.

GET /?size=N   N bytes (default 1024)
POST /?size=N  reads the body, answers with N bytes (default: as many as were sent)
"""

import asyncio
import os
import signal

import tornado.web

LARGEST = 16 * 1024 * 1024


class Bytes(tornado.web.RequestHandler):
    def answer(self, default):
        text = self.get_query_argument("size", str(default))
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= LARGEST):
            raise tornado.web.HTTPError(400, reason=f"size is 0 to {LARGEST}")
        self.set_header("Content-Type", "application/octet-stream")
        self.write(b"x" * int(text))

    def get(self):
        self.answer(1024)

    def post(self):
        self.answer(len(self.request.body))


async def main():
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    port = int(os.environ.get("PORT", "8080"))
    tornado.web.Application([("/", Bytes)]).listen(port, max_body_size=LARGEST)
    print(f"serving on port {port}")
    await stop.wait()


asyncio.run(main())
