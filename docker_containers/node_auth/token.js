// JSON Web Tokens with HS256, by node's own crypto.
"use strict";
const crypto = require("node:crypto");

const HEADER = encode({ alg: "HS256", typ: "JWT" });

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(text, key) {
  return crypto.createHmac("sha256", key).update(text).digest();
}

/** A token that holds `claims` for `seconds` from now. */
function sign(claims, key, seconds) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${HEADER}.${encode({ ...claims, iat: now, exp: now + seconds })}`;
  return `${text}.${signature(text, key).toString("base64url")}`;
}

/** The claims of a token that `key` signed and that is still good, else null. */
function verify(token, key) {
  const parts = token.split(".");
  if (parts.length !== 3 || parts[0] !== HEADER) return null;
  const given = Buffer.from(parts[2], "base64url");
  const right = signature(`${parts[0]}.${parts[1]}`, key);
  if (given.length !== right.length || !crypto.timingSafeEqual(given, right)) return null;
  const claims = JSON.parse(Buffer.from(parts[1], "base64url").toString("utf8"));
  return claims.exp > Date.now() / 1000 ? claims : null;
}

module.exports = { sign, verify };
