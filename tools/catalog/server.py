"""A throw-away PostgreSQL server on a Unix socket, and JSON queries against it."""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "10",
    "cron.database_name": "postgres",
}


class Server:
    """One server of one major version, started for the length of a `with` block.

    PostgreSQL refuses to run as root, so root runs it as the user `postgres` (or
    `nobody`) through `setpriv`.
    """

    def __init__(self, major, binaries):
        self.major = major
        self.binaries = Path(binaries)
        self.directory = Path(tempfile.mkdtemp(prefix="pgcanon-catalog-"))
        self.process = None

    def __enter__(self):
        self._run_as_server(
            [self.binaries / "initdb", "-D", self.directory / "data", "-U", "postgres",
             "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        )
        preload = [name for name in ("pg_cron", "pgaudit") if self._has_library(name)]
        settings = SETTINGS | {
            "unix_socket_directories": str(self.directory),
            "shared_preload_libraries": ",".join(preload),
        }
        arguments = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with open(self.directory / "log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self._as_server([self.binaries / "postgres", "-D", self.directory / "data", *arguments]),
                stdout=log, stderr=log,
            )
        for _ in range(300):
            if self._psql("select 1;").returncode == 0:
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError((self.directory / "log").read_text(encoding="utf-8"))

    def __exit__(self, *exception):
        if self.process and self.process.poll() is None:
            self.process.send_signal(2)  # SIGINT: fast shutdown
            self.process.wait(60)
        shutil.rmtree(self.directory, ignore_errors=True)

    def query(self, sql):
        """Runs statements and returns the JSON values their SELECTs gave, in order."""
        result = self._psql(sql)
        if result.returncode != 0:
            raise RuntimeError(result.stderr.strip())
        values, text, decoder = [], result.stdout.strip(), json.JSONDecoder()
        while text:
            value, end = decoder.raw_decode(text)
            values.append(value)
            text = text[end:].lstrip()
        return values

    def _psql(self, sql):
        psql = self.binaries / "psql"
        return subprocess.run(
            [str(psql) if psql.exists() else "psql", "-XqAt", "-v", "ON_ERROR_STOP=1",
             "-h", str(self.directory), "-U", "postgres", "-d", "postgres", "-f", "-"],
            input=sql, capture_output=True, text=True, check=False,
            env=os.environ | {"PGOPTIONS": "-c client_min_messages=error"},
        )

    def _has_library(self, name):
        found = subprocess.run(
            [self.binaries / "pg_config", "--pkglibdir"], capture_output=True, text=True, check=False
        ) if (self.binaries / "pg_config").exists() else None
        return bool(found) and (Path(found.stdout.strip()) / f"{name}.so").exists()

    def _run_as_server(self, command):
        result = subprocess.run(self._as_server(command), capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise RuntimeError(f"{command[0]}: {result.stderr}")

    def _as_server(self, command):
        command = [str(word) for word in command]
        if os.geteuid() != 0:
            return command
        for name in ("postgres", "nobody"):
            try:
                user = pwd.getpwnam(name)
                break
            except KeyError:
                continue
        os.chown(self.directory, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
