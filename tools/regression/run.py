#!/usr/bin/env python3
"""PostgreSQL's own regression tests as schemas to compare.

    tools/regression/run.py --source postgresql-18.1 [--bin DIR] [--pgcanon FILE] [TEST ..]

Each file of src/test/regress/sql is run by psql in a database of its own, on a server that is
made for it. The statements that succeeded, as the server's log tells, are one side, what
pg_dump says afterwards is the other: pgcanon should find no drift. A line is printed for each
file where it is anything but in sync, then the figures. Both sides and the report stay in
--out.

Needs the source tree of the version that --bin has (it is not downloaded), a C compiler and
the headers of the server for the library that the tests load.
"""

import argparse
import collections
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# They are about the server's own files and counters.
LEFT_OUT = {"test_setup", "tablespace", "stats"}
LOG = {
    "logging_collector": "on",
    "log_destination": "csvlog",
    "log_filename": "server.log",
    "log_rotation_age": "0",
    "log_rotation_size": "0",
    "log_min_duration_statement": "0",
    "log_min_messages": "error",
}


class Server:
    """A server in a directory, for as long as the program runs."""

    def __init__(self, binaries, source, directory):
        self.binaries, self.source, self.directory = binaries, source, directory
        self.log = directory / "data" / "log" / "server.csv"
        # PostgreSQL does not run as root.
        self.user = "nobody" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(directory, self.user)
            directory.chmod(0o755)
        self.environment = dict(
            os.environ,
            PGHOST=str(directory),
            PGUSER="postgres",
            PGTZ="PST8PDT",
            PGDATESTYLE="Postgres, MDY",
            PG_ABS_SRCDIR=str(source),
            PG_ABS_BUILDDIR=str(directory),
            PG_LIBDIR=str(directory),
            PG_DLSUFFIX=".so",
        )
        self.library()
        data = directory / "data"
        self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        settings = dict(
            LOG,
            unix_socket_directories=str(directory),
            listen_addresses="",
            fsync="off",
            max_prepared_transactions="4",
            dynamic_library_path=f"$libdir:{directory}",
        )
        with open(data / "postgresql.auto.conf", "a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        try:
            self.run("pg_ctl", "-D", data, "-l", directory / "start.log", "-w", "start")
        except subprocess.CalledProcessError:
            sys.exit((directory / "start.log").read_text(encoding="utf-8"))

    def library(self):
        include = subprocess.check_output(
            [self.binaries / "pg_config", "--includedir-server"], text=True
        ).strip()
        for name, source in [("regress", self.source / "regress.c")] + [
            (name, self.source.parents[2] / "contrib" / "spi" / f"{name}.c")
            for name in ("refint", "autoinc")
        ]:
            command = ["cc", "-O1", "-shared", "-fPIC", f"-I{include}"]
            subprocess.run(command + ["-o", self.directory / f"{name}.so", source], check=True)

    def run(self, program, *arguments, check=True, timeout=None):
        return subprocess.run(
            [self.binaries / program, *map(str, arguments)],
            env=self.environment,
            user=self.user,
            cwd=self.directory,
            check=check,
            capture_output=not check or program == "pg_dump",
            stdout=None if not check or program == "pg_dump" else subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
        )

    def psql(self, database, *commands):
        arguments = [word for command in commands for word in ("-c", command)]
        return self.run("psql", "-Xq", "-d", database, *arguments, check=False)

    def fresh(self, database, template):
        self.psql(
            "postgres",
            f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)',
            f'CREATE DATABASE "{database}" TEMPLATE {template}',
        )

    def statements(self, database, test):
        """Runs a file; what succeeded and was not undone."""
        before = self.log.stat().st_size if self.log.exists() else 0
        file = self.source / "sql" / f"{test}.sql"
        variables = ["-v", "HIDE_TABLEAM=on", "-v", "HIDE_TOAST_COMPRESSION=on"]
        try:
            self.run("psql", "-Xqa", "-d", database, *variables, "-f", file, check=False, timeout=300)
        except subprocess.TimeoutExpired:
            print(f"{test}: psql did not end", file=sys.stderr)
        with open(self.log, encoding="utf-8", errors="replace", newline="") as log:
            log.seek(before)
            return succeeded(row for row in csv.reader(log) if len(row) > 19 and row[2] == database)

    def stop(self):
        self.run("pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop", check=False)


