/**
 * Writes src/api/openapi.d.ts from the server's own OpenAPI document: `npm run types`.
 * With --check it only compares, so that a stale file fails the check.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const TARGET = at("../src/api/openapi.d.ts");
const VENV = at("../../.venv/bin/python");
const python = process.env.PYTHON ?? (existsSync(VENV) ? VENV : "python3");

// The application as it is, on an empty database of its own that goes away again.
const ASK = `
import json, sys, tempfile
from pathlib import Path
import migrations
from diary.app import create_app
from diary.config import Config
from diary.db import open_database

with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{Path(folder) / 'types.db'}"
    db = open_database(url)
    migrations.apply(db)
    db.close()
    config = Config(database=url, host="127.0.0.1", port=8000, base_url="http://localhost:8000",
                    secret_key="x" * 40, seal_key=b"x" * 32, instance_dir=Path(folder))
    json.dump(create_app(config).test_client().get("/api/openapi.json").json, sys.stdout)
`;

const document = execFileSync(python, ["-c", ASK], { cwd: at("../.."), encoding: "utf8", maxBuffer: 64 << 20 });
const types = COMMENT_HEADER + astToString(await openapiTS(document));
if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, types);
} else if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== types) {
  console.error("src/api/openapi.d.ts is not what the server says. Run: npm run types");
  process.exit(1);
}
