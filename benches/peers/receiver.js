// Takes notifications of Oneflow in with Express and SQLite, as one would write it: verified, on the disk, then answered.
"use strict";

const { createHash, timingSafeEqual } = require("node:crypto");
const Database = require("better-sqlite3");
const express = require("express");

const database = new Database(process.env.DATABASE);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec(`
  CREATE TABLE inbox (callback_id TEXT, contract_id INTEGER, received_at INTEGER, PRIMARY KEY (callback_id, contract_id)) WITHOUT ROWID;
  CREATE TABLE waiting (contract_id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, run_at INTEGER NOT NULL);
`);
const note = database.prepare("INSERT INTO inbox VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
const ask = database.prepare(
  "INSERT INTO waiting VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET generation = generation + 1",
);
const accept = database.transaction((callbackId, contract) => {
  const now = Date.now();
  if (note.run(callbackId, contract, now).changes > 0) ask.run(contract, now);
});

const app = express();
app.use(express.json());
app.post("/webhooks/oneflow", (request, response) => {
  const { callback_id: callbackId, contract, signature } = request.body ?? {};
  if (typeof callbackId !== "string" || typeof signature !== "string" || !Number.isInteger(contract?.id)) {
    return response.sendStatus(400);
  }
  const digest = createHash("sha1").update(callbackId).update(process.env.SIGN_KEY).digest("hex");
  if (signature.length !== digest.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(digest))) {
    return response.sendStatus(401);
  }
  accept.immediate(callbackId, contract.id);
  response.sendStatus(200);
});
app.listen(Number(process.env.PORT), "127.0.0.1");
