"""Reads the indexes of Autobahn's reports: prints a table by group, and fails unless every case ended well."""
from __future__ import print_function

import json
import sys

GOOD = ("OK", "INFORMATIONAL")
TITLES = {
    "1": "framing", "2": "pings and pongs", "3": "reserved bits", "4": "opcodes", "5": "fragmentation", "6": "UTF-8",
    "7": "closing", "9": "limits and performance", "10": "auto-fragmentation", "12": "compression, parameters of the client",
    "13": "compression, parameters of the server",
}

index = {}
for path in sys.argv[1:]:
    index.update(json.load(open(path))["lavapp"])
groups, totals, bad = {}, {}, []
for case, result in index.items():
    behaviour, close = result["behavior"], result["behaviorClose"]
    group = groups.setdefault(case.split(".")[0], {})
    group[behaviour] = group.get(behaviour, 0) + 1
    totals[behaviour] = totals.get(behaviour, 0) + 1
    if behaviour not in GOOD or close not in GOOD:
        bad.append("%s: %s, closing %s" % (case, behaviour, close))

columns = sorted(totals, key=lambda name: (name not in GOOD, name))
print("| group | cases | %s |" % " | ".join(columns))
print("|---|---|%s" % ("---|" * len(columns)))
for group in sorted(groups, key=int):
    counts = groups[group]
    cells = [str(counts.get(name, 0)) for name in columns]
    print("| %s %s | %d | %s |" % (group, TITLES.get(group, ""), sum(counts.values()), " | ".join(cells)))
print("| all | %d | %s |" % (len(index), " | ".join(str(totals[name]) for name in columns)))
for line in bad:
    print("NOT GOOD " + line)
sys.exit(1 if bad or not index else 0)
