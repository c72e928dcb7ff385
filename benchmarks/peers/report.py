"""Writes the figures of `./benchmarks/run --peers` into docs/benchmarks.md (between its marks) and docs/benchmarks.svg, and
those of `./benchmarks/run --gateway` between the marks of the gateway.

    report.py FIGURES.json DOCS_FOLDER
"""
import json
import pathlib
import sys

BASELINE, OURS = "beast", "lavapp"
COLOURS = {
    "beast": "#9aa0a6",
    "lavapp": "#d6336c",
    "libwebsockets": "#4c6ef5",
    "websocketpp": "#15aabf",
    "tokio-tungstenite": "#f59f00",
    "fastwebsockets": "#82c91e",
}
BEGIN, END = "<!-- figures -->", "<!-- end of the figures -->"
GATEWAY_BEGIN, GATEWAY_END = "<!-- gateway figures -->", "<!-- end of the gateway figures -->"
LIMIT = 2.0  # where a bar is cut


def read(path):
    """Benchmark -> subject -> row, both in the order of the file."""
    table, subjects = {}, []
    for row in json.loads(pathlib.Path(path).read_text()):
        table.setdefault(row["benchmark"], {})[row["subject"]] = row
        if row["subject"] not in subjects:
            subjects.append(row["subject"])
    return table, subjects


def markdown(table, subjects):
    others = [subject for subject in subjects if subject != BASELINE]
    lines = ["| | Beast, µs | " + " | ".join(f"**{s}**" if s == OURS else s for s in others) + " |"]
    lines.append("|---" * (len(others) + 2) + "|")
    for name, rows in table.items():
        if name == "idle":
            continue
        cells = []
        best = min(row["ratio"] for row in rows.values())
        for subject in others:
            ratio = rows.get(subject, {}).get("ratio")
            text = "-" if ratio is None else f"{ratio:.2f}"
            cells.append(f"**{text}**" if ratio == best else text)
        lines.append(f"| {name.replace('_', ' ')} | {rows[BASELINE]['cpu_us']:.2f} | " + " | ".join(cells) + " |")
    idle = table.get("idle")
    if idle:
        lines += [
            "",
            f"1,000 connections at rest: Beast {idle[BASELINE]['kib']:.1f} KiB each, lavapp {idle[OURS]['kib']:.1f} KiB each"
            f" ({idle[OURS]['ratio']:.2f}).",
        ]
    return "\n".join(lines)


def gateway_markdown(table):
    lines = ["| CPU time per event | Beast, µs | lavapp, µs | ratio |", "|---|---|---|---|"]
    for name, rows in table.items():
        if "cpu_us" in rows[OURS]:
            row = rows[OURS]
            lines.append(f"| {name.replace('_', ' ')} | {rows[BASELINE]['cpu_us']:.2f} | {row['cpu_us']:.2f} | **{row['ratio']:.2f}** |")
    lines += ["", "| memory per shard at rest | Beast, KiB | lavapp, KiB |", "|---|---|---|"]
    for name, rows in table.items():
        if "kib" in rows[OURS]:
            lines.append(f"| {name.replace('_', ' ')} | {rows[BASELINE]['kib']:.1f} | {rows[OURS]['kib']:.1f} |")
    return "\n".join(lines)


def svg(table, subjects):
    bar, gap, left, scale = 9, 14, 170, 260
    rows = {name: row for name, row in table.items() if name != "idle"}
    height = 40 + sum(len(row) * bar + gap for row in rows.values()) + 20
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + LIMIT * scale + 60:.0f} {height}"'
        ' font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    x = left
    for subject in subjects:
        out.append(f'<rect x="{x}" y="10" width="10" height="10" fill="{COLOURS.get(subject, "#000")}"/>')
        out.append(f'<text x="{x + 14}" y="19">{subject}</text>')
        x += 30 + 7 * len(subject)
    y = 36
    for name, row in rows.items():
        out.append(f'<text x="{left - 8}" y="{y + len(row) * bar / 2 + 4:.0f}" text-anchor="end">{name.replace("_", " ")}</text>')
        for subject in subjects:
            if subject not in row:
                continue
            ratio = row[subject]["ratio"]
            width = min(ratio, LIMIT) * scale
            out.append(
                f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{bar - 1}" fill="{COLOURS.get(subject, "#000")}"/>'
                f'<text x="{left + width + 3:.1f}" y="{y + bar - 2}" font-size="8">{ratio:.2f}</text>'
            )
            y += bar
        y += gap
    out.append(f'<line x1="{left + scale}" y1="30" x2="{left + scale}" y2="{y}" stroke="#9aa0a6" stroke-dasharray="3 3"/>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def write_between(page, begin, end, figures):
    before, rest = page.read_text().split(begin)
    page.write_text(f"{before}{begin}\n{figures}\n{end}{rest.split(end)[1]}")


def main(figures, docs):
    table, subjects = read(figures)
    page = pathlib.Path(docs, "benchmarks.md")
    if any(name.startswith("gateway") for name in table):
        return write_between(page, GATEWAY_BEGIN, GATEWAY_END, gateway_markdown(table))
    write_between(page, BEGIN, END, markdown(table, subjects))
    pathlib.Path(docs, "benchmarks.svg").write_text(svg(table, subjects))


main(*sys.argv[1:])
