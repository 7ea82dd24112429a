"""Of clang-tidy's output (stdin) those findings, each once, that are of this project's code.

Left out is what GLib's own macros do inside: g_clear_pointer(), and what is made of it, take the
size of a pointer to assert what it is, which bugprone-sizeof-expression calls suspicious wherever
the macro stands. Elsewhere that check counts. Exit status 1: something is left.
"""
import os
import re
import sys

HEAD = re.compile(r"^(\S+:\d+:\d+): (?:warning|error): .*\[(\S+?)(?:,-warnings-as-errors)?\]$")
OF_GLIB = re.compile(r"^/usr/include/glib-2\.0/\S+: note: expanded from macro")


def read_findings(lines):
    """Lists of lines: a finding, its source, its notes."""
    finding = []
    for line in lines:
        if HEAD.match(line) and finding:
            yield finding
            finding = []
        finding.append(line)
    if finding:
        yield finding


def main():
    found = set()
    for finding in read_findings(sys.stdin.read().splitlines()):
        head = HEAD.match(finding[0])
        if head is None:
            continue
        of_glib = any(OF_GLIB.match(line) for line in finding)
        if head[2] == "bugprone-sizeof-expression" and of_glib:
            continue
        place = os.path.relpath(os.path.normpath(os.path.join("build-lint", head[1])))
        if (place, head[2]) not in found:
            found.add((place, head[2]))
            print("\n".join(finding))
    return 1 if found else 0


sys.exit(main())
