// POST /login {"user": "…"} answers with a token; GET /verify with `Authorization: Bearer TOKEN`
// answers 200 and whose it is, or 401. GET / says that the server is there.
"use strict";
const crypto = require("node:crypto");
const express = require("express");
const { sign, verify } = require("./token.js");

const key = crypto.randomBytes(32);
const port = Number(process.env.PORT || 3000);
const app = express();
app.disable("x-powered-by");
app.use(express.json({ limit: "16kb" }));

app.get("/", (request, response) => {
  response.send("ok\n");
});

app.post("/login", (request, response) => {
  const user = request.body && request.body.user;
  if (typeof user !== "string" || !/^[\w.-]{1,64}$/.test(user)) {
    response.status(400).json({ error: "send {\"user\": NAME} as JSON" });
    return;
  }
  response.json({ token: sign({ sub: user }, key, 3600) });
});

app.get("/verify", (request, response) => {
  const [kind, token] = (request.get("authorization") || "").split(" ");
  const claims = kind === "Bearer" && token ? verify(token, key) : null;
  if (claims === null) {
    response.status(401).json({ error: "no valid token" });
    return;
  }
  response.json({ user: claims.sub });
});

// A request that cannot be read is answered in a line, without a stack.
app.use((error, request, response, next) => {
  response.status(error.status || 500).json({ error: "the request could not be read" });
});

const server = app.listen(port, () => console.log(`serving on port ${port}`));
for (const name of ["SIGINT", "SIGTERM"]) {
  process.on(name, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
