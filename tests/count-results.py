"""Counts the results of the tests that Meson has run: count-results.py LOG-FOLDER

Meson's own totals count programs; this counts the tests inside them, from its JUnit files. A program
that broke off without a failed test of its own (a crash, a time limit) counts as one failure.
"""
import glob
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

GOOD = {"OK", "SKIP", "EXPECTEDFAIL", "IGNORED"}


def read_cases(folder):
    """Yields (program, element) for every test. JUnit's suites are called PROJECT.PROGRAM, except
    for programs without tests inside, which are cases of one suite called PROJECT."""
    for path in sorted(glob.glob(os.path.join(folder, "*.junit.xml"))):
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            _, _, program = suite.get("name").partition(".")
            for case in suite.iter("testcase"):
                yield program or case.get("name"), case


def read_programs(folder):
    """Yields (program, result) for every program."""
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                test = json.loads(line)
                yield test["name"], test["result"]


def count(folder):
    passed = failed = skipped = 0
    accounted = set()
    for program, case in read_cases(folder):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            accounted.add(program)
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    broken = {program for program, result in read_programs(folder) if result not in GOOD}
    return passed, failed + len(broken - accounted), skipped


def main():
    passed, failed, skipped = count(sys.argv[1])
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
