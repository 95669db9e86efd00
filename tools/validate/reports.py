"""Writes reports of several comparisons and validates them.

In: the program, the JSON Schema of SARIF, an XML schema of JUnit reports. Out: a line for each report,
and code 1 when one is not valid.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import xmlschema

HOSTILE = 'CREATE TABLE "<x y=\'1\'>&\x01\u202e]]>\n::error::" ("%s" {}, b text);'
# Name, declared, there.
TEXTS = [
    ("in sync", "CREATE TABLE t (a integer);", "CREATE TABLE t (a integer);"),
    ("hostile", HOSTILE.format("integer"), HOSTILE.format("bigint")),
    ("undecided", "CREATE TABLE t (a integer CHECK (f(a) > 1));", "CREATE TABLE t (a integer CHECK (f((a)::integer) > 1));"),
    ("unknown", "CREATE TABLE t (a integer); SET lc_messages = 'x'; DO $$BEGIN EXECUTE 'x' || 'y'; END$$;", "CREATE TABLE t (b integer);"),
    ("only unknown", "CREATE TABLE t (a integer); DO $$BEGIN EXECUTE 'x' || 'y'; END$$;", "CREATE TABLE t (a integer);"),
    ("nothing there", "CREATE TABLE t (a integer);", "SET search_path = '';"),
]


def main():
    program, sarif_schema, junit_schema = sys.argv[1:]
    sarif = jsonschema.Draft7Validator(json.loads(pathlib.Path(sarif_schema).read_text()))
    junit = xmlschema.XMLSchema(junit_schema)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        cases = [("worked example", "canonical/schema.sql", "canonical/live.sql")]
        for name, canonical, live in TEXTS:
            files = [folder / f"{name} c.sql", folder / f"{name} l.sql"]
            for file, text in zip(files, (canonical, live)):
                file.write_text(text)
            cases.append((name, *map(str, files)))
        wrong = 0
        for name, canonical, live in cases:
            def report(form):
                command = [program, "diff", canonical, live, "--fail-on=never", "--quiet", f"--format={form}"]
                ran = subprocess.run(command, capture_output=True)
                if ran.returncode:
                    sys.exit(f"{name}: {ran.stderr.decode()}")
                return ran.stdout.decode()
            faults = [f"sarif: {e.json_path}: {e.message}" for e in sarif.iter_errors(json.loads(report("sarif")))]
            file = folder / "report.xml"
            file.write_text(report("junit"))
            faults += [f"junit: {e.path}: {e.reason}" for e in junit.iter_errors(str(file))]
            faults += counted(file)
            print(f"{name}: {'; '.join(faults) or 'valid'}")
            wrong += len(faults)
    sys.exit(1 if wrong else 0)


def counted(file):
    """The counts of a JUnit report are those of its cases."""
    import xml.etree.ElementTree as tree

    suite = tree.parse(file).getroot().find("testsuite")
    cases = suite.findall("testcase")
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        found = sum(case.find(tag) is not None for case in cases)
        if int(suite.get(attribute)) != found:
            yield f"junit: {attribute} is {suite.get(attribute)}, not {found}"
    if int(suite.get("tests")) != len(cases):
        yield f"junit: tests is {suite.get('tests')}, not {len(cases)}"


main()
