"""Prints the fuzzing server's configuration: config.py PORT [CASE...]"""
import json
import sys

cases = sys.argv[2:] or ["*"]
print(json.dumps({
    "url": "ws://127.0.0.1:" + sys.argv[1],
    "outdir": "reports",
    "cases": cases,
    "exclude-cases": [],
    "exclude-agent-cases": {},
}))
