"""Writes corpus/sqlite's databases and the cases about them: see README.md."""
import json
import os
import sys

sys.dont_write_bytecode = True

import sqlite3  # noqa: E402

import recipe  # noqa: E402

for topic in ("page_recipes", "value_recipes", "schema_recipes", "generated_recipes", "crash_recipes", "header_faults", "page_faults"):
    __import__(topic)


def case_text(one, operation, identifier, why):
    lines = ["[[case]]", "id        = %s" % json.dumps(identifier), "why       = %s" % json.dumps(why),
             "spec      = %s" % json.dumps(one.spec), "operation = %s" % json.dumps(operation),
             "path      = %s" % json.dumps(one.file)]
    return "\n".join(lines) + "\n"


def cases_of(one):
    name = "sqlite/%s/%s" % (one.topic, one.name)
    if one.read:
        yield case_text(one, "read", name, one.why)
    if one.dump:
        yield case_text(one, "iterdump", name + "/dump", one.dump)


def write_topic(folder, topic, recipes):
    with open(os.path.join(folder, topic + ".toml"), "w") as out:
        out.write("# Written by generators/sqlite_files, which has the recipe of each file.\n")
        out.write('format = "sqlite"\ntopic  = "%s"\n' % topic)
        for one in recipes:
            for text in cases_of(one):
                out.write("\n" + text)


def write_files(folder, one):
    path = os.path.join(folder, one.file)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    files = recipe.make(one)
    for ending in recipe.ENDINGS:
        if ending in files:
            with open(path + ending, "wb") as out:
                out.write(files[ending])
        elif os.path.exists(path + ending):
            os.remove(path + ending)
    return sum(len(data) for data in files.values())


def main(arguments):
    if not arguments:
        print("usage: make_files.py FOLDER [TOPIC|TOPIC/NAME ...]", file=sys.stderr)
        return 2
    folder, wanted = arguments[0], arguments[1:]
    total = 0
    for one in recipe.RECIPES:
        if not wanted or one.topic in wanted or "%s/%s" % (one.topic, one.name) in wanted:
            total += write_files(folder, one)
    topics = {}
    for one in recipe.RECIPES:
        topics.setdefault(one.topic, []).append(one)
    for topic, recipes in topics.items():
        write_topic(folder, topic, recipes)
    print("%d recipes, %d cases, %d bytes written by SQLite %s" % (
        len(recipe.RECIPES), sum(len(list(cases_of(one))) for one in recipe.RECIPES), total, sqlite3.sqlite_version))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
