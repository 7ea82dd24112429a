"""clang-tidy over this project's sources: tidy.py FOLDER [FILE…], from the root of the tree.

FOLDER is a build folder of clang's with a list of compilations; without FILEs every source in it is
looked at. Prints each finding once as it turns up, and ends with status 1 if there was any.

What clang-tidy said of a source is kept in FOLDER/tidy and said again until the source, a header,
the flags, .clang-tidy or clang-tidy itself changes.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

# This project's headers, as compilations name them: relative to the build folder.
ARGUMENTS = ["--quiet", r"--header-filter=^(\.\./)*(app|engine|tests|ui)/"]
FINDING = re.compile(r"^(\S+):(\d+:\d+): (?:warning|error): (.*) \[(\S+?)\]$")
OF_GLIB = re.compile(r"^/usr/include/glib-2\.0/\S+: note: expanded from macro")
TYPE_TAG = re.compile(r"identifier '_Rn[A-Z][A-Za-z0-9]*'")


def is_harmless(path, words, check, notes):
    # g_clear_pointer(), and what is made of it, take the size of a pointer to assert what it is,
    # wherever the macro stands. Elsewhere the check counts.
    if check == "bugprone-sizeof-expression":
        return any(OF_GLIB.match(line) for line in notes)
    # G_DECLARE_FINAL_TYPE() and G_DEFINE_TYPE() want the type's name with an underscore before it
    # for the struct's, and plain types are named alike.
    if check == "bugprone-reserved-identifier":
        return TYPE_TAG.search(words) is not None
    # What kernels' inner loops multiply are places in a tile or in one row: at most 2^20 pixels
    # (RN_MAX_DIMENSION in engine/model/shape.h), times 16 channels.
    if check == "bugprone-implicit-widening-of-multiplication-result":
        return path.startswith("engine/kernels/") and path.endswith("-inline.h")
    return False


def read_compilations(folder):
    """Entries by source, each source once for each set of definitions that it is compiled with."""
    sources = {}
    with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as listing:
        for entry in json.load(listing):
            path = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
            if path.startswith(folder + os.sep):
                continue
            words = shlex.split(entry["command"])
            definitions = frozenset(word for word in words if word.startswith("-D"))
            sources.setdefault(path, {}).setdefault(definitions, entry)
    return {path: list(entries.values()) for path, entries in sources.items()}


@functools.lru_cache(maxsize=None)
def digest_file(path):
    with open(path, "rb") as opened:
        return hashlib.sha256(opened.read()).digest()


def list_dependencies(entry):
    """The source and every header that it includes."""
    words = iter(shlex.split(entry["command"]))
    kept = []
    for word in words:
        if word in ("-o", "-MQ", "-MF"):
            next(words)
        elif word not in ("-c", "-MD"):
            kept.append(word)
    run = subprocess.run(kept + ["-M"], cwd=entry["directory"], stdout=subprocess.PIPE,
                         text=True, check=True)
    names = run.stdout.replace("\\\n", " ").split(": ", 1)[1].split()
    return [os.path.normpath(os.path.join(entry["directory"], name)) for name in names]


def digest_source(entries, dependencies, tool):
    """Of all that clang-tidy's words on a source depend on; None if a file is gone."""
    digest = hashlib.sha256(tool)
    for entry in entries:
        digest.update(entry["command"].encode())
    for path in dependencies:
        if not os.path.exists(path):
            return None
        digest.update(path.encode() + digest_file(path))
    return digest.hexdigest()


def look_at(path, entries, folder, tool):
    """What clang-tidy says of a source, and whether that was known before."""
    kept = os.path.join(folder, "tidy", path.replace(os.sep, "+") + ".json")
    if os.path.exists(kept):
        with open(kept, encoding="utf-8") as opened:
            before = json.load(opened)
        if digest_source(entries, before["dependencies"], tool) == before["digest"]:
            return before["output"], True

    run = subprocess.run(["clang-tidy", *ARGUMENTS, "-p", os.path.join(folder, "tidy"), path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if run.returncode != 0:
        # What could not be read was not looked at.
        return f"{path}:1:1: error: could not be read [unreadable]\n{run.stdout}{run.stderr}", False
    dependencies = sorted(set().union(*map(list_dependencies, entries)))
    digest = digest_source(entries, dependencies, tool)
    with open(kept, "w", encoding="utf-8") as opened:
        json.dump({"digest": digest, "dependencies": dependencies, "output": run.stdout}, opened)
    return run.stdout, False


def split_findings(output):
    """Lists of lines: a finding, its source, its notes."""
    finding = []
    for line in output.splitlines():
        if FINDING.match(line):
            if finding:
                yield finding
            finding = []
        if finding or FINDING.match(line):
            finding.append(line)
    if finding:
        yield finding


def list_own(output, folder):
    """What counts of clang-tidy's words, by place and check."""
    own = {}
    for lines in split_findings(output):
        path, place, words, check = FINDING.match(lines[0]).groups()
        if check != "unreadable":
            path = os.path.relpath(os.path.join(folder, path))
        generated = path.startswith(folder + os.sep)
        if not generated and not is_harmless(path, words, check, lines[1:]):
            own[path, place, check] = "\n".join(lines)
    return own


def main():
    folder = os.path.relpath(sys.argv[1])
    sources = read_compilations(folder)
    os.makedirs(os.path.join(folder, "tidy"), exist_ok=True)
    with open(os.path.join(folder, "tidy", "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump([entry for entries in sources.values() for entry in entries], out)
    asked = [os.path.relpath(name) for name in sys.argv[2:]] or sorted(sources)
    for path in asked:
        if path not in sources:
            sys.exit(f"{path}: no source that is looked at here")

    tool = subprocess.check_output(["clang-tidy", "--version"])
    tool += digest_file(".clang-tidy") + " ".join(ARGUMENTS).encode()
    seen, known = set(), 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        runs = [pool.submit(look_at, path, sources[path], folder, tool) for path in asked]
        for run in concurrent.futures.as_completed(runs):
            output, was_known = run.result()
            known += was_known
            for key, text in list_own(output, folder).items():
                if key not in seen:
                    seen.add(key)
                    print(text, flush=True)
    print(f"clang-tidy: {len(asked)} sources, {known} of them unchanged since they were looked at; "
          f"{len(seen)} findings")
    return 1 if seen else 0


sys.exit(main())