def succeeded(rows):
    """The statements of the log that were not undone: by an error, by ROLLBACK."""
    # Per session: where its transaction and its savepoints began, by name; none outside of one.
    sessions, broken, kept = {}, set(), []
    for row in rows:
        session, level, message, query = row[5], row[11], row[13], row[19]
        if session not in sessions:
            if sessions:
                kept.append("DISCARD TEMP; RESET SESSION AUTHORIZATION; RESET search_path;")
            sessions[session] = None
        if level in ("ERROR", "FATAL"):
            if sessions[session] is not None:
                broken.add(session)
                if words(query) in ("commit", "end"):
                    del kept[sessions[session][0][1] :]
                    sessions[session] = None
            continue
        found = re.match(r"duration: [\d.]+ ms\s+(?:statement|execute [^:]*): (.*)$", message, re.S)
        if not found:
            continue
        text, said = found.group(1), words(found.group(1))
        begins = said.startswith(("begin", "start transaction")) and "; " not in said
        stack = sessions[session]
        if begins and stack is None:
            sessions[session] = [(None, len(kept))]
            broken.discard(session)
        elif begins or said.startswith(("release", "copy ")) or not said:
            pass
        elif stack is not None and said.startswith("savepoint "):
            stack.append((said.removeprefix("savepoint ").strip(), len(kept)))
        elif stack is not None and (
            back := re.match(r"rollback (?:work |transaction )?to (?:savepoint )?(.*)$", said)
        ):
            while stack[-1][0] not in (back.group(1).strip(), None):
                stack.pop()
            del kept[stack[-1][1] :]
            broken.discard(session)
        elif stack is not None and re.match(r"(commit|end|rollback|abort|prepare transaction)\b", said):
            if session in broken or said.startswith(("rollback", "abort")):
                del kept[stack[0][1] :]
            sessions[session] = [(None, len(kept))] if said.endswith("and chain") else None
        else:
            kept.append(text if text.rstrip().endswith(";") else text + "\n;")
    return kept


def words(text):
    """A statement in small letters, without comments and needless space."""
    text = re.sub(r"(--[^\n]*\n|/\*.*?\*/|\s)+", " ", text, flags=re.S)
    return text.strip().lower().rstrip("; ")


def verdict(pgcanon, canonical, live):
    report = subprocess.run(
        [pgcanon, "diff", canonical, live, "--owners", "ignore"],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    canonical.with_suffix(".txt").write_text(report.stdout + report.stderr, encoding="utf-8")
    verdicts = ("IN SYNC", "DRIFT", "UNKNOWN")
    said = [line for line in report.stdout.splitlines() if line.startswith(verdicts)]
    return said[-1] if said else f"NOT READ: {report.stderr.strip()[:100]!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--source", required=True, type=pathlib.Path, help="source tree of PostgreSQL")
    parser.add_argument("--bin", type=pathlib.Path, help="programs of the server; of pg_config if not given")
    parser.add_argument("--pgcanon", default="target/debug/pgcanon", type=pathlib.Path)
    parser.add_argument("--out", default="target/regression", type=pathlib.Path)
    parser.add_argument("tests", nargs="*", metavar="TEST")
    arguments = parser.parse_args()
    csv.field_size_limit(1 << 30)
    source = (arguments.source / "src" / "test" / "regress").resolve()
    binaries = arguments.bin or pathlib.Path(
        subprocess.check_output(["pg_config", "--bindir"], text=True).strip()
    )
    schedule = (source / "parallel_schedule").read_text(encoding="utf-8").splitlines()
    listed = [test for line in schedule if line.startswith("test:") for test in line[5:].split()]
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        server = Server(binaries, source, pathlib.Path(directory))
        try:
            counts = compare(server, arguments, [test for test in listed if test not in LEFT_OUT])
        finally:
            server.stop()
    print(", ".join(f"{count} {said}" for said, count in sorted(counts.items())))


def compare(server, arguments, listed):
    server.fresh("setup", "template0")
    setup = server.statements("setup", "test_setup")
    counts = collections.Counter()
    for test in arguments.tests or listed:
        database = f"regress_{test}"
        server.fresh(database, "setup")
        statements = server.statements(database, test)
        canonical = arguments.out / f"{test}.sql"
        canonical.write_text("\n".join(setup + statements) + "\n", encoding="utf-8")
        live = arguments.out / f"{test}.dump.sql"
        live.write_text(server.run("pg_dump", "-s", database, check=False).stdout, encoding="utf-8")
        said = verdict(arguments.pgcanon, canonical, live)
        counts[said.split(":")[0]] += 1
        if not said.startswith("IN SYNC"):
            print(f"{test}: {said}", flush=True)
        server.psql("postgres", f'DROP DATABASE "{database}" WITH (FORCE)')
    return counts


if __name__ == "__main__":
    main()
