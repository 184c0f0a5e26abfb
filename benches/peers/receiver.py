"""Takes notifications of Oneflow in with FastAPI and SQLite, as one would write it: verified, on the disk, then answered."""

import hashlib
import hmac
import os
import sqlite3
import time

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel

KEY = os.environ["SIGN_KEY"].encode()

database = sqlite3.connect(os.environ["DATABASE"], isolation_level=None)
database.executescript(
    """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE inbox (callback_id TEXT, contract_id INTEGER, received_at INTEGER, PRIMARY KEY (callback_id, contract_id)) WITHOUT ROWID;
    CREATE TABLE waiting (contract_id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, run_at INTEGER NOT NULL);
    """
)
app = FastAPI()


class Contract(BaseModel):
    id: int


class Notification(BaseModel):
    callback_id: str
    contract: Contract
    signature: str


@app.post("/webhooks/oneflow")
async def notification(notification: Notification) -> Response:
    digest = hashlib.sha1(notification.callback_id.encode() + KEY).hexdigest()
    if not hmac.compare_digest(digest, notification.signature):
        raise HTTPException(401)
    now = int(time.time() * 1000)
    database.execute("BEGIN IMMEDIATE")
    new = database.execute(
        "INSERT INTO inbox VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (notification.callback_id, notification.contract.id, now),
    )
    if new.rowcount:
        database.execute(
            "INSERT INTO waiting VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET generation = generation + 1",
            (notification.contract.id, now),
        )
    database.execute("COMMIT")
    return Response()
